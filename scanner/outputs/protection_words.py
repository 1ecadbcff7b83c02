"""What rests on a key, in the words that every format for people shares. Escapes nothing and judges nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from scanner.facts.coverage.blast import GONE
from scanner.facts.deletion import days_left
from scanner.model.protection import KeyProtection, ProtectedStore
from scanner.model.report import Report
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.outputs.sentences import counted, missing_text

PENDING = "pending_deletion"

AT_RISK = frozenset({PENDING, GONE, "disabled", "destroyed", "unavailable", "pending_import"})
"""States in which nothing encrypted under a key can be read."""

NAMED_CALLS = 6
"""Unread listings that a sentence names; protection.json names all."""

KINDS: Mapping[StoreKind, tuple[str, str]] = {
    StoreKind.DATABASE: ("database", "databases"),
    StoreKind.DATABASE_CLUSTER: ("database cluster", "database clusters"),
    StoreKind.DATABASE_SNAPSHOT: ("database snapshot", "database snapshots"),
    StoreKind.DATABASE_BACKUP: ("database backup", "database backups"),
    StoreKind.DATABASE_INSIGHTS: ("database's performance records", "databases' performance records"),
    StoreKind.VOLUME: ("volume", "volumes"),
    StoreKind.VOLUME_SNAPSHOT: ("volume snapshot", "volume snapshots"),
    StoreKind.BUCKET: ("bucket", "buckets"),
    StoreKind.TABLE: ("table", "tables"),
    StoreKind.TABLE_BACKUP: ("table backup", "table backups"),
    StoreKind.SECRET: ("secret", "secrets"),
    StoreKind.PARAMETER: ("parameter", "parameters"),
    StoreKind.LOG_GROUP: ("log group", "log groups"),
    StoreKind.BACKUP_VAULT: ("backup vault", "backup vaults"),
    StoreKind.RECOVERY_POINT: ("recovery point", "recovery points"),
    StoreKind.TOPIC: ("topic", "topics"),
    StoreKind.QUEUE: ("queue", "queues"),
    StoreKind.STREAM: ("stream", "streams"),
    StoreKind.BROKER: ("broker", "brokers"),
    StoreKind.FILE_SYSTEM: ("file system", "file systems"),
    StoreKind.FILE_SYSTEM_BACKUP: ("file system backup", "file system backups"),
    StoreKind.WAREHOUSE: ("warehouse", "warehouses"),
    StoreKind.WAREHOUSE_SNAPSHOT: ("warehouse snapshot", "warehouse snapshots"),
    StoreKind.FUNCTION: ("function", "functions"),
    StoreKind.CACHE: ("cache", "caches"),
    StoreKind.CACHE_SNAPSHOT: ("cache snapshot", "cache snapshots"),
    StoreKind.SEARCH_DOMAIN: ("search domain", "search domains"),
    StoreKind.IMAGE_REPOSITORY: ("image repository", "image repositories"),
    StoreKind.CLUSTER: ("cluster", "clusters"),
    StoreKind.TRAIL_LOGS: ("trail's log files", "trails' log files"),
    StoreKind.NEW_VOLUMES: ("default for new volumes", "defaults for new volumes"),
    StoreKind.OTHER: ("other resource", "other resources"),
}
"""Each kind of store as a noun, for one and for several."""

_LOSSES: Mapping[StoreKind, str] = {
    StoreKind.TRAIL_LOGS: "log files can no longer be read, nor new ones delivered",
    StoreKind.NEW_VOLUMES: "those that name no key would fail to be made",
}
"""What happens without the key to what is no store itself; of any other kind that goes without saying."""

KIND_ORDER: Mapping[StoreKind, int] = {kind: place for place, kind in enumerate(StoreKind)}

_SAVED = frozenset({CopyKind.SNAPSHOT, CopyKind.BACKUP})

_UNREAD: Mapping[Cause, str] = {
    Cause.DENIED: "denied",
    Cause.THROTTLED: "throttled",
    Cause.UNSUPPORTED: "unable to tell",
    Cause.NOT_COLLECTED: "not asked",
    Cause.ERROR: "answered with an error",
}


def is_at_risk(row: KeyProtection) -> bool:
    """The key is gone or cannot be used as it stands, so what rests on it cannot be read or soon cannot be."""
    return row.state in AT_RISK


def left_text(remaining: timedelta) -> str:
    """The time left until a deletion: `7 days left`."""
    passed = remaining < timedelta(0)
    return "the date has passed" if passed else f"{counted(days_left(remaining), 'day', 'days')} left"


def state_text(row: KeyProtection) -> str:
    """The key's state in words."""
    return "state not read" if row.state == "unread" else row.state.replace("_", " ")


def fate(row: KeyProtection, as_of: datetime) -> str:
    """What is to become of the key, with its date: `pending deletion, gone on 2026-12-01 (7 days left)`."""
    state = state_text(row)
    match row.deletion_at:
        case Unknown():
            return f"{state}, date not read: {missing_text([row.deletion_at])}"
        case None:
            return f"{state}, without a date" if row.state == PENDING else state
        case at:
            return f"{state}, gone on {at:%Y-%m-%d} ({left_text(at - as_of)})"


def by_kind(stores: Iterable[ProtectedStore]) -> dict[StoreKind, int]:
    """How many stores of each kind, in the order of the kinds."""
    found = Counter(store.kind for store in stores)
    return {kind: found[kind] for kind in sorted(found, key=KIND_ORDER.__getitem__)}


