"""Builders of reports for tests: a rich one whose numbers agree with each other, and one of any size.

Nothing is counted by hand: verdicts are laid down per rule and subject, everything else follows from them.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from records import tabled
from report_parts import (
    ACCOUNT,
    AS_OF,
    BEFORE,
    OTHER,
    REGION,
    SCANNED,
    SECOND,
    THROTTLED_KEYS,
    frameworks,
    header,
    kpis,
    population,
    waivers,
)
from scanner.kpis.score import add, score
from scanner.model.evidence import Evidence
from scanner.model.finding import (
    Finding,
    Guardrail,
    Reason,
    Severity,
    Subject,
    SubjectKind,
    Verdict,
    VerdictRow,
    WaiverMark,
)
from scanner.model.key import Provider
from scanner.model.report import (
    Chain,
    Changes,
    Counts,
    GuardrailResult,
    KeyRow,
    PolicyPack,
    PreviousFinding,
    Report,
    RuleResult,
    UnreadGroup,
)
from scanner.model.scope import scope_id
from scanner.model.settings import Settings
from scanner.model.unknown import Cause, Unknown
from scanner.model.verdicts import Verdicts

WEIGHTS = {Severity.CRITICAL: 8, Severity.HIGH: 4, Severity.MEDIUM: 2, Severity.LOW: 1}

HOSTILE_NAME = (
    "alias/=1+1|`x`**b**</script><img src=x onerror=alert(1)>[a](javascript:alert(1))@admin\x1b[31m\u202e\n::error::pwn"
)
"""A key's name that attacks spreadsheets, markup, links, mentions, terminals, reading order and CI logs at once."""

HOSTILE_OWNER = '=HYPERLINK("http://evil.example","click")\t\r\n{{7*7}}${jndi:x}<b>&\'"]]>\x00'
DENIED_POLICY = Unknown(cause=Cause.DENIED, call="kms:GetKeyPolicy")
DENIED_TAGS = Unknown(cause=Cause.DENIED, call="tag:GetResources")

Outcomes = Mapping[tuple[str, str], Verdict]


def rule(number: str, guardrail: Guardrail, severity: Severity, title: str, **changes: object) -> RuleResult:
    """A rule as applied, not yet counted."""
    default = RuleResult(
        id=number,
        title=title,
        guardrail=guardrail,
        severity=severity,
        subject=SubjectKind.KEY,
        rationale="A key that nobody looks after fails on the day it is needed.",
        remediation={"aws": "aws kms describe-key --key-id {id}"},
        controls={"nist-800-53r5": ("SC-12",), "pci-dss-4.0.1": ("3.7.4",)},
        params={"max_period": "365d"},
        changes=(),
        file=f"policies/rules/{guardrail.value}/{number}.yaml",
        line=3,
        text=f"# shipped\nid: {number}\ntitle: {title}\nrequire: {{rotation.enabled: true}}\n",
        counts=Counts(),
        not_applicable_because={},
    )
    return replace(default, **changes)


RULES = (
    rule("KEY-ACC-001", Guardrail.ACCESS, Severity.HIGH, "The key policy can be changed by its own account"),
    rule("KEY-DEL-001", Guardrail.DELETION, Severity.CRITICAL, "The key is not scheduled for deletion"),
    rule(
        "KEY-POP-001",
        Guardrail.POPULATION,
        Severity.HIGH,
        "Every key of the scope was read",
        subject=SubjectKind.POPULATION_SCOPE,
    ),
    rule("KEY-ROT-001", Guardrail.ROTATION, Severity.HIGH, "Automatic rotation is on"),
    rule(
        "KEY-ROT-002",
        Guardrail.ROTATION,
        Severity.MEDIUM,
        "The rotation period is at most a year",
        changes=("max_period 365d instead of 90d: agreed with the bank's supervisor",),
    ),
    rule("KEY-TAG-001", Guardrail.TAGGING, Severity.LOW, "The key names its owner"),
    rule(
        "KEY-TRL-001",
        Guardrail.TRAIL,
        Severity.HIGH,
        "Management events are recorded",
        subject=SubjectKind.ACCOUNT_REGION,
    ),
)


