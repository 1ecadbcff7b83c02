"""What a schema expects at each place, in words for messages and for the generated page. Validates nothing."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from pydantic import BaseModel

from scanner.config.nodes import Path, Step

Arguments = tuple[object, ...]


class Wording(msgspec.Struct, frozen=True):
    """How a type is called in messages: one of it with its article, and several."""

    one: str
    many: str


class Kind(StrEnum):
    """What a value is made of."""

    TEXT = "text"
    BOOLEAN = "boolean"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"
    LIST = "list"
    MAPPING = "mapping"
    SECTION = "section"


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What is expected at one place.

    `options` are the words of a choice, or those that may stand in place of a list. `item` is the shape of a list's
    items or a mapping's values, `key` that of a mapping's keys, `section` the model behind a section.
    """

    kind: Kind
    words: Wording
    options: tuple[str, ...] = ()
    key: "Shape | None" = None
    item: "Shape | None" = None
    section: type[BaseModel] | None = None


_PLAIN: dict[object, Shape] = {
    str: Shape(kind=Kind.TEXT, words=Wording("text that is not blank", "texts")),
    bool: Shape(kind=Kind.BOOLEAN, words=Wording("true or false", "booleans")),
    int: Shape(kind=Kind.WHOLE, words=Wording("a whole number", "whole numbers")),
    float: Shape(kind=Kind.NUMBER, words=Wording("a number", "numbers")),
    date: Shape(kind=Kind.DAY, words=Wording("a date such as 2027-03-31", "dates")),
}


def section_shape(section: type[BaseModel]) -> Shape:
    """The shape of a section: a mapping whose keys are the model's fields."""
    words = Wording(f"a mapping with the keys {', '.join(section.model_fields)}", "mappings")
    return Shape(kind=Kind.SECTION, words=words, section=section)


@cache
def field_shape(section: type[BaseModel], name: str) -> Shape:
    """The shape of one field of a section."""
    return _shape(get_type_hints(section, include_extras=True)[name])


def inner(shape: Shape | None, step: Step) -> Shape | None:
    """The shape under a key or an index, or None when the schema has no such place."""
    if shape is None:
        return None
    if shape.section is not None:
        return (
            field_shape(shape.section, step) if isinstance(step, str) and step in shape.section.model_fields else None
        )
    return shape.item


def shape_at(schema: type[BaseModel], path: Path) -> Shape | None:
    """The shape at a path, or None when the schema has no such place."""
    shape: Shape | None = section_shape(schema)
    for step in path:
        shape = inner(shape, step)
    return shape


def _shape(annotation: object) -> Shape:
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return section_shape(annotation)
    make = _MADE_OF.get(get_origin(annotation))
    if make is None:
        raise TypeError(f"the schema uses a type that has no words: {annotation}")
    return make(get_args(annotation))


def _annotated(arguments: Arguments) -> Shape:
    """The shape in the words that its annotation gives, if any."""
    shape = _shape(arguments[0])
    words = next((extra for extra in arguments[1:] if isinstance(extra, Wording)), shape.words)
    return msgspec.structs.replace(shape, words=words)


def _choice(arguments: Arguments) -> Shape:
    options = tuple(map(str, arguments))
    one = f"one of {', '.join(options)}" if len(options) > 1 else options[0]
    return Shape(kind=Kind.CHOICE, words=Wording(one, f"words ({', '.join(options)})"), options=options)


def _list(arguments: Arguments) -> Shape:
    item = _shape(arguments[0])
    return Shape(kind=Kind.LIST, words=Wording(f"a list of {item.words.many}", "lists"), item=item)


def _mapping(arguments: Arguments) -> Shape:
    key, value = map(_shape, arguments)
    words = Wording(f"a mapping of {key.words.many} to {value.words.many}", "mappings")
    return Shape(kind=Kind.MAPPING, words=words, key=key, item=value)


def _union(arguments: Arguments) -> Shape:
    """A type beside None is itself; words beside a list are a list that the words can stand for."""
    members = [_shape(member) for member in arguments if member is not NoneType]
    if len(members) == 1:
        return members[0]
    words, items = sorted(members, key=lambda member: member.kind is Kind.LIST)
    one = f"{words.words.one} or {items.words.one}"
    return msgspec.structs.replace(items, options=words.options, words=Wording(one, "lists"))


_MADE_OF: Mapping[object, Callable[[Arguments], Shape]] = {
    Annotated: _annotated,
    Literal: _choice,
    tuple: _list,
    dict: _mapping,
    Union: _union,
    UnionType: _union,
}
