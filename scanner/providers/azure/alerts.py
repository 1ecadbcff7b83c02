"""Reads what could tell somebody of an event in a subscription: alerts and who they call. Follows no path."""

from collections.abc import Sequence
from concurrent.futures import Executor

import msgspec

from scanner.model.key import Provider
from scanner.model.raw import RawResponse
from scanner.model.unknown import Unknown
from scanner.model.watching import EventSubscription, EventSubscriptions, Watching
from scanner.providers.answer import Answer
from scanner.providers.azure import normalise_monitor, replies_monitor
from scanner.providers.azure.api import Question
from scanner.providers.azure.operations_monitor import (
    LIST_ACTION_GROUPS,
    LIST_ACTIVITY_ALERTS,
    LIST_QUERY_ALERTS,
    LIST_VAULT_EVENTS,
)
from scanner.providers.azure.place import Place
from scanner.providers.azure.reader import Reader
from scanner.windows import in_windows

_Heard = tuple[Place, Answer[replies_monitor.EventSubscriptions]]


class SubscriptionAlerts(msgspec.Struct, frozen=True, kw_only=True):
    """What could tell somebody, with the replies it was made from."""

    watching: Watching
    raw: tuple[RawResponse, ...]


def read_alerts(reader: Reader, places: Sequence[Place], pool: Executor, window: int) -> SubscriptionAlerts:
    """The subscription's alerts and action groups, and who hears the events of each vault in `places`."""
    question = Question(places={"subscription": reader.account})
    activity = pool.submit(reader.ask, LIST_ACTIVITY_ALERTS, question).result()
    queries = pool.submit(reader.ask, LIST_QUERY_ALERTS, question).result()
    groups = pool.submit(reader.ask, LIST_ACTION_GROUPS, question).result()

    def hear(place: Place) -> _Heard:
        return place, reader.ask(LIST_VAULT_EVENTS, Question(places=place.places), subject=place.name)

    heard = list(in_windows(pool, window, hear, [place for place in places if not place.is_hsm]))
    watching = Watching(
        provider=Provider.AZURE,
        account=reader.account,
        region=reader.region or "",
        activity=activity.group(normalise_monitor.activity_alerts),
        queries=queries.group(normalise_monitor.query_alerts),
        groups=groups.group(normalise_monitor.action_groups),
        events=_events(heard),
        evidence=activity.evidence("activity")
        + queries.evidence("queries")
        + groups.evidence("groups")
        + tuple(item for _, answer in heard for item in answer.evidence("events")),
    )
    answers = (activity.raw, queries.raw, groups.raw, *(answer.raw for _, answer in heard))
    return SubscriptionAlerts(watching=watching, raw=tuple(response for raw in answers for response in raw))


def _events(heard: Sequence[_Heard]) -> EventSubscriptions | Unknown:
    """Who hears the vaults; unknown as a whole where one of them was not read."""
    found: list[EventSubscription] = []
    for place, answer in heard:
        if answer.failure:
            return answer.failure.unknown
        found += normalise_monitor.event_subscriptions(answer.pages, place.id)
    return EventSubscriptions(items=tuple(sorted(found, key=lambda item: item.id)))
