"""Judges the subjects of one shard by every rule, with the reasons for whatever did not pass. Knows no waivers."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from scanner.facts.subjects import AccountRegionFacts, KeyContainerFacts, KeyFacts, SubjectFacts
from scanner.facts.unread import ACCESS, OF_PLACE, Gaps
from scanner.model.finding import Finding, Subject, SubjectKind, Verdict
from scanner.model.report import UnreadGroup
from scanner.model.verdicts import VerdictTable
from scanner.rules.explain import reasons, remediation, unread
from scanner.rules.panel import KINDS, Panel, decide, subjects_of
from scanner.rules.ruleset import Rule


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one shard; outcomes of several shards add up in any order.

    `ruled_out` counts per rule the leaves of `when` that made subjects not applicable.
    """

    findings: tuple[Finding, ...]
    verdicts: tuple[VerdictTable, ...]
    unread: tuple[UnreadGroup, ...]
    ruled_out: dict[str, dict[str, int]]


def judge_shard(
    subjects: Sequence[SubjectFacts], missing: Mapping[str, Gaps], panels: Sequence[Panel], as_of: datetime
) -> Judged:
    """Judges every subject by the panel for its kind; `missing` holds the unread groups by subject id."""
    findings: list[Finding] = []
    tables: list[VerdictTable] = []
    ruled_out: dict[str, Counter[str]] = {}
    for panel in panels:
        own = subjects_of(panel, subjects)
        decided = decide(panel, own)
        tables.append(decided.table)
        ruled_out |= decided.ruled_out
        findings += _findings(panel, own, decided.table, as_of)
    return Judged(
        findings=tuple(findings),
        verdicts=tuple(tables),
        unread=tuple(_unread_groups(subjects, missing, panels, findings)),
        ruled_out=_sorted(ruled_out),
    )


def merge(outcomes: Iterable[Judged]) -> Judged:
    """The outcomes of several shards as one; order does not matter to anything that is counted."""
    parts = tuple(outcomes)
    ruled_out: dict[str, Counter[str]] = {}
    for part in parts:
        for rule, counts in part.ruled_out.items():
            ruled_out.setdefault(rule, Counter()).update(counts)
    return Judged(
        findings=tuple(finding for part in parts for finding in part.findings),
        verdicts=tuple(table for part in parts for table in part.verdicts),
        unread=tuple(group for part in parts for group in part.unread),
        ruled_out=_sorted(ruled_out),
    )


def _sorted(ruled_out: Mapping[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {rule: dict(sorted(counts.items())) for rule, counts in sorted(ruled_out.items())}


def describe(facts: SubjectFacts) -> Subject:
    """The subject behind the facts, for people and files."""
    return Subject(
        kind=KINDS[type(facts)],
        id=facts.id,
        name=facts.name,
        provider=facts.provider,
        account=facts.account,
        region=facts.region,
    )


def fingerprint(rule: str, subject: Subject) -> str:
    """Identity of a finding across runs: rule, kind, provider and resource, never message text (SHA-256, hex)."""
    parts = (rule, subject.kind.value, subject.provider.value, subject.id)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _findings(
    panel: Panel, subjects: Sequence[SubjectFacts], table: VerdictTable, as_of: datetime
) -> Iterator[Finding]:
    for row, column, verdict in table.judged(Verdict.FAIL, Verdict.UNKNOWN):
        yield _finding(panel.rules[column], subjects[row], panel.groups[column], (verdict, as_of))


def _finding(rule: Rule, facts: SubjectFacts, groups: frozenset[str], outcome: tuple[Verdict, datetime]) -> Finding:
    verdict, as_of = outcome
    subject = describe(facts)
    tags = facts.tags if isinstance(facts, KeyFacts | KeyContainerFacts) else None
    return Finding(
        fingerprint=fingerprint(rule.id, subject),
        rule=rule.id,
        title=rule.title,
        guardrail=rule.guardrail,
        severity=rule.severity,
        verdict=verdict,
        waived=False,
        waiver=None,
        subject=subject,
        owner=tags.owner if tags else None,
        environment=tags.environment if tags else None,
        data_class=tags.data_class if tags else None,
        observed_at=as_of,
        first_seen=as_of,
        reasons=reasons(rule, facts, verdict),
        unread=unread(rule, facts, verdict),
        evidence=tuple(item for item in facts.evidence if item.group in groups),
        controls=rule.controls,
        remediation=remediation(rule, facts),
        notes=(),
        accepted=None,
    )


def _unread_groups(
    subjects: Sequence[SubjectFacts],
    missing: Mapping[str, Gaps],
    panels: Sequence[Panel],
    findings: Iterable[Finding],
) -> Iterator[UnreadGroup]:
    """Every unread group that at least one selected rule reads, with those of them whose verdict it leaves open."""
    readers = {panel.kind: panel.readers for panel in panels}
    left_open = {(item.rule, item.subject.id) for item in findings if item.verdict is Verdict.UNKNOWN}
    left_open_here = {rule for rule, _ in left_open}
    places = _OF_PLACES if any(type(one) is AccountRegionFacts for one in subjects) else _WITHOUT_TRAILS
    for facts in subjects:
        kind = KINDS[type(facts)]
        for group, unknowns in sorted(missing.get(facts.id, {}).items()):
            if group in places.get(kind, ()):
                reading = sorted(rule for panel in panels for rule in _resting_on(panel, group))
                open_rules = tuple(rule for rule in reading if rule in left_open_here)
            else:
                reading = list(readers.get(kind, {}).get(group, ()))
                open_rules = tuple(rule for rule in reading if (rule, facts.id) in left_open)
            for unknown in unknowns if reading else ():
                yield UnreadGroup(
                    unknown=unknown, subject=describe(facts), group=group, rules=open_rules, accepted=None
                )


_OF_PLACES = {SubjectKind.ACCOUNT_REGION: OF_PLACE, SubjectKind.POPULATION_SCOPE: ACCESS}
"""Groups that are read once for a place, and that facts of any subject in it may rest on."""

_WITHOUT_TRAILS = {SubjectKind.POPULATION_SCOPE: (*ACCESS, "stores")}
"""The same where no subject stands for what records the place."""


def _resting_on(panel: Panel, group: str) -> Iterable[str]:
    """The rules that an unread group of a whole account-region matters to; stores that no listing named have no row."""
    if group == "stores" and panel.kind is SubjectKind.DATA_STORE:
        return (rule.id for rule in panel.rules)
    return panel.readers.get(group, ())
