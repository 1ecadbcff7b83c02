"""Kept entries of logs become what was done to keys and vaults; the provider's words stop here. Pure, imports no SDK.

Functions raise MalformedReplyError when a reply does not hold what it must.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from scanner.model.history import KeyEvent, KeyEvents, KeyEventType
from scanner.providers.azure.log_query import COLUMNS
from scanner.providers.azure.normalise import key_id, version_of
from scanner.providers.azure.normalise_containers import container_id
from scanner.providers.azure.replies_events import ActivityEntries, ActivityEntry, LogResult
from scanner.providers.failure import MalformedReplyError

TYPES: Mapping[str, KeyEventType] = {
    "KeyDelete": KeyEventType.DESTROY_REQUESTED,
    "KeyPurge": KeyEventType.KEY_DELETED,
    "KeyRecover": KeyEventType.RESTORED,
    "KeyUpdate": KeyEventType.VERSION_CHANGED,
}
"""The operations that a vault's own log is asked for. An update does not tell whether it disabled the key."""

CHANGES: Mapping[str, KeyEventType] = {
    "microsoft.keyvault/vaults/delete": KeyEventType.CONTAINER_DELETED,
    "microsoft.keyvault/managedhsms/delete": KeyEventType.CONTAINER_DELETED,
    "microsoft.keyvault/locations/deletedvaults/purge/action": KeyEventType.CONTAINER_PURGED,
    "microsoft.keyvault/locations/deletedmanagedhsms/purge/action": KeyEventType.CONTAINER_PURGED,
    "microsoft.keyvault/vaults/write": KeyEventType.CONTAINER_CHANGED,
    "microsoft.keyvault/managedhsms/write": KeyEventType.CONTAINER_CHANGED,
    "microsoft.keyvault/vaults/accesspolicies/write": KeyEventType.ACCESS_CHANGED,
    "microsoft.authorization/roleassignments/write": KeyEventType.ACCESS_CHANGED,
    "microsoft.authorization/roleassignments/delete": KeyEventType.ACCESS_CHANGED,
    "microsoft.authorization/locks/write": KeyEventType.CONTAINER_CHANGED,
    "microsoft.authorization/locks/delete": KeyEventType.CONTAINER_CHANGED,
}
"""The operations of the management plane that are kept of the activity log."""

_TOLERANCE = timedelta(minutes=5)
"""How far the vault's log may be off the moment of deletion that the key tells, which is cut to whole seconds."""

_EXTENSION = "/providers/microsoft.authorization/"
_OF_VAULTS = "/providers/microsoft.keyvault/"
_BEFORE_PROVIDER = "/providers/"
_REFUSED, _FAILED = 400, "failed"


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """An event with the id of the container it is about, or of what stands above containers."""

    event: KeyEvent
    container: str


def key_events(pages: Sequence[LogResult]) -> tuple[Placed, ...]:
    """What a workspace tells was done to keys, oldest first, each entry once: two settings may have sent it twice."""
    found: dict[KeyEvent, str] = {}
    for page in pages:
        if page.error is not None or not page.tables:
            raise MalformedReplyError("tables")
        table = page.tables[0]
        names = tuple(column.name for column in table.columns)
        if names != COLUMNS:
            raise MalformedReplyError("columns")
        for row in table.rows:
            cells = {name: value or "" for name, value in zip(names, row, strict=True)}
            event = _key_event(cells)
            if event is not None:
                found[event] = container_id(cells["container"])
    placed = (Placed(event=event, container=container) for event, container in found.items())
    return tuple(sorted(placed, key=_order))


def changes(pages: Iterable[ActivityEntries]) -> tuple[Placed, ...]:
    """What was done to vaults, locks and access, oldest first; an operation is one event, as it ended."""
    operations: dict[tuple[str, str, str], list[ActivityEntry]] = {}
    for number, entry in enumerate(entry for page in pages for entry in page.value):
        call, target = (entry.operation_name.value or "").lower(), container_id(entry.resource_id or "")
        if call in CHANGES and _reaches_vaults(target):
            operations.setdefault((entry.operation_id or str(number), call, target), []).append(entry)
    placed = (_change(CHANGES[call], _subject(target), steps) for (_, call, target), steps in operations.items())
    return tuple(sorted(placed, key=_order))


def in_place(found: Sequence[Placed], since: datetime, ids: frozenset[str], *, outside: bool) -> KeyEvents:
    """Those about the containers with these ids, or with `outside` those about none of them."""
    events = (one.event for one in found if (_belongs(one.container, ids)) is not outside)
    return KeyEvents(since=since, items=tuple(events))


def actor_of(key: str, deleted_at: datetime, found: Iterable[Placed]) -> str | None:
    """Who asked for the deletion of a key that says when it was deleted; None where no entry fits that moment."""
    fitting = [
        one.event
        for one in found
        if one.event.type is KeyEventType.DESTROY_REQUESTED
        and one.event.subject == key
        and not one.event.refused
        and abs(one.event.at - deleted_at) <= _TOLERANCE
    ]
    newest = max(fitting, key=lambda event: event.at, default=None)
    return newest.actor if newest else None


def _change(kind: KeyEventType, subject: str, steps: Sequence[ActivityEntry]) -> Placed:
    """One operation: it was refused when a step of it failed."""
    last = max(steps, key=lambda step: step.event_timestamp)
    words = {((step.status.value if step.status else None) or "").lower() for step in steps}
    event = KeyEvent(
        at=last.event_timestamp.astimezone(UTC),
        type=kind,
        subject=subject,
        actor=last.caller or None,
        refused=_FAILED in words,
        call=last.operation_name.value or "",
    )
    return Placed(event=event, container=subject)


def _key_event(cells: Mapping[str, str]) -> KeyEvent | None:
    kind = TYPES.get(cells["call"])
    if kind is None:
        return None
    try:
        at = datetime.fromisoformat(cells["at"]).astimezone(UTC)
        status = int(float(cells["status"])) if cells["status"] else 0
    except (ValueError, OverflowError) as error:
        raise MalformedReplyError("rows") from error
    return KeyEvent(
        at=at,
        type=kind,
        subject=_key(cells, kind),
        actor=cells["upn"] or cells["oid"] or cells["app"] or None,
        refused=status >= _REFUSED,
        call=cells["call"],
    )


def _key(cells: Mapping[str, str], kind: KeyEventType) -> str:
    """The key, of a change the version that it names; the container where an entry names no key that can be read."""
    for address in (cells["key"], cells["request"]):
        try:
            name, version = key_id(address), version_of(address)
        except (MalformedReplyError, ValueError):
            continue
        return f"{name}/{version}" if version and kind is KeyEventType.VERSION_CHANGED else name
    return container_id(cells["container"])


def _reaches_vaults(target: str) -> bool:
    """Whether it is a vault or what is in one, or a subscription or resource group that may hold some."""
    return _OF_VAULTS in target or _BEFORE_PROVIDER not in _subject(target)


def _subject(target: str) -> str:
    """What was changed: of an assignment or lock what it stands on."""
    return target.partition(_EXTENSION)[0] or target


def _belongs(container: str, ids: frozenset[str]) -> bool:
    return any(container == id_ or container.startswith(f"{id_}/") for id_ in ids)


def _order(one: Placed) -> tuple[datetime, str, str]:
    return one.event.at, one.event.subject, one.event.call
