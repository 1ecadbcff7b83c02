"""Rotation: what the provider does by itself, how old the material really is. Sets no limit."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import assert_never

from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import leaf, unseen
from scanner.facts.subjects import MaterialFacts, RotationFacts
from scanner.model.key import (
    ActionKind,
    Key,
    KeyType,
    KeyUsage,
    Manager,
    Metadata,
    Origin,
    Provider,
    Rotation,
    RotationHistory,
)
from scanner.model.unknown import Cause, Unknown


def derive_material(key: Key, as_of: datetime) -> MaterialFacts:
    """Age and expiry of the material.

    Material that never rotated counts from the key's creation. For imported material the date of import is not
    reported, so its age is at most the one given here.
    """
    newest = _newest_material(key)
    expires = key.metadata if type(key.metadata) is Unknown else key.metadata.material_expires_at
    return MaterialFacts(
        newest_at=newest,
        age=newest if type(newest) is Unknown else as_of - newest,
        expires_at=expires,
        expires_in=expires - as_of if isinstance(expires, datetime) else expires,
    )


def derive_rotation(key: Key, material: MaterialFacts, as_of: datetime) -> RotationFacts:
    """Automatic rotation as set, and whether it keeps to its own period.

    A setting that is on without naming its period (replies older than configurable periods) leaves period, next date
    and delay unknown: the provider has a period there, it was only not told.
    """
    supported = key.metadata if type(key.metadata) is Unknown else _supported(key.metadata, key.provider)
    last_at = leaf(key.rotation_history, _last)
    rotation = key.rotation
    if not isinstance(rotation, Rotation):
        none = unseen(rotation)
        return RotationFacts(
            supported=supported,
            enabled=none,
            period=none,
            next_at=none,
            next_in=none,
            last_at=last_at,
            before_expiry=_before_expiry(none, material.expires_at),
            notifies=none,
            overdue_by=none,
        )
    period = _period(rotation, key.provider)
    next_at = rotation.next_at or _unnamed(rotation, key.provider)
    return RotationFacts(
        supported=supported,
        enabled=rotation.enabled,
        period=period,
        next_at=next_at,
        next_in=next_at - as_of if isinstance(next_at, datetime) else next_at,
        last_at=last_at,
        before_expiry=_before_expiry(next_at, material.expires_at),
        notifies=any(action.action is ActionKind.NOTIFY for action in rotation.actions),
        overdue_by=_overdue(rotation.enabled, period, material.age),
    )


def _supported(metadata: Metadata, provider: Provider) -> bool | Unknown:
    """Symmetric encryption keys of a customer with material made by the provider rotate by themselves.

    A kind of key we do not recognise may or may not. Azure rotates every kind that it keeps, but for a key that belongs
    to a certificate: https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
    """
    if metadata.belongs_to is not None:
        return False
    return _rotates(provider, metadata.manager, metadata.type, metadata.usage, metadata.origin)


@lru_cache(maxsize=1024)
def _rotates(provider: Provider, manager: Manager, kind: KeyType, usage: KeyUsage, origin: Origin) -> bool | Unknown:
    match provider:
        case Provider.AWS | Provider.GCP:
            pass
        case Provider.AZURE:
            unknown = Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[provider].describe)
            return unknown if kind is KeyType.UNRECOGNISED else manager is Manager.CUSTOMER
        case _:
            assert_never(provider)
    ruled_out = (
        manager is Manager.PROVIDER
        or kind in (KeyType.ASYMMETRIC, KeyType.MAC)
        or usage in (KeyUsage.RAW_ENCRYPT_DECRYPT, KeyUsage.SIGN_VERIFY, KeyUsage.MAC, KeyUsage.KEY_AGREEMENT)
        or origin in (Origin.IMPORTED, Origin.HSM_CLUSTER, Origin.EXTERNAL_STORE)
    )
    if ruled_out:
        return False
    unrecognised = (KeyType.UNRECOGNISED, KeyUsage.UNRECOGNISED, Origin.UNRECOGNISED)
    if kind in unrecognised or usage in unrecognised or origin in unrecognised:
        return Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[provider].describe)
    return True


def _period(rotation: Rotation, provider: Provider) -> timedelta | Unknown | None:
    return _unnamed(rotation, provider) if rotation.period is None else rotation.period


def _unnamed(rotation: Rotation, provider: Provider) -> Unknown | None:
    """Set for a rotation that is on without saying how often."""
    if not rotation.enabled or rotation.period is not None:
        return None
    return Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[provider].rotation)


def _before_expiry(next_at: datetime | Unknown | None, expires_at: datetime | Unknown | None) -> bool | Unknown | None:
    """Absent where nothing expires, whatever else was not read."""
    if expires_at is None or isinstance(expires_at, Unknown):
        return expires_at
    return next_at if isinstance(next_at, Unknown) else next_at is not None and next_at < expires_at


def _last(history: RotationHistory) -> datetime | None:
    last: datetime | None = None
    for event in history.events:
        if last is None or event.at > last:
            last = event.at
    return last


def _newest_material(key: Key) -> datetime | Unknown:
    if type(key.metadata) is Unknown:
        return key.metadata
    created = key.metadata.created_at
    last = leaf(key.rotation_history, _last)
    if type(last) is Unknown:
        return last
    return created if last is None or last < created else last


def _overdue(
    enabled: bool,  # noqa: FBT001 (a fact, not a switch)
    period: timedelta | Unknown | None,
    age: timedelta | Unknown,
) -> timedelta | Unknown | None:
    """Absent as soon as it is certain that there is no period to exceed, whatever else was not read."""
    if not enabled or period is None or type(period) is Unknown:
        return period if enabled else None
    return age if type(age) is Unknown else age - period
