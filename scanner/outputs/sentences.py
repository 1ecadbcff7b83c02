"""The words that every format for people shares, so that page, terminal and paper say the same. Escapes nothing."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from scanner.model.finding import Finding, Reason, SubjectKind
from scanner.model.key import Provider
from scanner.model.report import Population, Report, Score, UnreadGroup, WaiverResult, WaiverState
from scanner.model.unknown import Cause, Unknown
from scanner.outputs.provider_words import SCOPE_WORDS

SIMULATED = "SIMULATED: NOT EVIDENCE"
"""The mark on everything that was made from an endpoint which is not a provider's own."""

EXPIRING_DAYS = 30
"""Waivers with no more days left than this are named."""

ACCEPTED_UNKNOWN = "accepted_unknown"
"""How `WaiverResult.kind` names an entry that accepts an unknown."""

_KINDS = {
    SubjectKind.KEY: ("key", "keys"),
    SubjectKind.POPULATION_SCOPE: ("scope", "scopes"),
    SubjectKind.DATA_STORE: ("store", "stores"),
    SubjectKind.KEY_CONTAINER: ("key container", "key containers"),
}


_Unread = tuple[Provider, str, Cause, SubjectKind, str | None]
"""What unread groups are told together by: provider, call, cause, kind of subject, and what accepts them."""


class UnreadCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call that was not answered, over all subjects of one kind; `rules` are sorted, `accepted` an entry's id."""

    provider: Provider
    call: str
    cause: Cause
    kind: SubjectKind
    subjects: int
    rules: tuple[str, ...]
    accepted: str | None


def report_number(report: Report) -> str:
    """The report's number, from the moment it is as at: `KM-20261101T020000Z`."""
    return f"KM-{report.header.as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def moment(at: datetime) -> str:
    """A time as people read it, to the second: `2026-11-01 02:00:00 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun: `1 key`, `1,204 keys`."""
    return f"{count:,} {one if count == 1 else many}"


def verdict_word(report: Report) -> str:
    """The result in one word; clean only when nothing is unknown, unread or missing."""
    counts = report.counts
    if counts.fail > counts.waived:
        return "Fail"
    if counts.unknown or report.unread or report.population.unlisted_scopes or report.chain.missing:
        return "Incomplete"
    if counts.passed + counts.fail == 0:
        return "Nothing judged"
    return "Clean, with waivers" if counts.waived else "Clean"


def verdict_sentence(report: Report) -> str:
    """The result with every count; the first line of each summary."""
    counts = report.counts
    return (
        f"{verdict_word(report)}: {counts.fail:,} fail ({counts.waived:,} waived), {counts.unknown:,} unknown, "
        f"{counts.passed:,} pass, {counts.not_applicable:,} not applicable."
    )


def population_sentence(population: Population) -> str:
    """How completely the keys were read; the parts add up to the listing."""
    text = (
        f"{counted(population.listed, 'key', 'keys')} listed: {population.read:,} read, "
        f"{population.partly_read:,} partly read, {population.unread:,} unread, {population.excluded:,} excluded"
    )
    if population.unlisted_scopes:
        text += f"; {counted(population.unlisted_scopes, 'scope', 'scopes')} could not be listed"
    return f"{text}."


def score_text(score: Score) -> str:
    """A score with its range, `92.3 % (91.0 - 94.1)`, or why there is none."""
    if score.value is None or score.lowest is None or score.highest is None:
        return f"not computable: {score.reason or 'no reason recorded'}"
    return f"{score.value:.1f} % ({score.lowest:.1f} - {score.highest:.1f})"


def unread_calls(groups: Iterable[UnreadGroup]) -> tuple[UnreadCall, ...]:
    """Unread groups together by call, cause and kind of subject; those that nobody accepted and most subjects first."""
    subjects: dict[_Unread, set[str]] = {}
    rules: dict[_Unread, set[str]] = {}
    for group in groups:
        kind = (group.subject.provider, group.unknown.call, group.unknown.cause, group.subject.kind, group.accepted)
        subjects.setdefault(kind, set()).add(group.subject.id)
        rules.setdefault(kind, set()).update(group.rules)
    made = [
        UnreadCall(
            provider=provider,
            call=call,
            cause=cause,
            kind=kind,
            subjects=len(ids),
            rules=tuple(sorted(rules[provider, call, cause, kind, accepted])),
            accepted=accepted,
        )
        for (provider, call, cause, kind, accepted), ids in subjects.items()
    ]
    return tuple(sorted(made, key=_open_first))