def subject(number: int, name: str, account: str = ACCOUNT, region: str = REGION) -> Subject:
    """A key as a subject."""
    return Subject(
        kind=SubjectKind.KEY,
        id=f"arn:aws:kms:{region}:{account}:key/{number:08d}-12ab-34cd-56ef-1234567890ab",
        name=name,
        provider=Provider.AWS,
        account=account,
        region=region,
    )


KEYS = (
    subject(1, "alias/payments"),
    subject(2, "alias/ledger"),
    subject(3, HOSTILE_NAME),
    subject(4, "alias/archive", region=SECOND),
    subject(5, "alias/cards", OTHER),
    subject(6, "alias/gone-soon", OTHER),
    subject(7, "alias/signing-é", OTHER, SECOND),
)

OUTCOMES: Outcomes = {
    ("KEY-ACC-001", KEYS[1].id): Verdict.UNKNOWN,
    ("KEY-ACC-001", KEYS[4].id): Verdict.UNKNOWN,
    ("KEY-DEL-001", KEYS[5].id): Verdict.FAIL,
    ("KEY-POP-001", f"aws:{OTHER}:{SECOND}"): Verdict.UNKNOWN,
    ("KEY-ROT-001", KEYS[2].id): Verdict.FAIL,
    ("KEY-ROT-001", KEYS[3].id): Verdict.FAIL,
    ("KEY-ROT-001", KEYS[5].id): Verdict.NOT_APPLICABLE,
    ("KEY-ROT-001", KEYS[6].id): Verdict.NOT_APPLICABLE,
    ("KEY-ROT-002", KEYS[0].id): Verdict.FAIL,
    ("KEY-ROT-002", KEYS[6].id): Verdict.NOT_APPLICABLE,
    ("KEY-TAG-001", KEYS[2].id): Verdict.FAIL,
    ("KEY-TRL-001", f"aws:{ACCOUNT}:{SECOND}"): Verdict.FAIL,
}
"""What does not pass in the default report: 6 fails (one waived), 3 unknown, 3 not applicable."""

WAIVED = {("KEY-ROT-001", KEYS[3].id): WaiverMark(id="W-1", expires=date(2026, 11, 20))}


def report(**changes: object) -> Report:
    """A report with every verdict, a waiver, gaps, hostile names, a previous pack; changes by field name."""
    return replace(report_of(KEYS, OUTCOMES, WAIVED), **changes)


def big_report(size: int) -> Report:
    """A report with `size` findings on as many keys: one in twenty unknown, one in fifty waived."""
    keys = [subject(n, f"alias/key-{n:06d}", (ACCOUNT, OTHER)[n % 2], (REGION, SECOND)[n % 3 % 2]) for n in range(size)]
    rules = [rule.id for rule in RULES if rule.subject is SubjectKind.KEY]
    where = [(rules[n % len(rules)], key.id) for n, key in enumerate(keys)]
    outcomes = {pair: Verdict.UNKNOWN if n % 20 == 0 else Verdict.FAIL for n, pair in enumerate(where)}
    waived = {pair: WaiverMark(id="W-1", expires=date(2026, 11, 20)) for n, pair in enumerate(where) if n % 50 == 1}
    return report_of(keys, outcomes, waived)


