"""Kept replies of the event history become the requests they record; the provider's words stop here. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from scanner.model.key import DeletionRequest, Metadata, MultiRegionRole
from scanner.providers.aws import replies_events
from scanner.providers.aws.normalise import key_id

SCHEDULE_DELETION = "ScheduleKeyDeletion"
_KEY = "AWS::KMS::Key"
_UNNAMED_WINDOW = 30
"""Days that the key service waits when a request names none (API Reference, ScheduleKeyDeletion)."""

_TOLERANCE = timedelta(days=1)


def deletion_requests(pages: Sequence[replies_events.LookupEvents]) -> dict[str, DeletionRequest]:
    """The newest request that was granted for each key, by the key's ARN, or its id where the event has no ARN."""
    newest: dict[str, DeletionRequest] = {}
    for event in (event for page in pages for event in page.events):
        told = event.cloud_trail_event
        if event.event_name != SCHEDULE_DELETION or told.error_code:
            continue
        asked = told.request_parameters or replies_events.EventParameters()
        request = DeletionRequest(
            at=event.event_time, actor=event.username or None, window_days=asked.pending_window_in_days
        )
        for name in _keys(told, asked):
            if name not in newest or newest[name].at < request.at:
                newest[name] = request
    return newest


def request_of(arn: str, metadata: Metadata, requests: Mapping[str, DeletionRequest]) -> DeletionRequest | None:
    """The request behind this key's deletion, None when the history does not hold it.

    An older request, one that was cancelled, leads to another date than the key has and is not the one; a primary key
    waits for its replicas first, so its date says nothing about the request.
    """
    request = requests.get(arn) or requests.get(key_id(arn))
    if request is None or metadata.deletion_at is None or metadata.multi_region is MultiRegionRole.PRIMARY:
        return request
    due = request.at + timedelta(days=request.window_days or _UNNAMED_WINDOW)
    return request if abs(metadata.deletion_at - due) <= _TOLERANCE else None


def _keys(told: replies_events.CloudTrailEvent, asked: replies_events.EventParameters) -> Iterator[str]:
    """The ARNs of the keys that an event is about, else the key that the request named."""
    arns = [resource.arn for resource in told.resources or () if resource.type == _KEY and resource.arn]
    named = [asked.key_id] if asked.key_id else []
    yield from (arn for arn in arns or named if arn)
