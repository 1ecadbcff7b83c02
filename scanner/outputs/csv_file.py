"""findings.csv: one line per fail and unknown for spreadsheets (RFC 4180). No cell can start a formula."""

import csv
import io

from scanner.model.finding import Finding
from scanner.model.report import Report
from scanner.model.unknown import Unknown
from scanner.outputs.escape import csv_cell
from scanner.outputs.sentences import missing_text, reason_text, tag_text

COLUMNS = (
    "fingerprint",
    "rule",
    "title",
    "guardrail",
    "severity",
    "verdict",
    "waived",
    "waiver",
    "waiver_expires",
    "kind",
    "id",
    "name",
    "provider",
    "account",
    "region",
    "owner",
    "environment",
    "data_class",
    "observed_at",
    "first_seen",
    "reasons",
    "unread",
    "accepted",
    "controls",
    "notes",
)


def render(report: Report) -> bytes:
    """The file, in the order of findings.json; fixes stand once per rule elsewhere."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([csv_cell(cell) for cell in _cells(finding)] for finding in report.findings)
    return text.getvalue().encode()


def _tag(value: str | Unknown | None) -> str:
    return "" if value is None else tag_text(value)


def _cells(finding: Finding) -> tuple[str, ...]:
    subject, waiver = finding.subject, finding.waiver
    return (
        finding.fingerprint,
        finding.rule,
        finding.title,
        finding.guardrail,
        finding.severity,
        finding.verdict,
        "true" if finding.waived else "false",
        waiver.id if waiver else "",
        waiver.expires.isoformat() if waiver else "",
        subject.kind,
        subject.id,
        subject.name,
        subject.provider,
        subject.account,
        subject.region or "",
        _tag(finding.owner),
        _tag(finding.environment),
        _tag(finding.data_class),
        f"{finding.observed_at:%Y-%m-%dT%H:%M:%SZ}",
        f"{finding.first_seen:%Y-%m-%dT%H:%M:%SZ}",
        "; ".join(map(reason_text, finding.reasons)),
        missing_text(finding.unread),
        finding.accepted or "",
        "; ".join(f"{framework} {', '.join(ids)}" for framework, ids in sorted(finding.controls.items())),
        "; ".join(finding.notes),
    )