def report_of(
    keys: Sequence[Subject], outcomes: Outcomes, waived: Mapping[tuple[str, str], WaiverMark] | None = None
) -> Report:
    """The report in which these pairs of rule and subject id have these verdicts and all others pass."""
    marks = waived or {}
    findings = tuple(_findings(keys, outcomes, marks))
    rows = tuple(_verdicts(keys, outcomes, marks))
    guardrails = _guardrails(rows)
    rules = [item for guardrail in guardrails for item in guardrail.rules]
    people = population(keys)
    return Report(
        header=header(),
        settings=Settings(organisation="Example Bank"),
        pack=PolicyPack(
            name="keymuster", version="1.0.0", model="1", baseline="default", weights=WEIGHTS, sha256="ab" * 32
        ),
        counts=add(item.counts for item in rules),
        score=score((WEIGHTS[item.severity], item.counts) for item in rules),
        guardrails=guardrails,
        findings=findings,
        verdicts=Verdicts(tables=tabled(rows), waived=frozenset((row.rule, row.subject) for row in rows if row.waived)),
        population=people,
        unread=tuple(_unread(findings)),
        waivers=waivers(marks),
        frameworks=frameworks(rules),
        keys=_register(keys, findings),
        kpis=kpis(len(keys)),
        changes=_changes(findings),
        chain=Chain(
            previous_as_of=BEFORE, previous_manifest="cd" * 32, previous_root="ef" * 32, note=None, missing=False
        ),
        providers=(Provider.AWS,),
    )


def fingerprint(rule_id: str, about: Subject) -> str:
    """A stand-in with the form of the real one: a SHA-256 in hex."""
    return hashlib.sha256(f"{rule_id} {about.kind} {about.id}".encode()).hexdigest()


def _findings(
    keys: Sequence[Subject], outcomes: Outcomes, marks: Mapping[tuple[str, str], WaiverMark]
) -> list[Finding]:
    return [
        _finding(item, about, outcomes[item.id, about.id], marks.get((item.id, about.id)))
        for item in RULES
        for about in _subjects(item, keys)
        if outcomes.get((item.id, about.id)) in {Verdict.FAIL, Verdict.UNKNOWN}
    ]


def _finding(item: RuleResult, about: Subject, verdict: Verdict, mark: WaiverMark | None) -> Finding:
    open_for = (THROTTLED_KEYS if about.kind is SubjectKind.POPULATION_SCOPE else DENIED_POLICY,)
    unread = open_for if verdict is Verdict.UNKNOWN else ()
    hostile = about.name == HOSTILE_NAME
    is_key = about.kind is SubjectKind.KEY
    actual = f"unread ({unread[0].cause.value} {unread[0].call})" if unread else "730d"
    return Finding(
        fingerprint=fingerprint(item.id, about),
        rule=item.id,
        title=item.title,
        guardrail=item.guardrail,
        severity=item.severity,
        verdict=verdict,
        waived=mark is not None,
        waiver=mark,
        subject=about,
        owner=(HOSTILE_OWNER if hostile else "payments") if is_key else None,
        environment=DENIED_TAGS if unread and is_key else None,
        data_class="confidential" if is_key else None,
        observed_at=AS_OF,
        first_seen=BEFORE if item.guardrail is Guardrail.ROTATION else AS_OF,
        reasons=(
            Reason(path="rotation.period", operator="<=", expected="<= 365d", actual=actual, call="kms:DescribeKey"),
        ),
        unread=unread,
        evidence=(
            Evidence(group="metadata", call="kms:DescribeKey", request_id="req-1", sha256="12" * 32, raw="raw-1"),
        ),
        controls=item.controls,
        remediation=item.remediation["aws"].replace("{id}", about.id),
        notes=("Waiver W-0 expired on 2026-10-01; the fail counts again.",) if hostile else (),
        accepted="A-1" if unread and about == KEYS[4] else None,
    )


def _verdicts(
    keys: Sequence[Subject], outcomes: Outcomes, marks: Mapping[tuple[str, str], WaiverMark]
) -> list[VerdictRow]:
    return [
        VerdictRow(
            rule=item.id,
            kind=about.kind,
            subject=about.id,
            verdict=outcomes.get((item.id, about.id), Verdict.PASS),
            waived=(item.id, about.id) in marks,
        )
        for item in RULES
        for about in _subjects(item, keys)
    ]


