"""`keymuster config check`: is the configuration valid? Scans nothing."""

import argparse

from scanner.cli.options import add_config

HELP = "check the configuration"


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="check configuration, rules and waivers without scanning")
    add_config(check)


def run(arguments: argparse.Namespace) -> int:
    """Loads everything a scan would load; every fault is an error with file, line and column."""
    from scanner.cli.exit_codes import ExitCode
    from scanner.cli.inputs import config_folder, configuration, inputs
    from scanner.cli.terminal import show

    judging = inputs(configuration(arguments, {}), folder=config_folder(arguments))
    waivers = len(judging.waivers.waivers)
    show(
        f"configuration is valid: {len(judging.rules.rules)} rules (baseline {judging.rules.pack.baseline}), "
        f"{waivers} waivers, {len(judging.waivers.accepted_unknowns)} accepted unknowns"
    )
    return ExitCode.CLEAN
