"""Lays environment variables and command-line values over a file's tree, each under its own name. Validates nothing."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from scanner.config.faults import Fault, Place, choices, nearest, shown
from scanner.config.nodes import ListNode, MapNode, Node, ScalarNode, forbidden_character, parse
from scanner.config.scalars import is_null
from scanner.config.shape import Kind, Shape, inner, section_shape

PREFIX = "KEYMUSTER_"
LEVEL = "__"


def lay_environment(
    root: MapNode, environment: Mapping[str, str], schema: type[BaseModel]
) -> tuple[MapNode, list[Fault]]:
    """The tree with every `KEYMUSTER_` variable in its place, and the variables that have none."""
    values = [
        (Place(0, 0, f"environment: {name}"), name.removeprefix(PREFIX).lower().split(LEVEL), text)
        for name, text in sorted(environment.items())
        if name.startswith(PREFIX)
    ]
    return _lay(root, values, schema)


def lay_overrides(root: MapNode, overrides: Mapping[str, str], schema: type[BaseModel]) -> tuple[MapNode, list[Fault]]:
    """The tree with every dotted key in its place, and the keys that have none."""
    values = [(Place(0, 0, f"command line: {key}"), key.split("."), text) for key, text in sorted(overrides.items())]
    return _lay(root, values, schema)


def variable(path: tuple[str, ...]) -> str:
    """The environment variable that stands for a key."""
    return PREFIX + LEVEL.join(path).upper()


def _lay(
    root: MapNode, values: list[tuple[Place, list[str], str]], schema: type[BaseModel]
) -> tuple[MapNode, list[Fault]]:
    faults: list[Fault] = []
    for place, steps, text in values:
        shape = section_shape(schema)
        for step in steps:
            under = inner(shape, step) if shape.kind in {Kind.SECTION, Kind.MAPPING} and step else None
            if under is None:
                faults.append(Fault(place, _no_such_key(shape, step)))
                break
            shape = under
        else:
            node, found = _value(text, shape, place)
            faults += found
            root = _with(root, steps, node) if node else root
    return root, faults


def _no_such_key(shape: Shape, step: str) -> str:
    if shape.section is None:
        return f"there is no key {shown(step)} here; expected {shape.words.one} as a whole"
    known = tuple(shape.section.model_fields)
    return f"unknown key {shown(step)}{nearest(step, known) or f'; expected one of {choices(known)}'}"


def _value(text: str, shape: Shape, place: Place) -> tuple[Node | None, list[Fault]]:
    """The text as what is expected there, or why it cannot be read.

    Lists are split at commas; `[...]` and `{...}` are read as YAML.
    """
    text = text.strip()
    found = forbidden_character(text, place)
    if found:
        return None, [found]
    if shape.kind in {Kind.LIST, Kind.MAPPING, Kind.SECTION} and text[:1] in {"[", "{"}:
        node, faults = parse(text, place.source)
        return _placed(node, place) if node else None, [Fault(place, fault.text) for fault in faults]
    if shape.kind is Kind.LIST and text not in shape.options:
        return ListNode(tuple(ScalarNode(part, plain=True, place=place) for part in _parts(text)), place), []
    return ScalarNode(text, plain=shape.kind is not Kind.TEXT, place=place), []


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(",")) if text else iter(())


def _placed(node: Node, place: Place) -> Node:
    """The node and all under it, named by the variable or flag rather than by a line of it."""
    if isinstance(node, ListNode):
        return ListNode(tuple(_placed(item, place) for item in node.items), place)
    if isinstance(node, MapNode):
        entries = ((ScalarNode(key.text, key.plain, place), _placed(value, place)) for key, value in node.entries)
        return MapNode(tuple(entries), place)
    return ScalarNode(node.text, node.plain, place)


def _with(root: MapNode, steps: list[str], node: Node) -> MapNode:
    """The mapping with a node at a path; what stands in the way and is no mapping is left to be a fault."""
    name, *rest = steps
    if rest:
        below = root.get(name)
        if below is None or is_null(below):
            below = MapNode((), node.place)
        node = _with(below, rest, node) if isinstance(below, MapNode) else below
    key = root.key(name) or ScalarNode(name, plain=True, place=node.place)
    if root.get(name) is None:
        return MapNode((*root.entries, (key, node)), root.place)
    return MapNode(tuple((k, node if k.text == name else v) for k, v in root.entries), root.place)
