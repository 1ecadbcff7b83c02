"""What is kept of the replies about filters, alarms, topics and rules on events. Imports no SDK and judges nothing.

The only logic is that of subscribers' addresses, which are cut down before anything is stored.
"""

from datetime import datetime

import msgspec

from scanner.providers.aws.subscribers import shortened


class Transformation(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The metric that a filter feeds."""

    metric_name: str
    metric_namespace: str
    metric_value: str
    default_value: float | None = None
    dimensions: dict[str, str] | None = None


class MetricFilter(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A metric filter."""

    filter_name: str
    log_group_name: str
    filter_pattern: str | None = None
    metric_transformations: tuple[Transformation, ...] = ()
    apply_on_transformed_logs: bool | None = None


class DescribeMetricFilters(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of the metric filters of a region."""

    metric_filters: tuple[MetricFilter, ...]


class Dimension(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A dimension of a metric."""

    name: str
    value: str


class Metric(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A metric."""

    namespace: str | None = None
    metric_name: str | None = None
    dimensions: tuple[Dimension, ...] = ()


class MetricStat(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A metric and how it is summed up."""

    metric: Metric
    period: int | None = None
    stat: str | None = None


class MetricDataQuery(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """One term of an alarm over several metrics."""

    id: str
    expression: str | None = None
    account_id: str | None = None
    metric_stat: MetricStat | None = None
    period: int | None = None
    return_data: bool | None = None


class MetricAlarm(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An alarm on metrics."""

    alarm_arn: str
    alarm_name: str
    actions_enabled: bool
    state_value: str
    alarm_actions: tuple[str, ...] = ()
    state_updated_timestamp: datetime | None = None
    namespace: str | None = None
    metric_name: str | None = None
    dimensions: tuple[Dimension, ...] = ()
    statistic: str | None = None
    extended_statistic: str | None = None
    period: int | None = None
    evaluation_periods: int | None = None
    datapoints_to_alarm: int | None = None
    threshold: float | None = None
    comparison_operator: str | None = None
    treat_missing_data: str | None = None
    metrics: tuple[MetricDataQuery, ...] = ()


class CompositeAlarm(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An alarm over other alarms."""

    alarm_arn: str
    alarm_name: str
    alarm_rule: str
    actions_enabled: bool
    state_value: str
    alarm_actions: tuple[str, ...] = ()
    state_updated_timestamp: datetime | None = None
    actions_suppressor: str | None = None
    actions_suppressor_wait_period: int | None = None
    actions_suppressor_extension_period: int | None = None


class DescribeAlarms(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of alarms; the page says which kinds it has."""

    metric_alarms: tuple[MetricAlarm, ...] | None = None
    composite_alarms: tuple[CompositeAlarm, ...] | None = None


class Subscription(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A subscriber of a topic, the address cut down to what may be kept."""

    subscription_arn: str
    protocol: str
    owner: str | None = None
    endpoint: str = ""

    def __post_init__(self) -> None:
        """Cuts the address down before anybody sees it."""
        msgspec.structs.force_setattr(self, "endpoint", shortened(self.protocol, self.endpoint))


class ListSubscriptionsByTopic(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of a topic's subscribers; AWS leaves out an empty list."""

    subscriptions: tuple[Subscription, ...] = ()


class SubscriptionAttributes(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """What a subscription lets through."""

    subscription_arn: str
    filter_policy: str | None = None
    filter_policy_scope: str | None = None


class GetSubscriptionAttributes(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The attributes of a subscription."""

    attributes: SubscriptionAttributes


class EventBus(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An event bus."""

    name: str
    arn: str
    policy: str | None = None


class ListEventBuses(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the buses of a region."""

    event_buses: tuple[EventBus, ...]


class Rule(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A rule of a bus."""

    name: str
    arn: str
    state: str
    event_pattern: str | None = None
    schedule_expression: str | None = None
    managed_by: str | None = None


class ListRules(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of a bus's rules."""

    rules: tuple[Rule, ...]


class DeadLetterConfig(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """Where events go that could not be delivered."""

    arn: str | None = None


class Target(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A target of a rule; what it is sent is nobody's business here."""

    id: str
    arn: str
    role_arn: str | None = None
    dead_letter_config: DeadLetterConfig | None = None


class ListTargetsByRule(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of a rule's targets."""

    targets: tuple[Target, ...]
