"""Which rules a command is about: those of the configuration, or those that stand at a path. Runs none of them."""

import argparse
from pathlib import Path

from scanner.cli.inputs import config_folder, configuration, rule_set
from scanner.config.load import DEFAULT
from scanner.model.errors import PolicyError, UsageError
from scanner.rules.baseline import DEFAULT as PLAIN
from scanner.rules.load import load_rules
from scanner.rules.pack_folder import PACK_FILE
from scanner.rules.ruleset import Rule, RuleSet
from scanner.rules.shipped import shipped_policies

RULES = "rules"


def selected(arguments: argparse.Namespace) -> RuleSet:
    """The rules of the configuration, or the shipped ones when there is none."""
    if _is_configured(arguments):
        return rule_set(configuration(arguments, {}), folder=config_folder(arguments))
    return load_rules([shipped_policies()], baseline=PLAIN, lists={})


def rules_at(path: Path, arguments: argparse.Namespace) -> tuple[Rule, ...]:
    """The rules at a path: a pack, a folder of a pack or one file; raises UsageError when there is none."""
    if not path.exists():
        raise UsageError(f"{path}: is not there")
    start = path.resolve()
    pack = next((folder for folder in (start, *start.parents) if (folder / PACK_FILE).is_file()), None)
    if pack is None:
        raise UsageError(f"{path}: belongs to no pack", hint=f"a pack is a folder with {PACK_FILE} and {RULES}/")
    files = [start] if start.is_file() else start.rglob("*.yaml")
    names = {file.stem for file in files if RULES in file.relative_to(pack).parts}
    found = tuple(rule for rule in _of_pack(pack, arguments).rules if rule.id in names)
    if not found:
        raise UsageError(f"{path}: holds no rule of the pack {pack}", hint=f"rules stand under its folder {RULES}/")
    return found


def _of_pack(pack: Path, arguments: argparse.Namespace) -> RuleSet:
    """The pack's rules as no baseline changes them, beside the packs and lists of the configuration.

    Without one the pack stands alone, or with the shipped one when it needs what that one gives.
    """
    if _is_configured(arguments):
        config, folder = configuration(arguments, {}).value, config_folder(arguments)
        shipped = [shipped_policies()] if config.policies.shipped else []
        packs = [*shipped, *(folder / name for name in config.policies.packs)]
        beside = [other for other in packs if other.resolve() != pack]
        return load_rules([*beside, pack], baseline=PLAIN, lists=config.lists)
    try:
        return load_rules([pack], baseline=PLAIN, lists={})
    except PolicyError:
        if pack == shipped_policies().resolve():
            raise
        return load_rules([shipped_policies(), pack], baseline=PLAIN, lists={})


def _is_configured(arguments: argparse.Namespace) -> bool:
    return arguments.config is not None or bool(arguments.set) or DEFAULT.exists()
