"""Reads what could tell somebody of an event in an account-region. One group that is refused hides no other."""

from concurrent.futures import Executor, Future

import msgspec

from scanner.model.alerting import (
    Alerting,
    EventBus,
    EventBuses,
    EventRule,
    EventRules,
    Subscription,
    Subscriptions,
    Topic,
    Topics,
)
from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.organisation import PolicyText
from scanner.model.raw import RawResponse
from scanner.model.unknown import Unknown
from scanner.providers.answer import Answer, AnyAnswer
from scanner.providers.aws import normalise_alerting, replies_alerting
from scanner.providers.aws.documents import policy_text
from scanner.providers.aws.operations_estate import (
    DESCRIBE_ALARMS,
    DESCRIBE_METRIC_FILTERS,
    GET_SUBSCRIPTION_ATTRIBUTES,
    LIST_EVENT_BUSES,
    LIST_RULES,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
    LIST_TARGETS_BY_RULE,
)
from scanner.providers.aws.reader import Reader
from scanner.providers.aws.stores.sns import GET_TOPIC_ATTRIBUTES, LIST_TOPICS, ListTopics
from scanner.providers.aws.subscribers import parted
from scanner.windows import in_windows

_KINDS = ("MetricAlarm", "CompositeAlarm")
_NOBODY_YET = frozenset({"PendingConfirmation", "Deleted"})
"""What stands for the id of a subscription that tells nobody."""


class RegionAlerting(msgspec.Struct, frozen=True, kw_only=True):
    """The alerting of an account-region, and the replies behind it."""

    alerting: Alerting
    raw: tuple[RawResponse, ...]


class _ReadTopic(msgspec.Struct, frozen=True, kw_only=True):
    """A topic with every answer about it."""

    topic: Topic
    answers: tuple[AnyAnswer, ...]


class _ReadBus(msgspec.Struct, frozen=True, kw_only=True):
    """A bus with every answer about it."""

    bus: EventBus
    answers: tuple[AnyAnswer, ...]


def read_alerting(reader: Reader, pool: Executor, window: int) -> RegionAlerting:
    """All groups; topics and buses are followed a few at a time."""
    filters = pool.submit(reader.ask, DESCRIBE_METRIC_FILTERS, {"limit": 50})
    alarms = pool.submit(reader.ask, DESCRIBE_ALARMS, {"AlarmTypes": list(_KINDS), "MaxRecords": 100})
    topics = pool.submit(reader.ask, LIST_TOPICS, {})
    buses = pool.submit(reader.ask, LIST_EVENT_BUSES, {"Limit": 100})
    found = _topics(reader, pool, window, topics)
    heard = _buses(reader, pool, window, buses)
    answers: dict[str, tuple[AnyAnswer, ...]] = {
        "filters": (filters.result(),),
        "alarms": (alarms.result(),),
        "topics": (topics.result(), *(answer for one in found for answer in one.answers)),
        "buses": (buses.result(), *(answer for one in heard for answer in one.answers)),
    }
    evidence: list[Evidence] = [
        item for group, given in answers.items() for answer in given for item in answer.evidence(group)
    ]
    alerting = Alerting(
        provider=Provider.AWS,
        account=reader.account,
        region=reader.region,
        filters=filters.result().group(normalise_alerting.metric_filters),
        alarms=alarms.result().group(normalise_alerting.alarms),
        topics=topics.result().group(lambda _: Topics(items=tuple(one.topic for one in found))),
        buses=buses.result().group(lambda _: EventBuses(items=tuple(one.bus for one in heard))),
        evidence=tuple(evidence),
    )
    raw = tuple(response for given in answers.values() for answer in given for response in answer.raw)
    return RegionAlerting(alerting=alerting, raw=raw)


