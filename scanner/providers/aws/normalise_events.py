"""Kept replies of the event history become the requests they record; the provider's words stop here. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from scanner.model.key import DeletionRequest, Metadata, MultiRegionRole
from scanner.providers.aws import replies_events
from scanner.providers.aws.normalise import key_id

SCHEDULE_DELETION = "ScheduleKeyDeletion"
CANCEL_DELETION = "CancelKeyDeletion"
_KEY = "AWS::KMS::Key"
_UNNAMED_WINDOW = 30
"""Days that the key service waits when a request names none (API Reference, ScheduleKeyDeletion)."""

_TOLERANCE = timedelta(days=1)


class DeletionHistory(msgspec.Struct, frozen=True, kw_only=True):
    """The newest request and the newest cancellation, granted each, by the key's ARN, or its id where there is none."""

    requests: Mapping[str, DeletionRequest]
    cancelled: Mapping[str, datetime]


def deletion_requests(pages: Sequence[replies_events.LookupEvents]) -> dict[str, DeletionRequest]:
    """The newest request that was granted for each key."""
    newest: dict[str, DeletionRequest] = {}
    for event, asked in _granted(pages, SCHEDULE_DELETION):
        request = DeletionRequest(
            at=event.event_time, actor=event.username or None, window_days=asked.pending_window_in_days
        )
        for name in _keys(event.cloud_trail_event, asked):
            if name not in newest or newest[name].at < request.at:
                newest[name] = request
    return newest


def cancellations(pages: Sequence[replies_events.LookupEvents]) -> dict[str, datetime]:
    """When the deletion of each key was last cancelled."""
    newest: dict[str, datetime] = {}
    for event, asked in _granted(pages, CANCEL_DELETION):
        for name in _keys(event.cloud_trail_event, asked):
            newest[name] = max(event.event_time, newest.get(name, event.event_time))
    return newest


def request_of(arn: str, metadata: Metadata, history: DeletionHistory) -> DeletionRequest | None:
    """The request behind this key's deletion, None when the history does not hold it.

    One that was cancelled since is not the one: the key waits all the same, so a newer one is not in the history yet.
    Nor is one that leads to another date than the key has; a primary key waits for its replicas first, so its date says
    nothing about the request.
    """
    names = (arn, key_id(arn))
    request = next((history.requests[name] for name in names if name in history.requests), None)
    if request is None or any(history.cancelled[name] >= request.at for name in names if name in history.cancelled):
        return None
    if metadata.deletion_at is None or metadata.multi_region is MultiRegionRole.PRIMARY:
        return request
    due = request.at + timedelta(days=request.window_days or _UNNAMED_WINDOW)
    return request if abs(metadata.deletion_at - due) <= _TOLERANCE else None


def _granted(
    pages: Iterable[replies_events.LookupEvents], name: str
) -> Iterator[tuple[replies_events.Event, replies_events.EventParameters]]:
    """The events of a name that were not refused, each with what it asked for."""
    for event in (event for page in pages for event in page.events):
        told = event.cloud_trail_event
        if event.event_name == name and not told.error_code:
            yield event, told.request_parameters or replies_events.EventParameters()


def _keys(told: replies_events.CloudTrailEvent, asked: replies_events.EventParameters) -> Iterator[str]:
    """The ARNs of the keys that an event is about, else the key that the request named."""
    arns = [resource.arn for resource in told.resources or () if resource.type == _KEY and resource.arn]
    named = [asked.key_id] if asked.key_id else []
    yield from (arn for arn in arns or named if arn)