def unread_sentence(unread: UnreadCall) -> str:
    """What is missing and what it leaves open, such as `Could not read kms:GetKeyPolicy on 1 key (denied): ...`."""
    word = "on" if unread.kind is SubjectKind.KEY else "in"
    text = (
        f"Could not read {unread.call} {word} {counted(unread.subjects, *_kind_words(unread))} "
        f"({cause_text(unread.cause)}): {counted(len(unread.rules), 'rule', 'rules')} left open"
    )
    return f"{text}; accepted by {unread.accepted}" if unread.accepted else text


def _kind_words(unread: UnreadCall) -> tuple[str, str]:
    if unread.kind is SubjectKind.ACCOUNT_REGION:
        one = f"{SCOPE_WORDS[unread.provider][0]}-region"
        return one, f"{one}s"
    return _KINDS[unread.kind]


def cause_text(cause: Cause) -> str:
    """Why something was not read, in words."""
    return cause.value.replace("_", " ")


def missing_text(unread: Iterable[Unknown]) -> str:
    """The calls whose answers are missing, with why: `kms:GetKeyPolicy (denied)`."""
    return ", ".join(sorted({f"{unknown.call} ({cause_text(unknown.cause)})" for unknown in unread}))


def tag_text(value: str | Unknown | None) -> str:
    """An owner, environment or data class; a tag that was not read is not an absent one."""
    if isinstance(value, Unknown):
        return f"not read ({cause_text(value.cause)} {value.call})"
    return "none" if value is None else value


def reason_text(reason: Reason) -> str:
    """One reason: what was looked at, expected and seen."""
    return f"{reason.path}: expected {reason.expected}, was {reason.actual}" if reason.path else reason.actual


def observed_text(finding: Finding) -> str:
    """Every reason of a finding, else the missing calls, else its title."""
    reasons = "; ".join(reason_text(reason) for reason in finding.reasons)
    if reasons:
        return reasons
    return f"not read: {missing_text(finding.unread)}" if finding.unread else finding.title


def changes_sentence(report: Report) -> str:
    """What is new, fixed and still open since the previous pack, or why that cannot be said."""
    changes, at = report.changes, report.chain.previous_as_of
    if changes is None or at is None:
        note = report.chain.note or "first of chain"
        return f"{note[:1].upper()}{note[1:]}."
    return (
        f"Since {moment(at)}: {len(changes.new):,} new, {len(changes.fixed):,} fixed, "
        f"{len(changes.open):,} still open, {len(changes.unseen):,} not judged again."
    )


def pressing_waivers(waivers: Iterable[WaiverResult]) -> tuple[WaiverResult, ...]:
    """Waivers and accepted unknowns that somebody must look at: expired, unused or about to expire, soonest first."""
    pressing = [
        waiver for waiver in waivers if waiver.state is not WaiverState.ACTIVE or waiver.days_left <= EXPIRING_DAYS
    ]
    return tuple(sorted(pressing, key=lambda waiver: (waiver.days_left, waiver.id)))


def waiver_sentence(waiver: WaiverResult) -> str:
    """What became of a waiver, without its own words."""
    kind = "Accepted unknown" if waiver.kind == ACCEPTED_UNKNOWN else "Waiver"
    match waiver.state:
        case WaiverState.EXPIRED:
            return f"{kind} {waiver.id} expired on {waiver.expires}: what it covered counts again"
        case WaiverState.UNUSED:
            return f"{kind} {waiver.id} covers nothing (until {waiver.expires})"
        case WaiverState.ACTIVE:
            days = counted(waiver.days_left, "day", "days")
            return f"{kind} {waiver.id} expires on {waiver.expires} ({days} left, covers {_covered(waiver)})"


def _covered(waiver: WaiverResult) -> str:
    if waiver.kind == ACCEPTED_UNKNOWN:
        return counted(waiver.covers, "missing answer", "missing answers")
    return counted(waiver.covers, "finding", "findings")


def _open_first(unread: UnreadCall) -> tuple[bool, int, str, str, str, str, str]:
    return (
        unread.accepted is not None,
        -unread.subjects,
        unread.call,
        unread.cause,
        unread.kind,
        unread.accepted or "",
        unread.provider,
    )
