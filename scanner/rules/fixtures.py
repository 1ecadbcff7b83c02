"""How a test in a rule file changes the healthy subject it starts from. Reads no provider."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from scanner.config.nodes import MapNode, Node, ScalarNode
from scanner.facts.subjects import HolderFacts, ProtectedFacts, SubjectFacts, TrailFacts
from scanner.model.finding import SubjectKind
from scanner.model.unknown import Cause, Unknown
from scanner.rules import scalars
from scanner.rules.faults import FaultError, Faults, did_you_mean
from scanner.rules.healthy import (
    default_account_region,
    default_data_store,
    default_holder,
    default_key,
    default_key_container,
    default_population_scope,
    default_protected,
    default_trail,
)
from scanner.rules.shape import Block, Field, Kind, Leaf, subject_shape

Facts = TypeVar("Facts", bound=msgspec.Struct)

DEFAULTS: Mapping[SubjectKind, Callable[[], SubjectFacts]] = {
    SubjectKind.KEY: default_key,
    SubjectKind.POPULATION_SCOPE: default_population_scope,
    SubjectKind.ACCOUNT_REGION: default_account_region,
    SubjectKind.DATA_STORE: default_data_store,
    SubjectKind.KEY_CONTAINER: default_key_container,
}
_ELEMENTS: Mapping[type[msgspec.Struct], Callable[[], msgspec.Struct]] = {
    TrailFacts: default_trail,
    HolderFacts: default_holder,
    ProtectedFacts: default_protected,
}


def default_element(build: type[msgspec.Struct]) -> msgspec.Struct:
    """The element a list of such facts starts from in tests."""
    return _ELEMENTS[build]()


def read_facts(kind: SubjectKind, node: Node, faults: Faults) -> SubjectFacts:
    """The default subject of a kind with a test's fields in place of its own; wrong ones are noted."""
    return _changed(DEFAULTS[kind](), subject_shape(kind), node, faults)


def _changed(facts: Facts, block: Block, node: Node, faults: Faults) -> Facts:
    changes: dict[str, object] = {}
    for key, value in scalars.mapping(node, f"a mapping of facts of {block.title}").entries:
        with faults.collect():
            name, rest = _split(key, value)
            if name not in block.fields:
                raise FaultError(key.place, f"{block.title} has no field '{name}'{did_you_mean(name, block.fields)}")
            current = changes.get(name, getattr(facts, name))
            changes[name] = _value(rest, block.fields[name], current, faults)
    return msgspec.structs.replace(facts, **changes)


def _split(key: ScalarNode, value: Node) -> tuple[str, Node]:
    """A dotted key as nested mappings: `rotation.enabled: x` is `rotation: {enabled: x}`."""
    name, dot, rest = key.text.partition(".")
    return name, MapNode(((ScalarNode(rest, True, key.place), value),), value.place) if dot else value  # noqa: FBT003 (positional struct)


def _value(node: Node, field: Field, current: object, faults: Faults) -> object:
    if isinstance(node, ScalarNode) and node.tag:
        return _unread(unknown(node), field, node)
    if scalars.is_null(node):
        if not field.optional:
            raise FaultError(node.place, f"a {field.title} that is never absent; expected a value")
        return None
    if isinstance(field, Block):
        start = current if isinstance(current, field.build) else default_element(field.build)
        return _changed(start, field, node, faults)
    if field.choices:
        return scalars.choice(node, field.choices)
    if field.kind is Kind.LIST:
        return _list(node, field, faults)
    return _READERS[field.kind](node)


def _list(node: Node, leaf: Leaf, faults: Faults) -> tuple[object, ...]:
    items = scalars.items(node, f"a {leaf.title}")
    element = leaf.element or Leaf(kind=Kind.TEXT)
    return tuple(_value(item, element, None, faults) for item in items)


def unknown(node: ScalarNode) -> Unknown:
    """`!unknown denied kms:GetKeyPolicy` as the model's own Unknown."""
    cause, _, call = node.text.strip().partition(" ")
    known = {member.value: member for member in Cause}
    if cause not in known or not call.strip() or " " in call.strip():
        hint = "" if cause in known else did_you_mean(cause, known)
        raise FaultError(node.place, f"expected !unknown CAUSE CALL such as !unknown denied kms:GetKeyPolicy{hint}")
    return Unknown(cause=known[cause], call=call.strip())


def _unread(value: Unknown, field: Field, node: Node) -> object:
    """An unread group makes every fact in it unknown."""
    if field.unread:
        return value
    if isinstance(field, Leaf):
        raise FaultError(node.place, f"a {field.title} that is always read; expected a value")
    leaves = {name: _unread(value, inner, node) for name, inner in field.fields.items()}
    return field.build(**leaves)


_READERS: Mapping[Kind, Callable[[Node], object]] = {
    Kind.BOOLEAN: scalars.boolean,
    Kind.INTEGER: scalars.integer,
    Kind.DURATION: scalars.signed_duration,
    Kind.TIME: scalars.moment,
    Kind.TEXT: scalars.text,
}
