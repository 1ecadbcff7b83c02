"""Kept audit log entries become what was done to keys; the provider's words stop here. Pure, and imports no SDK.

https://cloud.google.com/kms/docs/audit-logging: names of methods are short for older ones and full for newer ones.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from scanner.model.history import KeyEvent, KeyEvents, KeyEventType
from scanner.providers.gcp.replies_events import AuditLog, ListLogEntries, LogEntry

_CHANGE = "UpdateCryptoKeyVersion"
TYPES: Mapping[str, KeyEventType] = {
    "DestroyCryptoKeyVersion": KeyEventType.DESTROY_REQUESTED,
    "RestoreCryptoKeyVersion": KeyEventType.RESTORED,
    _CHANGE: KeyEventType.VERSION_CHANGED,
    "DeleteCryptoKeyVersion": KeyEventType.VERSION_DELETED,
    "DeleteCryptoKey": KeyEventType.KEY_DELETED,
    "SetIamPolicy": KeyEventType.ACCESS_CHANGED,
}
"""The methods that are asked for, by the last part of their names."""

_STATES: Mapping[object, KeyEventType] = {"DISABLED": KeyEventType.DISABLED, "ENABLED": KeyEventType.ENABLED}
_PLACE = re.compile(r"projects/[^/]+/locations/([a-z]+(?:-[a-z]+)*[0-9]*)/keyRings/.+")


def events(pages: Sequence[ListLogEntries], since: datetime) -> KeyEvents:
    """Every entry about a method that was asked for, oldest first; a long call is one event, as it ended."""
    found = sorted((entry for page in pages for entry in page.entries), key=lambda entry: entry.timestamp)
    kept: dict[object, LogEntry] = {}
    for number, entry in enumerate(found):
        long = entry.operation.id if entry.operation else None
        kept[long or number] = entry
    made = (_event(entry.proto_payload, entry.timestamp) for entry in kept.values() if entry.proto_payload)
    return KeyEvents(since=since, items=tuple(sorted((one for one in made if one), key=_order)))


def place_of(event: KeyEvent) -> str | None:
    """The location of what an event is about; None for a name that is not one of this service."""
    match = _PLACE.fullmatch(event.subject)
    return match[1] if match else None


def places(found: KeyEvents) -> frozenset[str]:
    """The locations where something was done; a refused request may name any."""
    named = (place_of(event) for event in found.items if not event.refused)
    return frozenset(place for place in named if place)


def in_place(found: KeyEvents, location: str) -> KeyEvents:
    """Those of one location."""
    return KeyEvents(since=found.since, items=tuple(event for event in found.items if place_of(event) == location))


def request_for(version: str, by: datetime | None, found: Iterable[KeyEvent]) -> KeyEvent | None:
    """The newest request for a version's destruction that was not refused and came before the date."""
    fitting = [
        event
        for event in found
        if event.type is KeyEventType.DESTROY_REQUESTED
        and event.subject == version
        and not event.refused
        and (by is None or event.at <= by)
    ]
    return max(fitting, key=lambda event: event.at, default=None)


def _event(call: AuditLog, at: datetime) -> KeyEvent | None:
    kind = TYPES.get(call.method_name.rpartition(".")[2])
    if kind is None:
        return None
    who = call.authentication_info
    return KeyEvent(
        at=at,
        type=_changed(call) if kind is KeyEventType.VERSION_CHANGED else kind,
        subject=call.resource_name,
        actor=(who.principal_email or who.principal_subject) if who else None,
        refused=call.status is not None and call.status.code != 0,
        call=call.method_name,
    )


def _changed(call: AuditLog) -> KeyEventType:
    """Whether a change disabled or enabled, as the request says, or else its answer."""
    asked = call.request.crypto_key_version.state if call.request and call.request.crypto_key_version else None
    state = asked or (call.response.state if call.response else None)
    return _STATES.get(state, KeyEventType.VERSION_CHANGED)


def _order(event: KeyEvent) -> tuple[datetime, str, str]:
    return (event.at, event.subject, event.call)