def _topics(reader: Reader, pool: Executor, window: int, listed: Future[Answer[ListTopics]]) -> list[_ReadTopic]:
    """Topics with their subscribers; none is followed when their listing broke off, since the group is unknown then."""
    pages = () if listed.result().failure else listed.result().pages
    names = sorted({topic.topic_arn for page in pages for topic in page.topics})
    return list(in_windows(pool, window, lambda name: _topic(reader, name), names))


def _topic(reader: Reader, arn: str) -> _ReadTopic:
    settings = reader.ask(GET_TOPIC_ATTRIBUTES, {"TopicArn": arn}, arn)
    listed = reader.ask(LIST_SUBSCRIPTIONS_BY_TOPIC, {"TopicArn": arn}, arn)
    rows = [row for page in listed.pages for row in page.subscriptions]
    filters = {
        row.subscription_arn: reader.ask(
            GET_SUBSCRIPTION_ATTRIBUTES, {"SubscriptionArn": row.subscription_arn}, row.subscription_arn
        )
        for row in rows
        if row.subscription_arn not in _NOBODY_YET
    }
    made = [_subscription(row, filters.get(row.subscription_arn)) for row in rows]
    ordered = tuple(sorted(made, key=lambda one: (one.protocol, one.endpoint, one.id or "", one.endpoint_sha256 or "")))
    topic = Topic(
        id=arn,
        name=arn.rpartition(":")[2],
        settings=settings.group(normalise_alerting.topic_settings),
        subscriptions=listed.group(lambda _: Subscriptions(items=ordered)),
    )
    return _ReadTopic(topic=topic, answers=(settings, listed, *filters.values()))


def _subscription(
    row: replies_alerting.Subscription, attributes: Answer[replies_alerting.GetSubscriptionAttributes] | None
) -> Subscription:
    shown, digest = parted(row.endpoint)
    return Subscription(
        id=row.subscription_arn if attributes else None,
        confirmed=attributes is not None,
        owner=row.owner or None,
        protocol=row.protocol,
        endpoint=shown,
        endpoint_sha256=digest,
        filter=attributes.group(normalise_alerting.subscription_filter) if attributes else None,
    )


def _buses(
    reader: Reader, pool: Executor, window: int, listed: Future[Answer[replies_alerting.ListEventBuses]]
) -> list[_ReadBus]:
    pages = () if listed.result().failure else listed.result().pages
    buses = {bus.arn: bus for page in pages for bus in page.event_buses}
    return list(in_windows(pool, window, lambda arn: _bus(reader, buses[arn]), sorted(buses)))


def _bus(reader: Reader, bus: replies_alerting.EventBus) -> _ReadBus:
    listed = reader.ask(LIST_RULES, {"EventBusName": bus.name, "Limit": 100}, bus.name)
    rules = {rule.arn: rule for page in listed.pages for rule in page.rules}
    targets = {
        arn: reader.ask(
            LIST_TARGETS_BY_RULE, {"Rule": rule.name, "EventBusName": bus.name, "Limit": 100}, f"{bus.name}/{rule.name}"
        )
        for arn, rule in sorted(rules.items())
    }
    items = tuple(_rule(rules[arn], answer) for arn, answer in targets.items())
    made = EventBus(
        id=bus.arn,
        name=bus.name,
        policy=_bus_policy(bus),
        rules=listed.group(lambda _: EventRules(items=items)),
    )
    return _ReadBus(bus=made, answers=(listed, *targets.values()))


def _bus_policy(bus: replies_alerting.EventBus) -> PolicyText | Unknown | None:
    return policy_text(bus.policy, LIST_EVENT_BUSES.action) if bus.policy else None


def _rule(rule: replies_alerting.Rule, targets: Answer[replies_alerting.ListTargetsByRule]) -> EventRule:
    return EventRule(
        id=rule.arn,
        name=rule.name,
        state=rule.state,
        pattern=rule.event_pattern or None,
        scheduled=bool(rule.schedule_expression),
        managed_by=rule.managed_by or None,
        targets=targets.group(normalise_alerting.event_targets),
    )
