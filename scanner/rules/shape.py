"""The shape of a subject's facts, read from their annotated types: what a rule file is checked against. No values."""

import functools
import types
import typing
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from scanner.facts.subjects import (
    AccountRegionFacts,
    DataStoreFacts,
    Fact,
    KeyContainerFacts,
    KeyFacts,
    PopulationFacts,
)
from scanner.model.finding import SubjectKind
from scanner.model.unknown import Unknown


class Kind(StrEnum):
    """What a leaf holds; decides which operators apply."""

    BOOLEAN = "true or false"
    INTEGER = "whole number"
    DURATION = "duration"
    TIME = "time"
    TEXT = "text"
    CHOICE = "choice"
    MAPPING = "mapping"
    LIST = "list"


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """One fact. `choices` is set for a choice, `element` for a list; `optional` may be absent, `unread` unknown."""

    kind: Kind
    optional: bool = False
    unread: bool = False
    groups: tuple[str, ...] = ()
    doc: str = ""
    choices: type[StrEnum] | None = None
    element: "Field | None" = None

    @property
    def title(self) -> str:
        """The kind in words: `list of text`, `choice of aws, gcp, azure`."""
        if self.choices:
            return f"choice of {', '.join(self.choices)}"
        return f"list of {self.element.title}" if self.element else self.kind.value


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A group of facts with fields of its own; `build` is its class."""

    build: type[msgspec.Struct]
    fields: dict[str, "Field"]
    optional: bool = False
    unread: bool = False

    @property
    def title(self) -> str:
        """What a message calls it: `Key`, `Rotation`."""
        return self.build.__name__.removesuffix("Facts")

    @property
    def doc(self) -> str:
        """Its class's own first line."""
        return (self.build.__doc__ or "").strip().splitlines()[0]


Field = Leaf | Block

SUBJECTS: Mapping[SubjectKind, type[msgspec.Struct]] = {
    SubjectKind.KEY: KeyFacts,
    SubjectKind.POPULATION_SCOPE: PopulationFacts,
    SubjectKind.ACCOUNT_REGION: AccountRegionFacts,
    SubjectKind.DATA_STORE: DataStoreFacts,
    SubjectKind.KEY_CONTAINER: KeyContainerFacts,
}
_SCALARS: Mapping[object, Kind] = {
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    timedelta: Kind.DURATION,
    datetime: Kind.TIME,
    str: Kind.TEXT,
}


def subject_shape(kind: SubjectKind) -> Block:
    """What a rule about this kind of subject can be about."""
    return shape(SUBJECTS[kind])


@functools.cache
def shape(build: type[msgspec.Struct]) -> Block:
    """The shape of a class of facts; fields that are neither facts nor groups of facts are left out."""
    hints = typing.get_type_hints(build, include_extras=True)
    fields = {name: field for name, hint in hints.items() if (field := _field(hint)) is not None}
    return Block(build=build, fields=fields)


def _field(hint: object) -> Field | None:
    fact = next((item for item in getattr(hint, "__metadata__", ()) if isinstance(item, Fact)), None)
    bare = typing.get_args(hint)[0] if fact else hint
    options = typing.get_args(bare) if isinstance(bare, types.UnionType) else (bare,)
    kinds = [option for option in options if option not in {Unknown, types.NoneType}]
    optional, unread = types.NoneType in options, Unknown in options
    if isinstance(kinds[0], type) and issubclass(kinds[0], msgspec.Struct):
        inner = shape(kinds[0])
        return Block(build=inner.build, fields=inner.fields, optional=optional, unread=unread)
    if fact is None:
        return None
    return _leaf(kinds[0], optional=optional, unread=unread, fact=fact)


def _leaf(hint: object, *, optional: bool, unread: bool, fact: Fact) -> Leaf:
    made = Leaf(kind=Kind.LIST, optional=optional, unread=unread, groups=fact.groups, doc=fact.doc)
    origin = typing.get_origin(hint)
    if origin is tuple:
        return msgspec.structs.replace(made, element=_element(typing.get_args(hint)[0], fact))
    if origin is dict:
        return msgspec.structs.replace(made, kind=Kind.MAPPING)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return msgspec.structs.replace(made, kind=Kind.CHOICE, choices=hint)
    return msgspec.structs.replace(made, kind=_SCALARS[hint])


def _element(hint: object, fact: Fact) -> Field:
    """What a list is made of: a group of facts, or a value that shares the list's groups."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return shape(hint)
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    bare = next(option for option in options if option not in {Unknown, types.NoneType})
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return msgspec.structs.replace(shape(bare), unread=Unknown in options)
    return _leaf(bare, optional=types.NoneType in options, unread=Unknown in options, fact=fact)
