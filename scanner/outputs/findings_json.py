"""findings.json: every fail and every unknown in full, and the way back for the next run. Leaves nothing out."""

from datetime import datetime

import msgspec

from scanner.model.decoding import decode
from scanner.model.errors import InputError
from scanner.model.evidence import Evidence
from scanner.model.finding import Finding, Severity, Subject, Verdict
from scanner.model.report import PreviousFinding, Report
from scanner.outputs.json_document import Json, encode, heading, seen

FINDINGS = "findings.json"
FINDINGS_SCHEMA = "keymuster/findings/1"


class _StoredFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison needs of a stored finding; other fields are passed over."""

    fingerprint: str
    rule: str
    title: str
    severity: Severity
    verdict: Verdict
    waived: bool
    subject: Subject
    first_seen: datetime


class _StoredFindings(msgspec.Struct, frozen=True, kw_only=True):
    schema: str
    findings: tuple[_StoredFinding, ...]


def render(report: Report) -> bytes:
    """The file. `summary.fail` includes waived; `scores` holds the guardrails whose score can be computed."""
    document = heading(FINDINGS_SCHEMA, report) | {
        "summary": report.counts,
        "scores": {
            result.guardrail.value: result.score.value for result in report.guardrails if result.score.value is not None
        },
        "findings": [finding_row(finding) for finding in report.findings],
    }
    return encode(document)


def finding_row(finding: Finding) -> Json:
    """One finding in the order of the file's schema."""
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "waived": finding.waived,
        "waiver": finding.waiver,
        "subject": finding.subject,
        "owner": seen(finding.owner),
        "environment": seen(finding.environment),
        "data_class": seen(finding.data_class),
        "observed_at": finding.observed_at,
        "first_seen": finding.first_seen,
        "reasons": finding.reasons,
        "evidence": [_evidence(item) for item in finding.evidence],
        "controls": finding.controls,
        "remediation": finding.remediation,
        "guardrail": finding.guardrail,
        "unread": [seen(unknown) for unknown in finding.unread],
        "accepted": finding.accepted,
        "notes": finding.notes,
    }


def read_findings(data: bytes) -> tuple[PreviousFinding, ...]:
    """The findings of a stored findings.json, in its order. Raises InputError when it is not one."""
    try:
        stored = decode(data, _StoredFindings)
    except msgspec.DecodeError as error:
        raise InputError(
            f"{FINDINGS}: is not a pack's findings: {error}", hint="give a whole pack, or `none`"
        ) from error
    if stored.schema != FINDINGS_SCHEMA:
        raise InputError(
            f"{FINDINGS}: has schema {stored.schema!r}, expected {FINDINGS_SCHEMA!r}",
            hint="read it with the version of keymuster that wrote it",
        )
    return tuple(_previous(finding) for finding in stored.findings)


def _evidence(item: Evidence) -> Json:
    """Where an answer was read; when it was recorded is told only of one that an inventory service gave."""
    row: Json = {"call": item.call, "request_id": item.request_id, "sha256": item.sha256, "raw": item.raw}
    return row | ({"captured_at": item.captured_at} if item.captured_at else {})


def _previous(stored: _StoredFinding) -> PreviousFinding:
    return PreviousFinding(
        fingerprint=stored.fingerprint,
        rule=stored.rule,
        title=stored.title,
        severity=stored.severity,
        verdict=stored.verdict,
        waived=stored.waived,
        subject=stored.subject,
        first_seen=stored.first_seen,
    )
