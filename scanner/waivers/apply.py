"""Says which waiver covers a fail and which entry accepts an unknown, on a given day. Changes no verdict."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

import msgspec

from scanner.model.finding import Subject, WaiverMark
from scanner.model.report import WaiverResult, WaiverState
from scanner.model.scope import scope_id
from scanner.model.unknown import Unknown
from scanner.rules.ruleset import Rule
from scanner.waivers.bounds import breaches, names
from scanner.waivers.glob import matches_any
from scanner.waivers.schema import AcceptedUnknown, Waiver, WaiverFile

Entry = TypeVar("Entry", Waiver, AcceptedUnknown)


class ExpiredWaiver(msgspec.Struct, frozen=True, kw_only=True):
    """A waiver that covered a fail until it expired."""

    id: str
    expires: date


def waive(file: WaiverFile, rule: Rule, subject: Subject, as_of: date) -> WaiverMark | ExpiredWaiver | None:
    """The waiver that covers this rule's fail on this subject, the one that no longer does, or None.

    A waiver holds from the day it was created to the day it expires, both included; before, it covers nothing. Of
    several the one that lasts longest counts. One that breaches the rule's bounds never covers.
    """
    known = names(rule)
    found = [
        waiver
        for waiver in file.waivers
        if waiver.rule in known
        and waiver.created <= as_of
        and matches_any(waiver.resources, subject.id)
        and not any(breaches(waiver, rule))
    ]
    last = _longest(found)
    if last is None:
        return None
    if as_of <= last.expires:
        return WaiverMark(id=last.id, expires=last.expires)
    return ExpiredWaiver(id=last.id, expires=last.expires)


def accept(file: WaiverFile, unknown: Unknown, subject: Subject, as_of: date) -> str | None:
    """The id of the entry that accepts this gap on this day, or None; call and cause must be the very ones."""
    scope = scope_id(subject.provider, subject.account, subject.region)
    found = [
        entry
        for entry in file.accepted_unknowns
        if entry.call == unknown.call
        and entry.cause == unknown.cause.value
        and entry.created <= as_of <= entry.expires
        and (matches_any(entry.resources, subject.id) or matches_any(entry.scopes, scope))
    ]
    last = _longest(found)
    return last.id if last else None


def results(file: WaiverFile, used: Mapping[str, int], as_of: date) -> tuple[WaiverResult, ...]:
    """Every entry as it was applied, waivers first, each sorted by id; `used` counts by id what an entry covered."""
    waivers = (
        _result(waiver, "waiver", (waiver.rule, waiver.resources, waiver.ticket), used, as_of)
        for waiver in file.waivers
    )
    accepted = (
        _result(entry, "accepted_unknown", (entry.call, (*entry.resources, *entry.scopes), None), used, as_of)
        for entry in file.accepted_unknowns
    )
    return (
        *sorted(waivers, key=lambda result: result.id),
        *sorted(accepted, key=lambda result: result.id),
    )


def _result(
    entry: Waiver | AcceptedUnknown,
    kind: str,
    target: tuple[str, tuple[str, ...], str | None],
    used: Mapping[str, int],
    as_of: date,
) -> WaiverResult:
    rule_or_call, resources, ticket = target
    covers = used.get(entry.id, 0)
    return WaiverResult(
        id=entry.id,
        kind=kind,
        rule_or_call=rule_or_call,
        resources=resources,
        reason=entry.reason,
        ticket=ticket,
        approvers=entry.approvers,
        created=entry.created,
        expires=entry.expires,
        days_left=(entry.expires - as_of).days,
        state=_state(entry.expires, covers, as_of),
        covers=covers,
    )


def _state(expires: date, covers: int, as_of: date) -> WaiverState:
    if as_of > expires:
        return WaiverState.EXPIRED
    return WaiverState.ACTIVE if covers else WaiverState.UNUSED


def _longest(entries: Iterable[Entry]) -> Entry | None:
    """The entry that lasts longest, of equal ones the first by id."""
    return min(entries, key=lambda entry: (-entry.expires.toordinal(), entry.id), default=None)
