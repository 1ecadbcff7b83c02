"""Builds conditions, rules and packs from text, and collects the faults of wrong ones."""

from pathlib import Path

import pytest
from sample_facts import Sample

from scanner.model.errors import PolicyError
from scanner.rules.conditions import Condition
from scanner.rules.faults import Faults
from scanner.rules.grammar import Where, read_block
from scanner.rules.literals import Context
from scanner.rules.load import load_rules
from scanner.rules.nodes import parse
from scanner.rules.params import read_params
from scanner.rules.ruleset import Rule, RuleSet
from scanner.rules.shape import shape

PACK = "pack: acme\nversion: 1.0.0\nmodel: keys/v1\n"


def condition(
    text: str, *, params: str = "{}", lists: dict[str, tuple[str, ...]] | None = None, of=Sample
) -> Condition:
    """The condition that a YAML mapping says about the sample subject; raises PolicyError."""
    faults = Faults()
    known = read_params(parse(params, "params", faults), faults)
    values = {name: param.default for name, param in known.items()}
    context = Context(faults=faults, params=known, values=values, lists=lists or {})
    node = parse(text, "c.yaml", faults)
    found = None
    with faults.collect():
        found = read_block(node, Where(shape(of)), context) if node is not None else None
    faults.settle()
    assert found is not None
    return found


def faults_of(text: str, **rest) -> list[str]:
    """The lines of the error that a condition gives."""
    with pytest.raises(PolicyError) as caught:
        condition(text, **rest)
    return caught.value.message.splitlines()


def rule_text(rule_id: str = "ACME-TAG-001", **fields: str) -> str:
    """A valid rule file; named fields replace its own, None leaves one out."""
    parts: dict[str, str | None] = {
        "id": rule_id,
        "title": "Customer keys rotate",
        "guardrail": "rotation",
        "subject": "key",
        "severity": "high",
        "status": None,
        "aliases": None,
        "params": None,
        "controls": None,
        "when": "{manager: customer}",
        "require": "{rotation.enabled: true}",
        "rationale": "because",
        "remediation": "{aws: do it}",
        "waiver": None,
        "tests": None,
    }
    return "".join(f"{key}: {value}\n" for key, value in (parts | fields).items() if value is not None)


def write_pack(folder: Path, files: dict[str, str], pack: str = PACK) -> Path:
    """A pack's folder; file names are paths inside it."""
    for name, text in {"pack.yaml": pack, **files}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def load_one(folder: Path, *rules: str, baseline: str = "default", pack: str = PACK, **files: str) -> RuleSet:
    """The rule set of a pack of rule texts; other files by name with `__` for the slash, less the ending."""
    named = {f"rules/{text.splitlines()[0].removeprefix('id: ')}.yaml": text for text in rules}
    others = {f"{name.replace('__', '/')}.yaml": text for name, text in files.items()}
    return load_rules([write_pack(folder, named | others, pack)], baseline=baseline, lists={})


def one_rule(folder: Path, **fields: str) -> Rule:
    """A single loaded rule."""
    return load_one(folder, rule_text(**fields)).rules[0]


def load_faults(folder: Path, *rules: str, **rest: str) -> list[str]:
    """The lines of the error that a pack gives, less its folder."""
    with pytest.raises(PolicyError) as caught:
        load_one(folder, *rules, **rest)
    return [line.replace(f"{folder}/", "") for line in caught.value.message.splitlines()]
