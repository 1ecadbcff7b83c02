"""Builders of what keys protect, for tests: rows that show every case, and any number of stores."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from report_parts import ACCOUNT, AS_OF, OTHER, REGION
from reports import HOSTILE_NAME, KEYS
from scanner.model.finding import Subject
from scanner.model.key import Provider
from scanner.model.protection import KeyProtection, ProtectedStore
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown

DENIED_DATABASES = Unknown(cause=Cause.DENIED, call="rds:DescribeDBInstances")
ELSEWHERE = f"arn:aws:kms:{REGION}:999999999999:key/0badc0de-0000-4000-8000-000000000000"

_ARNS = {
    StoreKind.DATABASE: ("rds", "db:"),
    StoreKind.DATABASE_SNAPSHOT: ("rds", "snapshot:"),
    StoreKind.BUCKET: ("s3", ""),
    StoreKind.VOLUME: ("ec2", "volume/"),
    StoreKind.VOLUME_SNAPSHOT: ("ec2", "snapshot/"),
    StoreKind.SECRET: ("secretsmanager", "secret:"),
    StoreKind.WAREHOUSE_SNAPSHOT: ("redshift", "snapshot:"),
    StoreKind.OTHER: ("new", ""),
}


def store(kind: StoreKind, name: str, **changes: object) -> ProtectedStore:
    """A store of the default account-region; an original unless told otherwise."""
    service, resource = _ARNS[kind]
    default = ProtectedStore(
        id=f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}{name}",
        name=name,
        kind=kind,
        copy=CopyKind.ORIGINAL,
        provider=Provider.AWS,
        account=ACCOUNT,
        region=REGION,
        of=None,
        expires_at=None,
    )
    return replace(default, **changes)


def saved(name: str, of: ProtectedStore, days: int | None) -> ProtectedStore:
    """A database snapshot that goes away by itself after so many days, or is kept."""
    at = None if days is None else AS_OF + timedelta(days=days)
    return store(StoreKind.DATABASE_SNAPSHOT, name, copy=CopyKind.SNAPSHOT, of=of.id, expires_at=at)


def protects(subject: Subject, *stores: ProtectedStore, **changes: object) -> KeyProtection:
    """What rests on an enabled key; the latest expiry follows from the stores."""
    copies = [item for item in stores if item.copy is not CopyKind.ORIGINAL]
    kept = any(item.expires_at is None for item in copies)
    dates = [item.expires_at for item in copies if isinstance(item.expires_at, datetime)]
    default = KeyProtection(
        key=subject.id,
        name=subject.name,
        listed=True,
        state="enabled",
        deletion_at=None,
        stores=tuple(sorted(stores, key=lambda item: item.id)),
        unread=(),
        backup_expires_at=None if kept or not dates else max(dates),
        kept=kept,
    )
    return replace(default, **changes)


def protection() -> tuple[KeyProtection, ...]:
    """Every case once, on the keys of the default report."""
    orders = store(StoreKind.DATABASE, "orders")
    hostile = store(StoreKind.BUCKET, HOSTILE_NAME, id="arn:aws:s3:::hostile")
    rows = (
        protects(KEYS[0], store(StoreKind.SECRET, "api-token"), saved("nightly", orders, 20)),
        protects(KEYS[1], state="disabled", unread=(DENIED_DATABASES,)),
        protects(KEYS[2], hostile, state="disabled"),
        protects(KEYS[3], store(StoreKind.VOLUME, "vol-1"), state="unread"),
        protects(
            KEYS[5],
            orders,
            saved("orders-2026-10-31", orders, 35),
            saved("orders-early", orders, 2),
            store(StoreKind.BUCKET, "statements", id="arn:aws:s3:::statements"),
            state="pending_deletion",
            deletion_at=AS_OF + timedelta(days=7, hours=3),
            unread=(DENIED_DATABASES, Unknown(cause=Cause.NOT_COLLECTED, call="ec2:DescribeVolumes")),
        ),
        protects(
            KEYS[6],
            state="pending_deletion",
            deletion_at=Unknown(cause=Cause.THROTTLED, call="kms:DescribeKey"),
        ),
        protects(
            replace(KEYS[0], id=ELSEWHERE, name=ELSEWHERE),
            saved("shared-copy", orders, None),
            listed=False,
            state="not in the snapshot",
        ),
    )
    return tuple(sorted(rows, key=lambda row: row.key))


def many(stores: int, keys: int) -> tuple[KeyProtection, ...]:
    """So many stores spread over so many keys, one key in four pending deletion, one in four disabled."""
    made = []
    states = ("enabled", "pending_deletion", "disabled", "enabled")
    for number in range(keys):
        subject = replace(KEYS[0], id=KEYS[0].id.replace("00000001", f"{number:08d}"), name=f"alias/key-{number:06d}")
        own = [_numbered(item) for item in range(number, stores, keys)]
        state = states[number % 4]
        at = AS_OF + timedelta(days=1 + number % 30) if state == "pending_deletion" else None
        made.append(protects(subject, *own, state=state, deletion_at=at))
    return tuple(made)


def _numbered(number: int) -> ProtectedStore:
    if number % 3:
        return store(StoreKind.VOLUME, f"vol-{number:06d}", account=OTHER)
    at = AS_OF + timedelta(days=number % 400)
    return store(StoreKind.VOLUME_SNAPSHOT, f"snap-{number:06d}", copy=CopyKind.SNAPSHOT, expires_at=at)
