"""The meaning of rules: three-valued evaluation of a condition on facts. Total, pure, and the only definition of it.

A condition is true, false, or None: the answer depends on something that was not read (Kleene's third value).
"""

import functools
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import re2

from scanner.facts.subjects import SubjectFacts
from scanner.model.finding import Verdict
from scanner.model.unknown import Unknown
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
    Path,
)
from scanner.rules.ruleset import Rule

Truth = bool | None
Test = Callable[[Any, Any], bool]  # a fact's value is of the type its shape says; the loader has checked the literal


def judge(rule: Rule, facts: SubjectFacts) -> Verdict:
    """The verdict of a rule on a subject; `when` decides whether `require` is asked at all."""
    applies = holds(rule.when, facts) if rule.when is not None else True
    if applies is False:
        return Verdict.NOT_APPLICABLE
    kept = holds(rule.require, facts) if applies else None
    if kept is None:
        return Verdict.UNKNOWN
    return Verdict.PASS if kept else Verdict.FAIL


def holds(condition: Condition, value: object) -> Truth:
    """Whether a condition is true of a block of facts (or of an element of a list)."""
    match condition:
        case AllOf(of=parts):
            return conjunction(holds(part, value) for part in parts)
        case AnyOf(of=parts):
            return negation(conjunction(negation(holds(part, value)) for part in parts))
        case Not(of=part):
            return negation(holds(part, value))
        case Compare(path=path, operator=asked, value=literal):
            return _compared(asked, fetch(value, path), literal)
        case CompareField(path=path, operator=asked, other=other):
            return _compared_fields(asked, fetch(value, path), fetch(value, other))
        case _:
            return _of_elements(condition, fetch(value, condition.path))


def _compared(asked: Operator, found: object, literal: object) -> Truth:
    return None if isinstance(found, Unknown) else TESTS[asked](found, literal)


def _compared_fields(asked: Operator, found: object, other: object) -> Truth:
    if isinstance(found, Unknown) or isinstance(other, Unknown):
        return None
    return found is not None and other is not None and TESTS[asked](found, other)


def _of_elements(condition: Elements | Count, elements: Any) -> Truth:  # noqa: ANN401 (see fetch)
    if isinstance(elements, Unknown):
        return None
    inner = condition.where if isinstance(condition, Count) else condition.of
    return quantified(condition, [holds(inner, element) for element in elements or ()])


def quantified(condition: Elements | Count, truths: list[Truth]) -> Truth:
    """Whether a condition on a list is true, given what its inner condition is of each element."""
    if isinstance(condition, Count):
        return _count(condition, truths)
    if condition.among is Among.EVERY:
        return conjunction(truths) if truths else condition.allow_empty
    none = conjunction(negation(truth) for truth in truths)
    return none if condition.among is Among.NONE else negation(none)


def _count(condition: Count, truths: list[Truth]) -> Truth:
    """Every number that the unread elements could add up to is asked; only a common answer is an answer."""
    certain = truths.count(True)
    possible = range(certain, certain + truths.count(None) + 1)
    return conjunction(
        common({TESTS[bound.operator](number, bound.value) for number in possible}) for bound in condition.bounds
    )


def fetch(value: object, path: Path) -> Any:  # noqa: ANN401 (what a fact holds is known by its shape, not by this)
    """The value at a path: None when absent or under an absent block, Unknown when unread or under an unread one."""
    for name in path:
        if value is None or isinstance(value, Unknown):
            break
        value = getattr(value, name)
    return value


def negation(truth: Truth) -> Truth:
    """False for true, true for false, unknown for unknown."""
    return None if truth is None else not truth


def conjunction(truths: Iterable[Truth]) -> Truth:
    """False beats unknown, unknown beats true."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def common(truths: set[bool]) -> Truth:
    """The one answer in a set, or unknown."""
    return next(iter(truths)) if len(truths) == 1 else None


@functools.lru_cache(maxsize=1024)
def pattern(text: str) -> Any:  # noqa: ANN401 (re2 is untyped)
    """A compiled RE2 pattern: matching takes time linear in the text, whatever the pattern."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(text, options)


def _matches(found: Any, text: str) -> bool:  # noqa: ANN401 (see Test)
    readable = str(found).encode("utf-8", "replace").decode()
    return pattern(text).search(readable) is not None


def _ordered(compare: Test) -> Test:
    return lambda found, literal: found is not None and compare(found, literal)


TESTS: Mapping[Operator, Test] = {
    Operator.EQ: lambda found, literal: bool(found == literal),
    Operator.NE: lambda found, literal: bool(found != literal),
    Operator.IN: lambda found, literals: found in literals,
    Operator.NOT_IN: lambda found, literals: found not in literals,
    Operator.IN_LIST: lambda found, literals: found in literals,
    Operator.NOT_IN_LIST: lambda found, literals: found not in literals,
    Operator.ABSENT: lambda found, literal: (found is None) is literal,
    Operator.LT: _ordered(operator.lt),
    Operator.LTE: _ordered(operator.le),
    Operator.GT: _ordered(operator.gt),
    Operator.GTE: _ordered(operator.ge),
    Operator.EQ_FIELD: operator.eq,
    Operator.NE_FIELD: operator.ne,
    Operator.LT_FIELD: operator.lt,
    Operator.LTE_FIELD: operator.le,
    Operator.GT_FIELD: operator.gt,
    Operator.GTE_FIELD: operator.ge,
    Operator.MATCHES: lambda found, text: found is not None and _matches(found, text),
    Operator.HAS_KEYS: lambda found, keys: all(key in (found or {}) for key in keys),
    Operator.CONTAINS: lambda found, literal: literal in (found or ()),
    Operator.CONTAINS_ANY: lambda found, literals: any(literal in (found or ()) for literal in literals),
    Operator.EMPTY: lambda found, literal: (not found) is literal,
}
"""What each operator asks of a value that was read; None is an absent one, and false to every comparison but `ne`."""
