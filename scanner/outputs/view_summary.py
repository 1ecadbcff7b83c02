"""The executive summary: indicator tiles, the plot's scale, severity rows, what needs a decision. Judges nothing."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from scanner.model.finding import Severity, Verdict
from scanner.model.kpi import Kpi, KpiStatus
from scanner.model.report import Report, Score, WaiverState
from scanner.model.unknown import Cause
from scanner.outputs.sentences import counted, waiver_sentence

_PLOT_HIGHEST_FLOOR = 70
_DECISIONS = 8
_MINUTE = 60


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator in large type."""

    title: str
    value: str
    unit: str
    note: str
    missed: bool


class SeverityRow(msgspec.Struct, frozen=True, kw_only=True):
    """The fails and unknowns of one severity. `carried + new` (or `unwaived`) and `waived` add up to `fail`."""

    severity: Severity
    fail: int
    unwaived: int
    waived: int
    unknown: int
    new: int


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person has to decide: what, and why now."""

    title: str
    text: str


def tiles(report: Report) -> tuple[Tile, ...]:
    """The overall score, then every indicator that can be computed."""
    computed = [_tile(kpi) for kpi in report.kpis if kpi.value is not None]
    return (_score_tile(report.score), *computed)


def not_computable(report: Report) -> tuple[Kpi, ...]:
    """The indicators without a value; each says why."""
    return tuple(kpi for kpi in report.kpis if kpi.value is None)


def plot_floor(report: Report) -> int:
    """Where the score plot's axis begins: 70, or the ten below the lowest mark (dots may be zoomed, bars may not)."""
    marks = [
        mark
        for guardrail in report.guardrails
        for mark in (guardrail.score.lowest, guardrail.score.value, guardrail.previous)
        if mark is not None
    ]
    return min([_PLOT_HIGHEST_FLOOR, *(int(mark // 10) * 10 for mark in marks)])


def severity_rows(report: Report) -> tuple[SeverityRow, ...]:
    """Fails and unknowns by severity, all four of them."""
    new = {finding.fingerprint for finding in report.changes.new} if report.changes else set()
    fail, waived, unknown, fresh = Counter[Severity](), Counter[Severity](), Counter[Severity](), Counter[Severity]()
    for finding in report.findings:
        if finding.verdict is Verdict.UNKNOWN:
            unknown[finding.severity] += 1
            continue
        fail[finding.severity] += 1
        waived[finding.severity] += finding.waived
        fresh[finding.severity] += finding.fingerprint in new
    return tuple(
        SeverityRow(
            severity=severity,
            fail=fail[severity],
            unwaived=fail[severity] - waived[severity],
            waived=waived[severity],
            unknown=unknown[severity],
            new=fresh[severity],
        )
        for severity in Severity
    )


def decisions(report: Report) -> tuple[Decision, ...]:
    """What needs a person, most urgent first: critical fails, expired waivers, missing permissions, a broken chain."""
    made = [*_chain_decision(report), *_critical(report), *_expired(report), *_denied(report), *_high(report)]
    return tuple(made[:_DECISIONS])


def amount(value: float, unit: str) -> tuple[str, str]:
    """A value and its unit as printed: percent with one digit, seconds beyond a minute as m:ss, counts whole."""
    match unit:
        case "percent":
            return f"{value:.1f}", "%"
        case "count":
            return f"{value:,.0f}", ""
        case "seconds" if value >= _MINUTE:
            return f"{int(value) // _MINUTE}:{int(value) % _MINUTE:02d}", "min"
        case "seconds":
            return f"{value:.0f}", "s"
        case "hours":
            return f"{value:.1f}", "h"
        case _:
            return f"{value:,.1f}".removesuffix(".0"), unit


def _score_tile(score: Score) -> Tile:
    if score.value is None:
        return Tile(title="Overall score", value="n/a", unit="", note=f"not computable: {score.reason}", missed=False)
    note = f"{score.lowest:.1f} to {score.highest:.1f} once the unknowns are known; weighted by severity"
    return Tile(title="Overall score", value=f"{score.value:.1f}", unit="%", note=note, missed=False)


def _tile(kpi: Kpi) -> Tile:
    value, unit = amount(kpi.value or 0.0, kpi.unit)
    parts = [
        f"{kpi.numerator:,} of {kpi.denominator:,}"
        if kpi.numerator is not None and kpi.denominator is not None
        else None,
        f"{kpi.unknown:,} unknown" if kpi.unknown else None,
        f"target {kpi.target}" + (", missed" if kpi.status is KpiStatus.MISSED else "") if kpi.target else None,
    ]
    return Tile(
        title=kpi.title,
        value=value,
        unit=unit,
        note=" · ".join(part for part in parts if part),
        missed=kpi.status is KpiStatus.MISSED,
    )


def _chain_decision(report: Report) -> list[Decision]:
    if not report.chain.missing:
        return []
    return [
        Decision(title="The previous pack is missing.", text=f"{report.chain.note}. Find it, or accept a new chain.")
    ]


def _critical(report: Report) -> list[Decision]:
    return _failing(report, Severity.CRITICAL)


def _high(report: Report) -> list[Decision]:
    return _failing(report, Severity.HIGH)


def _failing(report: Report, severity: Severity) -> list[Decision]:
    rules = [
        rule
        for guardrail in report.guardrails
        for rule in guardrail.rules
        if rule.severity is severity and rule.counts.fail > rule.counts.waived
    ]
    ordered = sorted(rules, key=lambda rule: (rule.counts.waived - rule.counts.fail, rule.id))
    return [
        Decision(
            title=f"{rule.id}: {counted(rule.counts.fail - rule.counts.waived, 'subject fails', 'subjects fail')}.",
            text=f"{rule.title} ({rule.severity.value}).",
        )
        for rule in ordered
    ]


def _expired(report: Report) -> list[Decision]:
    return [
        Decision(title=f"{waiver_sentence(waiver)}.", text="Renew it or fix what it covered.")
        for waiver in report.waivers
        if waiver.state is WaiverState.EXPIRED
    ]


def _denied(report: Report) -> list[Decision]:
    denied = Counter(
        group.unknown.call for group in report.unread if group.unknown.cause is Cause.DENIED and group.accepted is None
    )
    return [
        Decision(
            title=f"{call} is denied.",
            text=f"{counted(count, 'answer is', 'answers are')} missing; verdicts that rest on them are unknown.",
        )
        for call, count in _most(denied)
    ]


def _most(counter: Counter[str]) -> Iterable[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))
