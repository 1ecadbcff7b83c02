"""docs/controls.md says what the rules and the catalogues say. Checks no catalogue against its source."""

import re
from pathlib import Path

from scanner.rules.load import load_rules

ROOT = Path(__file__).parents[2]
SET = load_rules([ROOT / "policies"], baseline="default", lists={})
PAGE = (ROOT / "docs/controls.md").read_text()


def test_page_lists_every_control_with_the_rules_that_give_evidence_for_it() -> None:
    printed: dict[tuple[str, str], tuple[str, str]] = {}
    framework = ""
    for line in PAGE.splitlines():
        if heading := re.match(r"`([a-z0-9.-]+)` · \[source\]", line):
            framework = heading[1]
        elif framework and (row := re.fullmatch(r"\| (\S+) \| (.+) \| (.+) \|", line)) and row[1] != "control":
            printed[framework, row[1]] = (row[2], row[3])

    mapped = {
        (catalogue.id, control.id): (control.title, ", ".join(_rules(catalogue.id, control.id)) or "manual")
        for catalogue in SET.frameworks
        for control in catalogue.controls
    }

    assert printed == mapped


def test_every_shipped_rule_gives_evidence_for_some_control() -> None:
    assert [rule.id for rule in SET.rules if not rule.controls] == []


def test_every_control_says_where_its_id_was_checked() -> None:
    for file in sorted((ROOT / "policies/controls").glob("*.yaml")):
        text = file.read_text()
        letters = set(re.findall(r"^# ([A-Z]): ", text, flags=re.MULTILINE))
        controls = [line for line in text.splitlines() if line.startswith("  - {id: ")]
        assert controls, file
        for line in controls:
            named = re.findall(r"\b[A-Z]\b", line.rpartition("}  # ")[2])
            assert named, f"{file.name}: {line}"
            assert set(named) <= letters, f"{file.name}: {line}"


def _rules(framework: str, control: str) -> list[str]:
    return [rule.id for rule in SET.rules if control in rule.controls.get(framework, ())]
