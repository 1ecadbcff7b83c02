"""`keymuster evaluate`: judge a stored snapshot, offline."""

import argparse
from pathlib import Path

from scanner.cli.options import add_config, add_execution, add_judging, flags

HELP = "judge a stored snapshot offline: the same pack as `scan` makes"


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("snapshot", type=Path, metavar="SNAPSHOT", help="a pack, or its snapshot folder")
    add_config(parser, default="what the pack itself holds, else the shipped rules")
    add_judging(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the new pack (default: print only)")
    add_execution(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judges what was stored, with the configuration given or with what the pack itself holds."""
    from scanner.cli.executor import executor
    from scanner.cli.inputs import execution_of
    from scanner.cli.result import finish
    from scanner.cli.stored import stored_inputs
    from scanner.evidence.pack import pack_at
    from scanner.pipeline import assess_stored, evaluate
    from scanner.snapshots.read import snapshot_folder

    source = snapshot_folder(arguments.snapshot)
    judging, options = stored_inputs(arguments, flags(arguments))
    execution = execution_of(arguments)
    if arguments.out is None:
        with executor(execution) as pool:
            return finish(assess_stored(source, judging, pool), arguments, options, None)
    _refuse_overlap(source, arguments.out)
    with pack_at(arguments.out) as pack, executor(execution) as pool:
        pack.clear()
        pack.copy_snapshot(source)
        outcome = evaluate(pack, judging, options, executor=pool)
        pack.finish()
    return finish(outcome, arguments, options, arguments.out)


def _refuse_overlap(source: Path, out: Path) -> None:
    """A stored snapshot, and the pack around it, are never written to."""
    from scanner.evidence.root import MANIFEST
    from scanner.model.errors import UsageError

    read, written = source.resolve(), out.resolve()
    whole = read.parent if (read.parent / MANIFEST).is_file() else read
    if read.is_relative_to(written):
        raise UsageError(f"--out {out}: would replace the snapshot it reads", hint="give another folder")
    if written.is_relative_to(whole):
        raise UsageError(f"--out {out}: lies inside what it reads", hint="give another folder")
