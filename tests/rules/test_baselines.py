from datetime import date

import pytest
from rule_builder import PACK, load_faults, load_one, rule_text

from scanner.model.finding import Severity
from scanner.rules.ruleset import in_force, left_out

PARAMS = """params:
  most: {type: duration, default: 30d, min: 1d, max: 90d, looser: higher}
  least: {type: int, default: 2, looser: lower}
  wanted: {type: strings, default: [a, b], looser: lower}
  word: {type: string, default: x}
"""
OFF = "{rule: ACME-TAG-001, reason: r, expires: 2026-01-01}"
RULES = (
    rule_text("ACME-AGE-001", require="{age: {lte: $most}}", remediation="{aws: 'every {most.hours} hours'}"),
    rule_text(
        "ACME-TAG-001", guardrail="tagging", require="{aliases: {contains_any: $wanted}}", aliases="[ACME-OLD-001]"
    ),
    rule_text("ACME-TRL-001", guardrail="trail", subject="account_region", when=None, require="{name: {ne: $word}}"),
    rule_text("ACME-CNT-001", require="{aliases: {count: {where: {matches: a}, gte: $least}}}"),
)


def load(folder, mine, **others):
    named = {f"baselines__{name}": text for name, text in {"mine": mine, **others}.items()}
    return load_one(folder, *RULES, baseline="mine", pack=PACK + PARAMS, **named)


def faults(folder, mine, **others):
    named = {f"baselines__{name}": text for name, text in {"mine": mine, **others}.items()}
    return load_faults(folder, *RULES, baseline="mine", pack=PACK + PARAMS, **named)


def rules_of(found):
    return {rule.id: rule for rule in found.rules}


def test_without_a_baseline_file_the_default_is_every_rule_as_it_is(tmp_path):
    found = load_one(tmp_path, *RULES, pack=PACK + PARAMS)
    assert [rule.changes for rule in found.rules] == [()] * 4
    assert rules_of(found)["ACME-AGE-001"].params == {"most": "30d"}
    assert found.pack.weights == {Severity.CRITICAL: 8, Severity.HIGH: 4, Severity.MEDIUM: 2, Severity.LOW: 1}


def test_tightening_is_free_and_told(tmp_path):
    found = rules_of(load(tmp_path, "{params: {most: 7d}, override: {ACME-OLD-001: {severity: critical}}}"))
    assert found["ACME-AGE-001"].params == {"most": "7d"}
    assert found["ACME-AGE-001"].changes == ("most is 7d instead of 30d (baseline mine).",)
    assert found["ACME-TAG-001"].severity is Severity.CRITICAL
    assert found["ACME-TAG-001"].changes == ("Severity is critical instead of high (baseline mine).",)
    assert found["ACME-TRL-001"].changes == ()


def test_loosening_with_a_reason_is_told_with_it(tmp_path):
    found = rules_of(load(tmp_path, "params: {most: {value: 60d, reason: vendor needs it}}"))
    assert found["ACME-AGE-001"].changes == ("most is 60d instead of 30d (baseline mine: vendor needs it).",)


