"""Kept replies become the groups of a key and its ring; the provider's words stop here. Pure, and imports no SDK.

Functions raise MalformedReplyError when a reply does not hold what it must.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from scanner.model.key import (
    KeyState,
    KeyType,
    KeyUsage,
    KeyVersion,
    Manager,
    Metadata,
    MultiRegionRole,
    Origin,
    ProtectionLevel,
    Rotation,
    RotationEvent,
    RotationHistory,
    RotationKind,
    Tags,
    Tracked,
    Versions,
)
from scanner.model.unknown import Inapplicable
from scanner.providers.failure import MalformedReplyError
from scanner.providers.gcp import replies
from scanner.providers.gcp.operations import INVENTORY_KEYS

_STATES: Mapping[replies.Word, KeyState] = {
    "ENABLED": KeyState.ENABLED,
    "DISABLED": KeyState.DISABLED,
    "DESTROYED": KeyState.DESTROYED,
    "DESTROY_SCHEDULED": KeyState.PENDING_DELETION,
    "PENDING_IMPORT": KeyState.PENDING_IMPORT,
}
"""The states that have a plain word; any other (failed, being made, going on elsewhere) is `unavailable`."""

_BEST_FIRST = (
    KeyState.ENABLED,
    KeyState.DISABLED,
    KeyState.PENDING_IMPORT,
    KeyState.UNAVAILABLE,
    KeyState.PENDING_DELETION,
    KeyState.DESTROYED,
)
"""A key is what the most usable of its versions is."""

_SYMMETRIC = "ENCRYPT_DECRYPT"
_KINDS: Mapping[replies.Word, tuple[KeyType, KeyUsage]] = {
    _SYMMETRIC: (KeyType.SYMMETRIC, KeyUsage.ENCRYPT_DECRYPT),
    "RAW_ENCRYPT_DECRYPT": (KeyType.SYMMETRIC, KeyUsage.RAW_ENCRYPT_DECRYPT),
    "ASYMMETRIC_SIGN": (KeyType.ASYMMETRIC, KeyUsage.SIGN_VERIFY),
    "ASYMMETRIC_DECRYPT": (KeyType.ASYMMETRIC, KeyUsage.ENCRYPT_DECRYPT),
    "KEY_ENCAPSULATION": (KeyType.ASYMMETRIC, KeyUsage.KEY_AGREEMENT),
    "MAC": (KeyType.MAC, KeyUsage.MAC),
}
_UNRECOGNISED = (KeyType.UNRECOGNISED, KeyUsage.UNRECOGNISED)
_LEVELS: Mapping[replies.Word, ProtectionLevel] = {
    "SOFTWARE": ProtectionLevel.SOFTWARE,
    "HSM": ProtectionLevel.HSM,
    "HSM_SINGLE_TENANT": ProtectionLevel.HSM_SINGLE_TENANT,
    "EXTERNAL": ProtectionLevel.EXTERNAL,
    "EXTERNAL_VPC": ProtectionLevel.EXTERNAL,
}
_ELSEWHERE = frozenset({"EXTERNAL", "EXTERNAL_VPC"})
_SECONDS = re.compile(r"(\d{1,12})(?:\.(\d{1,9}))?s")
_AT_ONCE = timedelta(minutes=1)
"""A first version made so soon after its key is the key's own material, not a rotation."""

_NO_ROTATION = Inapplicable(
    reason="keys of this purpose, imported ones and those kept elsewhere do not rotate by themselves",
    call=INVENTORY_KEYS.action,
)


def version(reply: replies.CryptoKeyVersion) -> KeyVersion:
    """One version."""
    word = str(reply.state)
    return KeyVersion(
        id=reply.name,
        state=_STATES.get(reply.state, KeyState.UNAVAILABLE),
        word=word,
        enabled=reply.state == "ENABLED",
        created_at=reply.create_time,
        generated_at=reply.generate_time or reply.import_time,
        destroy_at=reply.destroy_time,
        destroyed_at=reply.destroy_event_time,
        protection=protection_of(reply.protection_level),
        algorithm=None if reply.algorithm is None else str(reply.algorithm),
        imported=reply.import_job is not None or reply.import_time is not None,
    )


def versions(key: replies.CryptoKey, pages: Iterable[replies.ListCryptoKeyVersions]) -> Versions:
    """Every version of a key, oldest first; rows count, whatever a total says."""
    found = [version(reply) for page in pages for reply in page.crypto_key_versions]
    primary = key.primary.name if key.primary else None
    return Versions(
        items=tuple(sorted(found, key=lambda item: (item.created_at or key.create_time, item.id))), primary=primary
    )


