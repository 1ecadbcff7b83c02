"""Kept replies become the groups of a key; the provider's words stop here. Pure, and imports no SDK.

Functions raise MalformedReplyError when a reply does not hold what it must.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from scanner.model.key import (
    ActionKind,
    DeletionRequest,
    KeyState,
    KeyType,
    KeyUsage,
    KeyVersion,
    LifetimeAction,
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
    Versions,
)
from scanner.providers.azure import replies
from scanner.providers.azure.durations import duration
from scanner.providers.failure import MalformedReplyError

_TYPES: Mapping[str, KeyType] = {
    "RSA": KeyType.ASYMMETRIC,
    "RSA-HSM": KeyType.ASYMMETRIC,
    "EC": KeyType.ASYMMETRIC,
    "EC-HSM": KeyType.ASYMMETRIC,
    "oct": KeyType.SYMMETRIC,
    "oct-HSM": KeyType.SYMMETRIC,
}
_ACTIONS: Mapping[str, ActionKind] = {"rotate": ActionKind.ROTATE, "notify": ActionKind.NOTIFY}
_ENCRYPTING = frozenset({"encrypt", "decrypt", "wrapkey", "unwrapkey"})
_SIGNING = frozenset({"sign", "verify"})
_HSM_SUFFIX = "-HSM"
CERTIFICATE = "certificate"
"""What a managed key is made, renewed and deleted with."""

UNNAMED = "unnamed"
"""The spec of a key whose description names none."""

_PATH_OF_KEY, _PATH_OF_VERSION = 2, 3


def metadata(pages: Sequence[replies.KeyBundle], versions: Versions | None, *, single_tenant: bool = False) -> Metadata:
    """A key's newest version, created when its oldest version was.

    Azure does not tell whether material was imported: it is held like its own, and origin says so.
    """
    bundle = pages[0]
    key, attributes = bundle.key, bundle.attributes
    gone = isinstance(bundle, replies.DeletedKeyBundle)
    purge = bundle.scheduled_purge_date if isinstance(bundle, replies.DeletedKeyBundle) else None
    created = _moment(attributes.created)
    if created is None:
        raise MalformedReplyError("attributes.created")
    oldest = [version.created_at for version in versions.items if version.created_at] if versions else []
    return Metadata(
        state=KeyState.PENDING_DELETION if gone else _state(attributes),
        manager=Manager.CUSTOMER,
        type=_TYPES.get(key.kty, KeyType.UNRECOGNISED),
        spec=_spec(key.kty, key.bits, key.crv),
        usage=_usage(key.key_ops or ()),
        origin=Origin.PROVIDER,
        created_at=min([created, *oldest]),
        description=None,
        deletion_at=_moment(purge),
        deletion_window_days=attributes.recoverable_days if gone else None,
        material_expires_at=_moment(attributes.exp),
        multi_region=MultiRegionRole.NONE,
        primary=None,
        replicas=(),
        key_store=None,
        current_material=version_of(key.kid),
        protection=_protection(key.kty, single_tenant=single_tenant),
        operations=tuple(sorted(key.key_ops or ())),
        exportable=attributes.exportable,
        belongs_to=CERTIFICATE if bundle.managed else None,
    )


def described_by_management(pages: Sequence[replies.ManagedKey]) -> replies.KeyBundle:
    """A key as the management plane describes it, in the shape of the data plane."""
    found = pages[0].properties
    if found.kty is None or found.attributes is None:
        raise MalformedReplyError("properties.kty")
    kid = found.key_uri_with_version or found.key_uri
    key = replies.Material(kid=kid, kty=found.kty, key_ops=found.key_ops, crv=found.curve_name, bits=found.key_size)
    return replies.KeyBundle(key=key, attributes=found.attributes, tags=pages[0].tags)


def own_words(bundle: replies.KeyBundle | None) -> dict[str, str]:
    """The provider's own words for what `metadata` translates, by the name of its field; none without a description."""
    if bundle is None:
        return {}
    attributes = bundle.attributes
    words = {
        "kty": bundle.key.kty,
        "key_ops": ",".join(bundle.key.key_ops or ()) or None,
        "enabled": _word(attributes.enabled),
        "recoveryLevel": attributes.recovery_level,
        "managed": _word(bundle.managed),
        "hsmPlatform": attributes.hsm_platform,
    }
    return {name: word for name, word in words.items() if word}


