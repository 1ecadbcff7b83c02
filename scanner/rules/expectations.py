"""Says in words what a leaf of a condition expects, plain and denied. Looks at no facts."""

from collections.abc import Callable, Mapping

from scanner.rules.conditions import Compare, Count, Operator, Value
from scanner.rules.wording import printed

_SIGNS: Mapping[Operator, str] = {
    Operator.LT: "<",
    Operator.LTE: "<=",
    Operator.GT: ">",
    Operator.GTE: ">=",
    Operator.LT_FIELD: "<",
    Operator.LTE_FIELD: "<=",
    Operator.GT_FIELD: ">",
    Operator.GTE_FIELD: ">=",
    Operator.EQ: "exactly",
}
_SAME: Mapping[Operator, bool] = {
    Operator.EQ: True,
    Operator.NE: False,
    Operator.IN: True,
    Operator.NOT_IN: False,
    Operator.IN_LIST: True,
    Operator.NOT_IN_LIST: False,
    Operator.EQ_FIELD: True,
    Operator.NE_FIELD: False,
}


def expectation(compare: Compare, *, wanted: bool) -> str:
    """What the compared value should be: `<= 365d`, `true`, `one of a, b`; `wanted` is False under a negation."""
    operator, value = compare.operator, compare.value
    if operator in _SAME:
        literal = f"in list {compare.source[1:]}" if compare.source.startswith("@") else _literal(value)
        return literal if _SAME[operator] is wanted else _other_than(literal)
    if operator in {Operator.ABSENT, Operator.EMPTY}:
        return _PRESENCE[operator][(value is True) is wanted]
    text = _TEXTS[operator](value) if operator in _TEXTS else f"{_SIGNS[operator]} {printed(value)}"
    return text if wanted else f"not {text}"


def field_expectation(operator: Operator, other: str, found: object, *, wanted: bool) -> str:
    """The same for a comparison with another field, whose value is told too."""
    text = f"{other} ({printed(found)})"
    if operator in _SAME:
        return text if _SAME[operator] is wanted else _other_than(text)
    return f"{'' if wanted else 'not '}{_SIGNS[operator]} {text}"


def count_expectation(count: Count, *, wanted: bool) -> str:
    """The same for a number of elements: `<= 3 matching`."""
    bounds = " and ".join(f"{_SIGNS[bound.operator]} {printed(bound.value)}" for bound in count.bounds)
    return f"{'' if wanted else 'not '}{bounds} matching"


def _literal(value: Value) -> str:
    return f"one of {printed(value)}" if isinstance(value, tuple) and len(value) > 1 else printed(value)


def _other_than(text: str) -> str:
    return text.replace("one of", "none of", 1) if text.startswith("one of ") else f"other than {text}"


_PRESENCE: Mapping[Operator, Mapping[bool, str]] = {
    Operator.ABSENT: {True: "absent", False: "present"},
    Operator.EMPTY: {True: "empty", False: "at least one element"},
}
_TEXTS: Mapping[Operator, Callable[[Value], str]] = {
    Operator.MATCHES: lambda value: f"text matching {value}",
    Operator.HAS_KEYS: lambda value: f"keys {printed(value)}",
    Operator.CONTAINS: lambda value: f"containing {printed(value)}",
    Operator.CONTAINS_ANY: lambda value: f"containing any of {printed(value)}",
}
