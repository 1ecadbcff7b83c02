"""What could tell somebody of an event on Azure: alerts, who they call, subscriptions to events. Judges nothing."""

from scanner.model.container import LogRoutes
from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.record import Record
from scanner.model.unknown import Unknown


class EventCondition(Record, frozen=True, kw_only=True, tag="event_condition"):
    """One field of an event and the values that let it through; the conditions of an alert must all hold."""

    field: str
    values: tuple[str, ...]


class ActivityAlert(Record, frozen=True, kw_only=True, tag="activity_alert"):
    """An alert on the activity log, which knows vaults and not their keys. `groups` are the action groups it calls."""

    id: str
    name: str
    enabled: bool
    scopes: tuple[str, ...]
    conditions: tuple[EventCondition, ...]
    groups: tuple[str, ...]


class ActivityAlerts(Record, frozen=True, kw_only=True, tag="activity_alerts"):
    """Every activity-log alert of a subscription, sorted by id."""

    items: tuple[ActivityAlert, ...]


class QueryAlert(Record, frozen=True, kw_only=True, tag="query_alert"):
    """An alert on what a log query finds; `muted_for` (ISO 8601) keeps it silent after it fired."""

    id: str
    name: str
    enabled: bool
    scopes: tuple[str, ...]
    queries: tuple[str, ...]
    every: str | None
    muted_for: str | None
    groups: tuple[str, ...]


class QueryAlerts(Record, frozen=True, kw_only=True, tag="query_alerts"):
    """Every scheduled query rule of a subscription, sorted by id."""

    items: tuple[QueryAlert, ...]


class Receiver(Record, frozen=True, kw_only=True, tag="receiver"):
    """Who is called. Nothing of the address is kept; `status` is the provider's word, None for kinds without one."""

    means: str
    name: str
    status: str | None


class ActionGroup(Record, frozen=True, kw_only=True, tag="action_group"):
    """A group of receivers."""

    id: str
    name: str
    enabled: bool
    receivers: tuple[Receiver, ...]


class ActionGroups(Record, frozen=True, kw_only=True, tag="action_groups"):
    """Every action group of a subscription, sorted by id."""

    items: tuple[ActionGroup, ...]


class EventSubscription(Record, frozen=True, kw_only=True, tag="event_subscription"):
    """A subscription to a vault's events; no `events` named means all of them."""

    id: str
    source: str
    events: tuple[str, ...]
    destination: str | None
    state: str | None


class EventSubscriptions(Record, frozen=True, kw_only=True, tag="event_subscriptions"):
    """Every subscription to events of vaults, sorted by id."""

    items: tuple[EventSubscription, ...]


class Watching(Record, frozen=True, kw_only=True, tag="watching"):
    """What could tell somebody of an event in one subscription; each group is read or unknown by itself.

    `exports` are the settings that send the activity log elsewhere.
    """

    provider: Provider
    account: str
    region: str
    activity: ActivityAlerts | Unknown
    queries: QueryAlerts | Unknown
    groups: ActionGroups | Unknown
    subscriptions: EventSubscriptions | Unknown
    exports: LogRoutes | Unknown
    evidence: tuple[Evidence, ...]


WATCHING_GROUPS: tuple[str, ...] = ("activity", "queries", "groups", "subscriptions", "exports")
"""The groups of a subscription's watching that are listed by calls of their own."""
