"""`keymuster permissions`: what the scanner needs to be allowed, and nothing more."""

import argparse

HELP = "print the least-privilege policy the scanner needs"


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("provider", choices=("aws",), help="platform")


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 (one platform so far)
    """Prints the policy made from the table of allowed operations."""
    import json

    from scanner.cli.exit_codes import ExitCode
    from scanner.cli.terminal import show
    from scanner.providers.aws.permissions import policy_document

    show(json.dumps(policy_document(), indent=2))
    return ExitCode.CLEAN
