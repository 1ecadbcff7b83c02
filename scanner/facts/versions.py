"""The versions of a key: how many are usable, waiting for destruction or gone; age of the primary. Sets no limit."""

from datetime import datetime

from scanner.facts.reading import unseen
from scanner.facts.subjects import VersionFacts
from scanner.model.key import Key, KeyState, ProtectionLevel, Versions
from scanner.model.unknown import Unknown

_GONE = (KeyState.DESTROYED, KeyState.PENDING_DELETION)
"""What nothing new is protected by."""


def derive_versions(key: Key, as_of: datetime) -> VersionFacts:
    """The counts over all versions, and what holds for the primary one; absent where keys have no versions."""
    versions = key.versions
    if type(versions) is not Versions:
        none = unseen(versions)
        return _NO_VERSIONS if none is None else without_versions(none)
    waiting = [version for version in versions.items if version.state is KeyState.PENDING_DELETION]
    first = min((version.destroy_at for version in waiting if version.destroy_at), default=None)
    primary = next((version for version in versions.items if version.id == versions.primary), None)
    made = primary and (primary.generated_at or primary.created_at)
    expires = primary.expires_at if primary else None
    return VersionFacts(
        total=len(versions.items),
        enabled=_count(versions, KeyState.ENABLED),
        destroyed=_count(versions, KeyState.DESTROYED),
        pending_destruction=len(waiting),
        first_destruction_at=first,
        first_destruction_in=first - as_of if first else None,
        primary_state=primary.state if primary else None,
        primary_age=as_of - made if made else None,
        primary_expires_at=expires,
        primary_expires_in=expires - as_of if expires else None,
        imported=any(version.imported for version in versions.items if version.state not in _GONE),
        protection_levels=_levels(versions),
    )


def without_versions(value: Unknown | None) -> VersionFacts:
    """The facts where no version was seen: all of them unread, or all absent."""
    return VersionFacts(
        total=value,
        enabled=value,
        destroyed=value,
        pending_destruction=value,
        first_destruction_at=value,
        first_destruction_in=value,
        primary_state=value,
        primary_age=value,
        primary_expires_at=value,
        primary_expires_in=value,
        imported=value,
        protection_levels=value,
    )


_NO_VERSIONS = without_versions(None)


def _levels(versions: Versions) -> tuple[ProtectionLevel, ...]:
    found = {version.protection for version in versions.items if version.state not in _GONE}
    return tuple(sorted(level for level in found if level is not None))


def _count(versions: Versions, state: KeyState) -> int:
    return sum(version.state is state for version in versions.items)
