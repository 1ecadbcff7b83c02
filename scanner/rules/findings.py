"""Judges the subjects of one shard by every rule, with the reasons for whatever did not pass. Knows no waivers."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from scanner.facts.subjects import AccountRegionFacts, DataStoreFacts, KeyFacts, PopulationFacts, SubjectFacts
from scanner.facts.unread import SHARED, Gaps
from scanner.model.finding import Finding, Subject, SubjectKind, Verdict, VerdictRow
from scanner.model.report import UnreadGroup
from scanner.rules.evaluate import judge
from scanner.rules.explain import groups_read, reasons, remediation, ruled_out_by, unread
from scanner.rules.ruleset import Rule, RuleSet

KINDS: Mapping[type[SubjectFacts], SubjectKind] = {
    KeyFacts: SubjectKind.KEY,
    PopulationFacts: SubjectKind.POPULATION_SCOPE,
    AccountRegionFacts: SubjectKind.ACCOUNT_REGION,
    DataStoreFacts: SubjectKind.DATA_STORE,
}


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one shard; outcomes of several shards add up in any order.

    `ruled_out` counts per rule the leaves of `when` that made subjects not applicable.
    """

    findings: tuple[Finding, ...]
    verdicts: tuple[VerdictRow, ...]
    unread: tuple[UnreadGroup, ...]
    ruled_out: dict[str, dict[str, int]]


def judge_shard(
    subjects: Sequence[SubjectFacts], missing: Mapping[str, Gaps], rules: RuleSet, as_of: datetime
) -> Judged:
    """Judges every subject by every rule for its kind; `missing` holds the unread groups by subject id."""
    findings: list[Finding] = []
    verdicts: list[VerdictRow] = []
    ruled_out: dict[str, Counter[str]] = {}
    for facts in subjects:
        subject = describe(facts)
        for rule in rules.rules:
            if rule.subject is not subject.kind:
                continue
            verdict = judge(rule, facts)
            verdicts.append(
                VerdictRow(rule=rule.id, kind=subject.kind, subject=subject.id, verdict=verdict, waived=False)
            )
            if verdict is Verdict.NOT_APPLICABLE:
                ruled_out.setdefault(rule.id, Counter())[ruled_out_by(rule, facts)] += 1
            elif verdict is not Verdict.PASS:
                findings.append(_finding(rule, facts, verdict, as_of))
    return Judged(
        findings=tuple(findings),
        verdicts=tuple(verdicts),
        unread=tuple(_unread_groups(subjects, missing, rules, findings)),
        ruled_out={rule: dict(sorted(counts.items())) for rule, counts in sorted(ruled_out.items())},
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
        verdicts=tuple(row for part in parts for row in part.verdicts),
        unread=tuple(group for part in parts for group in part.unread),
        ruled_out={rule: dict(sorted(counts.items())) for rule, counts in sorted(ruled_out.items())},
    )


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


def _finding(rule: Rule, facts: SubjectFacts, verdict: Verdict, as_of: datetime) -> Finding:
    subject = describe(facts)
    groups = groups_read(rule)
    tags = facts.tags if isinstance(facts, KeyFacts) else None
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
        reasons=reasons(rule, facts),
        unread=unread(rule, facts) if verdict is Verdict.UNKNOWN else (),
        evidence=tuple(item for item in facts.evidence if item.group in groups),
        controls=rule.controls,
        remediation=remediation(rule, facts),
        notes=(),
        accepted=None,
    )


def _unread_groups(
    subjects: Sequence[SubjectFacts],
    missing: Mapping[str, Gaps],
    rules: RuleSet,
    findings: Iterable[Finding],
) -> Iterator[UnreadGroup]:
    """Every unread group that at least one selected rule reads, with those of them whose verdict it leaves open."""
    readers = {rule.id: groups_read(rule) for rule in rules.rules}
    left_open = {(item.rule, item.subject.id) for item in findings if item.verdict is Verdict.UNKNOWN}
    left_open_here = {rule for rule, _ in left_open}
    for facts in subjects:
        subject = describe(facts)
        for group, unknowns in sorted(missing.get(facts.id, {}).items()):
            if subject.kind is SubjectKind.ACCOUNT_REGION and group in SHARED:
                reading = [rule.id for rule in rules.rules if _rests_on(rule, group, readers[rule.id])]
                open_rules = tuple(rule for rule in reading if rule in left_open_here)
            else:
                reading = [
                    rule.id for rule in rules.rules if rule.subject is subject.kind and group in readers[rule.id]
                ]
                open_rules = tuple(rule for rule in reading if (rule, subject.id) in left_open)
            for unknown in unknowns if reading else ():
                yield UnreadGroup(unknown=unknown, subject=subject, group=group, rules=open_rules, accepted=None)


def _rests_on(rule: Rule, group: str, groups: frozenset[str]) -> bool:
    """Whether an unread group of a whole account-region matters to a rule; stores that no listing named have no row."""
    return group in groups or (group == "stores" and rule.subject is SubjectKind.DATA_STORE)
