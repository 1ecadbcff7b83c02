"""Reads conditions from YAML nodes, checking every path, operator and literal against the shape of the facts."""

from collections.abc import Mapping

import msgspec

from scanner.config.faults import Place
from scanner.config.nodes import ListNode, MapNode, Node, ScalarNode
from scanner.rules import scalars
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
from scanner.rules.faults import FaultError, did_you_mean
from scanner.rules.literals import Context, Literal, read_literal
from scanner.rules.shape import Block, Field, Kind, Leaf

COUNT = "count"
WHERE = "where"
ALLOW_EMPTY = "allow_empty"
ANY_OF, ALL_OF, NOT = "any_of", "all_of", "not"
CONNECTIVES = (ANY_OF, ALL_OF, NOT)

_EQUAL = (Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN)
_SAME_FIELD = (Operator.EQ_FIELD, Operator.NE_FIELD)
_NAMED = (Operator.IN_LIST, Operator.NOT_IN_LIST)
_ORDER = (Operator.LT, Operator.LTE, Operator.GT, Operator.GTE)
_ORDER_FIELD = (Operator.LT_FIELD, Operator.LTE_FIELD, Operator.GT_FIELD, Operator.GTE_FIELD)
_FIELD_OPERATORS = frozenset((*_SAME_FIELD, *_ORDER_FIELD))
_ELEMENTS = frozenset(Among)

OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.BOOLEAN: (*_EQUAL, *_SAME_FIELD, Operator.ABSENT),
    Kind.INTEGER: (*_EQUAL, *_ORDER, *_SAME_FIELD, *_ORDER_FIELD, Operator.ABSENT),
    Kind.DURATION: (*_EQUAL, *_ORDER, *_SAME_FIELD, *_ORDER_FIELD, Operator.ABSENT),
    Kind.TIME: (*_SAME_FIELD, *_ORDER_FIELD, Operator.ABSENT),
    Kind.TEXT: (*_EQUAL, *_NAMED, *_SAME_FIELD, Operator.MATCHES, Operator.ABSENT),
    Kind.CHOICE: (*_EQUAL, *_NAMED, *_SAME_FIELD, Operator.ABSENT),
    Kind.MAPPING: (Operator.HAS_KEYS, Operator.EMPTY, Operator.ABSENT),
    Kind.LIST: (Operator.CONTAINS, Operator.CONTAINS_ANY, Operator.EMPTY, Operator.ABSENT),
}
"""The operators of each kind of fact; lists also take every, any, none and count."""
BOUNDS = (Operator.LTE, Operator.GTE, Operator.EQ, Operator.LT, Operator.GT)
_BLOCK_ONLY_LISTS = (Operator.EMPTY, Operator.ABSENT)
_NUMBER = Leaf(kind=Kind.INTEGER)


class Where(msgspec.Struct, frozen=True):
    """Where in the facts a block stands: its shape, and the path to it from the last list element or the subject."""

    block: Block
    path: Path = ()


def read_block(node: Node, where: Where, context: Context) -> Condition:
    """A mapping of conditions that must all hold; faulty entries are noted and left out."""
    found = scalars.mapping(node, f"a mapping of conditions on {where.block.title}")
    if not found.entries:
        raise FaultError(node.place, "expected at least one condition, got an empty mapping")
    parts: list[Condition] = []
    for key, value in found.entries:
        with context.faults.collect():
            parts.append(_entry(key, value, where, context))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _entry(key: ScalarNode, value: Node, where: Where, context: Context) -> Condition:
    if key.text == NOT:
        return Not(read_block(value, where, context))
    if key.text in CONNECTIVES:
        parts = _blocks(value, where, context)
        return AnyOf(parts) if key.text == ANY_OF else AllOf(parts)
    names = tuple(key.text.split("."))
    field = find_field(where.block, names, key.place)
    path = (*where.path, *names)
    if isinstance(field, Block):
        return _of_block(value, Where(field, path), context)
    return _of_leaf(value, path, field, (where, context))


def _blocks(node: Node, where: Where, context: Context) -> tuple[Condition, ...]:
    if not isinstance(node, ListNode) or not node.items:
        raise FaultError(node.place, f"expected a list of blocks, got {scalars.described(node)}")
    return tuple(read_block(item, where, context) for item in node.items)


def find_field(block: Block, names: Path, place: Place) -> Field:
    """The field at a dotted path; raises FaultError with the nearest name."""
    field: Field = block
    for index, name in enumerate(names):
        if isinstance(field, Leaf):
            upto = ".".join(names[:index])
            hint = "; use every, any, none or count" if field.kind is Kind.LIST else ""
            raise FaultError(place, f"'{upto}' is a {field.title} and has no field '{name}'{hint}")
        if name not in field.fields:
            options = (*field.fields, *(CONNECTIVES if index == 0 else ()))
            raise FaultError(place, f"{field.title} has no field '{name}'{did_you_mean(name, options)}")
        field = field.fields[name]
    return field


def _of_block(node: Node, where: Where, context: Context) -> Condition:
    """A nested block, or `absent` for one the provider may not have."""
    if not isinstance(node, MapNode):
        fields = ", ".join(where.block.fields)
        raise FaultError(node.place, f"{'.'.join(where.path)} is a group; expected a mapping of its fields {fields}")
    absent = node.get(Operator.ABSENT)
    if absent is None or not where.block.optional or len(node.entries) > 1:
        return read_block(node, where, context)
    groups = tuple(sorted({group for field in leaves_of(where.block) for group in field.groups}))
    return Compare(path=where.path, operator=Operator.ABSENT, value=scalars.boolean(absent), groups=groups)