def rotation(pages: Sequence[replies.RotationPolicy], newest: replies.KeyAttributes | None) -> Rotation:
    """The rotation policy. It rotates when one of its actions does and its moment comes.

    A policy that only notifies does not; nor does one that counts back from an expiry that the newest version lacks,
    for policies give an expiry to new versions alone.
    """
    policy = pages[0]
    actions = tuple(_action(action) for action in policy.lifetime_actions or ())
    lifetime = duration(policy.attributes.expiry_time) if policy.attributes else None
    due = {action: _due(action, newest) for action in actions if action.action is ActionKind.ROTATE}
    rotating = {action: moment for action, moment in due.items() if moment is not None}
    periods = [period for action in rotating if (period := _period(action, lifetime)) is not None]
    return Rotation(
        enabled=bool(rotating),
        period=min(periods, default=None),
        next_at=min(rotating.values(), default=None),
        actions=actions,
        expires_in=lifetime,
    )


def managed_rotation(pages: Sequence[replies.ManagedKey]) -> Rotation:
    """The rotation policy as the management plane tells it."""
    policy = pages[0].properties.rotation_policy
    if policy is None:
        raise MalformedReplyError("properties.rotationPolicy")
    return rotation((policy,), pages[0].properties.attributes)


def versions(pages: Sequence[replies.Keys], *, single_tenant: bool = False, kty: str | None = None) -> Versions:
    """Every version, oldest first; the newest is the one that is used when none is named."""
    protection = _protection(kty, single_tenant=single_tenant) if kty else None
    items = [_version(item, protection) for page in pages for item in page.value]
    items.sort(key=lambda version: (version.created_at or datetime.min.replace(tzinfo=UTC), version.id))
    return Versions(items=tuple(items), primary=items[-1].id if items else None)


def rotation_history(found: Versions) -> RotationHistory:
    """Every version after the first was a rotation; whether a person or the policy made it is not told."""
    events = [
        RotationEvent(
            at=version.created_at,
            how=RotationKind.UNRECOGNISED,
            material=version_of(version.id),
            material_expires_at=version.expires_at,
        )
        for version in found.items[1:]
        if version.created_at is not None
    ]
    return RotationHistory(events=tuple(events))


def deletion_request(pages: Sequence[replies.DeletedKeyBundle]) -> DeletionRequest:
    """When the key was deleted; by whom stands in the vault's log alone."""
    at = _moment(pages[0].deleted_date)
    if at is None:
        raise MalformedReplyError("deletedDate")
    return DeletionRequest(at=at, actor=None, window_days=pages[0].attributes.recoverable_days)


def tags(pages: Sequence[replies.KeyBundle]) -> Tags:
    """The key's tags, sorted by name."""
    found = pages[0].tags or {}
    return Tags(items={name: found[name] for name in sorted(found)})


def listed_keys(pages: Sequence[replies.Keys | replies.DeletedKeys]) -> dict[str, replies.KeyItem]:
    """The listed keys by name, sorted; each once, and none whose address is not that of a key."""
    found = {name_of(item.kid): item for page in pages for item in page.value if is_key(item.kid)}
    return {name: found[name] for name in sorted(found)}


def is_key(kid: str) -> bool:
    """Whether an address is that of a key."""
    try:
        return bool(_path(kid))
    except MalformedReplyError:
        return False


def name_of(kid: str) -> str:
    """The key's name in its address."""
    return _path(kid)[1]


def key_id(kid: str) -> str:
    """The key's address without a version, in lower case: Azure tells no two keys apart by case.

    https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
    """
    return f"https://{urlsplit(kid).netloc.lower().removesuffix(':443')}/keys/{name_of(kid).lower()}"


