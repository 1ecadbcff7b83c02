"""The order in which people are shown findings: what must be acted on first. Leaves nothing out."""

from collections.abc import Iterable
from datetime import datetime

from scanner.model.finding import Finding, Severity, Verdict

SEVERITY_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Unwaived fails by severity, then unknowns, then waived fails; the longest known first."""
    return sorted(findings, key=_rank)


def _rank(finding: Finding) -> tuple[int, int, datetime, str, str]:
    group = 2 if finding.waived else int(finding.verdict is Verdict.UNKNOWN)
    return (group, SEVERITY_RANK[finding.severity], finding.first_seen, finding.rule, finding.subject.id)
