"""The generated form gives the interpreter's verdict for every rule and every record, read or not."""

from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from condition_strategies import conditions
from fact_strategies import blinded_groups, blinded_leaves, facts_of
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_builder import condition
from sample_facts import DENIED, Colour, Item, Sample, Shelf

from scanner.facts.subjects import Fact
from scanner.model.finding import SubjectKind, Verdict
from scanner.model.unknown import Unknown
from scanner.model.verdicts import CODES
from scanner.rules.compile import compile_rules, is_told_by_cause
from scanner.rules.conditions import Compare, Operator
from scanner.rules.evaluate import judge
from scanner.rules.explain import ruled_out_by
from scanner.rules.load import load_rules
from scanner.rules.shape import shape, subject_shape

ROOT = Path(__file__).parents[2]
SHIPPED = {
    name: load_rules([ROOT / "policies"], baseline=name, lists={"trusted_accounts": ("111122223333",)}).rules
    for name in sorted(file.stem for file in (ROOT / "policies" / "baselines").glob("*.yaml"))
}
RULE = SHIPPED["default"][0]
SAMPLE, SHELF = shape(Sample), shape(Shelf)
often = settings(max_examples=120)
brief = settings(max_examples=40)


def rules_of(block, depth=3):
    inner = conditions(block, depth)
    return st.lists(st.tuples(st.none() | inner, inner), min_size=1, max_size=4).map(
        lambda pairs: [
            msgspec.structs.replace(RULE, id=f"ACME-X-{index:03}", when=when, require=require)
            for index, (when, require) in enumerate(pairs)
        ]
    )


def compiled(rules, block, facts):
    codes, _ = compile_rules(rules, block)(facts)
    return [CODES[code] for code in codes]


def interpreted(rules, facts):
    return [judge(rule, facts) for rule in rules]


@often
@given(rules_of(SAMPLE), facts_of(SAMPLE), st.data())
def test_any_rules_give_the_same_verdicts_on_any_facts(rules, full, data):
    gaps = (data.draw(blinded_leaves(full, SAMPLE)), data.draw(blinded_groups(full, SAMPLE)))
    function = compile_rules(rules, SAMPLE)
    for facts in (full, *gaps):
        assert [CODES[code] for code in function(facts)[0]] == interpreted(rules, facts)


@often
@given(rules_of(SHELF, 2), facts_of(SHELF), st.data())
def test_so_do_rules_about_lists(rules, full, data):
    for facts in (full, data.draw(blinded_leaves(full, SHELF))):
        assert compiled(rules, SHELF, facts) == interpreted(rules, facts)


@often
@given(rules_of(SAMPLE, 2), facts_of(SAMPLE), st.data())
def test_subjects_with_equal_causes_are_ruled_out_by_equal_words(rules, full, data):
    function = compile_rules(rules, SAMPLE)
    one, other = data.draw(blinded_leaves(full, SAMPLE)), data.draw(facts_of(SAMPLE))
    half = msgspec.structs.replace(
        one, **{name: getattr(other, name) for name in data.draw(st.sets(st.sampled_from(one.__struct_fields__)))}
    )
    if function(one)[1] != function(half)[1]:
        return
    for rule in filter(is_told_by_cause, rules):
        assert ruled_out_by(rule, one) == ruled_out_by(rule, half)


@pytest.mark.parametrize("kind", [SubjectKind.KEY, SubjectKind.POPULATION_SCOPE, SubjectKind.ACCOUNT_REGION])
@pytest.mark.parametrize("baseline", SHIPPED)
@brief
@given(data=st.data())
def test_shipped_rules_give_the_same_verdicts(baseline, kind, data):
    rules, block = [rule for rule in SHIPPED[baseline] if rule.subject is kind], subject_shape(kind)
    full = data.draw(facts_of(block))
    for facts in (full, data.draw(blinded_leaves(full, block)), data.draw(blinded_groups(full, block))):
        assert compiled(rules, block, facts) == interpreted(rules, facts)


def test_an_unread_part_hides_no_later_false_and_no_later_true():
    both = condition("{flag: true, count: 3}")
    either = condition("{any_of: [{flag: true}, {count: 3}, {colour: red}]}")
    rules = [msgspec.structs.replace(RULE, when=None, require=require) for require in (both, either)]
    verdicts = {
        count: compiled(rules, SAMPLE, Sample(flag=DENIED, count=count, colour=None)) for count in (3, 4, DENIED)
    }
    assert verdicts == {
        3: [Verdict.UNKNOWN, Verdict.PASS],
        4: [Verdict.FAIL, Verdict.UNKNOWN],
        DENIED: [Verdict.UNKNOWN, Verdict.UNKNOWN],
    }


def test_what_only_one_rule_requires_is_asked_where_it_applies_alone():
    asked = []

    class Watched(Item):
        def __eq__(self, _other):
            return asked.append(self) is None

        __hash__ = Item.__hash__

    rule = msgspec.structs.replace(
        RULE, when=condition("{flag: true}"), require=condition("{names: {contains: a}, count: 3}")
    )
    function = compile_rules([rule], SAMPLE)
    function(Sample(flag=False, names=(Watched(),)))
    assert asked == []
    function(Sample(flag=True, names=(Watched(),)))
    assert len(asked) == 1


@pytest.mark.parametrize("path", [("__class__",), ("doc", "__init__"), ("nothing",), ("name", "upper")])
def test_a_name_off_the_model_is_refused(path):
    stray = Compare(path=path, operator=Operator.EQ, value="x")
    with pytest.raises(KeyError):
        compile_rules([msgspec.structs.replace(RULE, when=None, require=stray)], SAMPLE)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    size: Annotated[int, Fact(("parts",), "always read when its block is")] = 1


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    part: Part | Unknown = Part()
    parts: Annotated[tuple[Part | Unknown, ...], Fact(("parts",), "always listed")] = ()


@pytest.mark.parametrize(
    "text", ["{part: {size: 1}}", "{parts: {every: {size: 1}}}", "{parts: {count: {where: {size: 1}, lte: 9}}}"]
)
@pytest.mark.parametrize(
    "whole",
    [
        Whole(),
        Whole(part=DENIED),
        Whole(parts=(DENIED,)),
        Whole(parts=(Part(), Part(size=2))),
        Whole(parts=(Part(size=2), DENIED)),
    ],
)
def test_what_is_unread_around_a_leaf_or_inside_a_list_is_unread(text, whole):
    rules = [msgspec.structs.replace(RULE, when=None, require=condition(text, of=Whole))]
    assert compiled(rules, shape(Whole), whole) == interpreted(rules, whole)


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("{count: 3}", Sample(count=None), Sample(count=4)),
        ("{colour: red}", Sample(colour=Colour.BLUE), Sample(colour=Colour.GREEN)),
        ("{flag: true, count: 3}", Sample(flag=False), Sample(count=4)),
    ],
)
def test_causes_differ_where_the_words_do(text, one, other):
    rule = msgspec.structs.replace(RULE, when=condition(text), require=condition("{name: sample}"))
    function = compile_rules([rule], SAMPLE)
    assert ruled_out_by(rule, one) != ruled_out_by(rule, other)
    assert function(one)[1] != function(other)[1]


def test_causes_are_few_where_the_words_are():
    rule = msgspec.structs.replace(RULE, when=condition("{count: 3}"), require=condition("{name: sample}"))
    function = compile_rules([rule], SAMPLE)
    assert len({function(Sample(count=count))[1] for count in range(10)}) == 2


def test_no_rules_give_no_codes():
    assert compile_rules([], SAMPLE)(Sample()) == (b"", ())
