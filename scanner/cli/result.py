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
    if outcome.answered == 0:
        say("keymuster: not one provider call succeeded; nothing was read")
    codes = [conclude(outcome.report, outcome.report.settings.fail_on)]
    if outcome.answered == 0:
        codes.append(ExitCode.NOTHING_READ)
    forgiven = arguments.exit_zero and outcome.answered != 0
    return ExitCode.CLEAN if forgiven else first(codes)
