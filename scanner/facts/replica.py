"""A multi-region replica against its primary: what the provider does not keep equal by itself. Requires nothing."""

import json
from collections.abc import Mapping

from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import known, reading
from scanner.facts.subjects import ReplicaFacts
from scanner.model.key import Key, MultiRegionRole, Policy, Rotation
from scanner.model.unknown import Cause, Unknown

_PROVIDERS_TAGS = "aws:"
"""Tags of this prefix are set by the provider, on each key by itself."""


def derive_replica(key: Key, primaries: Mapping[str, Key]) -> ReplicaFacts:
    """A replica against its primary; every leaf is absent on a key that is none.

    Metadata and policies, tags and states of two regions are compared as they were read; a policy counts as the same
    when it says the same, in whatever order.
    """
    if type(key.metadata) is Unknown:
        return _alike(key.metadata, key.metadata)
    if key.metadata.multi_region is not MultiRegionRole.REPLICA:
        return _alike(None, None)
    primary = primaries.get(key.metadata.primary or "")
    if primary is None:
        return _alike(key.metadata.primary, Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[key.provider].describe))
    state = known(primary.metadata, lambda metadata: metadata.state)
    return ReplicaFacts(
        primary=key.metadata.primary,
        primary_state=state,
        rotation_agrees=_rotation_agrees(key, primary),
        policy_agrees=_equal(_policy(key), _policy(primary)),
        tags_agree=_equal(_tags(key), _tags(primary)),
        state_agrees=_equal(key.metadata.state, state),
    )


def _alike(primary: str | Unknown | None, rest: Unknown | None) -> ReplicaFacts:
    return ReplicaFacts(
        primary=primary,
        primary_state=rest,
        rotation_agrees=rest,
        policy_agrees=rest,
        tags_agree=rest,
        state_agrees=rest,
    )


def _equal(own: object, other: object) -> bool | Unknown:
    for side in (own, other):
        if type(side) is Unknown:
            return side
    return own == other


def _policy(key: Key) -> object:
    """What the policy says, so that two spellings of it are equal."""
    policy = reading(key.policy)
    return _unordered(json.loads(policy.document)) if isinstance(policy, Policy) else policy


def _unordered(value: object) -> object:
    """JSON in which neither order of a list counts, nor whether a single value stands in one."""
    if isinstance(value, dict):
        return {name: _unordered(inner) for name, inner in value.items()}
    if isinstance(value, list):
        inner = [_unordered(item) for item in value]
        return inner[0] if len(inner) == 1 else sorted(inner, key=lambda item: json.dumps(item, sort_keys=True))
    return value


def _tags(key: Key) -> object:
    tags = reading(key.tags)
    if type(tags) is Unknown:
        return tags
    return {name: value for name, value in tags.items.items() if not name.startswith(_PROVIDERS_TAGS)}


def _rotation_agrees(key: Key, primary: Key) -> bool | Unknown | None:
    """The same switch and, when on, the same period; absent when one of the two has no such setting."""
    own, other = reading(key.rotation), reading(primary.rotation)
    for side in (own, other):
        if type(side) is Unknown:
            return side
    if not isinstance(own, Rotation) or not isinstance(other, Rotation):
        return None
    if own.enabled != other.enabled or not own.enabled:
        return own.enabled == other.enabled
    if own.period is None or other.period is None:
        return Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[key.provider].rotation)
    return own.period == other.period
