import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from rule_builder import load_one, rule_text, write_pack

from scanner.model.errors import UsageError
from scanner.model.finding import Guardrail, SubjectKind
from scanner.rules.document import pages
from scanner.rules.load import load_rules
from scanner.rules.scaffold import chosen_id, new_rule, next_id
from scanner.rules.schema import fact_rows, json_schema, subject_schema, subjects_json
from scanner.rules.testing import mutate, run_tests, uncovered

ROOT = Path(__file__).parents[2]
VALIDATOR = Draft202012Validator(json_schema())


def as_editors_read(text):
    """Tags are unknown to editors' schemas; they look at the scalar."""
    return typed(yaml.compose(text.replace("!unknown ", ""), Loader=yaml.BaseLoader))


def typed(node):
    """A tree with the booleans and whole numbers that YAML 1.2 sees in scalars without quotes."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: typed(inner) for key, inner in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [typed(inner) for inner in node.value]
    if node.style is not None or not (node.value in ("true", "false") or node.value.isdigit()):
        return node.value
    return int(node.value) if node.value.isdigit() else node.value == "true"


def test_the_editor_schema_is_valid_and_up_to_date():
    Draft202012Validator.check_schema(json_schema())
    assert json.loads((ROOT / "policies/rule.schema.json").read_text()) == json.loads(json.dumps(json_schema()))


def test_every_shipped_rule_satisfies_the_editor_schema():
    files = sorted((ROOT / "policies/rules").rglob("*.yaml"))
    assert files
    for file in files:
        errors = [error.message for error in VALIDATOR.iter_errors(as_editors_read(file.read_text()))]
        assert (file.name, errors) == (file.name, [])


@pytest.mark.parametrize(
    "fields",
    [
        {"when": "{stat: enabled}"},
        {"when": "{state: enbled}"},
        {"require": "{rotation: {period: {lte: 365}}}"},
        {"require": "{rotation.period: {lessthan: 365d}}"},
        {"require": "{}"},
        {"severity": "urgent"},
        {"titel": "x"},
    ],
)
def test_the_editor_schema_refuses_what_the_loader_refuses(fields):
    assert list(VALIDATOR.iter_errors(as_editors_read(rule_text(**fields))))


@pytest.mark.parametrize("kind", SubjectKind)
def test_every_fact_is_listed_with_type_default_and_meaning(kind):
    text, rows = subject_schema(kind), fact_rows(kind)
    assert all(row.path in text and row.doc and row.operators for row in rows)
    assert len(subjects_json()[kind.value]) == len(rows)


def test_facts_of_list_elements_are_listed_below_their_list():
    rows = {row.path: row for row in fact_rows(SubjectKind.ACCOUNT_REGION)}
    assert rows["trails"].operators[:4] == ("every", "any", "none", "count")
    assert rows["trails[].logging"].default == "true"


@pytest.mark.parametrize("kind", SubjectKind)
def test_a_new_rule_loads_and_its_tests_hold(tmp_path, kind):
    text = new_rule("ACME-NEW-001", Guardrail.COVERAGE, kind)
    (rule,) = load_one(tmp_path, text, pack="pack: acme\nversion: 1.0.0\nmodel: keys/v1\ntests: required\n").rules
    assert [outcome.problem for outcome in run_tests(rule)] == [""] * len(rule.tests)
    assert uncovered(rule) == ()
    assert mutate(rule) == ()


def test_the_next_id_counts_former_and_disabled_ones(tmp_path):
    disable = "disable: [{rule: KEY-ROT-004, reason: r, expires: 2026-01-01}]"
    found = load_one(
        tmp_path,
        rule_text("KEY-ROT-001", aliases="[KEY-ROT-007, KEY-TAG-002]"),
        rule_text("KEY-ROT-004"),
        baselines__default=disable,
    )
    assert [next_id(found, area) for area in ("ROT", "TAG", "NEW")] == ["KEY-ROT-008", "KEY-TAG-003", "KEY-NEW-001"]
    assert next_id(found, "ROT", "ACME") == "ACME-ROT-001"


def test_an_id_asked_for_is_given_when_free_and_found_when_only_its_area_is_said(tmp_path):
    found = load_one(tmp_path, rule_text("ACME-ROT-004"))
    asked = ("ACME-ROT-009", "ACME-ROT", "ROT")
    assert [chosen_id(found, name) for name in asked] == ["ACME-ROT-009", "ACME-ROT-005", "KEY-ROT-001"]
    with pytest.raises(UsageError, match="ACME-ROT-004: exists already"):
        chosen_id(found, "ACME-ROT-004")
    with pytest.raises(UsageError, match="'rot-1' is neither a rule id nor an area"):
        chosen_id(found, "rot-1")


def test_an_area_is_a_word_of_capitals_with_a_number_left(tmp_path):
    found = load_one(tmp_path, rule_text("KEY-ROT-999"))
    with pytest.raises(UsageError, match="'rot' is not an area"):
        next_id(found, "rot")
    with pytest.raises(UsageError, match="area ROT has no number left"):
        next_id(found, "ROT")


def test_a_page_has_the_fixed_headings_and_the_rules_own_examples(tmp_path):
    catalogue = (
        "id: frame-1\ntitle: Frame 1\nsource: s\nchecked: 2026-01-01\ncontrols: [{id: 1.1.1, title: Keys rotate}]\n"
    )
    text = rule_text(
        aliases="[ACME-OLD-001]",
        controls="{frame-1: [1.1.1]}",
        require="{aliases: {none: {matches: x}}, rotation.enabled: true}",
        remediation="{aws: run <this>}",
        tests="[{name: it is off, expect: fail, facts: {rotation.enabled: false}}]",
    )
    found = load_one(tmp_path, text, **{"controls__frame-1": catalogue})
    page = pages(found)["docs/rules/ACME-TAG-001.md"]
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert headings == [
        "# ACME-TAG-001: Customer keys rotate",
        "## What",
        "## Why",
        "## Fails",
        "## Passes",
        "## Fix",
        "## Controls",
        "## Facts used",
    ]
    for part in (
        "- it is off<br>`rotation.enabled: expected true, was false`",
        "No example.",
        "- aws: run &lt;this>",
        "- Frame 1: 1.1.1 Keys rotate",
        "| `aliases` | list of text |",
        "Formerly ACME-OLD-001.",
    ):
        assert part in page
    assert "[ACME-TAG-001](ACME-TAG-001.md)" in pages(found)["docs/rules/README.md"]


def test_a_page_says_so_when_there_is_no_fix(tmp_path):
    assert (
        "## Fix\nNot described." in pages(load_one(tmp_path, rule_text(remediation="{}")))["docs/rules/ACME-TAG-001.md"]
    )


def test_the_example_of_the_language_page_is_a_rule_that_holds(tmp_path):
    text = (ROOT / "docs/rule-language.md").read_text().split("```yaml\n", 1)[1].split("```", 1)[0]
    params = "params: {max_rotation: {type: duration, default: 365d}}\n"
    catalogue = "id: nist-800-53r5\ntitle: t\nsource: s\nchecked: 2026-01-01\ncontrols: [{id: SC-12, title: t}]\n"
    pack = f"pack: acme\nversion: 1.0.0\nmodel: keys/v1\ntests: required\n{params}"
    files = {"rules/KEY-ROT-002.yaml": text, "controls/nist-800-53r5.yaml": catalogue}
    (rule,) = load_rules([write_pack(tmp_path, files, pack)], baseline="default", lists={}).rules
    assert [outcome.problem for outcome in run_tests(rule)] == [""] * 4
