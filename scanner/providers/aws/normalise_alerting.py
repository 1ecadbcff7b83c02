"""From replies about filters, alarms, topics and events to the model's words. Asks nothing."""

from collections.abc import Sequence

from scanner.model.alerting import (
    AlarmMetric,
    Alarms,
    CompositeAlarm,
    EventTarget,
    EventTargets,
    MetricAlarm,
    MetricFilter,
    MetricFilters,
    MetricTransformation,
    SubscriptionFilter,
    TopicSettings,
)
from scanner.model.unknown import Unknown
from scanner.providers.aws import replies_alerting as replies
from scanner.providers.aws.documents import policy_text
from scanner.providers.aws.operations_estate import GET_SUBSCRIPTION_ATTRIBUTES
from scanner.providers.aws.stores.sns import GET_TOPIC_ATTRIBUTES, GetTopicAttributes
from scanner.providers.failure import MalformedReplyError


def metric_filters(pages: Sequence[replies.DescribeMetricFilters]) -> MetricFilters:
    """Every metric filter; one without a pattern takes every event."""
    made = [
        MetricFilter(
            name=item.filter_name,
            log_group=item.log_group_name,
            pattern=item.filter_pattern or "",
            transformations=tuple(_transformation(one) for one in item.metric_transformations),
            on_transformed=bool(item.apply_on_transformed_logs),
        )
        for page in pages
        for item in page.metric_filters
    ]
    return MetricFilters(items=tuple(sorted(made, key=lambda item: (item.log_group, item.name))))


def alarms(pages: Sequence[replies.DescribeAlarms]) -> Alarms:
    """Every alarm; a page with neither of the lists says nothing and is no answer."""
    if any(page.metric_alarms is None and page.composite_alarms is None for page in pages):
        raise MalformedReplyError("DescribeAlarms")
    metric = {alarm.alarm_arn: alarm for page in pages for alarm in page.metric_alarms or ()}
    composite = {alarm.alarm_arn: alarm for page in pages for alarm in page.composite_alarms or ()}
    return Alarms(
        metric=tuple(_metric_alarm(metric[arn]) for arn in sorted(metric)),
        composite=tuple(_composite_alarm(composite[arn]) for arn in sorted(composite)),
    )


def topic_settings(pages: Sequence[GetTopicAttributes]) -> TopicSettings:
    """A topic's settings; counts come as text."""
    told = pages[0].attributes
    return TopicSettings(
        policy=policy_text(told.policy, GET_TOPIC_ATTRIBUTES.action),
        key=told.kms_master_key_id or None,
        confirmed=_count(told.subscriptions_confirmed),
        pending=_count(told.subscriptions_pending),
        deleted=_count(told.subscriptions_deleted),
    )


def subscription_filter(pages: Sequence[replies.GetSubscriptionAttributes]) -> SubscriptionFilter:
    """What a subscription lets through; raises MalformedReplyError for a policy that is no JSON object."""
    told = pages[0].attributes
    policy = policy_text(told.filter_policy, GET_SUBSCRIPTION_ATTRIBUTES.action) if told.filter_policy else None
    if isinstance(policy, Unknown):
        raise MalformedReplyError("FilterPolicy")
    return SubscriptionFilter(policy=policy, scope=told.filter_policy_scope)


def event_targets(pages: Sequence[replies.ListTargetsByRule]) -> EventTargets:
    """Every target of a rule."""
    made = [
        EventTarget(
            id=target.id,
            target=target.arn,
            role=target.role_arn,
            dead_letter=target.dead_letter_config.arn if target.dead_letter_config else None,
        )
        for page in pages
        for target in page.targets
    ]
    return EventTargets(items=tuple(sorted(made, key=lambda target: target.id)))


def _transformation(told: replies.Transformation) -> MetricTransformation:
    return MetricTransformation(
        namespace=told.metric_namespace,
        metric=told.metric_name,
        value=told.metric_value,
        default=told.default_value,
        dimensions=dict(sorted((told.dimensions or {}).items())),
    )


def _metric_alarm(alarm: replies.MetricAlarm) -> MetricAlarm:
    return MetricAlarm(
        id=alarm.alarm_arn,
        name=alarm.alarm_name,
        namespace=alarm.namespace,
        metric=alarm.metric_name,
        dimensions=_dimensions(alarm.dimensions),
        statistic=alarm.statistic or alarm.extended_statistic,
        period_seconds=alarm.period,
        metrics=tuple(_alarm_metric(one) for one in alarm.metrics),
        evaluation_periods=alarm.evaluation_periods,
        datapoints_to_alarm=alarm.datapoints_to_alarm,
        comparison=alarm.comparison_operator,
        threshold=alarm.threshold,
        missing_data=alarm.treat_missing_data,
        actions_enabled=alarm.actions_enabled,
        alarm_actions=alarm.alarm_actions,
        state=alarm.state_value,
        state_updated_at=alarm.state_updated_timestamp,
    )


def _alarm_metric(told: replies.MetricDataQuery) -> AlarmMetric:
    """One term; a term counts as returned unless it says that it is not."""
    stat = told.metric_stat
    return AlarmMetric(
        id=told.id,
        expression=told.expression,
        account=told.account_id,
        namespace=stat.metric.namespace if stat else None,
        metric=stat.metric.metric_name if stat else None,
        dimensions=_dimensions(stat.metric.dimensions) if stat else {},
        statistic=stat.stat if stat else None,
        period_seconds=stat.period if stat else told.period,
        returned=told.return_data is not False,
    )


def _composite_alarm(alarm: replies.CompositeAlarm) -> CompositeAlarm:
    return CompositeAlarm(
        id=alarm.alarm_arn,
        name=alarm.alarm_name,
        rule=alarm.alarm_rule,
        actions_enabled=alarm.actions_enabled,
        alarm_actions=alarm.alarm_actions,
        suppressor=alarm.actions_suppressor or None,
        suppressor_wait_seconds=alarm.actions_suppressor_wait_period,
        suppressor_extension_seconds=alarm.actions_suppressor_extension_period,
        state=alarm.state_value,
        state_updated_at=alarm.state_updated_timestamp,
    )


def _dimensions(told: Sequence[replies.Dimension]) -> dict[str, str]:
    return {one.name: one.value for one in sorted(told, key=lambda one: one.name)}


def _count(text: str | None) -> int:
    if text is None or not text.isdecimal():
        raise MalformedReplyError("GetTopicAttributes")
    return int(text)
