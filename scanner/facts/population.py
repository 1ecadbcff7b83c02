"""The population reconciled: what was listed against what was read. Excuses nothing."""

from collections import Counter
from collections.abc import Sequence
from enum import Enum, auto

from scanner.facts.display import scope_name
from scanner.facts.permissions import PERMISSIONS
from scanner.facts.subjects import PopulationFacts
from scanner.model.key import KEY_GROUPS, Key, Manager
from scanner.model.report import Population, PopulationRow
from scanner.model.scope import Scope, ScopeStatus, scope_id
from scanner.model.snapshot import Shard
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown

PROVIDER_MANAGED = "provider-managed: described only"
"""Why keys that the provider manages are excluded."""

MEANT = (ScopeStatus.SCANNED, ScopeStatus.UNREACHABLE)
"""Scopes that were to be read."""

_OWN_GROUPS = ("policy", "grants", "last_use", "rotation", "rotation_history")
"""Groups read by a call for this one key, besides its description."""


class _Depth(Enum):
    READ = auto()
    PARTLY_READ = auto()
    UNREAD = auto()
    EXCLUDED = auto()


def reconcile(shard: Shard) -> PopulationRow:
    """The scope's keys by how far they were read; they must add up to the listing."""
    depths = Counter(_depth(key) for key in shard.keys)
    listed = _listed(shard.scope)
    return PopulationRow(
        scope=shard.scope,
        listed=listed,
        read=depths[_Depth.READ],
        partly_read=depths[_Depth.PARTLY_READ],
        unread=depths[_Depth.UNREAD],
        excluded=depths[_Depth.EXCLUDED],
        excluded_reason=PROVIDER_MANAGED if depths[_Depth.EXCLUDED] else None,
        reconciles=listed == depths.total(),
    )


def population(rows: Sequence[PopulationRow]) -> Population:
    """Every scope, and the totals over those whose listing is known.

    `unlisted_scopes` are scopes that were to be read and could not be listed; excluded ones and those outside are not.
    """
    listed = [(row, row.listed) for row in rows if not isinstance(row.listed, Unknown)]
    return Population(
        rows=tuple(rows),
        listed=sum(count for _, count in listed),
        read=sum(row.read for row, _ in listed),
        partly_read=sum(row.partly_read for row, _ in listed),
        unread=sum(row.unread for row, _ in listed),
        excluded=sum(row.excluded for row, _ in listed),
        unlisted_scopes=sum(isinstance(row.listed, Unknown) and row.scope.status in MEANT for row in rows),
    )


def derive_population(shard: Shard) -> PopulationFacts:
    """What rules may ask about a scope."""
    scope, listed = shard.scope, _listed(shard.scope)
    unaccounted = listed if isinstance(listed, Unknown) else listed - len(shard.keys)
    return PopulationFacts(
        id=scope_id(scope.provider, scope.account, scope.region),
        name=scope_name(scope),
        provider=scope.provider,
        account=scope.account,
        region=scope.region,
        status=scope.status,
        listed=listed,
        unaccounted=unaccounted,
        all_described=_all_described(shard, unaccounted),
        exclusion_approved=_exclusion_approved(scope),
        evidence=scope.evidence,
    )


def _listed(scope: Scope) -> int | Unknown:
    return scope.keys if isinstance(scope.keys, Unknown) else scope.keys.listed


def _depth(key: Key) -> _Depth:
    """Provider-managed keys are excluded; a key is unread when no call for it alone was answered."""
    if not isinstance(key.metadata, Unknown) and key.metadata.manager is Manager.PROVIDER:
        return _Depth.EXCLUDED
    groups = {group: getattr(key, group) for group in KEY_GROUPS}
    if not any(isinstance(group, Unknown) for group in groups.values()):
        return _Depth.READ
    unanswered = (Unknown, OutOfScope, Inapplicable)
    if isinstance(key.metadata, Unknown) and all(isinstance(groups[name], unanswered) for name in _OWN_GROUPS):
        return _Depth.UNREAD
    return _Depth.PARTLY_READ


def _all_described(shard: Shard, unaccounted: int | Unknown) -> bool | Unknown:
    """A key that could not be described is missing sight, not a fault: never False."""
    if isinstance(unaccounted, Unknown):
        return unaccounted
    undescribed = next((key.metadata for key in shard.keys if isinstance(key.metadata, Unknown)), None)
    if undescribed is not None:
        return undescribed
    if unaccounted:
        return Unknown(cause=Cause.ERROR, call=PERMISSIONS[shard.scope.provider].describe)
    return True


def _exclusion_approved(scope: Scope) -> bool | None:
    if scope.status is not ScopeStatus.EXCLUDED:
        return None
    return all(text and text.strip() for text in (scope.reason, scope.approver))
