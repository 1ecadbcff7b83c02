"""Reads a mapping with a fixed set of keys; unknown, missing and misplaced ones are faults."""

from collections.abc import Iterable, Sequence

from scanner.config.nodes import MapNode, Node
from scanner.rules.faults import FaultError, Faults, did_you_mean
from scanner.rules.scalars import mapping


def read_fields(node: Node, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Node]:
    """The values by key; raises the first fault."""
    found = mapping(node, f"a mapping with {', '.join((*required, *optional))}")
    known = (*required, *optional)
    for key, _ in found.entries:
        if key.text not in known:
            raise FaultError(key.place, f"unknown key '{key.text}'{did_you_mean(key.text, known)}")
    for key_name in required:
        if found.get(key_name) is None:
            raise FaultError(node.place, f"expected key '{key_name}', which is missing")
    return {key.text: value for key, value in found.entries}


def check_keys(node: MapNode, order: Sequence[str], required: Iterable[str], faults: Faults) -> dict[str, Node]:
    """The known values by key; notes every unknown and missing key, and every one that stands out of order."""
    known = {key.text: value for key, value in node.entries if key.text in order}
    furthest = ""
    for key, _ in node.entries:
        if key.text not in order:
            faults.add(key.place, f"unknown key '{key.text}'{did_you_mean(key.text, order)}")
        elif furthest and order.index(key.text) < order.index(furthest):
            faults.add(key.place, f"'{key.text}' stands before '{furthest}'; the order is {', '.join(order)}")
        else:
            furthest = key.text
    for name in required:
        if name not in known:
            faults.add(node.place, f"expected key '{name}', which is missing")
    return known
