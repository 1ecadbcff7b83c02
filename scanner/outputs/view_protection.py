"""The section "What dies with each key", arranged for paper and screen alike. Judges nothing and knows no markup."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from scanner.model.protection import KeyProtection, ProtectedStore
from scanner.model.report import Report
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.outputs.protection_words import (
    KIND_ORDER,
    KINDS,
    PENDING,
    backups_text,
    counted_text,
    expiry_text,
    fate,
    is_at_risk,
    kinds_text,
    loss_text,
    lost_text,
    outliving_text,
    protection_sentence,
    state_text,
    unread_text,
    until_text,
)
from scanner.outputs.sentences import counted

_ARN_PARTS = 6
_NEVER = datetime.max.replace(tzinfo=UTC)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much is named: keys of one kind, stores under one key, rows of the table of the others."""

    keys: int
    stores: int
    rows: int


PAPER = Limits(keys=60, stores=40, rows=100)
SCREEN = Limits(keys=200, stores=200, rows=500)


class StoreLine(msgspec.Struct, frozen=True, kw_only=True):
    """One store; `where` is empty when it is where the key is, `kept_until` when it lives on anyway.

    `word` is what the provider calls one of a kind not known here; `loss` says what happens without the key, where
    that does not go without saying.
    """

    name: str
    id: str
    kind: str
    word: str
    where: str
    copy: str
    kept_until: str
    loss: str

    @property
    def run_in(self) -> str:
        """Name, place and end in one run of text."""
        details = ", ".join(part for part in (self.word, self.where, self.kept_until, self.loss) if part)
        return f"{self.name} ({details})" if details else self.name


class StoreGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The stores of one kind: how many, in words, and those that are named."""

    label: str
    lines: tuple[StoreLine, ...]

    @property
    def shown(self) -> int:
        """How many are named."""
        return len(self.lines)


class KeyBlock(msgspec.Struct, frozen=True, kw_only=True):
    """One key with what rests on it; `more` stores are not named. Texts that have nothing to say are empty."""

    name: str
    id: str
    place: str
    fate: str
    soon: bool
    lost: str
    backups: str
    outliving: str
    unread: str
    groups: tuple[StoreGroup, ...]
    more: int
    counted: str


class KeyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One of the other keys; `state` is empty when it is enabled."""

    name: str
    place: str
    state: str
    counts: str
    expiry: str
    unread: str


