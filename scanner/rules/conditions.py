"""The tree a condition is read into: checked, frozen, with every path resolved. Judges nothing itself."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum

import msgspec

Path = tuple[str, ...]
Plain = bool | int | float | str | timedelta
Value = Plain | tuple[Plain, ...]


class Operator(StrEnum):
    """What may be asked of one value; the order is that of the reference page."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    IN_LIST = "in_list"
    NOT_IN_LIST = "not_in_list"
    ABSENT = "absent"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    EQ_FIELD = "eq_field"
    NE_FIELD = "ne_field"
    LT_FIELD = "lt_field"
    LTE_FIELD = "lte_field"
    GT_FIELD = "gt_field"
    GTE_FIELD = "gte_field"
    MATCHES = "matches"
    HAS_KEYS = "has_keys"
    CONTAINS = "contains"
    CONTAINS_ANY = "contains_any"
    EMPTY = "empty"


class Among(StrEnum):
    """How the elements of a list are asked."""

    EVERY = "every"
    ANY = "any"
    NONE = "none"


class Compare(msgspec.Struct, frozen=True, kw_only=True):
    """One value against a literal. `source` names where the literal came from: `$param`, `@list` or nothing."""

    path: Path
    operator: Operator
    value: Value
    source: str = ""
    groups: tuple[str, ...] = ()


class CompareField(msgspec.Struct, frozen=True, kw_only=True):
    """One value against another of the same block; false when either is absent."""

    path: Path
    operator: Operator
    other: Path
    groups: tuple[str, ...] = ()


class Elements(msgspec.Struct, frozen=True, kw_only=True):
    """A condition on the elements of a list; an absent list is an empty one."""

    path: Path
    among: Among
    of: "Condition"
    allow_empty: bool = False
    groups: tuple[str, ...] = ()


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many elements satisfy a condition; `bounds` compare the number, at the empty path."""

    path: Path
    where: "Condition"
    bounds: tuple[Compare, ...]
    groups: tuple[str, ...] = ()


class AllOf(msgspec.Struct, frozen=True):
    """True when every part is; true without parts."""

    of: "tuple[Condition, ...]"


class AnyOf(msgspec.Struct, frozen=True):
    """True when one part is."""

    of: "tuple[Condition, ...]"


class Not(msgspec.Struct, frozen=True):
    """True when its part is false; unknown stays unknown."""

    of: "Condition"


Asked = Compare | CompareField | Elements | Count
Condition = Asked | AllOf | AnyOf | Not
Rewrite = Callable[[Condition], Condition]


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside."""
    match condition:
        case AllOf(of=parts) | AnyOf(of=parts):
            return parts
        case Not(of=part) | Elements(of=part) | Count(where=part):
            return (part,)
        case _:
            return ()


def asked(condition: Condition) -> Iterator[Asked]:
    """Every node that looks at a fact, outside in."""
    if isinstance(condition, Asked):
        yield condition
    for part in children(condition):
        yield from asked(part)


def sources(condition: Condition) -> dict[str, Value]:
    """The literals that came from a parameter (`$name`) or a named list (`@name`), by that name."""
    found: dict[str, Value] = {}
    for node in asked(condition):
        compares = node.bounds if isinstance(node, Count) else (node,) if isinstance(node, Compare) else ()
        found |= {compare.source: compare.value for compare in compares if compare.source}
    return found


def rewrite(condition: Condition, change: Rewrite) -> Condition:
    """The tree with `change` applied to every node, inside out."""
    match condition:
        case AllOf(of=parts):
            return change(AllOf(tuple(rewrite(part, change) for part in parts)))
        case AnyOf(of=parts):
            return change(AnyOf(tuple(rewrite(part, change) for part in parts)))
        case Not(of=part):
            return change(Not(rewrite(part, change)))
        case Elements(of=part):
            return change(msgspec.structs.replace(condition, of=rewrite(part, change)))
        case Count(where=part):
            return change(msgspec.structs.replace(condition, where=rewrite(part, change)))
        case _:
            return change(condition)


def rebind(condition: Condition, values: Mapping[str, Value]) -> Condition:
    """The tree with the literals of the named sources replaced; `values` has keys such as `$max_rotation`."""

    def bound(compare: Compare) -> Compare:
        if compare.source not in values:
            return compare
        return msgspec.structs.replace(compare, value=values[compare.source])

    def change(node: Condition) -> Condition:
        match node:
            case Compare():
                return bound(node)
            case Count(bounds=bounds):
                return msgspec.structs.replace(node, bounds=tuple(bound(compare) for compare in bounds))
            case _:
                return node

    return rewrite(condition, change)
