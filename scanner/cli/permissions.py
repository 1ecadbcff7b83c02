"""`keymuster permissions`: what the scanner needs to be allowed, and nothing more."""

import argparse

HELP = "print the least-privilege policy or role the scanner needs"


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("provider", choices=("aws", "gcp"), help="platform")


def run(arguments: argparse.Namespace) -> int:
    """Prints the policy made from the platform's table of allowed operations."""
    from scanner.cli.exit_codes import ExitCode
    from scanner.cli.terminal import show

    show(_text(arguments.provider))
    return ExitCode.CLEAN


def _text(provider: str) -> str:
    """The text in the form that the platform's own tool reads."""
    import json

    from scanner.providers.aws.permissions import policy_document
    from scanner.providers.gcp.permissions import role_yaml

    return role_yaml().rstrip() if provider == "gcp" else json.dumps(policy_document(), indent=2)
