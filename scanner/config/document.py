"""Reads a file that people write into its schema; every fault says where, what was expected and what was meant.

Never shows a validation library's own words, and never accepts a part of a file.
"""

import json
from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scanner.config.faults import Fault, Place, choices, nearest, refusal, refuse, shown
from scanner.config.nodes import MapNode, Node, Path, ScalarNode, child, parse
from scanner.config.scalars import described, is_boolean, is_null, resolve
from scanner.config.shape import Kind, Shape, section_shape, shape_at
from scanner.model.errors import ConfigError

T = TypeVar("T", bound=BaseModel)

_KEY = "[key]"
MOST_FAULTS = 100
"""Told of one file: more help nobody, and each costs a search for what was meant."""


class Document(msgspec.Struct, Generic[T], frozen=True):
    """A valid file: its value, and the tree that knows where each part of it was written."""

    value: T
    root: Node

    def place(self, *path: str | int) -> Place:
        """Where the value at a path was written; for a value that is a default, where it would belong."""
        return _deepest(self.root, path)[0].place


def parse_document(text: str, file: str, schema: type[T], *, hint: str = "") -> T:
    """The file's value; raises ConfigError that names every fault as `file:line:col: text`."""
    return read_document(text, file, schema, hint=hint).value


def read_document(text: str, file: str, schema: type[T], *, hint: str = "") -> Document[T]:
    """The file's value with the places of its parts; raises ConfigError like `parse_document`."""
    document, faults = validate(read_tree(text, file, schema, hint=hint), schema)
    if document is None:
        raise refusal(faults, hint)
    return document


def read_tree(text: str, file: str, schema: type[BaseModel], *, hint: str = "") -> MapNode:
    """The file's mapping, not yet validated; raises ConfigError for broken YAML and for anything but a mapping."""
    root, faults = parse(text, file)
    refuse(faults, hint)
    if isinstance(root, MapNode):
        return root
    place = root.place if root else Place(1, 1, file)
    found = f"got {described(root)}" if root else "the file is empty"
    raise ConfigError(f"{place}: expected {section_shape(schema).words.one}; {found}", hint=hint)


def validate(root: MapNode, schema: type[T]) -> tuple[Document[T] | None, tuple[Fault, ...]]:
    """The tree as its schema's value, or every fault that keeps it from being one."""
    try:
        value = schema.model_validate_json(json.dumps(resolve(root, section_shape(schema))))
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        faults = [_fault(detail, root, schema) for detail in details[:MOST_FAULTS]]
        more = len(details) - MOST_FAULTS
        if more > 0:
            faults.append(Fault(max(fault.place for fault in faults), f"… and {more:,} more faults"))
        return None, tuple(faults)
    return Document(value, root), ()


def _fault(detail: ErrorDetails, root: Node, schema: type[BaseModel]) -> Fault:
    """One validation error in the product's words; of the library's error only its kind and place are used."""
    location = detail["loc"]
    if location[-1] == _KEY:
        return _bad_key(root, location[:-1], schema)
    node, path = _deepest(root, location)
    shape = shape_at(schema, path)
    if detail["type"] == "extra_forbidden":
        return _unknown_key(root, path, schema)
    if detail["type"] == "missing":
        return _missing_key(node, path, str(location[-1]), schema)
    return Fault(node.place, f"{_lead(path)}{_mismatch(node, shape)}")


def _mismatch(node: Node, shape: Shape | None) -> str:
    """What was expected and what stands there, with the nearest word of a choice and a way out."""
    expected = shape.words.one if shape else "something else"
    text = f"expected {expected}, got {described(node)}"
    if not isinstance(node, ScalarNode) or shape is None:
        return text
    if shape.kind is Kind.CHOICE:
        text += nearest(node.text, shape.options)
    if shape.kind is Kind.TEXT and is_boolean(node):
        text += "; put quotes around it"
    if shape.kind is Kind.LIST:
        text += "; write [] for none" if is_null(node) else nearest(node.text, shape.options) or "; write [...]"
    return text


def _unknown_key(root: Node, path: Path, schema: type[BaseModel]) -> Fault:
    parent, name = _deepest(root, path[:-1])[0], str(path[-1])
    section = shape_at(schema, path[:-1])
    known = tuple(section.section.model_fields) if section and section.section else ()
    written = parent.key(name) if isinstance(parent, MapNode) else None
    place = written.place if written else parent.place
    hint = nearest(name, known) or f"; expected one of {choices(known)}"
    return Fault(place, f"{_lead(path[:-1])}unknown key {shown(name)}{hint}")


def _missing_key(node: Node, path: Path, name: str, schema: type[BaseModel]) -> Fault:
    shape = shape_at(schema, (*path, name))
    expected = f"; expected {shape.words.one}" if shape else ""
    return Fault(node.place, f"{_lead(path)}'{name}' is missing{expected}")


def _bad_key(root: Node, location: Sequence[str | int], schema: type[BaseModel]) -> Fault:
    node, path = _deepest(root, location[:-1])
    name = str(location[-1])
    shape = shape_at(schema, path)
    expected = shape.key.words.one if shape and shape.key else "another name"
    written = node.key(name) if isinstance(node, MapNode) else None
    place = written.place if written else node.place
    return Fault(place, f"{_lead(path)}expected {expected} as key, got {shown(name)}")


def _deepest(root: Node, location: Sequence[str | int]) -> tuple[Node, Path]:
    """The node that a location leads to, and its path; steps that name no part of the tree are passed over."""
    node, path = root, list[str | int]()
    for step in location:
        found = child(node, step)
        if found is not None:
            node = found
            path.append(step)
    return node, tuple(path)


def _lead(path: Path) -> str:
    """The path as the start of a message: `providers.aws.accounts[2].id: `."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return f"{text}: " if text else ""
