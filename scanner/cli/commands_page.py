"""The documentation page of the command line, made from the parser itself."""

import argparse

_WIDTH = 100


def page() -> str:
    """Markdown with one heading per command and its help text."""
    from scanner.cli.main import COMMANDS, build_parser

    parser = build_parser()
    commands = _choices(parser)
    parts = ["# Commands", "", "Made by `make generate` from the command line itself.", "", *_block(parser)]
    for name in COMMANDS:
        parts += ["", f"## keymuster {name}", "", *_block(commands[name])]
        for action, sub in _choices(commands[name]).items():
            parts += ["", f"### keymuster {name} {action}", "", *_block(sub)]
    return "\n".join(parts) + "\n"


def _block(parser: argparse.ArgumentParser) -> list[str]:
    parser.formatter_class = _Fixed
    return ["```", parser.format_help().rstrip(), "```"]


class _Fixed(argparse.RawDescriptionHelpFormatter):
    """Help of one width, whatever the terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_WIDTH)


def _choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:  # noqa: SLF001 (argparse offers no public way to its sub-parsers)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 (the same)
            return dict(action.choices)
    return {}
