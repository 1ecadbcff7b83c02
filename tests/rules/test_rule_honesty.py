"""Not seeing something never changes a verdict into another one: over any condition, and over every shipped rule."""

from pathlib import Path

import msgspec
import pytest
from condition_strategies import conditions
from fact_strategies import blinded_groups, blinded_leaves, facts_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_facts import Sample, Shelf

from scanner.model.finding import Verdict
from scanner.rules.conditions import AllOf, AnyOf, Condition, rewrite
from scanner.rules.evaluate import holds, judge
from scanner.rules.explain import reasons, remediation, ruled_out_by, unread
from scanner.rules.load import load_rules
from scanner.rules.occurs import possible_verdicts, truths
from scanner.rules.shape import shape, subject_shape

ROOT = Path(__file__).parents[2]
RULES = load_rules([ROOT / "policies"], baseline="default", lists={}).rules
SAMPLE = shape(Sample)
SHELF = shape(Shelf)
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
thorough = settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
brief = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@relaxed
@given(conditions(SAMPLE), facts_of(SAMPLE), st.data())
def test_a_truth_that_is_definite_with_parts_unread_holds_for_every_filling(condition, full, data):
    gaps = data.draw(blinded_leaves(full, SAMPLE))
    assert holds(condition, gaps) in {None, holds(condition, full)}


@thorough
@given(conditions(SHELF, 1), facts_of(SHELF), st.data())
def test_the_same_holds_of_quantifiers_and_counts_and_their_order(condition, full, data):
    gaps = data.draw(blinded_leaves(full, SHELF))
    assert holds(condition, gaps) in {None, holds(condition, full)}
    if isinstance(gaps.items, tuple):
        assert holds(condition, msgspec.structs.replace(gaps, items=gaps.items[::-1])) is holds(condition, gaps)


@relaxed
@given(conditions(SAMPLE), facts_of(SAMPLE), st.data())
def test_an_unread_group_gives_the_same_truth_or_unknown(condition, full, data):
    gaps = data.draw(blinded_groups(full, SAMPLE))
    assert holds(condition, gaps) in {None, holds(condition, full)}


@relaxed
@given(conditions(SAMPLE), facts_of(SAMPLE), st.data())
def test_what_is_wholly_read_is_never_unknown_and_always_foreseen(condition, full, data):
    assert holds(condition, full) is not None
    gaps = data.draw(blinded_leaves(full, SAMPLE))
    assert holds(condition, gaps) in truths(condition, SAMPLE)


@relaxed
@given(conditions(SAMPLE), conditions(SAMPLE), facts_of(SAMPLE), st.data())
def test_any_verdict_of_any_rule_is_explained_by_leaves(when, require, full, data):
    rule = msgspec.structs.replace(RULES[0], when=when, require=require)
    facts = data.draw(blinded_leaves(full, SAMPLE))
    verdict = judge(rule, facts)
    assert reasons(rule, facts)
    assert bool(unread(rule, facts)) is (verdict is Verdict.UNKNOWN)
    assert bool(ruled_out_by(rule, facts)) is (verdict is Verdict.NOT_APPLICABLE)


def reordered(condition: Condition) -> Condition:
    def turn(node: Condition) -> Condition:
        return type(node)(node.of[::-1]) if isinstance(node, AllOf | AnyOf) else node

    return rewrite(condition, turn)


@relaxed
@given(conditions(SAMPLE), facts_of(SAMPLE), st.data())
def test_the_order_of_conditions_and_elements_does_not_matter(condition, full, data):
    facts = data.draw(blinded_leaves(full, SAMPLE))
    turned = {name: value[::-1] for name in ("names", "items") if isinstance(value := getattr(facts, name), tuple)}
    assert holds(reordered(condition), msgspec.structs.replace(facts, **turned)) is holds(condition, facts)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@brief
@given(data=st.data())
def test_a_shipped_rule_never_turns_a_gap_into_a_verdict(rule, data):
    block = subject_shape(rule.subject)
    full = data.draw(facts_of(block))
    expected = judge(rule, full)
    assert expected is not Verdict.UNKNOWN
    for gaps in (data.draw(blinded_leaves(full, block)), data.draw(blinded_groups(full, block))):
        assert judge(rule, gaps) in {Verdict.UNKNOWN, expected}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@brief
@given(data=st.data())
def test_a_shipped_rule_explains_every_verdict(rule, data):
    block = subject_shape(rule.subject)
    facts = data.draw(blinded_leaves(data.draw(facts_of(block)), block))
    verdict = judge(rule, facts)
    assert verdict in possible_verdicts(rule.when, rule.require, block)
    assert reasons(rule, facts)
    assert bool(unread(rule, facts)) is (verdict is Verdict.UNKNOWN)
    assert bool(ruled_out_by(rule, facts)) is (verdict is Verdict.NOT_APPLICABLE)
    assert isinstance(remediation(rule, facts), str)
