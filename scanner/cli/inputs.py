"""Turns a configuration into what judging needs: rules, waivers, settings, the previous pack. Judges nothing."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from scanner.assessment import Inputs
from scanner.config import environment
from scanner.config.load import load_config, settings
from scanner.config.schema import Config
from scanner.evidence.previous import read_previous
from scanner.model.errors import ConfigError
from scanner.outputs.formats import OutputOptions
from scanner.rules.load import load_rules
from scanner.rules.ruleset import RuleSet
from scanner.rules.shipped import shipped_policies
from scanner.waivers.load import check_against, load_waivers
from scanner.waivers.schema import NO_WAIVERS


def configuration(arguments: argparse.Namespace, flags: Mapping[str, str | None]) -> Config:
    """The configuration from file, environment and flags, in that order; `flags` are values by dotted key."""
    overrides = dict(_pair(text) for text in arguments.set)
    overrides |= {key: value for key, value in flags.items() if value is not None}
    return load_config(arguments.config, environment=environment.read(), overrides=overrides)


def inputs(config: Config, *, folder: Path) -> Inputs:
    """Everything judging rests on; paths in the configuration are relative to `folder`."""
    rules = rule_set(config, folder=folder)
    chosen = settings(config)
    waivers, text = NO_WAIVERS, None
    if config.waivers:
        file = folder / config.waivers
        text = _read(file)
        waivers = load_waivers(text, str(file))
        check_against(waivers, rules)
    previous, chain = read_previous(config.history.previous)
    return Inputs(rules=rules, waivers=waivers, waivers_text=text, settings=chosen, previous=previous, chain=chain)


def rule_set(config: Config, *, folder: Path) -> RuleSet:
    """The rules of the configured packs under the configured baseline."""
    own = [folder / pack for pack in config.policies.packs]
    packs = [shipped_policies(), *own] if config.policies.shipped else own
    return load_rules(packs, baseline=config.policies.baseline, lists=config.lists)


def output_options(config: Config) -> OutputOptions:
    """What is written, and how, as configured."""
    outputs = config.outputs
    return OutputOptions(formats=outputs.formats, sarif_unknown=outputs.sarif_unknown, sarif_all=outputs.sarif_all)


def config_folder(arguments: argparse.Namespace) -> Path:
    """The folder that relative paths in the configuration start from."""
    return arguments.config.parent if arguments.config else Path()


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise ConfigError(f"--set {text}: expected KEY=VALUE", hint="e.g. --set fail_on=medium")
    return key, value


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}", hint="`waivers` names a YAML file") from error