def _subjects(item: RuleResult, keys: Sequence[Subject]) -> list[Subject]:
    if item.subject is SubjectKind.KEY:
        return sorted(keys, key=lambda key: key.id)
    return [
        Subject(
            kind=item.subject,
            id=scope_id(Provider.AWS, account, region),
            name=f"{account} {region}",
            provider=Provider.AWS,
            account=account,
            region=region,
        )
        for account, region in SCANNED
    ]


def _guardrails(rows: Sequence[VerdictRow]) -> tuple[GuardrailResult, ...]:
    tally = Counter((row.rule, row.verdict, row.waived) for row in rows)
    counted = [replace(item, counts=_counts(item.id, tally)) for item in RULES]
    return tuple(
        GuardrailResult(
            guardrail=guardrail,
            counts=add(item.counts for item in own),
            score=score((WEIGHTS[item.severity], item.counts) for item in own),
            previous=75.0 if guardrail is Guardrail.ROTATION else None,
            rules=tuple(own),
        )
        for guardrail in Guardrail
        if (own := [item for item in counted if item.guardrail is guardrail])
    )


def _counts(rule_id: str, tally: Mapping[tuple[str, Verdict, bool], int]) -> Counts:
    waived = tally.get((rule_id, Verdict.FAIL, True), 0)
    plain = {verdict: tally.get((rule_id, verdict, False), 0) for verdict in Verdict}
    return Counts(
        passed=plain[Verdict.PASS],
        fail=plain[Verdict.FAIL] + waived,
        unknown=plain[Verdict.UNKNOWN],
        not_applicable=plain[Verdict.NOT_APPLICABLE],
        waived=waived,
    )


def _unread(findings: Sequence[Finding]) -> list[UnreadGroup]:
    return [
        UnreadGroup(
            unknown=finding.unread[0],
            subject=finding.subject,
            group="policy" if finding.subject.kind is SubjectKind.KEY else "keys",
            rules=(finding.rule,),
            accepted=finding.accepted,
        )
        for finding in findings
        if finding.unread
    ]


def _register(keys: Sequence[Subject], findings: Sequence[Finding]) -> tuple[KeyRow, ...]:
    own: dict[str, list[Finding]] = {}
    for finding in findings:
        own.setdefault(finding.subject.id, []).append(finding)
    return tuple(_key_row(key, own.get(key.id, ())) for key in sorted(keys, key=lambda key: key.id))


def _key_row(key: Subject, findings: Sequence[Finding]) -> KeyRow:
    return KeyRow(
        subject=key,
        state="enabled",
        manager="customer",
        spec="SYMMETRIC_DEFAULT",
        origin="provider",
        created="2024-11-01",
        rotation="every 365 d",
        owner=HOSTILE_OWNER if key.name == HOSTILE_NAME else "payments",
        failed=tuple(finding.rule for finding in findings if finding.verdict is Verdict.FAIL),
        unknown=tuple(finding.rule for finding in findings if finding.verdict is Verdict.UNKNOWN),
    )


def _changes(findings: Sequence[Finding]) -> Changes:
    fails = [finding for finding in findings if finding.verdict is Verdict.FAIL]
    fixed = PreviousFinding(
        fingerprint="fe" * 32,
        rule="KEY-TAG-001",
        title="The key names its owner",
        severity=Severity.LOW,
        verdict=Verdict.FAIL,
        waived=False,
        subject=KEYS[0],
        first_seen=BEFORE,
    )
    return Changes(
        new=tuple(finding for finding in fails if finding.first_seen == AS_OF),
        open=tuple(finding for finding in fails if finding.first_seen == BEFORE),
        fixed=(fixed,),
        unseen=(replace(fixed, fingerprint="fd" * 32, rule="KEY-ACC-001", subject=KEYS[1]),),
    )
