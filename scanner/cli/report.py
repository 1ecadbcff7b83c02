"""`keymuster report`: one format of a stored snapshot, to a file or standard output."""

import argparse
from pathlib import Path

from scanner.cli.options import add_config

HELP = "render one format from a pack or snapshot"
FORMATS = ("json", "csv", "sarif", "junit", "markdown", "html", "pdf", "text")


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("snapshot", type=Path, metavar="SNAPSHOT", help="a pack, or its snapshot folder")
    add_config(parser, default="what the pack itself holds, else the shipped rules")
    parser.add_argument("--format", choices=FORMATS, required=True, help="what to render")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Renders the format; prints bytes as they are."""
    import sys

    from scanner.cli.exit_codes import ExitCode
    from scanner.cli.stored import evidence_root, stored_inputs
    from scanner.outputs.formats import printed
    from scanner.pipeline import assess_stored
    from scanner.snapshots.files import write_atomic
    from scanner.snapshots.read import snapshot_folder

    judging, options = stored_inputs(arguments, {})
    outcome = assess_stored(snapshot_folder(arguments.snapshot), judging)
    # with another configuration the report is not the pack's, and must not carry its root
    root = evidence_root(arguments.snapshot) if arguments.config is None else None
    content = printed(arguments.format, outcome.report, options, root)
    if arguments.out:
        write_atomic(arguments.out, content)
    else:
        sys.stdout.buffer.write(content)
    return ExitCode.CLEAN
