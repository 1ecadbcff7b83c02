"""`keymuster show`: everything the snapshot says of one key, and what the rules make of it."""

import argparse
from pathlib import Path

from scanner.cli.options import add_config

HELP = "one key: state, rotation, history, what it protects, its verdicts and where they were read"


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("key", metavar="KEY", help="ARN, id, alias name or alias ARN of the key")
    add_config(parser, default="what the pack itself holds, else the shipped rules")
    parser.add_argument(
        "--snapshot", type=Path, metavar="PACK", help="a pack, or its snapshot folder (default: `outputs.folder`)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="what to print")


def run(arguments: argparse.Namespace) -> int:
    """Finds the key, judges the snapshot as `evaluate` does, and prints the key's part of it."""
    from scanner.cli.exit_codes import ExitCode
    from scanner.cli.key_chosen import chosen_key
    from scanner.cli.stored import stored_inputs
    from scanner.cli.terminal import show
    from scanner.facts.coverage.view import look
    from scanner.facts.derive import derive_key
    from scanner.facts.neighbours import neighbours_of
    from scanner.outputs.key_json import render as as_json
    from scanner.outputs.key_sheet import key_sheet
    from scanner.outputs.key_text import render as as_text
    from scanner.pipeline import assess_stored
    from scanner.snapshots.raw import answered_at
    from scanner.snapshots.read import read_snapshot, snapshot_folder

    stored = _with_snapshot(arguments)
    folder = snapshot_folder(stored.snapshot)
    snapshot = read_snapshot(folder)
    shard, key = chosen_key(snapshot, arguments.key)
    judging, _ = stored_inputs(stored, {})
    report = assess_stored(folder, judging).report
    times = answered_at(folder, shard.scope, {item.raw for item in key.evidence})
    facts = derive_key(
        key,
        as_of=snapshot.header.as_of,
        vocabulary=judging.settings.tags,
        view=look(shard, neighbours_of(snapshot)),
    )
    sheet = key_sheet(report, shard, key, facts, times)
    show((as_json if arguments.format == "json" else as_text)(sheet).decode())
    return ExitCode.CLEAN


def _with_snapshot(arguments: argparse.Namespace) -> argparse.Namespace:
    """The arguments with the snapshot that is meant: the one given, else the configured folder of the pack."""
    if arguments.snapshot is not None:
        return arguments
    from scanner.cli.inputs import configuration
    from scanner.config.load import DEFAULT
    from scanner.config.schema import Outputs

    is_configured = arguments.config is not None or DEFAULT.exists()
    folder = configuration(arguments, {}).value.outputs.folder if is_configured else Outputs().folder
    return argparse.Namespace(**{**vars(arguments), "snapshot": Path(folder)})
