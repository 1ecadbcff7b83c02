"""Which groups of a record were not read. Decides nothing about them."""

from collections.abc import Iterable, Iterator

from scanner.facts.population import MEANT
from scanner.facts.trails import covers
from scanner.model.access_inputs import Access
from scanner.model.alerting import ALERTING_GROUPS
from scanner.model.container import CONTAINER_GROUPS, KeyContainer
from scanner.model.history import HISTORY_GROUPS
from scanner.model.key import KEY_GROUPS, Key
from scanner.model.permission import AccessLevels
from scanner.model.record import Record
from scanner.model.report import UnreadAround
from scanner.model.scope import Scope, scope_id
from scanner.model.snapshot import Shard
from scanner.model.store import STORE_GROUPS, DataStore, Inventory
from scanner.model.surroundings import SURROUNDING_GROUPS
from scanner.model.trail import TRAIL_GROUPS, AuditCoverage, TrailList
from scanner.model.unknown import Cause, OutOfScope, Unknown
from scanner.model.watching import WATCHING_GROUPS
from scanner.model.watching_google import LOG_LEVEL_GROUPS, PROJECT_WATCHING_GROUPS, ProjectWatching

Gaps = dict[str, tuple[Unknown, ...]]
"""Unread groups by name; several where several trails or listings lack the same group for different reasons."""

ACCESS = ("levels", "bindings", "denials", "roles")
"""Groups above the keys of a shard that facts of every key in it may rest on."""

SHARED = ("stores", "aliases", "volume_default", "volume_key")
"""Groups of the inventory of an account-region that facts of every key and store in it may rest on."""

OF_PLACE = (*SHARED, "trails")
"""All groups of an account-region of which that is so."""


def unread_of_shard(shard: Shard) -> dict[str, Gaps]:
    """The unread groups of every record of a shard that has some, by the id of its subject.

    A population scope and the account-region it stands for share an id; their groups have different names.
    """
    missing: dict[str, Gaps] = {key.id: unread_of_key(key) for key in shard.keys}
    missing |= {container.id: unread_of_container(container) for container in shard.containers}
    missing |= {store.id: unread_of_store(store) for store in shard.stores}
    scope = shard.scope
    of_scope = missing.setdefault(scope_id(scope.provider, scope.account, scope.region), {})
    of_scope.update(unread_of_scope(scope))
    if shard.access is not None:
        of_scope.update(unread_of_access(shard.access))
    if shard.audit is not None:
        of_scope.update(unread_of_audit(shard.audit))
    if shard.inventory is not None:
        of_scope.update(unread_of_inventory(shard.inventory))
    of_scope.update(unread_around(shard))
    return {subject: groups for subject, groups in missing.items() if groups}


def unread_of_key(key: Key) -> Gaps:
    """The key's unread groups."""
    return _of_groups(key, KEY_GROUPS)


def unread_of_container(container: KeyContainer) -> Gaps:
    """The container's unread groups."""
    return _of_groups(container, CONTAINER_GROUPS)


def unread_of_store(store: DataStore) -> Gaps:
    """The store's unread groups."""
    return _of_groups(store, STORE_GROUPS)


def unread_of_inventory(inventory: Inventory) -> Gaps:
    """The listings that were not read, each reason once, and the other unread groups of an account-region."""
    found = {group: tuple(dict.fromkeys(_of_inventory(inventory, group))) for group in SHARED}
    return {group: unknowns for group, unknowns in found.items() if unknowns}


def _of_inventory(inventory: Inventory, group: str) -> Iterator[Unknown]:
    values = (listing.stores for listing in inventory.listings) if group == "stores" else (getattr(inventory, group),)
    return (value for value in values if isinstance(value, Unknown))


def unread_around(shard: Shard) -> Gaps:
    """What was not read of alerts, logs, their entries, and what stands around the keys of a place."""
    found = _of_groups(shard.alerting, ALERTING_GROUPS) | _of_groups(shard.surroundings, SURROUNDING_GROUPS)
    found |= _of_groups(shard.history, HISTORY_GROUPS)
    if isinstance(shard.watching, ProjectWatching):
        return found | unread_of_watching(shard.watching)
    return found | _of_groups(shard.watching, WATCHING_GROUPS)


def told_around(shard: Shard) -> tuple[UnreadAround, ...]:
    """The same for readers, each group and reason once; a log that was not asked for counts as not collected."""
    found = [(group, unknown) for group, unknowns in unread_around(shard).items() for unknown in unknowns]
    events = shard.history.events if shard.history else None
    if isinstance(events, OutOfScope):
        found.append(("events", Unknown(cause=Cause.NOT_COLLECTED, call=events.call)))
    return tuple(UnreadAround(group=group, unknown=unknown) for group, unknown in found)


def unread_of_watching(watching: ProjectWatching) -> Gaps:
    """What was not read of a project's alerts and of the logs of the levels above it, each reason once."""
    of_levels = {
        group: tuple(
            dict.fromkeys(value for level in watching.levels if isinstance(value := getattr(level, group), Unknown))
        )
        for group in LOG_LEVEL_GROUPS
    }
    found = {group: unknowns for group, unknowns in of_levels.items() if unknowns}
    return found | _of_groups(watching, PROJECT_WATCHING_GROUPS)


def _of_groups(record: Record | None, groups: Iterable[str]) -> Gaps:
    """The unread groups of a record; nothing where there is none."""
    return {group: (value,) for group in groups if isinstance(value := getattr(record, group, None), Unknown)}


def unread_of_access(access: Access) -> Gaps:
    """What was not read above the keys, each reason once."""
    items = access.levels.items if isinstance(access.levels, AccessLevels) else ()
    groups = {
        "levels": (access.levels,),
        "bindings": tuple(item.bindings for item in items),
        "denials": tuple(item.denials for item in items),
        "roles": (access.roles,),
    }
    found = {
        name: tuple(dict.fromkeys(value for value in values if isinstance(value, Unknown)))
        for name, values in groups.items()
    }
    return {name: unknowns for name, unknowns in found.items() if unknowns}


def unread_of_scope(scope: Scope) -> Gaps:
    """The scope's unread listing; one that was left out by decision or is closed was never to be read."""
    if scope.status not in MEANT:
        return {}
    return {"keys": (scope.keys,)} if isinstance(scope.keys, Unknown) else {}


def unread_of_audit(audit: AuditCoverage) -> Gaps:
    """The unread groups of the trails that cover an account-region, each reason once."""
    if isinstance(audit.trails, Unknown):
        return {"trails": (audit.trails,)}
    if not isinstance(audit.trails, TrailList):
        return {}
    covering = [trail for trail in audit.trails.items if covers(trail, audit.region)]
    found = {
        group: tuple(dict.fromkeys(value for trail in covering if isinstance(value := getattr(trail, group), Unknown)))
        for group in TRAIL_GROUPS
    }
    return {group: unknowns for group, unknowns in found.items() if unknowns}