def leaves_of(block: Block) -> tuple[Leaf, ...]:
    """Every leaf under a block, outside lists."""
    found: list[Leaf] = []
    for field in block.fields.values():
        found.extend(leaves_of(field) if isinstance(field, Block) else (field,))
    return tuple(found)


def _of_leaf(node: Node, path: Path, leaf: Leaf, at: tuple[Where, Context]) -> Condition:
    """Operators on a leaf, all of which must hold; a bare literal means `eq`."""
    if not isinstance(node, MapNode):
        if Operator.EQ not in OPERATORS[leaf.kind]:
            known = ", ".join(operators_of(leaf))
            raise FaultError(node.place, f"{_name(path)} is a {leaf.title}; expected a mapping with one of {known}")
        literal = read_literal(Operator.EQ, node, leaf, at[1])
        return _compare(path, Operator.EQ, leaf, literal)
    if not node.entries:
        raise FaultError(node.place, f"expected an operator on {_name(path)}, got an empty mapping")
    parts: list[Condition] = []
    for key, value in node.entries:
        with at[1].faults.collect():
            parts.append(_operation(key, value, (path, leaf), at))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def operators_of(leaf: Leaf) -> tuple[str, ...]:
    """The names of the operators that apply to a leaf."""
    if leaf.kind is not Kind.LIST:
        return tuple(OPERATORS[leaf.kind])
    plain = _BLOCK_ONLY_LISTS if isinstance(leaf.element, Block) else OPERATORS[Kind.LIST]
    return (*Among, COUNT, *plain)


def _operation(key: ScalarNode, node: Node, of: tuple[Path, Leaf], at: tuple[Where, Context]) -> Condition:
    path, leaf = of
    known = operators_of(leaf)
    if key.text not in known:
        hint = did_you_mean(key.text, known)
        raise FaultError(key.place, f"operator '{key.text}' does not apply to {_name(path)} ({leaf.title}){hint}")
    if key.text in _ELEMENTS:
        return _elements(Among(key.text), node, of, at[1])
    if key.text == COUNT:
        return _count(node, of, at[1])
    operator = Operator(key.text)
    if operator in _FIELD_OPERATORS:
        return _compare_field(operator, node, of, at)
    literal = read_literal(operator, node, leaf, at[1])
    return _compare(path, operator, leaf, literal)


def _compare(path: Path, operator: Operator, leaf: Leaf, literal: Literal) -> Compare:
    return Compare(path=path, operator=operator, value=literal.value, source=literal.source, groups=leaf.groups)


def _compare_field(operator: Operator, node: Node, of: tuple[Path, Leaf], at: tuple[Where, Context]) -> CompareField:
    path, leaf = of
    names = tuple(scalars.filled_text(node, "the path of another field").split("."))
    other = find_field(at[0].block, names, node.place)
    if isinstance(other, Block) or (other.kind, other.choices) != (leaf.kind, leaf.choices):
        raise FaultError(
            node.place, f"{'.'.join(names)} is a {other.title}; expected a {leaf.title} as {_name(path)} is"
        )
    other_path = (*at[0].path, *names)
    if other_path == path:
        raise FaultError(node.place, f"{_name(path)} is compared with itself; expected another field")
    groups = tuple(dict.fromkeys((*leaf.groups, *other.groups)))
    return CompareField(path=path, operator=operator, other=other_path, groups=groups)


def _elements(among: Among, node: Node, of: tuple[Path, Leaf], context: Context) -> Elements:
    path, leaf = of
    allow_empty = False
    found = scalars.mapping(node, f"a mapping of conditions on an element of {_name(path)}")
    setting = found.get(ALLOW_EMPTY)
    if setting is not None and among is Among.EVERY:
        allow_empty = scalars.boolean(setting)
        found = MapNode(tuple(entry for entry in found.entries if entry[0].text != ALLOW_EMPTY), found.place)
    inner = _of_element(found, leaf, context)
    return Elements(path=path, among=among, of=inner, allow_empty=allow_empty, groups=leaf.groups)


def _of_element(node: Node, leaf: Leaf, context: Context) -> Condition:
    """A block on an element of a list, or operators when its elements are plain values."""
    if isinstance(leaf.element, Block):
        return read_block(node, Where(leaf.element), context)
    alone = Where(Block(build=msgspec.Struct, fields={}))
    return _of_leaf(node, (), leaf.element or leaf, (alone, context))


def _count(node: Node, of: tuple[Path, Leaf], context: Context) -> Count:
    path, leaf = of
    found = scalars.mapping(node, "a mapping with where and a bound")
    where = found.get(WHERE)
    if where is None:
        raise FaultError(node.place, "expected key 'where', which is missing")
    bounds: list[Compare] = []
    for key, value in found.entries:
        if key.text == WHERE:
            continue
        if key.text not in BOUNDS:
            raise FaultError(key.place, f"unknown key '{key.text}'{did_you_mean(key.text, (WHERE, *BOUNDS))}")
        literal = read_literal(Operator(key.text), value, _NUMBER, context)
        bounds.append(_compare((), Operator(key.text), _NUMBER, literal))
    if not bounds:
        raise FaultError(node.place, f"expected a bound: one of {', '.join(BOUNDS)}")
    return Count(path=path, where=_of_element(where, leaf, context), bounds=tuple(bounds), groups=leaf.groups)


def _name(path: Path) -> str:
    return ".".join(path) or "the element"
