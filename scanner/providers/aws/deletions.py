"""Adds to keys that wait for their deletion the request for it, read once for a region. Judges no waiting time."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor

from msgspec.structs import replace

from scanner.model.key import DeletionRequest, Key, KeyState
from scanner.model.raw import RawResponse
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws import normalise_events
from scanner.providers.aws.operations import LOOKUP_EVENTS
from scanner.providers.aws.reader import Reader

_NOT_FOUND = Unknown(cause=Cause.NOT_COLLECTED, call=LOOKUP_EVENTS.action)
"""The history reaches back 90 days, and a request reaches it some minutes after it was made."""


def with_deletion_requests(
    reader: Reader, pool: Executor, keys: Sequence[Key]
) -> tuple[tuple[Key, ...], tuple[RawResponse, ...]]:
    """The keys, those pending deletion with the request for it; the history is asked only when there are such."""
    pending = [key for key in keys if _is_pending(key)]
    if not pending:
        return tuple(keys), ()
    wanted = [{"AttributeKey": "EventName", "AttributeValue": normalise_events.SCHEDULE_DELETION}]
    answer = pool.submit(reader.ask, LOOKUP_EVENTS, {"LookupAttributes": wanted, "MaxResults": 50}).result()
    requests, evidence = answer.group(normalise_events.deletion_requests), answer.evidence("deletion_request")
    found = {
        key.id: replace(key, deletion_request=_request(key, requests), evidence=key.evidence + evidence)
        for key in pending
    }
    return tuple(found.get(key.id, key) for key in keys), answer.raw


def _is_pending(key: Key) -> bool:
    return not isinstance(key.metadata, Unknown) and key.metadata.state is KeyState.PENDING_DELETION


def _request(key: Key, requests: Mapping[str, DeletionRequest] | Unknown) -> DeletionRequest | Unknown:
    if isinstance(requests, Unknown):
        return requests
    if isinstance(key.metadata, Unknown):
        return key.metadata
    return normalise_events.request_of(key.id, key.metadata, requests) or _NOT_FOUND
