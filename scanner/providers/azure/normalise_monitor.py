"""Kept replies become routes of logs, alerts and who they call; the provider's words stop here. Pure, without SDK."""

from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import fields

from scanner.model.container import LogRoute, LogRoutes
from scanner.model.watching import (
    ActionGroup,
    ActionGroups,
    ActivityAlert,
    ActivityAlerts,
    EventCondition,
    EventSubscription,
    QueryAlert,
    QueryAlerts,
    Receiver,
)
from scanner.providers.azure import replies_monitor
from scanner.providers.azure.normalise_containers import container_id

_RECEIVERS = "_receivers"


def log_routes(pages: Sequence[replies_monitor.DiagnosticSettings]) -> LogRoutes:
    """Every setting with what of the log is switched on in it, and where that goes."""
    items = [_route(setting) for page in pages for setting in page.value]
    return LogRoutes(items=tuple(sorted(items, key=lambda route: route.name)))


def activity_alerts(pages: Sequence[replies_monitor.ActivityAlerts]) -> ActivityAlerts:
    """Every activity-log alert; one that calls no action group is kept with none."""
    items = [
        ActivityAlert(
            id=container_id(found.id),
            name=found.name,
            enabled=found.properties.enabled,
            scopes=tuple(sorted(map(container_id, found.properties.scopes))),
            conditions=tuple(_conditions(found.properties.condition)),
            groups=_ids(
                group.action_group_id
                for group in (found.properties.actions.action_groups if found.properties.actions else None) or ()
            ),
        )
        for page in pages
        for found in page.value
    ]
    return ActivityAlerts(items=tuple(sorted(items, key=lambda item: item.id)))


def query_alerts(pages: Sequence[replies_monitor.QueryAlerts]) -> QueryAlerts:
    """Every scheduled query rule; one that does not say that it is switched on is not said to be."""
    items = [_query_alert(found) for page in pages for found in page.value]
    return QueryAlerts(items=tuple(sorted(items, key=lambda item: item.id)))


def action_groups(pages: Sequence[replies_monitor.ActionGroups]) -> ActionGroups:
    """Every action group with its receivers, sorted by means and name."""
    items = [
        ActionGroup(
            id=container_id(found.id),
            name=found.name,
            enabled=found.properties.enabled,
            receivers=tuple(sorted(_receivers(found.properties), key=lambda item: (item.means, item.name))),
        )
        for page in pages
        for found in page.value
    ]
    return ActionGroups(items=tuple(sorted(items, key=lambda item: item.id)))


def event_subscriptions(
    pages: Sequence[replies_monitor.EventSubscriptions], source: str
) -> tuple[EventSubscription, ...]:
    """The subscriptions to the events of one source."""
    return tuple(
        EventSubscription(
            id=container_id(found.id),
            source=source,
            events=_event_types(found.properties.filter),
            destination=found.properties.destination.endpoint_type if found.properties.destination else None,
            state=found.properties.provisioning_state,
        )
        for page in pages
        for found in page.value
    )


def once(found: Iterable[EventSubscription]) -> tuple[EventSubscription, ...]:
    """Each subscription once, sorted by id: one on a vault is shown on the vault's system topic too."""
    kept: dict[tuple[str, str], EventSubscription] = {}
    for one in found:
        kept.setdefault((one.source, one.id.rpartition("/")[2]), one)
    return tuple(sorted(kept.values(), key=lambda one: one.id))


def topics_of(
    pages: Sequence[replies_monitor.SystemTopics], sources: Collection[str]
) -> tuple[replies_monitor.SystemTopic, ...]:
    """The system topics that pass on the events of one of these sources."""
    return tuple(one for page in pages for one in page.value if container_id(one.properties.source) in sources)


def _event_types(found: replies_monitor.EventFilter | None) -> tuple[str, ...]:
    return tuple(sorted((found.included_event_types if found else None) or ()))


def _query_alert(found: replies_monitor.QueryAlert) -> QueryAlert:
    settings = found.properties
    criteria = (settings.criteria.all_of if settings.criteria else None) or ()
    return QueryAlert(
        id=container_id(found.id),
        name=found.name,
        enabled=settings.enabled is True,
        scopes=_ids(settings.scopes or ()),
        queries=tuple(one.query for one in criteria if one.query),
        every=settings.evaluation_frequency,
        muted_for=settings.mute_actions_duration,
        groups=_ids((settings.actions.action_groups if settings.actions else None) or ()),
    )


def _conditions(found: replies_monitor.Conditions) -> Iterable[EventCondition]:
    """Each condition as a field and the values of it that hold; alternatives over several fields name them all."""
    for one in found.all_of:
        parts = one.any_of or (one,)
        fields = sorted({part.field for part in parts if part.field})
        values = {part.equals for part in parts if part.equals} | {
            value for part in parts for value in part.contains_any or ()
        }
        yield EventCondition(field="|".join(fields), values=tuple(sorted(values)))


def _receivers(found: replies_monitor.ActionGroupProperties) -> Iterable[Receiver]:
    for field in fields(type(found)):
        if field.name.endswith(_RECEIVERS):
            for one in getattr(found, field.name) or ():
                yield Receiver(means=field.name.removesuffix(_RECEIVERS), name=one.name, status=one.status)


def _ids(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(map(container_id, names)))


def _route(setting: replies_monitor.DiagnosticSetting) -> LogRoute:
    found = setting.properties
    names = [log.category or log.category_group for log in found.logs or () if log.enabled]
    places = (found.workspace_id, found.storage_account_id, found.event_hub_authorization_rule_id)
    return LogRoute(
        name=setting.name,
        categories=tuple(sorted({name.lower() for name in names if name})),
        destinations=tuple(sorted(container_id(place) for place in places if place)),
    )
