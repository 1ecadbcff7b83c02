"""The findings as the HTML report's table reads them: one JSON row per line. Filters nothing."""

import json
from collections.abc import Mapping

from scanner.model.finding import Finding
from scanner.model.report import Report
from scanner.outputs.printable import visible
from scanner.outputs.provider_words import belongs_to
from scanner.outputs.sentences import missing_text, observed_text, reason_text, tag_text

COLUMNS = (
    "fingerprint",
    "severity",
    "verdict",
    "rule",
    "title",
    "guardrail",
    "kind",
    "name",
    "id",
    "provider",
    "account",
    "region",
    "owner",
    "environment",
    "data_class",
    "observed",
    "since",
    "waived",
    "new",
    "reasons",
    "unread",
    "accepted",
    "notes",
    "controls",
    "fix",
    "evidence",
)
"""The places of a row; the page's script reads them by name."""


def findings_data(report: Report) -> str:
    """JSON for a `<script type="application/json">`: columns and rows, every `<` escaped so that nothing ends it."""
    new = frozenset(finding.fingerprint for finding in report.changes.new) if report.changes else None
    rows = ",\n".join(_json(_row(finding, new)) for finding in report.findings)
    head = _json(
        {
            "number": report.header.as_of.strftime("%Y%m%dT%H%M%SZ"),
            "columns": COLUMNS,
            "compared": new is not None,
            "account": belongs_to(report.providers).capitalize(),
        }
    )
    return f'{head[:-1]},"rows":[\n{rows}\n]}}'


def _row(finding: Finding, new: frozenset[str] | None) -> tuple[object, ...]:
    subject, mark = finding.subject, finding.waiver
    return (
        finding.fingerprint,
        finding.severity.value,
        finding.verdict.value,
        finding.rule,
        finding.title,
        finding.guardrail.value,
        subject.kind.value.replace("_", " "),
        subject.name,
        subject.id,
        subject.provider.value,
        subject.account,
        subject.region or "",
        tag_text(finding.owner),
        tag_text(finding.environment),
        tag_text(finding.data_class),
        observed_text(finding),
        f"{finding.first_seen:%Y-%m-%d}",
        f"{mark.id} until {mark.expires}" if mark else "",
        "yes" if new is not None and finding.fingerprint in new else "no",
        [[reason_text(reason), reason.call or ""] for reason in finding.reasons],
        missing_text(finding.unread),
        finding.accepted or "",
        list(finding.notes),
        _controls(finding.controls),
        finding.remediation,
        [[item.call, item.request_id or "", item.sha256] for item in finding.evidence],
    )


def _controls(controls: Mapping[str, tuple[str, ...]]) -> str:
    return "; ".join(f"{framework} {', '.join(ids)}" for framework, ids in sorted(controls.items()) if ids)


def _json(value: object) -> str:
    return json.dumps(_visible(value), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _visible(value: object) -> object:
    """Every text in it with unseen characters spelled out, as everywhere else on the page."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, list | tuple):
        return [_visible(item) for item in value]
    if isinstance(value, dict):
        return {key: _visible(item) for key, item in value.items()}
    return value