class ProtectionView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole section. `quiet` are keys at risk under which every listing was read and no store was seen."""

    lede: str
    dying: tuple[KeyBlock, ...]
    dying_more: int
    quiet: tuple[str, ...]
    quiet_more: int
    unlisted: tuple[KeyBlock, ...]
    unlisted_more: int
    others: tuple[KeyLine, ...]
    others_more: int


def protection_view(report: Report, limits: Limits) -> ProtectionView:
    """The section within these limits; whatever is left out is counted."""
    rows, as_of = report.protection, report.header.as_of
    places = {key.subject.id: _joined(key.subject.account, key.subject.region or "") for key in report.keys}
    risk = sorted(filter(is_at_risk, rows), key=_soonest)
    dying = [row for row in risk if row.stores or row.unread]
    quiet = [row for row in risk if not row.stores and not row.unread]
    unlisted = [row for row in rows if not row.listed and not is_at_risk(row)]
    others = sorted((row for row in rows if row.listed and not is_at_risk(row)), key=_most)
    arrange = _Arranger(places=places, as_of=as_of, limits=limits)
    return ProtectionView(
        lede=_lede(report),
        dying=tuple(map(arrange.block, dying[: limits.keys])),
        dying_more=max(0, len(dying) - limits.keys),
        quiet=tuple(f"{row.name} ({fate(row, as_of)})" for row in quiet[: limits.rows]),
        quiet_more=max(0, len(quiet) - limits.rows),
        unlisted=tuple(map(arrange.block, unlisted[: limits.keys])),
        unlisted_more=max(0, len(unlisted) - limits.keys),
        others=tuple(map(arrange.line, others[: limits.rows])),
        others_more=max(0, len(others) - limits.rows),
    )


class _Arranger(msgspec.Struct, frozen=True, kw_only=True):
    """What every block and line of one section shares."""

    places: Mapping[str, str]
    as_of: datetime
    limits: Limits

    def block(self, row: KeyProtection) -> KeyBlock:
        """A key with its stores by kind, as many of them as may be named."""
        place = self._place(row)
        return KeyBlock(
            name=row.name,
            id=row.key,
            place=place,
            fate=fate(row, self.as_of),
            soon=row.state == PENDING,
            lost=lost_text(row),
            backups=backups_text(row),
            outliving=outliving_text(row),
            unread=unread_text(row.unread, _region(place)),
            groups=_groups(row.stores, place, self.limits.stores),
            more=max(0, len(row.stores) - self.limits.stores),
            counted=counted_text(row),
        )

    def line(self, row: KeyProtection) -> KeyLine:
        """A key by number."""
        place = self._place(row)
        return KeyLine(
            name=row.name,
            place=place,
            state="" if row.state == "enabled" else state_text(row),
            counts=lost_text(row),
            expiry=expiry_text(row),
            unread=unread_text(row.unread, _region(place)),
        )

    def _place(self, row: KeyProtection) -> str:
        """Account and region of the key, as far as the register or its own ARN tells."""
        parts = row.key.split(":", _ARN_PARTS - 1)
        told = _joined(parts[4], parts[3]) if len(parts) == _ARN_PARTS and parts[0] == "arn" else ""
        return self.places.get(row.version_of or row.key, told)


def _lede(report: Report) -> str:
    rows = [row for row in report.protection if row.version_of is None]
    if not rows:
        return "No store was seen under any key. Stores are seen only where their listings were read."
    stores = [store for row in rows for store in row.stores]
    holding = sum(bool(row.stores) for row in rows)
    seen = f"{counted(len(stores), 'store was', 'stores were')} seen under {counted(holding, 'key', 'keys')}"
    open_rows = sum(bool(row.unread) for row in rows)
    more = f" {counted(open_rows, 'key', 'keys')} could hold more than was seen." if open_rows else ""
    return " ".join(part for part in (f"{seen}.", protection_sentence(report)) if part) + more


def _groups(stores: Iterable[ProtectedStore], place: str, limit: int) -> tuple[StoreGroup, ...]:
    """Every kind with its count; names until the limit is reached, kind by kind."""
    by_kind: dict[StoreKind, list[ProtectedStore]] = {}
    for store in stores:
        by_kind.setdefault(store.kind, []).append(store)
    made, left = [], limit
    for kind in sorted(by_kind, key=KIND_ORDER.__getitem__):
        found = by_kind[kind]
        lines = tuple(_line(store, place) for store in found[: max(0, left)])
        made.append(StoreGroup(label=kinds_text(found), lines=lines))
        left -= len(lines)
    return tuple(made)


def _line(store: ProtectedStore, place: str) -> StoreLine:
    where = _joined(store.account, store.region)
    return StoreLine(
        name=store.name,
        id=store.id,
        kind=KINDS[store.kind][0],
        word=store.word or "",
        where="" if where == place else where,
        copy="" if store.copy is CopyKind.ORIGINAL else f"{store.copy.value} of {store.of or 'an unnamed store'}",
        kept_until=until_text(store),
        loss=loss_text(store),
    )


def _joined(account: str, region: str) -> str:
    return " · ".join(part for part in (account, region) if part)


def _region(place: str) -> str:
    return place.rpartition(" · ")[2]


def _soonest(row: KeyProtection) -> tuple[bool, datetime, int, str]:
    """Pending keys first, by date; then those that hold most."""
    at = row.deletion_at if isinstance(row.deletion_at, datetime) else _NEVER
    return (row.state != PENDING, at, -len(row.stores), row.key)


def _most(row: KeyProtection) -> tuple[int, str]:
    return (-len(row.stores), row.key)
