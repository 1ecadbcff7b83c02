"""Turns a configuration into what judging needs: rules, waivers, settings, the previous pack. Judges nothing."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scanner.assessment import Inputs
from scanner.cli.options import execution_flags
from scanner.config import environment
from scanner.config.document import Document
from scanner.config.faults import Fault, Place, nearest, refusal, refuse, shown
from scanner.config.load import HINT, execution, load_document, settings
from scanner.config.schema import Config, Execution
from scanner.evidence.previous import read_previous
from scanner.model.errors import ConfigError
from scanner.model.settings import Settings
from scanner.outputs.formats import OutputOptions
from scanner.rules.load import load_rules
from scanner.rules.ruleset import RuleSet
from scanner.rules.shipped import shipped_policies
from scanner.waivers.load import check_against, load_waivers
from scanner.waivers.schema import NO_WAIVERS


def configuration(arguments: argparse.Namespace, flags: Mapping[str, str | None]) -> Document[Config]:
    """File, environment and flags, in that order, with the places of their parts; `flags` are values by dotted key."""
    overrides = dict(_pair(text) for text in arguments.set)
    overrides |= {key: value for key, value in flags.items() if value is not None}
    return load_document(arguments.config, environment=environment.read(), overrides=overrides)


def inputs(document: Document[Config], *, folder: Path) -> Inputs:
    """Everything judging rests on; paths in the configuration are relative to `folder`."""
    config = document.value
    rules = rule_set(document, folder=folder)
    chosen = settings(config)
    waivers, text = NO_WAIVERS, None
    if config.waivers:
        file = folder / config.waivers
        text = _read(file, document.place("waivers"))
        waivers = load_waivers(text, str(file))
        check_against(waivers, rules)
    previous, chain = read_previous(config.history.previous)
    return Inputs(rules=rules, waivers=waivers, waivers_text=text, settings=chosen, previous=previous, chain=chain)


def rule_set(document: Document[Config], *, folder: Path) -> RuleSet:
    """The rules of the configured packs under the configured baseline; names that lead nowhere are told by place."""
    config = document.value
    own = [folder / pack for pack in config.policies.packs]
    packs = [shipped_policies(), *own] if config.policies.shipped else own
    refuse(_nowhere(document, own, packs), HINT)
    return load_rules(packs, baseline=config.policies.baseline, lists=config.lists)


def output_options(chosen: Settings) -> OutputOptions:
    """What is written, and how, as configured."""
    return OutputOptions(formats=chosen.formats, sarif_unknown=chosen.sarif_unknown, sarif_all=chosen.sarif_all)


def execution_of(arguments: argparse.Namespace) -> Execution:
    """Where the work is done, for a command that may be run without a configuration."""
    chosen = execution_flags(arguments)
    if arguments.config is not None:
        return configuration(arguments, chosen).value.execution
    return execution({key.rpartition(".")[2]: value for key, value in chosen.items() if value is not None})


def config_folder(arguments: argparse.Namespace) -> Path:
    """The folder that relative paths in the configuration start from."""
    return arguments.config.parent if arguments.config else Path()


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise ConfigError(f"--set {text}: expected KEY=VALUE", hint="e.g. --set fail_on=medium")
    return key, value


def _nowhere(document: Document[Config], own: Sequence[Path], packs: Sequence[Path]) -> Iterator[Fault]:
    """Packs that are no folder, and a baseline that no pack has."""
    for number, pack in enumerate(own):
        if not pack.is_dir():
            yield Fault(document.place("policies", "packs", number), f"there is no folder {shown(str(pack))}")
    name = document.value.policies.baseline
    known = {file.stem for pack in packs for file in pack.rglob("baselines/*.yaml")}
    if name not in known and known:
        place = document.place("policies", "baseline")
        yield Fault(place, f"there is no baseline {shown(name)}{nearest(name, known)}")


def _read(file: Path, place: Place) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise refusal([Fault(place, f"{shown(str(file))} cannot be read: {error.strerror}")], HINT) from error
    except UnicodeDecodeError as error:
        raise refusal([Fault(place, f"{shown(str(file))} is not UTF-8 text")], HINT) from error
