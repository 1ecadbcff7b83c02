"""Marks lie on findings beside their verdict: what is waived, what is accepted, what was seen before."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from records import tabled
from scanner.model.finding import Finding, Guardrail, Severity, SubjectKind, Verdict, VerdictRow, WaiverMark
from scanner.model.report import Previous, PreviousFinding, UnreadGroup, WaiverState
from scanner.model.unknown import Cause, Unknown
from scanner.rules.findings import Judged
from scanner.waivers.mark import Marked, mark
from scanner.waivers.schema import NO_WAIVERS, WaiverFile
from waiving import KEY, TODAY, accepted, rule, rule_set, subject, waiver

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
BEFORE = datetime(2026, 9, 1, 2, tzinfo=UTC)
POLICY = Unknown(cause=Cause.DENIED, call="kms:GetKeyPolicy")
GRANTS = Unknown(cause=Cause.DENIED, call="kms:ListGrants")


def finding(verdict: Verdict = Verdict.FAIL, **changes: object) -> Finding:
    default = Finding(
        fingerprint="f1",
        rule="KEY-ROT-001",
        title="Keys rotate",
        guardrail=Guardrail.ROTATION,
        severity=Severity.HIGH,
        verdict=verdict,
        waived=False,
        waiver=None,
        subject=subject(),
        owner=None,
        environment=None,
        data_class=None,
        observed_at=NOW,
        first_seen=NOW,
        reasons=(),
        unread=(),
        evidence=(),
        controls={},
        remediation="",
        notes=(),
        accepted=None,
    )
    return msgspec.structs.replace(default, **changes)


def marked(
    *findings: Finding, file: WaiverFile = NO_WAIVERS, previous: Previous | None = None, on: date = TODAY
) -> Marked:
    rows = tuple(
        VerdictRow(rule=item.rule, kind=SubjectKind.KEY, subject=item.subject.id, verdict=item.verdict, waived=False)
        for item in findings
    )
    unread = tuple(
        UnreadGroup(unknown=unknown, subject=item.subject, group="policy", rules=(item.rule,), accepted=None)
        for item in findings
        for unknown in item.unread
    )
    judged = Judged(findings=findings, verdicts=tabled(rows), unread=unread, ruled_out={})
    return mark(judged, file, rule_set(rule(), rule("KEY-DEL-001")), previous, on)


def seen_before(verdict: Verdict) -> Previous:
    item = PreviousFinding(
        fingerprint="f1",
        rule="KEY-ROT-001",
        title="Keys rotate",
        severity=Severity.HIGH,
        verdict=verdict,
        waived=False,
        subject=subject(),
        first_seen=BEFORE,
    )
    return Previous(findings={"f1": item}, scores={})


def test_a_waived_fail_stays_a_fail():
    outcome = marked(finding(), finding(rule="KEY-DEL-001"), file=WaiverFile(waivers=(waiver(),)))
    assert [(item.rule, item.verdict, item.waived) for item in outcome.findings] == [
        ("KEY-DEL-001", Verdict.FAIL, False),
        ("KEY-ROT-001", Verdict.FAIL, True),
    ]
    assert outcome.findings[1].waiver == WaiverMark(id="WV-1", expires=date(2027, 3, 1))
    assert [(row.verdict, row.waived) for row in outcome.verdicts] == [(Verdict.FAIL, False), (Verdict.FAIL, True)]
    assert [(item.state, item.covers) for item in outcome.waivers] == [(WaiverState.ACTIVE, 1)]


def test_an_expired_waiver_lets_the_fail_count_again_and_says_so():
    outcome = marked(finding(notes=("first",)), file=WaiverFile(waivers=(waiver(),)), on=date(2027, 3, 2))
    (found,) = outcome.findings
    assert (found.waived, found.waiver, next(iter(outcome.verdicts)).waived) == (False, None, False)
    assert found.notes == ("first", "Waiver WV-1 expired on 2027-03-01; the fail counts again.")
    assert outcome.waivers[0].state is WaiverState.EXPIRED


def test_a_waiver_says_nothing_about_an_unknown():
    outcome = marked(finding(Verdict.UNKNOWN, unread=(POLICY,)), file=WaiverFile(waivers=(waiver(),)))
    assert (outcome.findings[0].waived, outcome.findings[0].notes) == (False, ())
    assert outcome.waivers[0].state is WaiverState.UNUSED


@pytest.mark.parametrize(
    ("unread", "entries", "names"),
    [
        ((POLICY,), ("kms:GetKeyPolicy",), "AU-kms:GetKeyPolicy"),
        ((POLICY, GRANTS), ("kms:GetKeyPolicy",), None),
        ((POLICY, GRANTS), ("kms:GetKeyPolicy", "kms:ListGrants"), "AU-kms:GetKeyPolicy, AU-kms:ListGrants"),
        ((POLICY,), (), None),
        ((), ("kms:GetKeyPolicy",), None),
    ],
)
def test_an_unknown_is_accepted_when_everything_it_waits_for_is(unread, entries, names):
    made = tuple(accepted(call=call).model_copy(update={"id": f"AU-{call}"}) for call in entries)
    outcome = marked(finding(Verdict.UNKNOWN, unread=unread), file=WaiverFile(accepted_unknowns=made))
    assert (outcome.findings[0].accepted, outcome.findings[0].verdict) == (names, Verdict.UNKNOWN)
    assert [group.accepted for group in outcome.unread] == [
        f"AU-{unknown.call}" if unknown.call in entries else None for unknown in unread
    ]


def test_the_day_a_finding_was_first_seen_is_kept_while_its_verdict_stays():
    assert marked(finding()).findings[0].first_seen == NOW
    assert marked(finding(), previous=seen_before(Verdict.FAIL)).findings[0].first_seen == BEFORE
    assert marked(finding(), previous=seen_before(Verdict.UNKNOWN)).findings[0].first_seen == NOW
    assert marked(finding(fingerprint="f2"), previous=seen_before(Verdict.FAIL)).findings[0].first_seen == NOW


def test_no_mark_changes_a_verdict():
    file = WaiverFile(waivers=(waiver(),), accepted_unknowns=(accepted(resources=(KEY,)),))
    verdicts = [Verdict.FAIL, Verdict.UNKNOWN]
    outcome = marked(finding(), finding(Verdict.UNKNOWN, rule="KEY-DEL-001", unread=(POLICY,)), file=file)
    assert sorted(item.verdict for item in outcome.findings) == sorted(verdicts)
    assert sorted(row.verdict for row in outcome.verdicts) == sorted(verdicts)
