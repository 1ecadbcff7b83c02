"""The population and what could not be read, arranged so that every line adds up. Judges nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from scanner.facts.population import MEANT
from scanner.model.key import Provider
from scanner.model.report import PopulationRow, Report
from scanner.model.scope import ScopeStatus
from scanner.model.snapshot import SnapshotHeader
from scanner.model.unknown import Unknown
from scanner.outputs.provider_words import PROVIDER_NAMES, SCOPE_WORDS
from scanner.outputs.sentences import cause_text, counted, missing_text, moment


class PlaceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the completeness table: one scope, or the scopes of an account that hold nothing, together."""

    regions: str
    status: str
    note: str | None
    listed: int | None
    read: int
    partly_read: int
    unread: int
    excluded: int
    reconciles: bool


class AccountRows(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of one account."""

    name: str
    rows: tuple[PlaceRow, ...]


class Calls(msgspec.Struct, frozen=True, kw_only=True):
    """Provider calls of the whole collection, added up."""

    calls: int
    pages: int
    retries: int
    throttled: int
    denied: int
    failed: int


def account_rows(rows: Iterable[PopulationRow]) -> tuple[AccountRows, ...]:
    """Every scope by account; the fully listed scopes of an account in which there is no key share one line."""
    accounts: dict[tuple[Provider, str], list[PopulationRow]] = defaultdict(list)
    for row in rows:
        accounts[row.scope.provider, row.scope.account].append(row)
    return tuple(AccountRows(name=_account_name(group[0]), rows=_place_rows(group)) for group in accounts.values())


def calls(report: Report) -> Calls:
    """All calls of all scopes."""
    counts = [count for row in report.population.rows for count in row.scope.calls]
    return Calls(
        calls=sum(count.calls for count in counts),
        pages=sum(count.pages for count in counts),
        retries=sum(count.retries for count in counts),
        throttled=sum(count.throttled for count in counts),
        denied=sum(count.denied for count in counts),
        failed=sum(count.failed for count in counts),
    )


def accuracy(report: Report) -> tuple[tuple[str, str], ...]:
    """What answers an auditor's question whether the numbers are right: label and sentence."""
    header, pack = report.header, report.pack
    return (
        ("Source", "Control-plane interfaces of the providers, asked directly; no export or spreadsheet in between"),
        ("Collection window", _window(header)),
        ("Calls", _calls_text(calls(report))),
        ("Endpoints", _endpoints(header)),
        ("Identity", "; ".join(identities(header)) or "none recorded"),
        (
            "Transformation",
            "Response as received (hashed) → normalised record → facts → rule; each step is in the pack",
        ),
        ("Rules", f"{pack.name} {pack.version}, baseline {pack.baseline}, SHA-256 {pack.sha256}"),
        ("Sampling", "None: every key that was listed is judged by every selected rule"),
        (
            "Reproducible",
            "Judging the stored snapshot again with the same rules gives the same findings, byte for byte",
        ),
        ("Period or point in time", f"Point in time: everything is as at {moment(header.as_of)}"),
    )


def identities(header: SnapshotHeader) -> tuple[str, ...]:
    """Who asked, once for each caller; a caller that could not be read says so."""
    named = (
        f"{identity.account}: not read, {missing_text([identity.caller])}"
        if isinstance(identity.caller, Unknown)
        else identity.caller
        for identity in header.identities
    )
    return tuple(dict.fromkeys(named))


def _is_empty(row: PopulationRow) -> bool:
    return (
        row.scope.status is ScopeStatus.SCANNED and row.listed == 0 and row.reconciles and row.scope.region is not None
    )


def _account_name(row: PopulationRow) -> str:
    scope = row.scope
    return " ".join(filter(None, (PROVIDER_NAMES[scope.provider], scope.account_name, scope.account)))


def _place_rows(group: Sequence[PopulationRow]) -> tuple[PlaceRow, ...]:
    empty = [row for row in group if _is_empty(row)]
    made = [
        _place_row(row, row.scope.region or f"whole {SCOPE_WORDS[row.scope.provider][0]}")
        for row in group
        if not _is_empty(row)
    ]
    if empty:
        regions = ", ".join(row.scope.region or "" for row in empty)
        made.append(_place_row(empty[0], f"{len(empty)} without keys: {regions}" if len(empty) > 1 else regions))
    return tuple(made)


def _place_row(row: PopulationRow, regions: str) -> PlaceRow:
    return PlaceRow(
        regions=regions,
        status=row.scope.status.value,
        note=_note(row),
        listed=None if isinstance(row.listed, Unknown) else row.listed,
        read=row.read,
        partly_read=row.partly_read,
        unread=row.unread,
        excluded=row.excluded,
        reconciles=row.reconciles,
    )


def _note(row: PopulationRow) -> str | None:
    scope = row.scope
    meant = scope.status in MEANT
    parts = [
        scope.reason,
        f"approved by {scope.approver}" if scope.approver else None,
        f"{row.listed.call}: {cause_text(row.listed.cause)}" if meant and isinstance(row.listed, Unknown) else None,
        row.excluded_reason if row.excluded else None,
    ]
    return "; ".join(part for part in parts if part) or None


def _calls_text(made: Calls) -> str:
    return (
        f"{made.calls:,} calls, {made.pages:,} further pages, {made.retries:,} retries, {made.throttled:,} throttled, "
        f"{made.denied:,} denied, {made.failed:,} failed; a listing counts only when it ran to its last page"
    )


def _window(header: SnapshotHeader) -> str:
    offsets = "; ".join(
        f"{provider} clock {offset:+.1f} s against ours"
        for provider, offset in sorted(header.clock_offset_seconds.items())
    )
    return f"{moment(header.as_of)} to {moment(header.finished_at)}" + (f"; {offsets}" if offsets else "")


def _endpoints(header: SnapshotHeader) -> str:
    foreign = sorted({endpoint.url for endpoint in header.endpoints if not endpoint.official})
    plain = sum(not endpoint.tls for endpoint in header.endpoints)
    text = f"{counted(len(header.endpoints), 'endpoint', 'endpoints')}, {plain} without TLS"
    return f"{text}; not the provider's own: {', '.join(foreign)}" if foreign else f"{text}; all the provider's own"
