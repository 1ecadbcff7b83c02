"""Reads what was done to a project's keys, from the Admin Activity log, once for all its locations. Judges nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.history import History, KeyEvent, KeyEvents
from scanner.model.key import DeletionRequest, Key, KeyState, Metadata, Provider, Versions
from scanner.model.raw import RawResponse
from scanner.model.unknown import Cause, Unknown
from scanner.providers.gcp import normalise_events
from scanner.providers.gcp.operations_watching import LIST_LOG_ENTRIES
from scanner.providers.gcp.reader import Reader

_KEPT_DAYS = 400
"""How long Google keeps the Admin Activity log, which nobody can shorten."""

_A_PAGE = 1000
_NOT_FOUND = Unknown(cause=Cause.NOT_COLLECTED, call=LIST_LOG_ENTRIES.action)
"""No entry: it may be too old for the log, or some moments too young."""


class ReadHistory(msgspec.Struct, frozen=True, kw_only=True):
    """What was done to a project's keys, with the replies it was made from."""

    account: str
    events: KeyEvents | Unknown
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]

    @property
    def places(self) -> frozenset[str]:
        """The locations where something was done, even where no key is left."""
        return frozenset() if isinstance(self.events, Unknown) else normalise_events.places(self.events)

    def at(self, location: str) -> History:
        """What was done in one location."""
        events = self.events
        return History(
            provider=Provider.GCP,
            account=self.account,
            region=location,
            events=events if isinstance(events, Unknown) else normalise_events.in_place(events, location),
            evidence=self.evidence,
        )


def read_history(reader: Reader, as_of: datetime) -> ReadHistory:
    """Every entry about the destruction, switching, restoring and deleting of versions and keys, and about access."""
    project, since = f"projects/{reader.account}", as_of - timedelta(days=_KEPT_DAYS)
    methods = " OR ".join(f'"{name}"' for name in normalise_events.TYPES)
    conditions = (
        f'logName="{project}/logs/cloudaudit.googleapis.com%2Factivity"',
        'protoPayload.serviceName="cloudkms.googleapis.com"',
        f"protoPayload.methodName:({methods})",
        f'timestamp>="{since:%Y-%m-%dT%H:%M:%SZ}"',
    )
    params = {
        "resourceNames": [project],
        "filter": " AND ".join(conditions),
        "orderBy": "timestamp desc",
        "pageSize": _A_PAGE,
    }
    answer = reader.ask(LIST_LOG_ENTRIES, params, reader.account)
    return ReadHistory(
        account=reader.account,
        events=answer.group(lambda pages: normalise_events.events(pages, since)),
        evidence=answer.evidence("events"),
        raw=answer.raw,
    )


def with_requests(keys: Iterable[Key], found: ReadHistory) -> tuple[Key, ...]:
    """The keys, those that are to go with the request for it."""
    return tuple(_asked(key, found) if _is_going(key) else key for key in keys)


def _is_going(key: Key) -> bool:
    return isinstance(key.metadata, Metadata) and key.metadata.state is KeyState.PENDING_DELETION


def _asked(key: Key, found: ReadHistory) -> Key:
    """The key with the request that sealed its end: that of the version that goes last."""
    evidence = tuple(msgspec.structs.replace(item, group="deletion_request") for item in found.evidence)
    events = found.events
    request = events if isinstance(events, Unknown) else _request_of(key, events.items)
    return msgspec.structs.replace(key, deletion_request=request, evidence=key.evidence + evidence)


def _request_of(key: Key, events: Sequence[KeyEvent]) -> DeletionRequest | Unknown:
    waiting = key.versions.items if isinstance(key.versions, Versions) else ()
    last = max((one for one in waiting if one.destroy_at), key=lambda one: str(one.destroy_at), default=None)
    event = normalise_events.request_for(last.id, last.destroy_at, events) if last else None
    if event is None:
        return _NOT_FOUND
    wait = key.metadata.destroy_after if isinstance(key.metadata, Metadata) else None
    return DeletionRequest(at=event.at, actor=event.actor, window_days=wait.days if wait is not None else None)