def version_of(kid: str) -> str | None:
    """The version in a key's address."""
    path = _path(kid)
    return path[2] if len(path) == _PATH_OF_VERSION else None


def _path(kid: str) -> list[str]:
    """The segments of a key's address: `keys`, name, version; raises MalformedReplyError for any other address."""
    try:
        parts = [part for part in urlsplit(kid).path.split("/") if part]
    except ValueError as error:
        raise MalformedReplyError("kid") from error
    if not _PATH_OF_KEY <= len(parts) <= _PATH_OF_VERSION or parts[0] not in {"keys", "deletedkeys"}:
        raise MalformedReplyError("kid")
    return parts


def _state(attributes: replies.KeyAttributes) -> KeyState:
    """A key that does not say whether it is enabled is not said to be."""
    if attributes.enabled is None:
        return KeyState.UNAVAILABLE
    return KeyState.ENABLED if attributes.enabled else KeyState.DISABLED


def _version(item: replies.KeyItem, protection: ProtectionLevel | None) -> KeyVersion:
    attributes = item.attributes or replies.KeyAttributes()
    return KeyVersion(
        id=f"{key_id(item.kid)}/{(version_of(item.kid) or '').lower()}".rstrip("/"),
        state=_state(attributes),
        word=f"enabled={_word(attributes.enabled) or 'unsaid'}",
        enabled=bool(attributes.enabled),
        created_at=_moment(attributes.created),
        protection=protection,
        not_before=_moment(attributes.nbf),
        expires_at=_moment(attributes.exp),
        exportable=attributes.exportable,
    )


def _action(action: replies.LifetimeAction) -> LifetimeAction:
    trigger = action.trigger or replies.Trigger()
    word = (action.action.type if action.action else None) or ""
    return LifetimeAction(
        action=_ACTIONS.get(word.lower(), ActionKind.UNRECOGNISED),
        after_creation=duration(trigger.time_after_create),
        before_expiry=duration(trigger.time_before_expiry),
    )


def _period(action: LifetimeAction, lifetime: timedelta | None) -> timedelta | None:
    """How often the action makes a version; one that counts back from an expiry that is never set makes none."""
    if action.after_creation is not None:
        return action.after_creation
    return None if lifetime is None or action.before_expiry is None else lifetime - action.before_expiry


def _due(action: LifetimeAction, newest: replies.KeyAttributes | None) -> datetime | None:
    """When the action is taken next, counted from the newest version; None when it never will be."""
    if newest is None:
        raise MalformedReplyError("attributes")
    created, expires = _moment(newest.created), _moment(newest.exp)
    try:
        if action.after_creation is not None:
            return created + action.after_creation if created else None
        return expires - action.before_expiry if expires and action.before_expiry is not None else None
    except OverflowError as error:
        raise MalformedReplyError("trigger") from error


def _spec(kty: str, bits: int | None, curve: str | None) -> str:
    size = curve or (str(bits) if bits else None)
    return f"{kty} {size}" if size else kty or UNNAMED


def _usage(operations: Sequence[str]) -> KeyUsage:
    """What the key may do; one that both encrypts and signs counts as encrypting, for that is what would be lost."""
    allowed = {operation.lower() for operation in operations}
    if allowed & _ENCRYPTING:
        return KeyUsage.ENCRYPT_DECRYPT
    return KeyUsage.SIGN_VERIFY if allowed & _SIGNING else KeyUsage.UNRECOGNISED


def _protection(kty: str, *, single_tenant: bool) -> ProtectionLevel:
    if single_tenant:
        return ProtectionLevel.HSM_SINGLE_TENANT
    return ProtectionLevel.HSM if kty.endswith(_HSM_SUFFIX) else ProtectionLevel.SOFTWARE


def _word(value: bool | None) -> str | None:  # noqa: FBT001 (a field of a reply, not a switch)
    return None if value is None else str(value).lower()


def _moment(seconds: int | None) -> datetime | None:
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise MalformedReplyError("seconds") from error
