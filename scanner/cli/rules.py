"""`keymuster rules`: list, show, test, scaffold and explain rules. Judges only what it is asked to explain."""

import argparse
from pathlib import Path

from scanner.cli.options import add_config

HELP = "list, show, test, write and explain rules"
GUARDRAILS = (
    "population",
    "rotation",
    "deletion",
    "tagging",
    "coverage",
    "trail",
    "access",
    "monitoring",
    "change",
    "shredding",
)
SUBJECTS = ("key", "population_scope", "account_region", "data_store")


def add(parser: argparse.ArgumentParser) -> None:
    """The command's actions and their options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="every rule of the selected packs")
    listing.add_argument("--format", choices=("text", "json"), default="text", help="what to print")
    show = actions.add_parser("show", help="one rule as its documentation page")
    show.add_argument("rule", metavar="RULE")
    test = actions.add_parser("test", help="run the tests that rules carry")
    test.add_argument("path", nargs="?", type=Path, metavar="PATH", help="a pack, a folder or a rule file")
    test.add_argument("--coverage", action="store_true", help="demand a test for every verdict a rule can give")
    test.add_argument("--mutate", action="store_true", help="demand that a test breaks when an operator is flipped")
    new = actions.add_parser("new", help="scaffold a rule with its tests")
    new.add_argument("rule", metavar="RULE", help="id such as KEY-ROT-042, or an area such as ROT for its next free id")
    new.add_argument("--guardrail", choices=GUARDRAILS, required=True)
    new.add_argument("--subject", choices=SUBJECTS, default="key")
    new.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")
    schema = actions.add_parser("schema", help="what rules may speak of: facts, types, operators, fixtures")
    schema.add_argument("subject", nargs="?", choices=SUBJECTS)
    schema.add_argument("--format", choices=("text", "json"), default="text", help="json: the schema for editors")
    explain = actions.add_parser("explain", help="why a rule gives its verdict on one subject, passes too")
    explain.add_argument("rule", metavar="RULE")
    explain.add_argument("subject", metavar="SUBJECT", help="id or name of the subject")
    explain.add_argument("--snapshot", type=Path, required=True, metavar="PACK", help="a pack, or its snapshot folder")
    explain.add_argument("--format", choices=("text", "json"), default="text", help="what to print")
    for action in (listing, show, test, new, explain):
        add_config(action)


def run(arguments: argparse.Namespace) -> int:
    """Runs one action."""
    from scanner.cli import rules_actions

    return rules_actions.ACTIONS[arguments.action](arguments)
