"""Not seeing something never changes a verdict into another one: over any condition, and over every shipped rule."""

from pathlib import Path

import msgspec
import pytest
from condition_strategies import conditions
from fact_strategies import blinded_groups, blinded_leaves, facts_of
from hypothesis import given, settings
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
OF_KIND = {kind: [rule for rule in RULES if rule.subject is kind] for kind in {rule.subject: None for rule in RULES}}
SAMPLE = shape(Sample)
SHELF = shape(Shelf)
relaxed = settings(max_examples=150)
thorough = settings(max_examples=500)


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


@pytest.mark.parametrize("kind", OF_KIND)
@relaxed
@given(data=st.data())
def test_no_shipped_rule_turns_a_gap_into_a_verdict(kind, data):
    block = subject_shape(kind)
    full = data.draw(facts_of(block))
    blinded = data.draw(blinded_leaves(full, block)), data.draw(blinded_groups(full, block))
    for rule in OF_KIND[kind]:
        expected = judge(rule, full)
        assert expected is not Verdict.UNKNOWN, rule.id
        for gaps in blinded:
            assert judge(rule, gaps) in {Verdict.UNKNOWN, expected}, rule.id


@pytest.mark.parametrize("kind", OF_KIND)
@relaxed
@given(data=st.data())
def test_every_shipped_rule_explains_every_verdict(kind, data):
    block = subject_shape(kind)
    facts = data.draw(blinded_leaves(data.draw(facts_of(block)), block))
    for rule in OF_KIND[kind]:
        verdict = judge(rule, facts)
        assert verdict in possible_verdicts(rule.when, rule.require, block), rule.id
        assert reasons(rule, facts), rule.id
        assert bool(unread(rule, facts)) is (verdict is Verdict.UNKNOWN), rule.id
        assert bool(ruled_out_by(rule, facts)) is (verdict is Verdict.NOT_APPLICABLE), rule.id
        assert isinstance(remediation(rule, facts), str), rule.id
