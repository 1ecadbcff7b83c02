import pytest
from rule_builder import condition
from sample_facts import Sample

from scanner.model.finding import Verdict
from scanner.rules.occurs import possible_verdicts
from scanner.rules.shape import shape

PASS, FAIL, UNKNOWN, NOT_APPLICABLE = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("when", "require", "expected"),
    [
        (None, "flag: true", {PASS, FAIL, UNKNOWN}),
        (None, "name: x", {PASS, FAIL}),
        ("name: y", "name: x", {PASS, FAIL, NOT_APPLICABLE}),
        ("flag: true", "name: x", {PASS, FAIL, UNKNOWN, NOT_APPLICABLE}),
        (None, "name: {absent: true}", {FAIL}),
        (None, "name: {absent: false}", {PASS}),
        ("name: {absent: true}", "flag: true", {NOT_APPLICABLE}),
        (None, "any_of: [{flag: true}, {name: {absent: false}}]", {PASS}),
        (None, "not: {name: x}", {PASS, FAIL}),
        (None, "doc: {absent: true}", {PASS, FAIL, UNKNOWN}),
        (None, "items: {every: {on: true}}", {PASS, FAIL, UNKNOWN}),
        (None, "items: {none: {on: true}}", {PASS, FAIL, UNKNOWN}),
        (None, "items: {any: {on: true}}", {PASS, FAIL, UNKNOWN}),
        (None, "items: {count: {where: {on: true}, lte: 1}}", {PASS, FAIL, UNKNOWN}),
        (None, "names: {every: {eq: a}}", {PASS, FAIL, UNKNOWN}),
        (None, "age: {lt_field: limit}", {PASS, FAIL, UNKNOWN}),
    ],
)
def test_the_verdicts_a_rule_can_give_are_foreseen(when, require, expected):
    asks = condition(when) if when else None
    assert possible_verdicts(asks, condition(require), shape(Sample)) == expected
