"""Each rule's findings grouped for print: a table of the worst, every other one by name. Judges nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from scanner.model.finding import Finding, Subject, Verdict
from scanner.model.report import GuardrailResult, Report, RuleResult
from scanner.model.unknown import Unknown
from scanner.outputs.sentences import missing_text, observed_text

TABLE_ROWS = 25
"""Failing subjects a rule's table holds at most; the others are named below it."""

CROWDED_ROWS = 10
"""The same in a report of more than `CROWDED` findings: time and paper go by the cell."""

CROWDED = 3_000


class FailRow(msgspec.Struct, frozen=True, kw_only=True):
    """One failing subject in a rule's table; texts are ready to print."""

    name: str
    place: str
    owner: str
    observed: str
    since: str
    waived: str | None
    notes: tuple[str, ...]


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """Subjects of one place, named one after the other."""

    place: str
    names: tuple[str, ...]


class OpenGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Subjects whose verdict is unknown for the same missing answers."""

    missing: str
    count: int
    places: tuple[Names, ...]


class RuleView(msgspec.Struct, frozen=True, kw_only=True):
    """One rule ready to print. `requirement` is the part of its source that says when it applies and what it asks."""

    rule: RuleResult
    requirement: str
    rows: tuple[FailRow, ...]
    rest: tuple[Names, ...]
    rest_count: int
    unknown: tuple[OpenGroup, ...]
    controls: tuple[str, ...]


class GuardrailView(msgspec.Struct, frozen=True, kw_only=True):
    """One guardrail and its rules."""

    result: GuardrailResult
    rules: tuple[RuleView, ...]


def guardrail_views(report: Report) -> tuple[GuardrailView, ...]:
    """Every guardrail that has rules, in the report's order."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_rule[finding.rule].append(finding)
    limit = TABLE_ROWS if len(report.findings) <= CROWDED else CROWDED_ROWS
    return tuple(
        GuardrailView(result=result, rules=tuple(_rule_view(rule, by_rule[rule.id], limit) for rule in result.rules))
        for result in report.guardrails
        if result.rules
    )


def place(subject: Subject) -> str:
    """Where a subject is: account and region."""
    return f"{subject.account} · {subject.region}" if subject.region else subject.account


def owner_text(owner: str | Unknown | None) -> str:
    """Who owns a subject; a tag that was not read is not an absent one."""
    return "not read" if isinstance(owner, Unknown) else owner or "none"


def by_age(finding: Finding) -> tuple[bool, object, str]:
    """Sorts unwaived before waived, then the longest known first."""
    return (finding.waived, finding.first_seen, finding.subject.id)


def names_by_place(subjects: Iterable[Subject]) -> tuple[Names, ...]:
    """The subjects' names, grouped by where they are."""
    places: dict[str, list[str]] = defaultdict(list)
    for subject in subjects:
        places[place(subject)].append(subject.name)
    return tuple(Names(place=where, names=tuple(sorted(names))) for where, names in sorted(places.items()))


def requirement(text: str) -> str:
    """The `when` and `require` blocks of a rule's YAML source, as written."""
    kept: list[str] = []
    inside = False
    for line in text.splitlines():
        if line[:1].strip() and not line.startswith("#"):
            inside = line.startswith(("when:", "require:"))
        if inside:
            kept.append(line.rstrip())
    return "\n".join(kept).rstrip()


def _rule_view(rule: RuleResult, found: Sequence[Finding], limit: int) -> RuleView:
    fails = sorted((finding for finding in found if finding.verdict is Verdict.FAIL), key=by_age)
    unknown = [finding for finding in found if finding.verdict is Verdict.UNKNOWN]
    return RuleView(
        rule=rule,
        requirement=requirement(rule.text),
        rows=tuple(map(_fail_row, fails[:limit])),
        rest=_rest(fails[limit:]),
        rest_count=len(fails[limit:]),
        unknown=_open_groups(unknown),
        controls=_controls(rule.controls),
    )


def _fail_row(finding: Finding) -> FailRow:
    mark = finding.waiver
    return FailRow(
        name=finding.subject.name,
        place=place(finding.subject),
        owner=owner_text(finding.owner),
        observed=observed_text(finding),
        since=f"{finding.first_seen:%Y-%m-%d}",
        waived=f"Waived by {mark.id} until {mark.expires}" if mark else None,
        notes=finding.notes,
    )


def _rest(fails: Sequence[Finding]) -> tuple[Names, ...]:
    places: dict[str, list[str]] = defaultdict(list)
    for finding in fails:
        mark = f" (waived by {finding.waiver.id})" if finding.waiver else ""
        places[place(finding.subject)].append(finding.subject.name + mark)
    return tuple(Names(place=where, names=tuple(sorted(names))) for where, names in sorted(places.items()))


def _open_groups(unknown: Sequence[Finding]) -> tuple[OpenGroup, ...]:
    groups: dict[str, list[Subject]] = defaultdict(list)
    for finding in unknown:
        accepted = f"; accepted by {finding.accepted}" if finding.accepted else ""
        groups[missing_text(finding.unread) + accepted].append(finding.subject)
    return tuple(
        OpenGroup(missing=missing, count=len(subjects), places=names_by_place(subjects))
        for missing, subjects in sorted(groups.items())
    )


def _controls(controls: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return tuple(f"{framework} {', '.join(ids)}" for framework, ids in sorted(controls.items()) if ids)