def metadata(key: replies.CryptoKey, found: Versions) -> Metadata:
    """What a key is, its state as far as its versions leave it one."""
    kind, usage = _KINDS.get(key.purpose, _UNRECOGNISED)
    template = key.version_template
    state = state_of(key, found)
    return Metadata(
        state=state,
        manager=Manager.CUSTOMER,
        type=kind,
        spec=str((template and template.algorithm) or "not told"),
        usage=usage,
        origin=_origin(key),
        created_at=key.create_time,
        description=None,
        deletion_at=_gone_at(found) if state is KeyState.PENDING_DELETION else None,
        deletion_window_days=None,
        material_expires_at=None,
        multi_region=MultiRegionRole.NONE,
        primary=None,
        replicas=(),
        key_store=key.crypto_key_backend,
        current_material=found.primary,
        destroy_after=duration(key.destroy_scheduled_duration),
        protection=protection_of(template.protection_level if template else None),
        import_only=key.import_only,
    )


def state_of(key: replies.CryptoKey, found: Versions) -> KeyState:
    """The state of the most usable version; a key without any waits for an import, or cannot be used."""
    states = {item.state for item in found.items}
    if not states:
        return KeyState.PENDING_IMPORT if key.import_only else KeyState.UNAVAILABLE
    return next(state for state in _BEST_FIRST if state in states)


def rotation(key: replies.CryptoKey) -> Rotation | Inapplicable:
    """The rotation setting; a period that is not set is none, and so is one of zero."""
    if key.purpose != _SYMMETRIC or _origin(key) is not Origin.PROVIDER:
        return _NO_ROTATION
    period = duration(key.rotation_period) or None
    return Rotation(enabled=period is not None, period=period, next_at=key.next_rotation_time)


def rotation_history(key: replies.CryptoKey, found: Versions) -> RotationHistory:
    """The versions that followed one another, up to the one in use: later ones encrypt nothing yet."""
    made = [(item, at) for item in found.items if (at := item.generated_at or item.created_at)]
    until = next((at for item, at in made if item.id == found.primary), None)
    events = [
        RotationEvent(at=at, how=RotationKind.UNRECOGNISED, material=item.id, material_expires_at=None)
        for number, (item, at) in enumerate(made)
        if (number or at - key.create_time > _AT_ONCE) and (until is None or at <= until)
    ]
    return RotationHistory(events=tuple(events))


def tags(key: replies.CryptoKey) -> Tags:
    """The labels."""
    return Tags(items=key.labels)


def tracked(pages: Sequence[replies.ProtectedSummary]) -> Tracked:
    """What Google counts under a key."""
    page = pages[0]
    try:
        return Tracked(
            resources=int(page.resource_count),
            projects=page.project_count,
            types={name: int(count) for name, count in page.resource_types.items()},
            warnings=tuple(str(warning.warning_code) for warning in page.warnings),
        )
    except ValueError as error:
        raise MalformedReplyError(page.name) from error


def source(key: replies.CryptoKey) -> dict[str, str]:
    """The provider's own words."""
    template = key.version_template
    words = {
        "purpose": key.purpose,
        "primary": key.primary.state if key.primary else None,
        "protectionLevel": template.protection_level if template else None,
        "algorithm": template.algorithm if template else None,
        "cryptoKeyBackend": key.crypto_key_backend,
    }
    return {name: str(word) for name, word in words.items() if word is not None}


def duration(text: str | None) -> timedelta | None:
    """A duration as Google writes it, `7776000s`; raises MalformedReplyError for anything else."""
    if text is None:
        return None
    match = _SECONDS.fullmatch(text)
    if match is None:
        raise MalformedReplyError(text)
    fraction = (match[2] or "").ljust(9, "0")
    return timedelta(seconds=int(match[1]), microseconds=int(fraction) // 1000)


def protection_of(word: replies.Word | None) -> ProtectionLevel | None:
    """Where material is kept; None where that was not told."""
    if word is None or word == "PROTECTION_LEVEL_UNSPECIFIED":
        return None
    return _LEVELS.get(word, ProtectionLevel.UNRECOGNISED)


def location_of(name: str) -> str:
    """The location in the name of a ring, key or version."""
    return name.split("/locations/", 1)[1].split("/", 1)[0]


def ring_of(name: str) -> str:
    """The ring in the name of a key."""
    return name.partition("/cryptoKeys/")[0]


def _origin(key: replies.CryptoKey) -> Origin:
    template = key.version_template
    if template and template.protection_level in _ELSEWHERE:
        return Origin.EXTERNAL_STORE
    imported = key.primary is not None and (key.primary.import_job or key.primary.import_time)
    return Origin.IMPORTED if key.import_only or imported else Origin.PROVIDER


def _gone_at(found: Versions) -> datetime | None:
    """When the last version that waits for it is destroyed."""
    return max((item.destroy_at for item in found.items if item.destroy_at), default=None)
