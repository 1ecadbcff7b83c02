"""The condition operators of AWS policies, three-valued. Knows no statement and no principal.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from operator import eq, ge, gt, le, lt

import msgspec

from scanner.facts.access.context import ESCAPED, Context, filled
from scanner.facts.access.truth import NeedKind, Open, Truth, all_of, any_of, on_data
from scanner.facts.glob import matches

Compare = Callable[[str, str], bool | None]
"""Whether a value of the request is the policy's; None where one of them is not of the kind that is compared."""

_ARN_PARTS = 6
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """How one value is compared; a negated operator is true when none of the policy's values match.

    `fills` says that variables in the policy's values are replaced, which only operators on texts and ARNs do.
    """

    compare: Compare
    negated: bool = False
    fills: bool = False


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """One operator on one condition key with the policy's values, any of which may match.

    `over` is `any` or `all` for the set operators, empty otherwise. `operator` is None for one we do not know.
    """

    key: str
    operator: Operator | None
    over: str
    if_exists: bool
    null: bool
    values: tuple[str, ...]
    written: str


def read_clauses(condition: Mapping[str, Mapping[str, tuple[str, ...]]]) -> tuple[Clause, ...]:
    """Every clause of a condition block; all of them must hold."""
    return tuple(_clause(written, key, values) for written, keys in condition.items() for key, values in keys.items())


def _clause(written: str, key: str, values: tuple[str, ...]) -> Clause:
    prefix, colon, name = written.rpartition(":")
    over = {"foranyvalue": "any", "forallvalues": "all"}.get(prefix.lower(), "?" if colon else "")
    lower = name.lower()
    if_exists = lower.endswith("ifexists")
    lower = lower.removesuffix("ifexists")
    return Clause(
        key=key,
        operator=None if over == "?" else OPERATORS.get(lower),
        over=over,
        if_exists=if_exists,
        null=lower == "null",
        values=values,
        written=f"{written} {key} {', '.join(values)}",
    )


def holds(clause: Clause, request: Context) -> Truth:
    """Whether the clause is true of the request."""
    found = request.get(clause.key)
    if clause.null:
        return _open(clause, found) if isinstance(found, Open) else _is_null(clause, found)
    if clause.operator is None:
        return on_data(f"the meaning of {clause.written}")
    if isinstance(found, Open):
        return _open(clause, found)
    if found is None:
        return _absent(clause, clause.operator)
    ones = (_one(clause, clause.operator, value, request) for value in found)
    every = clause.over == "all" or (clause.operator.negated and not clause.over)
    return all_of(ones) if every else any_of(ones)


def _is_null(clause: Clause, found: tuple[str, ...] | None) -> bool:
    return any(value.lower() == ("true" if found is None else "false") for value in clause.values)


def _open(clause: Clause, found: Open) -> Open:
    """What hangs on the request hangs on the whole condition; what was not read keeps its name."""
    return Open(
        tuple(
            msgspec.structs.replace(need, text=clause.written) if need.kind is NeedKind.REQUEST else need
            for need in found.needs
        )
    )


def _absent(clause: Clause, operator: Operator) -> Truth:
    """A key that is not there: `all` of nothing is true, `any` of nothing is not."""
    if clause.over == "any":
        return on_data(f"whether IfExists counts in {clause.written}") if clause.if_exists else False
    return clause.over == "all" or clause.if_exists or operator.negated


def _one(clause: Clause, operator: Operator, value: str, request: Context) -> Truth:
    patterns = [filled(pattern, request) if operator.fills else pattern for pattern in clause.values]
    if operator.negated and None in patterns:
        return False  # a variable without a value: the statement does not match
    found = any_of(_hit(operator, value, pattern) for pattern in patterns)
    if isinstance(found, Open):
        return _open(clause, found)
    return found is not operator.negated


def _hit(operator: Operator, value: str, pattern: str | Open | None) -> Truth:
    if isinstance(pattern, Open):
        return pattern
    if pattern == "*" and operator.compare is _like_arn:
        return on_data("whether * alone is every ARN")
    found = False if pattern is None else operator.compare(value, pattern)
    if found is None:
        return on_data(f"what {pattern} is compared with {value}") if operator.negated else False
    return found


def _plain(text: str) -> str:
    for wildcard, escaped in ESCAPED.items():
        text = text.replace(escaped, wildcard)
    return text


def _equals(value: str, pattern: str) -> bool:
    return value == _plain(pattern)


def _equals_ignoring_case(value: str, pattern: str) -> bool:
    return value.lower() == _plain(pattern).lower()


def _like(value: str, pattern: str) -> bool:
    for wildcard, escaped in ESCAPED.items():
        value = value.replace(wildcard, escaped)
    return matches(pattern, value)


def _like_arn(value: str, pattern: str) -> bool:
    parts, patterns = value.split(":", _ARN_PARTS - 1), pattern.split(":", _ARN_PARTS - 1)
    return len(parts) == len(patterns) and all(map(_like, parts, patterns))


def _bool(value: str, pattern: str) -> bool:
    return value.lower() == pattern.lower()


def _number(test: Callable[[float, float], bool], value: str, pattern: str) -> bool | None:
    left, right = _plain_number(value), _plain_number(pattern)
    return None if left is None or right is None else test(left, right)


def _plain_number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _date(test: Callable[[float, float], bool], value: str, pattern: str) -> bool | None:
    left, right = _moment(value), _moment(pattern)
    return None if left is None or right is None else test(left, right)


def _moment(text: str) -> float | None:
    seconds = _plain_number(text)
    if seconds is not None:
        return seconds
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _in_network(value: str, pattern: str) -> bool | None:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(pattern, strict=False)
    except ValueError:
        return None


OPERATORS: Mapping[str, Operator] = {
    "stringequals": Operator(compare=_equals, fills=True),
    "stringnotequals": Operator(compare=_equals, fills=True, negated=True),
    "stringequalsignorecase": Operator(compare=_equals_ignoring_case, fills=True),
    "stringnotequalsignorecase": Operator(compare=_equals_ignoring_case, fills=True, negated=True),
    "stringlike": Operator(compare=_like, fills=True),
    "stringnotlike": Operator(compare=_like, fills=True, negated=True),
    "numericequals": Operator(compare=partial(_number, eq)),
    "numericnotequals": Operator(compare=partial(_number, eq), negated=True),
    "numericlessthan": Operator(compare=partial(_number, lt)),
    "numericlessthanequals": Operator(compare=partial(_number, le)),
    "numericgreaterthan": Operator(compare=partial(_number, gt)),
    "numericgreaterthanequals": Operator(compare=partial(_number, ge)),
    "dateequals": Operator(compare=partial(_date, eq)),
    "datenotequals": Operator(compare=partial(_date, eq), negated=True),
    "datelessthan": Operator(compare=partial(_date, lt)),
    "datelessthanequals": Operator(compare=partial(_date, le)),
    "dategreaterthan": Operator(compare=partial(_date, gt)),
    "dategreaterthanequals": Operator(compare=partial(_date, ge)),
    "bool": Operator(compare=_bool),
    "binaryequals": Operator(compare=_equals),
    "ipaddress": Operator(compare=_in_network),
    "notipaddress": Operator(compare=_in_network, negated=True),
    "arnequals": Operator(compare=_like_arn, fills=True),
    "arnlike": Operator(compare=_like_arn, fills=True),
    "arnnotequals": Operator(compare=_like_arn, fills=True, negated=True),
    "arnnotlike": Operator(compare=_like_arn, fills=True, negated=True),
}
"""The operators by name in lower case, without prefix and suffix; `Null` is handled apart."""
