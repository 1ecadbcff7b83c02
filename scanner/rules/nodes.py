"""Turns YAML text into a small tree with positions. Resolves no types, follows no aliases, builds no objects."""

from collections.abc import Iterator
from typing import Protocol

import msgspec
import yaml

from scanner.config.faults import Place as Position
from scanner.config.nodes import forbidden_character
from scanner.rules.faults import FaultError, Faults, Place

MAX_CHARACTERS = 262_144
MAX_DEPTH = 40
UNREAD_TAG = "!unknown"


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
    """A mapping in the order written; keys are unique scalars."""

    entries: "tuple[tuple[ScalarNode, Node], ...]"
    place: Place

    def get(self, key: str) -> "Node | None":
        """The value under a key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = ScalarNode | ListNode | MapNode
Events = Iterator[yaml.events.Event]


def parse(text: str, file: str, faults: Faults) -> Node | None:
    """The tree of the one document in `text`, or None after noting why there is none."""
    if len(text) > MAX_CHARACTERS:
        faults.add(Place(file), f"expected at most {MAX_CHARACTERS:,} characters, got {len(text):,}")
        return None
    found = forbidden_character(text, Position(1, 1, file))
    if found:
        faults.add(Place(file, found.place.line, found.place.column), found.text)
        return None
    try:
        return _Builder(file, faults).document(text)
    except FaultError as fault:
        faults.add(fault.place, fault.text)
        return None


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


class _Builder:
    """Walks the parser's events of one file."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.file = file
        self.faults = faults

    def document(self, text: str) -> Node:
        try:
            events = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
            next(events)
            start = next(events)
            if isinstance(start, yaml.events.StreamEndEvent):
                raise FaultError(Place(self.file), "the file is empty")
            node = self._node(next(events), events, 0)
            next(events)
            end = next(events)
        except yaml.YAMLError as error:
            mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
            raise FaultError(self._at(mark), f"not valid YAML: {problem or ' '.join(str(error).split())}") from error
        if not isinstance(end, yaml.events.StreamEndEvent):
            raise FaultError(self._at(end.start_mark), "expected one document, found a second")
        return node

    def _node(self, event: yaml.events.Event, events: Events, depth: int) -> Node:
        place = self._at(event.start_mark)
        if isinstance(event, yaml.events.AliasEvent):
            raise FaultError(place, f"aliases are not allowed (*{event.anchor}); write the value out")
        if getattr(event, "anchor", None):
            raise FaultError(place, "anchors are not allowed; write the value out")
        if depth > MAX_DEPTH:
            raise FaultError(place, f"nested deeper than {MAX_DEPTH} levels")
        tag = event.tag if isinstance(event, yaml.events.NodeEvent) and hasattr(event, "tag") else None
        if isinstance(event, yaml.events.ScalarEvent):
            return self._scalar(event, tag, place)
        if tag is not None:
            raise FaultError(place, f"tag {tag} is not allowed here")
        if isinstance(event, yaml.events.SequenceStartEvent):
            return ListNode(tuple(self._items(events, depth + 1)), place)
        return MapNode(self._entries(events, depth + 1), place)

    def _scalar(self, event: yaml.events.ScalarEvent, tag: str | None, place: Place) -> ScalarNode:
        if tag not in {None, UNREAD_TAG}:
            raise FaultError(place, f"tag {tag} is not allowed; only {UNREAD_TAG} is")
        found = forbidden_character(event.value, Position(0, 0, ""))
        if found:
            self.faults.add(place, found.text)
        return ScalarNode(event.value, not event.style, place, tag)

    def _items(self, events: Events, depth: int) -> Iterator[Node]:
        for event in events:
            if isinstance(event, yaml.events.SequenceEndEvent):
                return
            yield self._node(event, events, depth)

    def _entries(self, events: Events, depth: int) -> tuple[tuple[ScalarNode, Node], ...]:
        found: dict[str, tuple[ScalarNode, Node]] = {}
        while not isinstance(event := next(events), yaml.events.MappingEndEvent):
            key = self._node(event, events, depth)
            if not isinstance(key, ScalarNode) or key.tag:
                raise FaultError(key.place, "expected a plain name as key")
            value = self._node(next(events), events, depth)
            if key.text == "<<":
                self.faults.add(key.place, "merge keys (<<) are not allowed; write the values out")
            elif key.text in found:
                first = found[key.text][0].place
                self.faults.add(key.place, f"duplicate key '{key.text}'; first given in line {first.line}")
            else:
                found[key.text] = (key, value)
        return tuple(found.values())

    def _at(self, mark: Mark | None) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
