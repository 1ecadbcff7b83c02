"""What dies with each key, as reports show it: a row for each key that matters, from each shard, put together.

A shard tells of its own keys with all that rests on them, and of keys that its stores refer to and that no shard
lists; rows of several shards about one such key become one. Judges nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from scanner.facts.coverage.borrowed import known_key
from scanner.facts.coverage.named import count_under
from scanner.facts.coverage.protection import unseen
from scanner.facts.coverage.references import spelt
from scanner.facts.coverage.resting import Resting, resting_of
from scanner.facts.coverage.standing import standing
from scanner.facts.coverage.stores import SAVED
from scanner.facts.coverage.view import View
from scanner.facts.display import key_name
from scanner.facts.reading import known
from scanner.facts.register import printed
from scanner.model.key import Key, KeyState, Metadata
from scanner.model.protection import KeyProtection, ProtectedStore
from scanner.model.unknown import Unknown

UNLISTED = "not in the snapshot"
GONE = "gone"
"""What stands for the state of a key that is not listed where everything was listed."""

_STOPPED = (KeyState.DISABLED, KeyState.PENDING_DELETION)


def protections(parts: Iterable[KeyProtection]) -> tuple[KeyProtection, ...]:
    """The rows of all shards by key; of one that is listed nowhere every shard may have seen some stores."""
    rows: dict[str, KeyProtection] = {}
    for part in parts:
        rows[part.key] = _together(rows[part.key], part) if part.key in rows else part
    return tuple(rows[key] for key in sorted(rows))


def rows_of(view: View) -> tuple[KeyProtection, ...]:
    """The rows that one shard can tell of."""
    return (*_listed(view), *unlisted_rows(view))


def _listed(view: View) -> Iterator[KeyProtection]:
    for key in view.shard.keys:
        stores = view.resting_on(key.id)
        stopped = not isinstance(key.metadata, Unknown) and key.metadata.state in _STOPPED
        if stores or stopped or count_under(key)[0]:
            yield _row_of(key, stores, view)
            yield from _versions_of(key, stores)


def _versions_of(key: Key, stores: Iterable[ProtectedStore]) -> Iterator[KeyProtection]:
    """Versions of a key in use that are not: the stores that name one are lost with it, and the key looks well."""
    under: dict[str, list[ProtectedStore]] = {}
    for store in stores:
        if store.version is not None and isinstance(key.metadata, Metadata) and key.metadata.state is KeyState.ENABLED:
            under.setdefault(store.version, []).append(store)
    for version, found in sorted(under.items()):
        stands = standing(known_key(key), version)
        if isinstance(stands, Unknown) or stands.state is KeyState.ENABLED:
            continue
        row = KeyProtection(
            key=version,
            name=f"{key_name(key)}, version {version.rpartition('/')[2]}",
            listed=True,
            state=printed(stands.state),
            deletion_at=stands.deletion_at,
            stores=(),
            unread=(),
            backup_expires_at=None,
            kept=False,
            version_of=key.id,
        )
        yield _with(row, found)


def _row_of(key: Key, stores: Iterable[ProtectedStore], view: View) -> KeyProtection:
    counted, named = count_under(key)
    row = KeyProtection(
        key=key.id,
        name=key_name(key),
        listed=True,
        state=printed(known(key.metadata, lambda metadata: metadata.state)),
        deletion_at=known(key.metadata, lambda metadata: metadata.deletion_at),
        stores=(),
        unread=_sorted(unseen(key, view)),
        backup_expires_at=None,
        kept=False,
        counted=counted,
        named=named,
    )
    return _with(row, stores)


def unlisted_rows(view: View) -> Iterator[KeyProtection]:
    """Keys that something refers to and the snapshot does not hold, and references that lead to no key."""
    found: dict[str, list[ProtectedStore]] = {}
    missing: dict[str, set[Unknown]] = {}
    for item in resting_of(view.shard):
        named = _missing(item, view)
        if named is not None:
            found.setdefault(named[0], []).append(item.store)
            missing.setdefault(named[0], set()).update({named[1]} if named[1] else set())
    for name, stores in found.items():
        row = KeyProtection(
            key=name,
            name=name,
            listed=False,
            state=UNLISTED if missing[name] else GONE,
            deletion_at=None,
            stores=(),
            unread=_sorted(missing[name]),
            backup_expires_at=None,
            kept=False,
        )
        yield _with(row, stores)


def _missing(item: Resting, view: View) -> tuple[str, Unknown | None] | None:
    """The key it names that the snapshot does not hold, and what was not read of it; None when it is there."""
    meant = view.target(item.text, item.said)
    if meant.is_unmade:
        return None
    target = meant.key
    if not isinstance(target, str):
        return spelt(item.reference, item.text), target
    key = view.key(target)
    if key is None or isinstance(key, Unknown):
        return target, key
    return None


def _together(one: KeyProtection, other: KeyProtection) -> KeyProtection:
    unread = _sorted({*one.unread, *other.unread})
    state = UNLISTED if unread and one.state == GONE else one.state
    row = msgspec.structs.replace(one, unread=unread, state=state)
    return _with(row, (*one.stores, *other.stores))


def _with(row: KeyProtection, stores: Iterable[ProtectedStore]) -> KeyProtection:
    """The row with its stores by id, and how long a snapshot or backup among them needs the key."""
    by_id: Mapping[str, ProtectedStore] = {store.id: store for store in stores}
    saved = [store.expires_at for store in by_id.values() if store.copy in SAVED]
    kept = None in saved
    return msgspec.structs.replace(
        row,
        stores=tuple(by_id[name] for name in sorted(by_id)),
        backup_expires_at=None if kept else _latest(saved),
        kept=kept,
    )


def _latest(ends: Sequence[datetime | Unknown | None]) -> datetime | Unknown | None:
    """The last of the ends; one that was not told may come after all others."""
    unknowns = _sorted(at for at in ends if isinstance(at, Unknown))
    return unknowns[0] if unknowns else max((at for at in ends if isinstance(at, datetime)), default=None)


def _sorted(unknowns: Iterable[Unknown]) -> tuple[Unknown, ...]:
    return tuple(sorted(unknowns, key=lambda unknown: (unknown.call, unknown.cause)))
