"""Reads typed scalars from YAML nodes by the scalar rules of YAML 1.2. Guesses nothing: a wrong type is a fault."""

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from scanner.config.nodes import ListNode, MapNode, Node, ScalarNode
from scanner.rules.faults import FaultError, did_you_mean

Choice = TypeVar("Choice", bound=StrEnum)

_DURATION = re.compile(r"(\d{1,8})([wdhms])")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_INTEGER = re.compile(r"[-+]?\d{1,15}")
_NUMBER = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d{1,3})?")


def described(node: Node) -> str:
    """What stands there, for a message."""
    if isinstance(node, ListNode):
        return "a list"
    if isinstance(node, MapNode):
        return "a mapping"
    if node.tag:
        return node.tag
    if not node.plain:
        return f"the text '{node.text}'"
    kinds = ((is_null(node), "nothing"), (node.text in _BOOLEANS, f"the boolean {node.text}"))
    if _NUMBER.fullmatch(node.text):
        return f"the number {node.text}"
    return next((text for holds, text in kinds if holds), f"'{node.text}'")


def is_null(node: Node) -> bool:
    """Null as YAML 1.2 spells it."""
    return isinstance(node, ScalarNode) and node.plain and node.tag is None and node.text in _NULLS


def scalar(node: Node, expected: str) -> ScalarNode:
    """The node as an untagged scalar that is not null; raises FaultError saying what was expected."""
    if not isinstance(node, ScalarNode) or node.tag or is_null(node):
        raise FaultError(node.place, f"expected {expected}, got {described(node)}")
    return node


def text(node: Node, expected: str = "text") -> str:
    """Text; a plain boolean or number is a fault that says to quote it."""
    found = scalar(node, expected)
    if found.plain and (found.text in _BOOLEANS or _NUMBER.fullmatch(found.text)):
        raise FaultError(node.place, f"expected {expected}, got {described(node)}; put quotes around it")
    return found.text


def filled_text(node: Node, expected: str = "text") -> str:
    """Text that is not blank, without the space around it."""
    found = text(node, expected).strip()
    if not found:
        raise FaultError(node.place, f"expected {expected}, got blank text")
    return found


def boolean(node: Node) -> bool:
    """`true` or `false`, unquoted."""
    found = scalar(node, "true or false")
    if not found.plain or found.text not in _BOOLEANS:
        raise FaultError(node.place, f"expected true or false, got {described(node)}")
    return _BOOLEANS[found.text]


def integer(node: Node) -> int:
    """A whole number, unquoted."""
    found = scalar(node, "a whole number")
    if not found.plain or not _INTEGER.fullmatch(found.text):
        raise FaultError(node.place, f"expected a whole number such as 3, got {described(node)}")
    return int(found.text)


def number(node: Node) -> float:
    """A number, unquoted."""
    found = scalar(node, "a number")
    if not found.plain or not _NUMBER.fullmatch(found.text):
        raise FaultError(node.place, f"expected a number such as 0.5, got {described(node)}")
    return float(found.text)


def duration(node: Node) -> timedelta:
    """A duration with its unit: 365d, 12h, 15m, 30s, 2w."""
    found = scalar(node, "a duration such as 365d")
    match = _DURATION.fullmatch(found.text)
    if not match:
        raise FaultError(node.place, f"expected a duration such as 365d, 12h or 15m, got {described(node)}")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def signed_duration(node: Node) -> timedelta:
    """A duration that may be negative, as measured times are: -330d."""
    found = scalar(node, "a duration such as 365d or -2d")
    if not found.text.startswith("-"):
        return duration(node)
    return -duration(ScalarNode(found.text[1:], found.plain, found.place))


def moment(node: Node) -> datetime:
    """A point in time with its zone: 2026-01-01T00:00:00Z."""
    found = scalar(node, "a time such as 2026-01-01T00:00:00Z")
    try:
        value = datetime.fromisoformat(found.text)
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise FaultError(node.place, f"expected a time such as 2026-01-01T00:00:00Z, got {described(node)}")
    return value.astimezone(UTC)


def day(node: Node) -> date:
    """A date: 2026-01-31."""
    found = scalar(node, "a date such as 2026-01-31")
    try:
        return date.fromisoformat(found.text)
    except ValueError as error:
        raise FaultError(node.place, f"expected a date such as 2026-01-31, got {described(node)}") from error


def choice(node: Node, options: type[Choice]) -> Choice:
    """A member of a closed set, by its value."""
    found = scalar(node, f"one of {', '.join(options)}")
    try:
        return options(found.text)
    except ValueError as error:
        hint = did_you_mean(found.text, (option.value for option in options))
        raise FaultError(node.place, f"'{found.text}' is not a value of this field{hint}") from error


def items(node: Node, expected: str = "a list") -> tuple[Node, ...]:
    """The items of a list."""
    if not isinstance(node, ListNode):
        raise FaultError(node.place, f"expected {expected}, got {described(node)}")
    return node.items


def texts(node: Node) -> tuple[str, ...]:
    """A list of texts, each once."""
    found = tuple(filled_text(item) for item in items(node, "a list of texts"))
    twice = next((value for index, value in enumerate(found) if value in found[:index]), None)
    if twice is not None:
        raise FaultError(node.place, f"'{twice}' stands in the list twice")
    return found


def mapping(node: Node, expected: str = "a mapping") -> MapNode:
    """The node as a mapping."""
    if not isinstance(node, MapNode):
        raise FaultError(node.place, f"expected {expected}, got {described(node)}")
    return node
