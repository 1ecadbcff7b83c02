"""Works out which verdicts a rule can give at all, so that a test is demanded for each of those. Sees no facts."""

import itertools
from collections.abc import Iterable

from scanner.model.finding import Verdict
from scanner.rules.conditions import (
    AllOf,
    Among,
    AnyOf,
    Asked,
    Compare,
    CompareField,
    Condition,
    Elements,
    Not,
    Operator,
    Path,
)
from scanner.rules.evaluate import Truth, conjunction, negation
from scanner.rules.shape import Block, Field, Kind, Leaf

Truths = frozenset[Truth]
DEFINITE: Truths = frozenset({True, False})


def possible_verdicts(when: Condition | None, require: Condition, block: Block) -> frozenset[Verdict]:
    """Every verdict that facts of this shape could lead to, taking each leaf by itself."""
    applies: Truths = frozenset({True}) if when is None else truths(when, block)
    kept = truths(require, block) if True in applies else frozenset()
    found = {Verdict.NOT_APPLICABLE} if False in applies else set()
    if None in applies or None in kept:
        found.add(Verdict.UNKNOWN)
    if True in kept:
        found.add(Verdict.PASS)
    if False in kept:
        found.add(Verdict.FAIL)
    return frozenset(found)


def truths(condition: Condition, field: Field) -> Truths:
    """The truths a condition can have of facts of this shape."""
    match condition:
        case AllOf(of=parts):
            return _all(truths(part, field) for part in parts)
        case AnyOf(of=parts):
            return _not(_all(_not(truths(part, field)) for part in parts))
        case Not(of=part):
            return _not(truths(part, field))
        case _:
            return _of_asked(condition, field) | _unread(condition.path, field)


def _of_asked(condition: Asked, field: Field) -> Truths:
    match condition:
        case Compare():
            return _of_compare(condition, field)
        case CompareField(other=other):
            return DEFINITE | _unread(other, field)
        case Elements():
            return _of_elements(condition, field)
        case _:
            return DEFINITE | (_of_one(condition.path, condition.where, field) & {None})


def _of_compare(condition: Compare, field: Field) -> Truths:
    """Whether something is absent is known beforehand when it never can be."""
    if condition.operator is not Operator.ABSENT or any(step.optional for step in _steps(condition.path, field)):
        return DEFINITE
    return frozenset({condition.value is False})


def _of_elements(condition: Elements, field: Field) -> Truths:
    inner = _of_one(condition.path, condition.of, field)
    if condition.among is Among.EVERY:
        return inner | {condition.allow_empty}
    return inner | {False} if condition.among is Among.ANY else _not(inner) | {True}


def _of_one(path: Path, condition: Condition, field: Field) -> Truths:
    """The truths a condition can have of one element of a list, which may be unread by itself."""
    element = _element(path, field)
    return truths(condition, element) | (frozenset({None}) if element.unread else frozenset())


def _element(path: Path, field: Field) -> Field:
    last = _steps(path, field)[-1]
    return last.element if isinstance(last, Leaf) and last.element else Leaf(kind=Kind.TEXT)


def _steps(path: Path, field: Field) -> tuple[Field, ...]:
    """Every field on a path; at the empty path the field itself."""
    found: list[Field] = []
    for name in path:
        field = field.fields[name] if isinstance(field, Block) else field
        found.append(field)
    return tuple(found) or (field,)


def _unread(path: Path, field: Field) -> Truths:
    return frozenset({None}) if any(step.unread for step in _steps(path, field)) else frozenset()


def _all(parts: Iterable[Truths]) -> Truths:
    """Every conjunction of one truth from each part."""
    found: Truths = frozenset({True})
    for part in parts:
        found = frozenset(conjunction(pair) for pair in itertools.product(found, part))
    return found


def _not(part: Truths) -> Truths:
    return frozenset(negation(truth) for truth in part)
