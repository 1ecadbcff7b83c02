"""Resolves scalars by the core rules of YAML 1.2, led by what is expected there. Guesses nothing."""

import math
import re

from scanner.config.faults import shown
from scanner.config.nodes import ListNode, MapNode, Node, ScalarNode
from scanner.config.shape import Kind, Shape, inner

Scalar = str | int | float | bool | None
Tree = Scalar | list["Tree"] | dict[str, "Tree"]

_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_AS_WRITTEN = frozenset({Kind.TEXT, Kind.CHOICE, Kind.DAY})


def resolve(node: Node, shape: Shape | None) -> Tree:
    """The node as plain values; where text or a date is expected a number is taken as written, zeros and all."""
    if isinstance(node, MapNode):
        return {key.text: resolve(value, inner(shape, key.text)) for key, value in node.entries}
    if isinstance(node, ListNode):
        return [resolve(item, inner(shape, index)) for index, item in enumerate(node.items)]
    if not node.plain:
        return node.text
    if shape is not None and shape.kind in _AS_WRITTEN and _NUMBER.fullmatch(node.text):
        return node.text
    return _core(node.text)


def described(node: Node) -> str:
    """What stands there, for a message."""
    if isinstance(node, ListNode):
        return "a list" if node.items else "an empty list"
    if isinstance(node, MapNode):
        return "a mapping" if node.entries else "an empty mapping"
    if is_null(node):
        return "nothing"
    if not node.text.strip():
        return "blank text"
    kind = _kind(node)
    return f"the {kind} {node.text}" if kind else shown(node.text)


def is_boolean(node: ScalarNode) -> bool:
    """A boolean as YAML 1.2 spells it."""
    return node.plain and node.text in _BOOLEANS


def _kind(node: ScalarNode) -> str:
    if is_boolean(node):
        return "boolean"
    return "number" if node.plain and _NUMBER.fullmatch(node.text) else ""


def is_null(node: Node) -> bool:
    """Null as YAML 1.2 spells it."""
    return isinstance(node, ScalarNode) and node.plain and node.text in _NULLS


def _core(text: str) -> Scalar:
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text) and not _LEADING_ZERO.match(text) and math.isfinite(float(text)):
        return float(text)
    return text
