"""Turns YAML text into a small tree with positions. Resolves no types, follows no aliases, builds no objects."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Protocol

import msgspec
import yaml

from scanner.config.faults import Fault, Place, shown

MAX_CHARACTERS = 1_048_576
MAX_DEPTH = 20

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, line separators, marks that turn the direction of text, and halves of characters."""


class Dialect(msgspec.Struct, frozen=True):
    """How large and how deep a kind of file may be, and the tags that its scalars may carry."""

    characters: int = MAX_CHARACTERS
    depth: int = MAX_DEPTH
    tags: frozenset[str] = frozenset()


PLAIN = Dialect()


class ScalarNode(msgspec.Struct, frozen=True):
    """A scalar as written; `plain` is False when it was quoted or a block."""

    text: str
    plain: bool
    place: Place
    tag: str | None = None


class ListNode(msgspec.Struct, frozen=True):
    """A sequence."""

    items: "tuple[Node, ...]"
    place: Place


class MapNode(msgspec.Struct, frozen=True):
    """A mapping in the order written; every key once."""

    entries: "tuple[tuple[ScalarNode, Node], ...]"
    place: Place

    def get(self, key: str) -> "Node | None":
        """The value under a key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)

    def key(self, key: str) -> ScalarNode | None:
        """The key itself, which has a position of its own, or None."""
        return next((name for name, _ in self.entries if name.text == key), None)


Node = ScalarNode | ListNode | MapNode
Step = str | int
Path = tuple[Step, ...]


class FaultError(Exception):
    """A fault after which the rest of a text cannot be read; stays inside this room."""

    def __init__(self, place: Place, text: str) -> None:
        super().__init__(f"{place}: {text}")
        self.fault = Fault(place, text)


class Mark(Protocol):
    """A position as the parser counts it, from 0."""

    @property
    def line(self) -> int:
        """Line."""
        ...

    @property
    def column(self) -> int:
        """Column."""
        ...


def parse(text: str, source: str, dialect: Dialect = PLAIN) -> tuple[Node | None, list[Fault]]:
    """The tree of the one document in `text`, None when there is none, and what is wrong with the YAML."""
    text = text.removeprefix("\ufeff")
    start = Place(1, 1, source)
    if len(text) > dialect.characters:
        return None, [Fault(start, f"expected at most {dialect.characters:,} characters, got {len(text):,}")]
    found = forbidden_character(text, start)
    if found:
        return None, [found]
    builder = _Builder(source, dialect)
    try:
        node = builder.document(text)
    except FaultError as error:
        return None, [*builder.faults, error.fault]
    return node, builder.faults


def forbidden_character(text: str, start: Place) -> Fault | None:
    """The first character that could deceive a reader, as a fault; counts on from `start` when that is a position."""
    found = _FORBIDDEN.search(text)
    if not found:
        return None
    before = text[: found.start()]
    if start.line:
        start = Place(start.line + before.count("\n"), len(before) - before.rfind("\n"), start.source)
    return Fault(start, f"the character U+{ord(found[0]):04X} is not allowed")


def child(node: Node, step: Step) -> Node | None:
    """The value under a key or an index, or None."""
    if isinstance(node, MapNode) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, ListNode) and isinstance(step, int):
        return node.items[step] if 0 <= step < len(node.items) else None
    return None


class _Builder:
    """Walks the parser's events of one text; what can be skipped is noted, what cannot is raised."""

    def __init__(self, source: str, dialect: Dialect) -> None:
        self.source = source
        self.dialect = dialect
        self.faults: list[Fault] = []

    def document(self, text: str) -> Node | None:
        try:
            events = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
            next(events)
            if isinstance(next(events), yaml.events.StreamEndEvent):
                return None
            node = self._node(next(events), events, 0)
            next(events)
            end = next(events)
        except yaml.YAMLError as error:
            problem = getattr(error, "problem", None) or "cannot be read"
            raise FaultError(self._at(getattr(error, "problem_mark", None)), f"not valid YAML: {problem}") from error
        if not isinstance(end, yaml.events.StreamEndEvent):
            raise FaultError(self._at(end.start_mark), "expected one document, found a second")
        return node

    def _node(self, event: yaml.events.Event, events: Iterator[yaml.events.Event], depth: int) -> Node:
        place = self._at(event.start_mark)
        if depth > self.dialect.depth:
            raise FaultError(place, f"nested deeper than {self.dialect.depth} levels")
        if isinstance(event, yaml.events.AliasEvent):
            self._note(place, f"aliases are not allowed (*{event.anchor}); write the value out")
            return ScalarNode("", plain=True, place=place)
        if getattr(event, "anchor", None):
            self._note(place, "anchors are not allowed; write the value out")
        if isinstance(event, yaml.events.ScalarEvent):
            return self._scalar(event, place)
        self._check_tag(getattr(event, "tag", None), place, frozenset())
        if isinstance(event, yaml.events.SequenceStartEvent):
            return ListNode(tuple(self._items(events, depth + 1)), place)
        return MapNode(self._entries(events, depth + 1), place)

    def _scalar(self, event: yaml.events.ScalarEvent, place: Place) -> ScalarNode:
        found = forbidden_character(event.value, Place(0, 0, ""))
        if found:
            self._note(place, found.text)
        self._check_tag(event.tag, place, self.dialect.tags)
        return ScalarNode(event.value, plain=not event.style, place=place, tag=event.tag)

    def _check_tag(self, tag: str | None, place: Place, allowed: frozenset[str]) -> None:
        if tag and tag not in allowed:
            but = f"other than {', '.join(sorted(allowed))} " if allowed else ""
            self._note(place, f"tags {but}are not allowed; write the value plainly")

    def _items(self, events: Iterator[yaml.events.Event], depth: int) -> Iterator[Node]:
        for event in takewhile(lambda event: not isinstance(event, yaml.events.SequenceEndEvent), events):
            yield self._node(event, events, depth)

    def _entries(self, events: Iterator[yaml.events.Event], depth: int) -> tuple[tuple[ScalarNode, Node], ...]:
        found: dict[str, tuple[ScalarNode, Node]] = {}
        for event in takewhile(lambda event: not isinstance(event, yaml.events.MappingEndEvent), events):
            key, value = self._node(event, events, depth), self._node(next(events), events, depth)
            if not isinstance(key, ScalarNode) or key.tag:
                self._note(key.place, "expected a plain name as key")
            elif key.plain and key.text == "<<":
                self._note(key.place, "merge keys (<<) are not allowed; write the values out")
            elif key.text in found:
                first = found[key.text][0].place.line
                self._note(key.place, f"duplicate key {shown(key.text)}; first given in line {first}")
            else:
                found[key.text] = (key, value)
        return tuple(found.values())

    def _note(self, place: Place, text: str) -> None:
        self.faults.append(Fault(place, text))

    def _at(self, mark: Mark | None) -> Place:
        return Place(mark.line + 1, mark.column + 1, self.source) if mark else Place(1, 1, self.source)
