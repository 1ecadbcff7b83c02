"""`keymuster snapshot`: collect only, to judge later or elsewhere."""

import argparse
from pathlib import Path

from scanner.cli.options import add_config, add_execution, execution_flags

HELP = "read every key in scope and store the snapshot, without judging it"


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add_config(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the snapshot; must be empty")
    add_execution(parser)


def run(arguments: argparse.Namespace) -> int:
    """Reads the platforms in scope into a folder."""
    from scanner.cli.clock import now
    from scanner.cli.executor import executor
    from scanner.cli.exit_codes import ExitCode
    from scanner.cli.inputs import configuration
    from scanner.cli.progress import progress
    from scanner.cli.terminal import say, show
    from scanner.model.errors import UsageError
    from scanner.pipeline import Course, collect
    from scanner.providers.catalogue import providers
    from scanner.snapshots.files import claim_folder

    config = configuration(arguments, execution_flags(arguments)).value
    claim_folder(arguments.out)
    if any(arguments.out.iterdir()):
        raise UsageError(f"{arguments.out}: is not empty", hint="a snapshot is never mixed with another")
    as_of = now()
    readers = providers(config, clock=now, as_of=as_of)
    with executor(config.execution) as pool, progress() as display:
        course = Course(as_of=as_of, clock=now, executor=pool)
        answered = collect(readers, arguments.out, display, course)
    if answered == 0:
        say("keymuster: not one provider call succeeded; nothing was read")
        return ExitCode.NOTHING_READ
    show(f"snapshot: {arguments.out}")
    return ExitCode.CLEAN
