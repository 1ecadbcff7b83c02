"""Reads what could tell somebody of an event in a subscription: alerts and who they call. Follows no path."""

from collections.abc import Sequence
from concurrent.futures import Executor

import msgspec

from scanner.model.key import Provider
from scanner.model.raw import RawResponse
from scanner.model.unknown import Unknown
from scanner.model.watching import EventSubscription, EventSubscriptions, Watching
from scanner.providers.answer import Answer, AnyAnswer
from scanner.providers.azure import normalise_monitor, replies_monitor
from scanner.providers.azure.api import Question
from scanner.providers.azure.normalise_containers import container_id
from scanner.providers.azure.operations_monitor import (
    LIST_ACTION_GROUPS,
    LIST_ACTIVITY_ALERTS,
    LIST_EXPORTS,
    LIST_QUERY_ALERTS,
    LIST_SYSTEM_TOPICS,
    LIST_TOPIC_EVENTS,
    LIST_VAULT_EVENTS,
)
from scanner.providers.azure.place import Place, group_of
from scanner.providers.azure.reader import Reader
from scanner.windows import in_windows

_Heard = tuple[str, Answer[replies_monitor.EventSubscriptions]]


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
    exports = pool.submit(reader.ask, LIST_EXPORTS, question).result()
    topics = pool.submit(reader.ask, LIST_SYSTEM_TOPICS, question).result()
    heard = _hear(reader, places, pool, window) + _hear_topics(reader, topics, places, pool)
    listed: tuple[AnyAnswer, ...] = (topics, *(answer for _, answer in heard))
    watching = Watching(
        provider=Provider.AZURE,
        account=reader.account,
        region=reader.region or "",
        activity=activity.group(normalise_monitor.activity_alerts),
        queries=queries.group(normalise_monitor.query_alerts),
        groups=groups.group(normalise_monitor.action_groups),
        subscriptions=_subscriptions(topics, heard),
        exports=exports.group(normalise_monitor.log_routes),
        evidence=activity.evidence("activity")
        + queries.evidence("queries")
        + groups.evidence("groups")
        + exports.evidence("exports")
        + tuple(item for answer in listed for item in answer.evidence("subscriptions")),
    )
    answers: tuple[AnyAnswer, ...] = (activity, queries, groups, exports, *listed)
    return SubscriptionAlerts(watching=watching, raw=tuple(response for one in answers for response in one.raw))


def _hear(reader: Reader, places: Sequence[Place], pool: Executor, window: int) -> list[_Heard]:
    """The subscriptions on vaults themselves; managed HSMs send no events."""

    def hear(place: Place) -> _Heard:
        return place.id, reader.ask(LIST_VAULT_EVENTS, Question(places=place.places), subject=place.name)

    return list(in_windows(pool, window, hear, [place for place in places if not place.is_hsm]))


def _hear_topics(
    reader: Reader, topics: Answer[replies_monitor.SystemTopics], places: Sequence[Place], pool: Executor
) -> list[_Heard]:
    """The subscriptions on the system topics of these vaults: those made there are not listed on the vault."""
    sources = {place.id for place in places}

    def hear(topic: replies_monitor.SystemTopic) -> _Heard:
        where = {"subscription": reader.account, "group": group_of(topic.id), "topic": topic.name}
        answer = reader.ask(LIST_TOPIC_EVENTS, Question(places=where), subject=f"{where['group']}/{topic.name}")
        return container_id(topic.properties.source), answer

    return [pool.submit(hear, topic).result() for topic in normalise_monitor.topics_of(topics.pages, sources)]


def _subscriptions(
    topics: Answer[replies_monitor.SystemTopics], heard: Sequence[_Heard]
) -> EventSubscriptions | Unknown:
    """Who hears the vaults; unknown as a whole where one of them was not read."""
    if topics.failure:
        return topics.failure.unknown
    found: list[EventSubscription] = []
    for source, answer in heard:
        if answer.failure:
            return answer.failure.unknown
        found += normalise_monitor.event_subscriptions(answer.pages, source)
    return EventSubscriptions(items=normalise_monitor.once(found))
