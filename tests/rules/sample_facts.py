"""A made-up subject with every kind of fact, so that the language is tested beyond what today's subjects hold."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

from scanner.facts.subjects import Fact
from scanner.model.evidence import Evidence
from scanner.model.unknown import Cause, Unknown


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


class Doc(msgspec.Struct, frozen=True, kw_only=True):
    """A change document."""

    status: Annotated[str | Unknown | None, Fact(("change",), "status")] = "approved"
    approver: Annotated[str | Unknown | None, Fact(("change",), "who approved")] = "eve"
    requester: Annotated[str | Unknown | None, Fact(("events",), "who asked")] = "bob"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """An element."""

    on: Annotated[bool | Unknown, Fact(("items_on",), "switched on")] = True
    size: Annotated[int | Unknown | None, Fact(("items_size",), "size")] = 1
    colours: Annotated[tuple[Colour, ...] | Unknown | None, Fact(("items_size",), "colours")] = ()


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing but a list, so that draws stay with quantifiers and counts."""

    items: Annotated[tuple[Item | Unknown, ...] | Unknown | None, Fact(("items",), "a list of blocks")] = ()


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Everything."""

    name: Annotated[str, Fact((), "name")] = "sample"
    flag: Annotated[bool | Unknown | None, Fact(("a",), "a flag")] = True
    count: Annotated[int | Unknown | None, Fact(("a",), "a number")] = 3
    age: Annotated[timedelta | Unknown | None, Fact(("b",), "an age")] = timedelta(days=30)
    limit: Annotated[timedelta | Unknown | None, Fact(("c",), "a limit")] = timedelta(days=60)
    since: Annotated[datetime | Unknown | None, Fact(("b",), "a time")] = datetime(2025, 1, 1, tzinfo=UTC)
    until: Annotated[datetime | Unknown | None, Fact(("c",), "another time")] = datetime(2025, 6, 1, tzinfo=UTC)
    text: Annotated[str | Unknown | None, Fact(("d",), "a text")] = "alias/prod"
    colour: Annotated[Colour | Unknown | None, Fact(("d",), "a choice")] = Colour.RED
    labels: Annotated[dict[str, str] | Unknown | None, Fact(("labels",), "a mapping")] = {}
    names: Annotated[tuple[str, ...] | Unknown | None, Fact(("names",), "a list of text")] = ("a", "b")
    items: Annotated[tuple[Item | Unknown, ...] | Unknown | None, Fact(("items",), "a list of blocks")] = (
        Item(),
        Item(),
    )
    doc: Doc | Unknown | None = Doc()
    evidence: tuple[Evidence, ...] = ()


DENIED = Unknown(cause=Cause.DENIED, call="kms:GetThing")
