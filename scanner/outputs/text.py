"""The result on a terminal: plain text, the verdict first. Never colours by itself and prints no control character."""

from collections.abc import Iterable, Sequence

from scanner.model.finding import Finding, Verdict
from scanner.model.report import Counts, Report
from scanner.outputs.escape import line, log_line
from scanner.outputs.protection_words import protection_sentence
from scanner.outputs.sentences import (
    SIMULATED,
    changes_sentence,
    observed_text,
    population_sentence,
    pressing_waivers,
    score_text,
    unread_calls,
    unread_sentence,
    verdict_sentence,
    waiver_sentence,
)
from scanner.outputs.worst import worst_first

FINDING_LIMIT = 50
"""Findings named; findings.json holds all."""

_SUBJECT_WIDTH = 48
"""Characters of a subject's name that widen the column; longer names push their line."""

Row = Sequence[str]


def render(report: Report) -> bytes:
    """The text, one line a finding."""
    blocks = (
        [verdict_sentence(report), *([SIMULATED] if report.header.simulated else [])],
        [population_sentence(report.population), changes_sentence(report), *_protection(report)],
        _guardrails(report),
        _findings(report),
        [unread_sentence(unread) for unread in unread_calls(report.unread)],
        [waiver_sentence(waiver) for waiver in pressing_waivers(report.waivers)],
    )
    return ("\n\n".join("\n".join(map(log_line, block)) for block in blocks if block) + "\n").encode()


def _protection(report: Report) -> list[str]:
    sentence = protection_sentence(report)
    return [sentence] if sentence else []


def _guardrails(report: Report) -> list[str]:
    rows: list[Row] = [("guardrail", "pass", "fail", "waived", "unknown", "n/a", "score (lowest - highest)")]
    rows += [_counted(result.guardrail.value, result.counts, score_text(result.score)) for result in report.guardrails]
    rows.append(_counted("all", report.counts, score_text(report.score)))
    return _columns(rows, right=range(1, 6))


def _counted(name: str, counts: Counts, score: str) -> Row:
    numbers = (counts.passed, counts.fail, counts.waived, counts.unknown, counts.not_applicable)
    return (name, *(f"{number:,}" for number in numbers), score)


def _findings(report: Report) -> list[str]:
    ordered = worst_first(report.findings)
    rest = len(ordered) - FINDING_LIMIT
    more = [f"and {rest:,} more, every one in findings.json"] if rest > 0 else []
    return [*_columns(list(map(_finding, ordered[:FINDING_LIMIT])), right=()), *more]


def _finding(finding: Finding) -> Row:
    subject = finding.subject
    verdict = "unknown" if finding.verdict is Verdict.UNKNOWN else "fail"
    if finding.waiver:
        verdict = f"waived ({line(finding.waiver.id)})"
    if finding.accepted:
        verdict += f", accepted ({line(finding.accepted)})"
    place = ":".join(part for part in (subject.account, subject.region) if part)
    return (
        finding.severity.value,
        finding.rule,
        verdict,
        line(place),
        line(subject.name),
        line(observed_text(finding)),
    )


def _columns(rows: Sequence[Row], *, right: Iterable[int]) -> list[str]:
    """Rows as aligned text; the last column is not padded, and one overlong cell does not widen the others."""
    if not rows:
        return []
    widths = [max(min(len(row[column]), _SUBJECT_WIDTH) for row in rows) for column in range(len(rows[0]) - 1)]
    numbers = set(right)
    return [
        "  ".join([*(_padded(row[n], width, right=n in numbers) for n, width in enumerate(widths)), row[-1]]).rstrip()
        for row in rows
    ]


def _padded(cell: str, width: int, *, right: bool) -> str:
    return cell.rjust(width) if right else cell.ljust(width)
