"""Exit codes: one table for all commands. Judges nothing but the end of a run."""

from collections.abc import Iterable
from enum import IntEnum

from scanner.model.finding import Severity, Verdict
from scanner.model.report import Report


class ExitCode(IntEnum):
    """What a command's end means; every other code is reserved."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    NOTHING_READ = 3
    INCOMPLETE = 4
    TAMPERED = 5
    BUG = 70


MEANINGS = {
    ExitCode.CLEAN: "clean",
    ExitCode.FINDINGS: "findings at or above `fail_on` (default high) that no waiver covers",
    ExitCode.USAGE: "usage, configuration, policy or unreadable input",
    ExitCode.NOTHING_READ: "no input matched, not one provider call succeeded",
    ExitCode.INCOMPLETE: "incomplete: something a selected rule reads was not read, or the previous pack is missing",
    ExitCode.TAMPERED: "a pack was tampered with or is not trusted",
    ExitCode.BUG: "internal error, this is a bug",
}
"""One line per code, as printed in `--help` and the documentation."""

PRECEDENCE = (
    ExitCode.BUG,
    ExitCode.USAGE,
    ExitCode.TAMPERED,
    ExitCode.NOTHING_READ,
    ExitCode.FINDINGS,
    ExitCode.INCOMPLETE,
)
"""When several hold, the first of these is the code."""

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def first(codes: Iterable[ExitCode]) -> ExitCode:
    """The code of a run in which all these hold."""
    held = set(codes)
    return next((code for code in PRECEDENCE if code in held), ExitCode.CLEAN)


def conclude(report: Report, fail_on: Severity) -> ExitCode:
    """The code of a run that ended with this report."""
    held = []
    if any(
        finding.verdict is Verdict.FAIL and not finding.waived and _RANK[finding.severity] <= _RANK[fail_on]
        for finding in report.findings
    ):
        held.append(ExitCode.FINDINGS)
    if is_incomplete(report):
        held.append(ExitCode.INCOMPLETE)
    return first(held)


def is_incomplete(report: Report) -> bool:
    """Something was not seen that nobody accepted: an unread group, an unknown verdict, a missing previous pack."""
    unread = any(group.accepted is None for group in report.unread)
    unknown = any(finding.verdict is Verdict.UNKNOWN and finding.accepted is None for finding in report.findings)
    return unread or unknown or report.chain.missing
