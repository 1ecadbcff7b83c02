"""Prints how a run ended and turns it into an exit code. Judges nothing."""

import argparse
from pathlib import Path

from scanner.cli.exit_codes import ExitCode, conclude, first
from scanner.cli.terminal import say, show
from scanner.outputs.formats import OutputOptions, printed
from scanner.pipeline import Outcome


def finish(outcome: Outcome, arguments: argparse.Namespace, options: OutputOptions, pack: Path | None) -> int:
    """Shows the result on standard output, remarks on standard error, and gives the exit code."""
    show(printed(arguments.format, outcome.report, options).decode())
    for sentence in outcome.not_rendered:
        say(f"keymuster: {sentence}")
    if outcome.report.chain.missing:
        say(f"keymuster: {outcome.report.chain.note}")
    if pack is not None:
        say(f"evidence pack: {pack}")
    nothing = _nothing(outcome)
    if nothing:
        say(f"keymuster: {nothing}")
        return first([conclude(outcome.report, outcome.report.settings.fail_on), ExitCode.NOTHING_READ])
    return ExitCode.CLEAN if arguments.exit_zero else conclude(outcome.report, outcome.report.settings.fail_on)


def _nothing(outcome: Outcome) -> str:
    """Why the run says nothing about any key, or an empty text; a run without a verdict is never clean."""
    if outcome.answered == 0:
        return "not one provider call succeeded; nothing was read"
    if not outcome.report.verdicts:
        return "nothing was judged: the snapshot holds no subject, or no rule for those it holds"
    return ""
