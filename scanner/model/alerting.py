"""What could tell somebody of an event: filters, alarms, topics, rules on events. Judges nothing, follows no path."""

from datetime import datetime

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.organisation import PolicyText
from scanner.model.record import Record
from scanner.model.unknown import Unknown


class MetricTransformation(Record, frozen=True, kw_only=True, tag="metric_transformation"):
    """The metric that a filter feeds. `value` and `default` are the provider's text: a number or a field's name."""

    namespace: str
    metric: str
    value: str
    default: float | None
    dimensions: dict[str, str]


class MetricFilter(Record, frozen=True, kw_only=True, tag="metric_filter"):
    """A pattern over a log group; `on_transformed` when it reads the transformed events, not the original ones."""

    name: str
    log_group: str
    pattern: str
    transformations: tuple[MetricTransformation, ...]
    on_transformed: bool


class MetricFilters(Record, frozen=True, kw_only=True, tag="metric_filters"):
    """Every metric filter of a region, sorted by log group and name."""

    items: tuple[MetricFilter, ...]


class AlarmMetric(Record, frozen=True, kw_only=True, tag="alarm_metric"):
    """One term of an alarm over several metrics: a metric (of `account`, None for the alarm's own) or an expression."""

    id: str
    expression: str | None
    account: str | None
    namespace: str | None
    metric: str | None
    dimensions: dict[str, str]
    statistic: str | None
    period_seconds: int | None
    returned: bool


class MetricAlarm(Record, frozen=True, kw_only=True, tag="metric_alarm"):
    """An alarm on a metric, or on the terms in `metrics`.

    What the provider leaves out is None: `datapoints_to_alarm` then equals `evaluation_periods`. `alarm_actions` are
    the ids of what is told when it fires. `state` is in the provider's words.
    """

    id: str
    name: str
    namespace: str | None
    metric: str | None
    dimensions: dict[str, str]
    statistic: str | None
    period_seconds: int | None
    metrics: tuple[AlarmMetric, ...]
    evaluation_periods: int | None
    datapoints_to_alarm: int | None
    comparison: str | None
    threshold: float | None
    missing_data: str | None
    actions_enabled: bool
    alarm_actions: tuple[str, ...]
    state: str
    state_updated_at: datetime | None


class CompositeAlarm(Record, frozen=True, kw_only=True, tag="composite_alarm"):
    """An alarm over other alarms, by `rule`; `suppressor` is the alarm that mutes its actions."""

    id: str
    name: str
    rule: str
    actions_enabled: bool
    alarm_actions: tuple[str, ...]
    suppressor: str | None
    suppressor_wait_seconds: int | None
    suppressor_extension_seconds: int | None
    state: str
    state_updated_at: datetime | None


class Alarms(Record, frozen=True, kw_only=True, tag="alarms"):
    """Every alarm of a region, sorted by id."""

    metric: tuple[MetricAlarm, ...]
    composite: tuple[CompositeAlarm, ...]


class SubscriptionFilter(Record, frozen=True, kw_only=True, tag="subscription_filter"):
    """What a subscription lets through: everything when `policy` is None. `scope` is what the policy looks at."""

    policy: PolicyText | None
    scope: str | None


class Subscription(Record, frozen=True, kw_only=True, tag="subscription"):
    """One subscriber of a topic; nobody is told as long as it is not `confirmed`, and then `id` is None.

    `endpoint` is what may be kept of the address: an ARN whole, of a mail address its domain, of a URL scheme and host
    (its path may hold a token), of a telephone number nothing. `endpoint_sha256` is the digest of the whole address in
    lower case, by which a known address is found again; None where a digest could be guessed back or nothing is hidden.
    """

    id: str | None
    confirmed: bool
    owner: str | None
    protocol: str
    endpoint: str
    endpoint_sha256: str | None
    filter: SubscriptionFilter | Unknown | None


class Subscriptions(Record, frozen=True, kw_only=True, tag="subscriptions"):
    """Every subscription of a topic, sorted by protocol, endpoint and id."""

    items: tuple[Subscription, ...]


class TopicSettings(Record, frozen=True, kw_only=True, tag="topic_settings"):
    """Who may publish, the key of its messages in the provider's own words, and the provider's count of subscribers."""

    policy: PolicyText | Unknown
    key: str | None
    confirmed: int
    pending: int
    deleted: int


class Topic(Record, frozen=True, kw_only=True, tag="topic"):
    """One topic; `id` is its ARN."""

    id: str
    name: str
    settings: TopicSettings | Unknown
    subscriptions: Subscriptions | Unknown


class Topics(Record, frozen=True, kw_only=True, tag="topics"):
    """Every topic of a region, sorted by id."""

    items: tuple[Topic, ...]


class EventTarget(Record, frozen=True, kw_only=True, tag="event_target"):
    """Where a rule sends events: `target` is the id of a topic, bus, queue or function."""

    id: str
    target: str
    role: str | None
    dead_letter: str | None


class EventTargets(Record, frozen=True, kw_only=True, tag="event_targets"):
    """Every target of a rule, sorted by id."""

    items: tuple[EventTarget, ...]


class EventRule(Record, frozen=True, kw_only=True, tag="event_rule"):
    """A rule of a bus. `pattern` is JSON text as written, None for a rule that runs on a schedule.

    `state` is the provider's own word: there are several that mean enabled. `managed_by` is the service that owns it.
    """

    id: str
    name: str
    state: str
    pattern: str | None
    scheduled: bool
    managed_by: str | None
    targets: EventTargets | Unknown


class EventRules(Record, frozen=True, kw_only=True, tag="event_rules"):
    """Every rule of a bus, sorted by id."""

    items: tuple[EventRule, ...]


class EventBus(Record, frozen=True, kw_only=True, tag="event_bus"):
    """An event bus; `policy` is None when only its own account may put events on it."""

    id: str
    name: str
    policy: PolicyText | Unknown | None
    rules: EventRules | Unknown


class EventBuses(Record, frozen=True, kw_only=True, tag="event_buses"):
    """Every bus of a region, sorted by id."""

    items: tuple[EventBus, ...]


class Alerting(Record, frozen=True, kw_only=True, tag="alerting"):
    """What could tell somebody of an event in one account and region; each group is read or unknown by itself."""

    provider: Provider
    account: str
    region: str
    filters: MetricFilters | Unknown
    alarms: Alarms | Unknown
    topics: Topics | Unknown
    buses: EventBuses | Unknown
    evidence: tuple[Evidence, ...]


ALERTING_GROUPS: tuple[str, ...] = ("filters", "alarms", "topics", "buses")
"""The groups of an account-region's alerting that are listed by calls of their own."""
