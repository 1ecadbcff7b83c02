"""Runs the tests that stand in every shipped rule, and breaks each rule to see that they notice."""

import time
from pathlib import Path

import pytest

from scanner.model.finding import Severity
from scanner.rules.document import pages
from scanner.rules.load import load_rules
from scanner.rules.shipped import shipped_policies
from scanner.rules.testing import mutate, run_tests, uncovered

ROOT = Path(__file__).parents[2]
SET = load_rules([shipped_policies()], baseline="default", lists={})
each_rule = pytest.mark.parametrize("rule", SET.rules, ids=lambda rule: rule.id)


@each_rule
def test_its_own_tests_hold(rule):
    assert [f"{outcome.name}: {outcome.problem}" for outcome in run_tests(rule) if outcome.problem] == []


@each_rule
def test_it_has_a_test_for_every_verdict_it_can_give(rule):
    assert uncovered(rule) == ()


@each_rule
def test_no_change_to_it_goes_unnoticed_by_its_tests(rule):
    assert mutate(rule) == ()


@each_rule
def test_it_stands_where_its_guardrail_says(rule):
    assert rule.file == f"policies/rules/{rule.guardrail}/{rule.id}.yaml"


@each_rule
def test_its_fails_say_why(rule):
    assert [test.name for test in rule.tests if test.expect == "fail" and not test.because] == []


def test_every_baseline_loads_and_keeps_to_the_rules_bounds():
    for file in sorted((ROOT / "policies/baselines").glob("*.yaml")):
        assert load_rules([ROOT / "policies"], baseline=file.stem, lists={}).pack.baseline == file.stem


def test_the_strict_baseline_loosens_nothing():
    strict = load_rules([ROOT / "policies"], baseline="strict", lists={})
    default = {rule.id: rule.severity for rule in SET.rules}
    ranks = list(Severity)
    assert len([change for rule in strict.rules for change in rule.changes]) > len(strict.rules) // 4
    assert [rule.id for rule in strict.rules if ranks.index(rule.severity) > ranks.index(default[rule.id])] == []
    assert [change for rule in strict.rules for change in rule.changes if ": " in change] == []
    assert strict.disabled == ()
    assert strict.unselected == ()


def test_the_generated_pages_are_up_to_date():
    stale = [path for path, text in pages(SET).items() if (ROOT / path).read_text() != text]
    assert stale == []


def test_loading_and_checking_is_quick():
    """Under 100 ms for 24 rules, in the processor time of the best of five, so that a busy machine does not matter."""
    times = []
    for _ in range(5):
        start = time.process_time()
        load_rules([shipped_policies()], baseline="default", lists={})
        times.append(time.process_time() - start)
    assert min(times) / len(SET.rules) * 24 < 0.1
