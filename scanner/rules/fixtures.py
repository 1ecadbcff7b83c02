"""The facts rule tests start from: one healthy subject of each kind, and how a test changes it. Reads no provider."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from scanner.facts.subjects import (
    AccountRegionFacts,
    DeletionFacts,
    KeyFacts,
    LastUseFacts,
    MaterialFacts,
    PolicyFacts,
    PopulationFacts,
    ReplicaFacts,
    RotationFacts,
    SubjectFacts,
    TagFacts,
    TrailFacts,
)
from scanner.model.finding import SubjectKind
from scanner.model.key import KeyState, KeyType, KeyUsage, Manager, MultiRegionRole, Origin, Provider
from scanner.model.scope import ScopeStatus
from scanner.model.unknown import Cause, Unknown
from scanner.rules import scalars
from scanner.rules.faults import FaultError, Faults, did_you_mean
from scanner.rules.nodes import MapNode, Node, ScalarNode
from scanner.rules.shape import Block, Field, Kind, Leaf, subject_shape

Facts = TypeVar("Facts", bound=msgspec.Struct)

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
"""The moment every rule test is set in."""

_ACCOUNT, _REGION = "111122223333", "eu-central-1"
_KEY_ID = f"arn:aws:kms:{_REGION}:{_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_CREATED, _ROTATED = AS_OF - timedelta(days=400), AS_OF - timedelta(days=35)


def default_key() -> KeyFacts:
    """A customer's enabled symmetric key, 400 days old, rotating yearly, fully tagged, every group read."""
    return KeyFacts(
        id=_KEY_ID,
        name="alias/payments",
        provider=Provider.AWS,
        account=_ACCOUNT,
        region=_REGION,
        manager=Manager.CUSTOMER,
        state=KeyState.ENABLED,
        type=KeyType.SYMMETRIC,
        spec="SYMMETRIC_DEFAULT",
        usage=KeyUsage.ENCRYPT_DECRYPT,
        origin=Origin.PROVIDER,
        multi_region=MultiRegionRole.NONE,
        created_at=_CREATED,
        age=AS_OF - _CREATED,
        deletion=DeletionFacts(at=None, remaining=None),
        material=MaterialFacts(newest_at=_ROTATED, age=AS_OF - _ROTATED, expires_at=None, expires_in=None),
        rotation=RotationFacts(
            supported=True,
            enabled=True,
            period=timedelta(days=365),
            next_at=_ROTATED + timedelta(days=365),
            last_at=_ROTATED,
            overdue_by=timedelta(days=35 - 365),
        ),
        replica=ReplicaFacts(primary=None, primary_state=None, rotation_agrees=None),
        policy=PolicyFacts(changeable_by_owner=True, unresolved_principals=()),
        aliases=("alias/payments",),
        tags=TagFacts(
            owner="payments", purpose="card data", data_class="confidential", environment="production", not_allowed=()
        ),
        last_use=LastUseFacts(at=AS_OF - timedelta(days=1), ever=True, idle_at_least=timedelta(days=1)),
        key_store_connected=None,
        evidence=(),
    )


def default_population_scope() -> PopulationFacts:
    """A scanned account-region whose listed keys could all be described."""
    return PopulationFacts(
        id=f"aws:{_ACCOUNT}:{_REGION}",
        name=f"payments {_REGION}",
        provider=Provider.AWS,
        account=_ACCOUNT,
        region=_REGION,
        status=ScopeStatus.SCANNED,
        listed=12,
        unaccounted=0,
        all_described=True,
        exclusion_approved=None,
        evidence=(),
    )


def default_trail() -> TrailFacts:
    """A multi-region trail that records everything into a locked, private, versioned bucket."""
    return TrailFacts(
        name="organisation",
        home_region=_REGION,
        logging=True,
        records_key_changes=True,
        records_management=True,
        effective=True,
        multi_region=True,
        log_validation=True,
        delivery_age=timedelta(minutes=5),
        delivery_failing=False,
        bucket_versioned=True,
        bucket_locked=True,
        bucket_lock_mode="compliance",
        bucket_private=True,
    )


def default_account_region() -> AccountRegionFacts:
    """A scanned account-region under one healthy trail."""
    return AccountRegionFacts(
        id=f"aws:{_ACCOUNT}:{_REGION}",
        name=f"payments {_REGION}",
        provider=Provider.AWS,
        account=_ACCOUNT,
        region=_REGION,
        trails=(default_trail(),),
        evidence=(),
    )


DEFAULTS: Mapping[SubjectKind, Callable[[], SubjectFacts]] = {
    SubjectKind.KEY: default_key,
    SubjectKind.POPULATION_SCOPE: default_population_scope,
    SubjectKind.ACCOUNT_REGION: default_account_region,
}
_ELEMENTS: Mapping[type[msgspec.Struct], Callable[[], msgspec.Struct]] = {TrailFacts: default_trail}


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