@pytest.mark.parametrize(
    ("baseline", "text"),
    [
        ("params: {most: 60d}", "1:10: most 60d is looser than 30d; expected a reason: {value: 60d, reason: ...}"),
        ("params: {least: 1}", "least 1 is looser than 2; expected a reason"),
        ("params: {wanted: [a]}", "wanted a is looser than a, b; expected a reason"),
        ("params: {wanted: [a, c]}", "wanted a, c is looser than a, b; expected a reason"),
        ("params: {word: y}", "word y is looser than x; expected a reason"),
        ("params: {most: {value: 100d, reason: r}}", "most is at most 90d, got 100d"),
        ("params: {most: 0d}", "most is at least 1d, got 0s"),
        ("params: {moist: 1d}", "1:10: no parameter 'moist'; did you mean 'most'?"),
        ("params: {most: {valeu: 1d}}", "unknown key 'valeu'; did you mean 'value'?"),
        ("params: {most: {value: 60d, reason: ' '}}", "expected a reason, got blank text"),
        (
            "override: {ACME-TAG-001: {severity: low}}",
            "1:12: ACME-TAG-001 as low is looser than high; expected a reason: {severity: low, reason: ...}",
        ),
        ("override: {ACME-TAG-002: {severity: critical}}", "no rule 'ACME-TAG-002'; did you mean 'ACME-TAG-001'?"),
        ("disable: [{rule: ACME-TAG-001, expires: 2026-01-01}]", "expected key 'reason', which is missing"),
        (
            f"disable: [{OFF}, {OFF}]",
            "rule ACME-TAG-001 is disabled twice",
        ),
        ("disable: [{rule: ACME-TAG-001, reason: r}]", "expected key 'expires', which is missing"),
        ("disable: [{rule: ACME-XXX-001, reason: r, expires: 2026-01-01}]", "no rule 'ACME-XXX-001'"),
        ("disable: [{rule: ACME-TAG-001, reason: r, expires: soon}]", "expected a date such as 2026-01-31, got 'soon'"),
        ("select: [tagging, tagging]", "'tagging' stands in the list twice"),
        ("select: [taging]", "1:10: no rule or guardrail 'taging'; did you mean 'tagging'?"),
        ("weights: {critcal: 9}", "'critcal' is not a value of this field; did you mean 'critical'?"),
        ("weights: {critical: -1}", "expected a weight from 0 to 1000, got -1"),
        ("weights: {critical: 0, high: 0, medium: 0, low: 0}", "expected at least one weight above 0"),
        ("extends: defalt", "1:10: no baseline 'defalt'; did you mean 'default'?"),
        ("extends: mine", "baseline mine extends itself"),
    ],
)
def test_a_wrong_or_silent_deviation_is_refused(tmp_path, baseline, text):
    (line,) = faults(tmp_path, baseline)
    assert line.startswith("baselines/mine.yaml:")
    assert text in line


def test_a_value_that_changes_nothing_is_no_deviation(tmp_path):
    found = rules_of(load(tmp_path, "{params: {most: 30d}, override: {ACME-AGE-001: {severity: high}}}"))
    assert found["ACME-AGE-001"].changes == ()


def test_more_entries_are_tighter_where_fewer_are_looser(tmp_path):
    found = rules_of(load(tmp_path, "params: {wanted: [a, b, c]}"))
    assert found["ACME-TAG-001"].params == {"wanted": "a, b, c"}


def test_a_selection_of_nothing_is_a_fault(tmp_path):
    (line,) = faults(tmp_path, "select: []")
    assert line == "baselines/mine.yaml:1:9: expected at least one guardrail or rule id, got an empty list"


def test_an_unknown_baseline_names_those_there_are(tmp_path):
    (line,) = load_faults(tmp_path, *RULES, baseline="strikt", pack=PACK + PARAMS, baselines__strict="extends: default")
    assert line == "baseline:1:1: no baseline 'strikt'; did you mean 'strict'?"


def test_a_baseline_lies_over_the_one_it_extends(tmp_path):
    base = "{select: [tagging], params: {most: 7d}, weights: {low: 3}}"
    found = load(tmp_path, "{extends: base, params: {most: 5d}, select: [rotation], weights: {high: 5}}", base=base)
    assert [rule.id for rule in found.rules] == ["ACME-AGE-001", "ACME-CNT-001"]
    assert rules_of(found)["ACME-AGE-001"].params == {"most": "5d"}
    assert found.pack.weights == {Severity.CRITICAL: 8, Severity.HIGH: 5, Severity.MEDIUM: 2, Severity.LOW: 3}
    assert left_out(found) == ("Baseline mine does not select ACME-TAG-001, ACME-TRL-001.",)


def test_a_disabled_rule_is_told_and_comes_back_after_its_day(tmp_path):
    found = load(tmp_path, "disable: [{rule: ACME-OLD-001, reason: moving, expires: 2026-03-31}]")
    assert "ACME-TAG-001" not in rules_of(found)
    assert left_out(found) == ("ACME-TAG-001 is disabled until 2026-03-31 (baseline mine: moving).",)
    assert in_force(found, date(2026, 3, 31)) == found
    back = in_force(found, date(2026, 4, 1))
    assert [rule.id for rule in back.rules] == ["ACME-AGE-001", "ACME-CNT-001", "ACME-TAG-001", "ACME-TRL-001"]
    assert rules_of(back)["ACME-TAG-001"].changes == ("Disabled until 2026-03-31 (moving); in force again.",)
    assert back.disabled == ()
    assert left_out(back) == ()
