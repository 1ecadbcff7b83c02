"""Adds to keys that wait for their deletion the request for it, read once for a region. Judges no waiting time."""

from collections.abc import Sequence
from concurrent.futures import Executor
from datetime import datetime

from msgspec.structs import replace

from scanner.model.key import DeletionRequest, Key, KeyState
from scanner.model.raw import RawResponse
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws import normalise_events
from scanner.providers.aws.normalise_events import DeletionHistory
from scanner.providers.aws.operations import LOOKUP_EVENTS
from scanner.providers.aws.reader import Reader

_NOT_FOUND = Unknown(cause=Cause.NOT_COLLECTED, call=LOOKUP_EVENTS.action)
"""The history reaches back 90 days, and a request reaches it some minutes after it was made."""


def with_deletion_requests(
    reader: Reader, pool: Executor, keys: Sequence[Key]
) -> tuple[tuple[Key, ...], tuple[RawResponse, ...]]:
    """The keys, those pending deletion with the request for it; the history is asked only when there are such.

    It is asked for cancellations too: a request that was taken back is not the one that the key waits on.
    """
    pending = [key for key in keys if _is_pending(key)]
    if not pending:
        return tuple(keys), ()
    names = (normalise_events.SCHEDULE_DELETION, normalise_events.CANCEL_DELETION)
    asked, cancelled = (
        future.result() for future in [pool.submit(reader.ask, LOOKUP_EVENTS, _named(name), name) for name in names]
    )
    history = _history(asked.group(normalise_events.deletion_requests), cancelled.group(normalise_events.cancellations))
    evidence = asked.evidence("deletion_request") + cancelled.evidence("deletion_request")
    found = {
        key.id: replace(key, deletion_request=_request(key, history), evidence=key.evidence + evidence)
        for key in pending
    }
    return tuple(found.get(key.id, key) for key in keys), asked.raw + cancelled.raw


def _named(event: str) -> dict[str, object]:
    return {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": event}], "MaxResults": 50}


def _history(
    requests: dict[str, DeletionRequest] | Unknown, cancelled: dict[str, datetime] | Unknown
) -> DeletionHistory | Unknown:
    """Without the cancellations nobody knows which request is in force."""
    if isinstance(requests, Unknown):
        return requests
    return cancelled if isinstance(cancelled, Unknown) else DeletionHistory(requests=requests, cancelled=cancelled)


def _is_pending(key: Key) -> bool:
    return not isinstance(key.metadata, Unknown) and key.metadata.state is KeyState.PENDING_DELETION


def _request(key: Key, history: DeletionHistory | Unknown) -> DeletionRequest | Unknown:
    if isinstance(history, Unknown):
        return history
    if isinstance(key.metadata, Unknown):
        return key.metadata
    return normalise_events.request_of(key.id, key.metadata, history) or _NOT_FOUND
