"""Reads a policy file into the small tree with positions that configuration files have too, with a tag of its own."""

from scanner.config import nodes
from scanner.config.faults import Place
from scanner.config.nodes import Dialect, Node
from scanner.rules.faults import Faults

UNREAD_TAG = "!unknown"
_POLICY = Dialect(characters=262_144, depth=40, tags=frozenset({UNREAD_TAG}))


def parse(text: str, file: str, faults: Faults) -> Node | None:
    """The tree of the one document in `text`, or None after noting why there is none."""
    node, found = nodes.parse(text, file, _POLICY)
    for fault in found:
        faults.add(fault.place, fault.text)
    if node is None and not found:
        faults.add(Place(1, 1, file), "the file is empty")
    return node
