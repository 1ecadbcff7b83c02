"""Evidence cards: for the gravest fails, what was tested and the responses it was read from. Judges nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.finding import Finding, Severity, Subject, Verdict
from scanner.model.report import KeyRow, Report
from scanner.outputs.sentences import observed_text, reason_text, tag_text
from scanner.outputs.view_rules import place

CARD_LIMIT = 24
"""Cards printed at most; the subjects beyond are named with their rules and their evidence stands in findings.json."""

SEVERITY_ORDER = {severity: rank for rank, severity in enumerate(Severity)}
_CARD_SEVERITIES = (Severity.CRITICAL, Severity.HIGH)


class CardRow(msgspec.Struct, frozen=True, kw_only=True):
    """One rule's result on the card's subject."""

    rule: str
    severity: Severity
    verdict: Verdict
    waived: bool
    text: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One subject with its attributes, its open results and the responses behind them."""

    subject: Subject
    severity: Severity
    attributes: str
    rows: tuple[CardRow, ...]
    evidence: tuple[Evidence, ...]


class Cards(msgspec.Struct, frozen=True, kw_only=True):
    """The cards, how many subjects deserve one, and how many lie beyond the limit."""

    shown: tuple[Card, ...]
    total: int
    beyond: int


def cards(report: Report) -> Cards:
    """One card for each subject with a critical or high fail, worst and longest known first."""
    by_subject: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_subject[finding.subject.id].append(finding)
    deserving = sorted((group for group in by_subject.values() if any(map(_is_severe, group))), key=_rank)
    keys = {row.subject.id: row for row in report.keys}
    return Cards(
        shown=tuple(_card(group, keys.get(group[0].subject.id)) for group in deserving[:CARD_LIMIT]),
        total=len(deserving),
        beyond=len(deserving[CARD_LIMIT:]),
    )


def _is_severe(finding: Finding) -> bool:
    return finding.verdict is Verdict.FAIL and finding.severity in _CARD_SEVERITIES


def _rank(group: Sequence[Finding]) -> tuple[bool, int, int, object, str]:
    """Unwaived before waived, then severity, number of severe fails, age and id."""
    severe = [finding for finding in group if _is_severe(finding)]
    return (
        all(finding.waived for finding in severe),
        min(SEVERITY_ORDER[finding.severity] for finding in severe),
        -len(severe),
        min(finding.first_seen for finding in severe),
        group[0].subject.id,
    )


def _card(group: Sequence[Finding], key: KeyRow | None) -> Card:
    ordered = sorted(group, key=lambda finding: (SEVERITY_ORDER[finding.severity], finding.rule))
    return Card(
        subject=group[0].subject,
        severity=min((f.severity for f in group if _is_severe(f)), key=SEVERITY_ORDER.__getitem__),
        attributes=_attributes(group, key),
        rows=tuple(map(_card_row, ordered)),
        evidence=_evidence(group),
    )


def _attributes(group: Sequence[Finding], key: KeyRow | None) -> str:
    """The subject's attributes in one line: one box on paper, where a table of them would be ten."""
    first = group[0]
    about = (
        ()
        if key is None
        else (
            f"{key.state.replace('_', ' ')}, {key.spec}, material from {key.origin.replace('_', ' ')}",
            f"created {key.created}",
            f"rotation {key.rotation}",
        )
    )
    return " · ".join(
        (
            place(first.subject),
            *about,
            f"owner {tag_text(first.owner)}",
            f"environment {tag_text(first.environment)}",
            f"data class {tag_text(first.data_class)}",
            f"failing since {min(finding.first_seen for finding in group):%Y-%m-%d}",
        )
    )


def _card_row(finding: Finding) -> CardRow:
    lines = [reason_text(reason) + (f" ({reason.call})" if reason.call else "") for reason in finding.reasons]
    return CardRow(
        rule=finding.rule,
        severity=finding.severity,
        verdict=finding.verdict,
        waived=finding.waived,
        text="; ".join(lines) or observed_text(finding) or finding.title,
    )


def _evidence(group: Iterable[Finding]) -> tuple[Evidence, ...]:
    unique = {(item.call, item.sha256, item.request_id): item for finding in group for item in finding.evidence}
    return tuple(
        item for _, item in sorted(unique.items(), key=lambda pair: (pair[0][0], pair[0][1], pair[0][2] or ""))
    )
