"""`keymuster scan`: collect, judge, write the pack, end with the code that says how it went."""

import argparse
from pathlib import Path

from scanner.cli.options import add_config, add_execution, add_judging, execution_flags, flags

HELP = "read every key in scope, judge it, and write an evidence pack"


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add_config(parser)
    add_judging(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the pack (default: `outputs.folder`)")
    parser.add_argument(
        "--resume", action="store_true", help="go on with an interrupted run; scopes that are done are not read again"
    )
    add_execution(parser)


def run(arguments: argparse.Namespace) -> int:
    """Reads the platforms in scope and judges what was read."""
    from scanner.cli.clock import now
    from scanner.cli.executor import executor
    from scanner.cli.inputs import config_folder, configuration, inputs, output_options
    from scanner.cli.progress import progress
    from scanner.cli.result import finish
    from scanner.cli.resume import begun
    from scanner.evidence.pack import pack_at
    from scanner.pipeline import Course, collect, evaluate
    from scanner.providers.catalogue import providers

    document = configuration(arguments, flags(arguments) | execution_flags(arguments))
    config = document.value
    judging = inputs(document, folder=config_folder(arguments))
    options = output_options(judging.settings)
    target = arguments.out or Path(config.outputs.folder)
    with pack_at(target) as pack, executor(config.execution) as pool:
        journal = begun(pack, config, resume=arguments.resume)
        as_of = journal.run.as_of
        readers = providers(config, clock=now, as_of=as_of)
        with progress() as display:
            course = Course(as_of=as_of, clock=now, journal=journal, executor=pool)
            answered = collect(readers, pack.snapshot, display, course)
        outcome = evaluate(pack, judging, options, answered=answered, executor=pool)
        pack.finish()
    return finish(outcome, arguments, options, target)
