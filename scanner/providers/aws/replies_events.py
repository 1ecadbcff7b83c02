"""What is kept of the event history: these types are its allow-list of fields. Holds no logic and imports no SDK."""

from datetime import datetime

import msgspec
from msgspec import field


class EventResource(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What an event says it touched."""

    arn: str | None = field(default=None, name="ARN")
    type: str | None = None


class EventParameters(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a request about a key asked for."""

    key_id: str | None = None
    pending_window_in_days: int | None = None


class CloudTrailEvent(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What is kept of an event's own document: whether it was refused, and which key it was about."""

    error_code: str | None = None
    resources: tuple[EventResource, ...] | None = None
    request_parameters: EventParameters | None = None


class TouchedResource(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A resource by which an event is found."""

    resource_type: str | None = None
    resource_name: str | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An event of the last 90 days."""

    event_id: str
    event_name: str
    event_time: datetime
    cloud_trail_event: CloudTrailEvent
    username: str | None = None
    resources: tuple[TouchedResource, ...] = ()


class LookupEvents(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the event history."""

    events: tuple[Event, ...]
