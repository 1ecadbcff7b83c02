from datetime import UTC, datetime, timedelta

import pytest
from rule_builder import PACK, load_one, one_rule, rule_text

from scanner.model.finding import Verdict
from scanner.model.key import KeyState
from scanner.model.unknown import Cause, Unknown
from scanner.rules.testing import mutants, mutate, run_tests, uncovered

TESTS = """
  - {name: on, expect: pass}
  - {name: off, facts: {rotation.enabled: false}, expect: fail, because: was false}
  - {name: denied, facts: {rotation: !unknown denied kms:GetKeyRotationStatus}, expect: unknown}
  - {name: theirs, facts: {manager: provider}, expect: not_applicable}
"""


def problems(rule):
    return [outcome.problem for outcome in run_tests(rule) if not outcome.passed]


def test_right_tests_pass_and_cover_every_verdict(tmp_path):
    rule = one_rule(tmp_path, tests=TESTS)
    assert problems(rule) == []
    assert uncovered(rule) == ()
    assert mutate(rule) == ()


def test_a_wrong_verdict_tells_why(tmp_path):
    rule = one_rule(tmp_path, tests="[{name: off, expect: pass, facts: {rotation: {enabled: false}}}]")
    assert problems(rule) == ["expected pass, got fail, because rotation.enabled: expected true, was false"]
    (outcome,) = run_tests(rule)
    assert (outcome.verdict, outcome.line, outcome.file) == (Verdict.FAIL, 10, "policies/acme/rules/ACME-TAG-001.yaml")


def test_a_right_verdict_for_another_reason_is_a_problem(tmp_path):
    rule = one_rule(
        tmp_path, tests="[{name: off, expect: fail, because: was absent, facts: {rotation.enabled: false}}]"
    )
    assert problems(rule) == [
        "expected a reason containing 'was absent', got rotation.enabled: expected true, was false"
    ]


def test_verdicts_without_a_test_are_named(tmp_path):
    rule = one_rule(tmp_path, tests="[{name: on, expect: pass}]")
    assert uncovered(rule) == (Verdict.FAIL, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE)


def test_tests_run_with_the_rules_own_parameters_whatever_the_baseline_sets(tmp_path):
    text = rule_text(
        params="{most: {type: duration, default: 400d, looser: higher}}",
        require="{age: {lte: $most}}",
        tests="[{name: as old as allowed, expect: pass, facts: {age: 400d}}]",
    )
    (rule,) = load_one(tmp_path, text, baseline="strict", baselines__strict="params: {most: 7d}").rules
    assert rule.params == {"most": "7d"}
    assert problems(rule) == []


def test_a_test_fills_the_named_lists_itself(tmp_path):
    tests = """
  - {name: trusted, expect: pass, lists: {trusted: ["111122223333"]}}
  - {name: not trusted, expect: fail}
"""
    text = rule_text(require="{account: {in_list: trusted}}", tests=tests)
    (rule,) = load_one(tmp_path, text, pack=f"{PACK}lists: {{trusted: ours}}\n").rules
    assert problems(rule) == []


def test_elements_start_from_a_healthy_one(tmp_path):
    rule = one_rule(
        tmp_path,
        subject="account_region",
        when=None,
        require="{trails: {every: {logging: true, log_validation: true}}}",
        tests="[{name: one, expect: pass, facts: {trails: [{name: x}, {}]}}]",
    )
    assert problems(rule) == []


def test_a_test_may_give_any_kind_of_fact(tmp_path):
    facts = """{
      rotation: {overdue_by: -330d, last_at: "2025-12-01T01:00:00+01:00"}, state: disabled,
      aliases: [alias/a, alias/b], deletion.at: null, tags: !unknown throttled tag:GetResources, tags.owner: me}"""
    rule = one_rule(tmp_path, tests=f"[{{name: all, expect: pass, facts: {facts}}}]")
    (found,) = (test.facts for test in rule.tests)
    assert found.rotation.overdue_by == timedelta(days=-330)
    assert found.rotation.last_at == datetime(2025, 12, 1, tzinfo=UTC)
    assert (found.state, found.aliases, found.deletion.at) == (KeyState.DISABLED, ("alias/a", "alias/b"), None)
    assert (found.tags.owner, found.tags.purpose) == (
        "me",
        Unknown(cause=Cause.THROTTLED, call="tag:GetResources"),
    )


@pytest.mark.parametrize(
    ("require", "tests", "survivor"),
    [
        ("{age: {lte: 400d}}", "[{name: a, expect: pass}, {name: b, facts: {age: 500d}, expect: fail}]", None),
        (
            "{age: {lte: 500d}}",
            "[{name: a, expect: pass}, {name: b, facts: {age: 600d}, expect: fail}]",
            "age lt for lte",
        ),
        ("{age: {lte: 500d}}", "[{name: a, expect: pass, facts: {age: 500d}}]", "age left out"),
        (
            "{any_of: [{age: {lt: 500d}}, {region: x}]}",
            "[{name: a, expect: pass}, {name: b, facts: {age: 500d}, expect: fail}]",
            "region never true",
        ),
        (
            "{aliases: {any: {eq: alias/payments}}}",
            "[{name: a, expect: pass}, {name: b, facts: {aliases: [x]}, expect: fail}]",
            "aliases every for any",
        ),
        (
            "{aliases: {count: {where: {eq: a}, lte: 1}}}",
            "[{name: a, expect: pass}, {name: b, facts: {aliases: [a, a, a]}, expect: fail}]",
            "aliases lt for lte",
        ),
        ("{not: {region: x}}", "[{name: a, expect: pass}, {name: b, facts: {region: x}, expect: fail}]", None),
    ],
)
def test_a_change_that_no_test_notices_is_named(tmp_path, require, tests, survivor):
    rule = one_rule(tmp_path, when=None, require=require, tests=tests)
    survivors = mutate(rule)
    if survivor is None:
        assert survivors == ()
    else:
        assert f"require: {survivor}" in survivors
    assert {mutant.change for mutant in mutants(rule) if mutant.survives} == set(survivors)
