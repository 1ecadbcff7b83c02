"""`keymuster permissions`: what the scanner needs to be allowed, and nothing more."""

import argparse

HELP = "print the least-privilege policy or role the scanner needs"


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("provider", choices=("aws", "gcp", "azure"), help="platform")


def run(arguments: argparse.Namespace) -> int:
    """Prints the policy made from the platform's table of allowed operations; what it cannot give is said beside it."""
    from scanner.cli.exit_codes import ExitCode
    from scanner.cli.terminal import say, show
    from scanner.providers.azure.permissions import besides

    show(_text(arguments.provider))
    if arguments.provider == "azure":
        say(besides())
    return ExitCode.CLEAN


def _text(provider: str) -> str:
    """The text in the form that the platform's own tool reads."""
    import json

    from scanner.providers.aws.permissions import policy_document
    from scanner.providers.azure.permissions import role_definition
    from scanner.providers.gcp.permissions import role_yaml

    if provider == "gcp":
        return role_yaml().rstrip()
    return json.dumps(role_definition() if provider == "azure" else policy_document(), indent=2)