def kinds_text(stores: Iterable[ProtectedStore]) -> str:
    """The same in words: `2 databases, 1 bucket`."""
    return ", ".join(counted(count, *KINDS[kind]) for kind, count in by_kind(stores).items())


def lost_text(row: KeyProtection) -> str:
    """Everything seen to rest on the key by kind; nothing seen is not the same as nothing."""
    return kinds_text(row.stores) or "no store was seen"


def expiry_text(row: KeyProtection) -> str:
    """How long backups need the key, in two or three words."""
    if row.kept:
        return "kept for good"
    match row.backup_expires_at:
        case Unknown():
            return "not told"
        case None:
            return "none seen"
        case at:
            return f"until {at:%Y-%m-%d}"


def backups_text(row: KeyProtection) -> str:
    """How long backups need the key, as a sentence."""
    if row.kept:
        return "At least one snapshot or backup that needs the key is kept until somebody deletes it."
    match row.backup_expires_at:
        case Unknown():
            missing = missing_text([row.backup_expires_at])
            return f"How long a snapshot or backup that needs the key is kept was not told: {missing}."
        case None:
            return "No snapshot or backup that needs the key was seen."
        case at:
            return f"The last snapshot or backup that needs the key expires on {at:%Y-%m-%d}."


def outliving(row: KeyProtection) -> int:
    """Snapshots and backups that are known to be still there after the key is gone."""
    saved = [store for store in row.stores if store.copy in _SAVED]
    if row.state == GONE:
        return len(saved)
    at = row.deletion_at
    if not isinstance(at, datetime):
        return 0
    ends = [store.expires_at for store in saved if not isinstance(store.expires_at, Unknown)]
    return sum(end is None or end > at for end in ends)


def outliving_text(row: KeyProtection) -> str:
    """The same as a sentence, or an empty text."""
    count = outliving(row)
    nouns = ("snapshot or backup outlives", "snapshots or backups outlive")
    return f"{counted(count, *nouns)} the key and cannot be restored then." if count else ""


def until_text(store: ProtectedStore) -> str:
    """How long a copy is kept, or an empty text for a store that lives on anyway."""
    match store.expires_at:
        case Unknown():
            return "for how long was not told"
        case None:
            return "kept for good" if store.copy in _SAVED else ""
        case at:
            return f"until {at:%Y-%m-%d}"


def loss_text(store: ProtectedStore) -> str:
    """What happens when the key goes, where more is to be said than that the store cannot be read; else empty."""
    return _LOSSES.get(store.kind, "")


def counted_text(row: KeyProtection) -> str:
    """What the provider counts under the key, where it names less of it; else empty."""
    if row.counted is None or row.counted <= (row.named or 0):
        return ""
    count = counted(row.counted, "resource", "resources")
    named = "which they are was not read" if row.named is None else f"it names {row.named:,} of them"
    return f"The provider counts {count} under the key; {named}."


def unread_text(unread: Sequence[Unknown], region: str) -> str:
    """What could hold more, such as `could hold more: rds:DescribeDBInstances was denied in eu-central-1`."""
    if not unread:
        return ""
    calls: dict[Cause, list[str]] = {}
    for unknown in sorted(set(unread), key=lambda unknown: (unknown.cause, unknown.call)):
        calls.setdefault(unknown.cause, []).append(unknown.call)
    parts = [f"{_named(names)} {'was' if len(names) == 1 else 'were'} {_UNREAD[c]}" for c, names in calls.items()]
    return f"could hold more: {'; '.join(parts)}" + (f" in {region}" if region else "")


def protection_sentence(report: Report) -> str:
    """What still rests on keys that are going or off, or an empty text when nothing is known to."""
    rows = [row for row in report.protection if is_at_risk(row)]
    holding = [row for row in rows if row.stores]
    if holding:
        stores = counted(sum(len(row.stores) for row in holding), "store", "stores")
        verb = "protects" if len(holding) == 1 else "protect"
        return f"{_keys(holding)} still {verb} {stores}{_first(holding, report.header.as_of)}.{_unnamed(rows)}"
    open_rows = [row for row in rows if row.unread]
    if open_rows:
        return f"{_keys(open_rows)} may still protect stores: their listings were not all read.{_unnamed(rows)}"
    return ""


def _unnamed(rows: Sequence[KeyProtection]) -> str:
    """What providers count under the keys beyond what they name, as a sentence to follow another; else empty."""
    more = sum(max(0, (row.counted or 0) - (row.named or 0)) for row in rows)
    return f" {counted(more, 'more resource is', 'more resources are')} counted there and not named." if more else ""


def _keys(rows: Sequence[KeyProtection]) -> str:
    """`1 key pending deletion and 2 keys disabled`: each state with its count, versions of keys in use after keys."""
    found = sorted(Counter((row.version_of is not None, row.state != PENDING, row.state) for row in rows).items())
    nouns = {False: ("key", "keys"), True: ("version of a key in use", "versions of keys in use")}
    parts = [f"{counted(count, *nouns[version])} {state.replace('_', ' ')}" for (version, _, state), count in found]
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def _first(rows: Sequence[KeyProtection], as_of: datetime) -> str:
    dates = [row.deletion_at for row in rows if isinstance(row.deletion_at, datetime)]
    if not dates:
        return ""
    first = min(dates)
    return f"; the first is gone on {first:%Y-%m-%d} ({left_text(first - as_of)})"


def _named(calls: Sequence[str]) -> str:
    more = len(calls) - NAMED_CALLS
    return ", ".join(calls[:NAMED_CALLS]) + (f" and {counted(more, 'listing', 'listings')} more" if more > 0 else "")
