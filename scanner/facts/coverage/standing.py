"""What stands under a reference to a key: the key as a whole, or the one version that the reference names.

A store that names a version is read with that version's material: whether the key has a better one is no help to it.
"""

from msgspec.structs import replace

from scanner.facts.coverage.borrowed import KnownKey
from scanner.model.key import KeyState, Metadata, Versions
from scanner.model.unknown import Unknown

GOING = (KeyState.PENDING_DELETION, KeyState.DESTROYED)
"""States after which no material is left."""


def standing(key: KnownKey, version: str | None) -> Metadata | Unknown:
    """The key's description, its state and date those of the version; what a whole list of versions lacks is gone.

    A key that is going takes its versions along: one that is deleted lists none any more.
    """
    metadata = key.metadata
    if version is None or isinstance(metadata, Unknown):
        return metadata
    if not isinstance(key.versions, Versions):
        return key.versions if isinstance(key.versions, Unknown) else metadata
    found = next((item for item in key.versions.items if item.id == version), None)
    state = found.state if found else KeyState.DESTROYED
    if metadata.state in GOING and state not in GOING:
        return metadata
    return replace(metadata, state=state, deletion_at=found.destroy_at if found else None)
