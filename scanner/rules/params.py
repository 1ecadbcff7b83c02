"""Typed, bounded parameters: their definitions, the values they may take, and what counts as loosening."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum

import msgspec

from scanner.config.faults import Place
from scanner.config.nodes import Node
from scanner.rules import scalars
from scanner.rules.conditions import Value
from scanner.rules.faults import FaultError, Faults, did_you_mean
from scanner.rules.fields import read_fields
from scanner.rules.wording import printed


class ParamType(StrEnum):
    """What a parameter holds."""

    DURATION = "duration"
    INT = "int"
    NUMBER = "number"
    BOOL = "bool"
    STRING = "string"
    STRINGS = "strings"


class Looser(StrEnum):
    """Which way a parameter makes a rule easier to pass; for lists: more or fewer entries."""

    HIGHER = "higher"
    LOWER = "lower"


class Param(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter. Bounds include their ends and are None where there is none."""

    name: str
    type: ParamType
    default: Value
    least: Value | None
    most: Value | None
    looser: Looser | None
    description: str
    place: Place


_READERS: Mapping[ParamType, Callable[[Node], Value]] = {
    ParamType.DURATION: scalars.duration,
    ParamType.INT: scalars.integer,
    ParamType.NUMBER: scalars.number,
    ParamType.BOOL: scalars.boolean,
    ParamType.STRING: scalars.filled_text,
    ParamType.STRINGS: scalars.texts,
}
_REQUIRED = ("type", "default")
_OPTIONAL = ("min", "max", "looser", "description")


def read_params(node: Node, faults: Faults) -> dict[str, Param]:
    """The parameters defined in a mapping of names; a faulty one is noted and left out."""
    found: dict[str, Param] = {}
    for key, value in scalars.mapping(node, "a mapping of parameter names").entries:
        with faults.collect():
            found[key.text] = _param(key.text, key.place, value)
    return found


def _param(name: str, place: Place, node: Node) -> Param:
    if not name.isidentifier() or name != name.lower():
        raise FaultError(place, f"'{name}' is not a parameter name; expected lower case letters, digits and _")
    fields = read_fields(node, _REQUIRED, _OPTIONAL)
    kind = scalars.choice(fields["type"], ParamType)
    bounds = {edge: _bound(kind, fields[edge]) if edge in fields else None for edge in ("min", "max")}
    param = Param(
        name=name,
        type=kind,
        default=_READERS[kind](fields["default"]),
        least=bounds["min"],
        most=bounds["max"],
        looser=scalars.choice(fields["looser"], Looser) if "looser" in fields else None,
        description=scalars.filled_text(fields["description"]) if "description" in fields else "",
        place=place,
    )
    _within(param, param.default, fields["default"])
    return param


def _bound(kind: ParamType, node: Node) -> Value:
    if kind not in {ParamType.DURATION, ParamType.INT, ParamType.NUMBER}:
        raise FaultError(node.place, f"a parameter of type {kind} has no bounds")
    return _READERS[kind](node)


def read_value(param: Param, node: Node) -> Value:
    """A value for a parameter, checked against its type and bounds."""
    value = _READERS[param.type](node)
    _within(param, value, node)
    return value


def _within(param: Param, value: Value, node: Node) -> None:
    if param.least is not None and _below(value, param.least):
        raise FaultError(node.place, f"{param.name} is at least {printed(param.least)}, got {printed(value)}")
    if param.most is not None and _below(param.most, value):
        raise FaultError(node.place, f"{param.name} is at most {printed(param.most)}, got {printed(value)}")


def _below(left: Value, right: Value) -> bool:
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left < right
    return isinstance(left, int | float) and isinstance(right, int | float) and left < right


def is_looser(param: Param, value: Value) -> bool:
    """Whether a value may let something pass that the default does not; without a direction any change may."""
    if value == param.default:
        return False
    match param.looser:
        case None:
            return True
        case Looser.HIGHER:
            return not _tighter(value, param.default)
        case _:
            return not _tighter(param.default, value)


def _tighter(lower: Value, higher: Value) -> bool:
    """Whether `lower` comes below: a smaller number, a shorter time, a part of the list."""
    if isinstance(lower, tuple) and isinstance(higher, tuple):
        return set(lower) < set(higher)
    return _below(lower, higher)


def find_param(name: str, params: Mapping[str, Param], place: Place) -> Param:
    """The parameter of a name, else a fault with the nearest one."""
    if name not in params:
        raise FaultError(place, f"no parameter '{name}'{did_you_mean(name, params)}")
    return params[name]
