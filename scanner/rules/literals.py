"""Reads the literal an operator compares with: typed by the fact, or a parameter or named list. Judges nothing."""

import re
from collections.abc import Callable, Mapping

import msgspec
import re2

from scanner.config.faults import Place
from scanner.config.nodes import ListNode, Node, ScalarNode
from scanner.rules import scalars
from scanner.rules.conditions import Operator, Plain, Value
from scanner.rules.evaluate import pattern
from scanner.rules.faults import FaultError, Faults, did_you_mean
from scanner.rules.params import Param, ParamType, find_param
from scanner.rules.shape import Kind, Leaf

MAX_PATTERN = 500
_REFERENCE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")

Lists = Mapping[str, tuple[str, ...]]


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a condition may refer to: parameters with their effective values, and named lists."""

    faults: Faults
    params: Mapping[str, Param]
    values: Mapping[str, Value]
    lists: Lists


class Literal(msgspec.Struct, frozen=True):
    """A checked literal and where it came from (`$param`, `@list` or nothing)."""

    value: Value
    source: str = ""


_ONE: Mapping[Kind, tuple[Callable[[Node], Plain], frozenset[ParamType]]] = {
    Kind.BOOLEAN: (scalars.boolean, frozenset({ParamType.BOOL})),
    Kind.INTEGER: (scalars.integer, frozenset({ParamType.INT, ParamType.NUMBER})),
    Kind.DURATION: (scalars.duration, frozenset({ParamType.DURATION})),
    Kind.TEXT: (scalars.text, frozenset({ParamType.STRING})),
    Kind.CHOICE: (scalars.text, frozenset({ParamType.STRING})),
}
_BOOLEAN_OPERATORS = frozenset({Operator.ABSENT, Operator.EMPTY})
_LIST_OPERATORS = frozenset({Operator.IN, Operator.NOT_IN, Operator.CONTAINS_ANY, Operator.HAS_KEYS})
_NAMED_LIST_OPERATORS = frozenset({Operator.IN_LIST, Operator.NOT_IN_LIST})


def read_literal(operator: Operator, node: Node, leaf: Leaf, context: Context) -> Literal:
    """The literal of an operator on a fact; raises FaultError for a wrong type, value, unit or name."""
    if operator in _BOOLEAN_OPERATORS:
        return Literal(scalars.boolean(node))
    if operator in _NAMED_LIST_OPERATORS:
        return _named_list(node, context)
    if operator is Operator.MATCHES:
        return _pattern(node)
    element = leaf.element if isinstance(leaf.element, Leaf) else leaf
    if operator is Operator.HAS_KEYS:
        element = Leaf(kind=Kind.TEXT)
    return _several(node, element, context) if operator in _LIST_OPERATORS else _one(node, element, context)


def reference(node: Node) -> str | None:
    """The name of the parameter a node refers to (`$name`), or None."""
    match = _REFERENCE.fullmatch(node.text) if isinstance(node, ScalarNode) and not node.tag else None
    return match[1] if match else None


def _one(node: Node, leaf: Leaf, context: Context) -> Literal:
    types = _ONE[leaf.kind][1]
    name = reference(node)
    if name is not None:
        return _of_param(name, node.place, leaf, (types, context))
    return Literal(_literal(node, leaf))


def _literal(node: Node, leaf: Leaf) -> Plain:
    if scalars.is_null(node):
        raise FaultError(node.place, "a comparison with nothing is never true; write {absent: true}")
    if leaf.kind is Kind.CHOICE:
        return _member(scalars.scalar(node, f"a {leaf.title}").text, leaf, node.place)
    return _ONE[leaf.kind][0](node)


def _several(node: Node, leaf: Leaf, context: Context) -> Literal:
    name = reference(node)
    if name is not None:
        return _of_param(name, node.place, leaf, (frozenset({ParamType.STRINGS}), context))
    if not isinstance(node, ListNode) or not node.items:
        raise FaultError(node.place, f"expected a list of values, got {scalars.described(node)}")
    mixed = next((item for item in node.items if reference(item)), None)
    if mixed is not None:
        raise FaultError(mixed.place, "a parameter stands for the whole list, not for one of its items")
    return Literal(tuple(_literal(item, leaf) for item in node.items))


def _of_param(name: str, place: Place, leaf: Leaf, expected: tuple[frozenset[ParamType], Context]) -> Literal:
    types, context = expected
    param = find_param(name, context.params, place)
    if param.type not in types:
        wanted = " or ".join(sorted(types)) or "no parameter"
        raise FaultError(place, f"${name} is a {param.type}; expected {wanted} for a {leaf.title}")
    return Literal(typed(context.values[name], leaf, place), f"${name}")


def typed(value: Value, leaf: Leaf, place: Place) -> Value:
    """A parameter's value as the fact's own type: text becomes a member of a choice."""
    if leaf.kind is not Kind.CHOICE:
        return value
    if isinstance(value, tuple):
        return tuple(_member(str(item), leaf, place) for item in value)
    return _member(str(value), leaf, place)


def _member(text: str, leaf: Leaf, place: Place) -> str:
    options = tuple(leaf.choices or ())
    found = next((option for option in options if option.value == text), None)
    if found is None:
        raise FaultError(place, f"'{text}' is not a value of this field{did_you_mean(text, options)}")
    return found


def _named_list(node: Node, context: Context) -> Literal:
    name = scalars.filled_text(node, "the name of a list")
    if name not in context.lists:
        hint = did_you_mean(name, context.lists)
        raise FaultError(node.place, f"no list '{name}' in the configuration or in pack.yaml{hint}")
    return Literal(context.lists[name], f"@{name}")


def _pattern(node: Node) -> Literal:
    text = scalars.filled_text(node, "a pattern")
    if len(text) > MAX_PATTERN:
        raise FaultError(node.place, f"expected a pattern of at most {MAX_PATTERN} characters")
    try:
        pattern(text)
    except re2.error as error:
        why = str(error).removeprefix("b'").rstrip("'")
        raise FaultError(node.place, f"not a pattern of RE2 (no look-around, no back-references): {why}") from error
    return Literal(text)
