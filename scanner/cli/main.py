"""Puts the commands together and runs the one that was asked for. Holds no command itself."""

import argparse
from collections.abc import Sequence

from scanner import __version__
from scanner.cli import access, config, demo, evaluate, permissions, report, rules, scan, show, snapshot
from scanner.cli.errors import guarded
from scanner.cli.exit_codes import MEANINGS
from scanner.cli.terminal import show as put
from scanner.model.record import collect_seldom

COMMANDS = {
    "scan": scan,
    "snapshot": snapshot,
    "evaluate": evaluate,
    "report": report,
    "show": show,
    "access": access,
    "rules": rules,
    "config": config,
    "permissions": permissions,
    "demo": demo,
}
"""Every command by name; each module offers `HELP`, `add(parser)` and `run(arguments)`."""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; loads no SDK, template or renderer."""
    codes = "\n".join(f"  {code.value:>2}  {meaning}" for code, meaning in MEANINGS.items())
    parser = argparse.ArgumentParser(
        prog="keymuster",
        description="Muster every cryptographic key, judge it by written rules, prove the answer.",
        epilog=f"exit codes (when several hold: the first of 70, 2, 5, 3, 1, 4):\n{codes}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"keymuster {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    completion = commands.add_parser("completion", help="print a completion script for a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    for name, command in COMMANDS.items():
        command.add(commands.add_parser(name, help=command.HELP, description=command.HELP))
    return parser


def run(arguments: Sequence[str]) -> int:
    """Runs one command line; returns the exit code."""
    collect_seldom()
    parser = build_parser()
    parsed = parser.parse_args(arguments)
    if parsed.command == "completion":
        return guarded(lambda: _completion(parser, parsed.shell))
    return guarded(lambda: COMMANDS[parsed.command].run(parsed))


def _completion(parser: argparse.ArgumentParser, shell: str) -> int:
    import shtab

    put(shtab.complete(parser, shell=shell))
    return 0
