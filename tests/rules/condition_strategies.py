"""Hypothesis strategies for any condition that could be read on facts of a shape."""

from datetime import timedelta

from fact_strategies import DAYS, WORDS
from hypothesis import strategies as st

from scanner.rules.conditions import (
    AllOf,
    Among,
    AnyOf,
    Compare,
    CompareField,
    Condition,
    Count,
    Elements,
    Not,
    Operator,
)
from scanner.rules.grammar import BOUNDS, OPERATORS
from scanner.rules.shape import Block, Field, Kind, Leaf

LITERALS = {
    Kind.BOOLEAN: st.booleans(),
    Kind.INTEGER: st.integers(-1, 5),
    Kind.DURATION: st.sampled_from([timedelta(days=days) for days in DAYS]),
    Kind.TEXT: st.sampled_from(WORDS),
}
PATTERNS = st.sampled_from(["^alias/", "a", "^$", ".*", "ü"])
SEVERAL = {
    Operator.IN,
    Operator.NOT_IN,
    Operator.IN_LIST,
    Operator.NOT_IN_LIST,
    Operator.CONTAINS_ANY,
    Operator.HAS_KEYS,
}


def conditions(block: Block, depth: int = 3) -> st.SearchStrategy[Condition]:
    """Conditions on a block, nested to a depth; every kind of node has its share."""
    every = paths(block)
    lists = [(path, leaf) for path, leaf in every if leaf.kind is Kind.LIST]
    kinds = [
        st.sampled_from(every).flatmap(lambda at: _plain(*at, every)),
        *([st.sampled_from(lists).flatmap(lambda at: _quantifiers(*at, max(depth - 1, 0)))] if lists else []),
    ]
    if depth > 0:
        inner = st.deferred(lambda: conditions(block, depth - 1))
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        kinds += [st.builds(AllOf, several), st.builds(AnyOf, several), st.builds(Not, inner)]
    return st.sampled_from(kinds).flatmap(lambda kind: kind)


def paths(block: Block, prefix: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Leaf]]:
    """Every leaf with its path, outside lists."""
    found = []
    for name, field in block.fields.items():
        found += paths(field, (*prefix, name)) if isinstance(field, Block) else [((*prefix, name), field)]
    return found


def _plain(
    path: tuple[str, ...], leaf: Leaf, every: list[tuple[tuple[str, ...], Leaf]]
) -> st.SearchStrategy[Condition]:
    """A leaf against a literal, or against another leaf of its type."""
    plain = _compares(path, leaf)
    others = [
        other for other, field in every if (field.kind, field.choices) == (leaf.kind, leaf.choices) and other != path
    ]
    fields = [operator for operator in OPERATORS[leaf.kind] if operator.value.endswith("_field")]
    if not others or not fields:
        return plain
    against = st.builds(
        CompareField,
        path=st.just(path),
        operator=st.sampled_from(fields),
        other=st.sampled_from(others),
        groups=st.just(leaf.groups),
    )
    return st.booleans().flatmap(lambda literal: plain if literal else against)


def _compares(path: tuple[str, ...], leaf: Leaf) -> st.SearchStrategy[Condition]:
    operators = [operator for operator in OPERATORS[leaf.kind] if not operator.value.endswith("_field")]
    if isinstance(leaf.element, Block):
        operators = [Operator.EMPTY, Operator.ABSENT]
    return st.one_of([_compare(path, operator, leaf) for operator in operators])


def _compare(path: tuple[str, ...], operator: Operator, leaf: Leaf) -> st.SearchStrategy[Condition]:
    element = leaf.element if isinstance(leaf.element, Leaf) else leaf
    if operator in {Operator.ABSENT, Operator.EMPTY}:
        values = st.booleans()
    elif operator is Operator.MATCHES:
        values = PATTERNS
    elif operator is Operator.HAS_KEYS:
        values = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(tuple)
    else:
        one = st.sampled_from(list(element.choices)) if element.choices else LITERALS[element.kind]
        values = st.lists(one, max_size=3).map(tuple) if operator in SEVERAL else one
    return st.builds(Compare, path=st.just(path), operator=st.just(operator), value=values, groups=st.just(leaf.groups))


def _quantifiers(path: tuple[str, ...], leaf: Leaf, depth: int) -> st.SearchStrategy[Condition]:
    inner = _of_element(leaf.element, depth)
    bound = st.builds(Compare, path=st.just(()), operator=st.sampled_from(BOUNDS), value=st.integers(0, 3))
    groups = st.just(leaf.groups)
    elements = st.builds(
        Elements, path=st.just(path), among=st.sampled_from(Among), of=inner, allow_empty=st.booleans(), groups=groups
    )
    bounds = st.lists(bound, min_size=1, max_size=2).map(tuple)
    return st.one_of(elements, st.builds(Count, path=st.just(path), where=inner, bounds=bounds, groups=groups))


def _of_element(field: Field, depth: int) -> st.SearchStrategy[Condition]:
    return conditions(field, depth) if isinstance(field, Block) else _compares((), field)
