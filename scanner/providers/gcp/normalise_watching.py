"""Kept replies become sinks, metrics, alerts and channels; the provider's words stop here. Pure, and imports no SDK.

Functions raise MalformedReplyError when a reply does not hold what it must.
"""

from collections.abc import Mapping, Sequence

from scanner.model.watching_google import (
    Aggregation,
    AlertCondition,
    AlertPolicies,
    AlertPolicy,
    Combiner,
    ConditionType,
    LogBucket,
    LogBuckets,
    LogExclusion,
    LogExclusions,
    LogMetric,
    LogMetrics,
    LogSink,
    LogSinks,
    NotificationChannel,
    NotificationChannels,
    Snooze,
    Snoozes,
    Verification,
)
from scanner.providers.gcp import replies_watching as replies
from scanner.providers.gcp.normalise import duration
from scanner.providers.gcp.replies import Word

_COMBINERS: Mapping[Word, Combiner] = {
    "AND": Combiner.ALL,
    "OR": Combiner.ANY,
    "AND_WITH_MATCHING_RESOURCE": Combiner.ALL_ON_ONE_RESOURCE,
}
_VERIFICATIONS: Mapping[Word, Verification] = {
    "VERIFICATION_STATUS_UNSPECIFIED": Verification.NOT_NEEDED,
    "UNVERIFIED": Verification.UNVERIFIED,
    "VERIFIED": Verification.VERIFIED,
}
_USER_METRICS = "logging.googleapis.com/user/"
"""How the types of metrics begin that a customer made of a log."""


def sinks(pages: Sequence[replies.ListSinks], level: str) -> LogSinks:
    """The sinks of one level."""
    items = [
        LogSink(
            id=f"{level}/sinks/{found.name}",
            name=found.name,
            destination=found.destination,
            filter=found.filter,
            enabled=not found.disabled,
            include_children=found.include_children,
            exclusions=_exclusions(found.exclusions),
        )
        for page in pages
        for found in page.sinks
    ]
    return LogSinks(items=tuple(sorted(items, key=lambda item: item.id)))


def exclusions(pages: Sequence[replies.ListExclusions]) -> LogExclusions:
    """What the default sink of one level drops."""
    return LogExclusions(items=_exclusions([found for page in pages for found in page.exclusions]))


def buckets(pages: Sequence[replies.ListBuckets]) -> LogBuckets:
    """The log buckets of one level; one without settings of its own is encrypted with a key of Google."""
    items = [
        LogBucket(
            id=found.name,
            retention_days=found.retention_days,
            locked=found.locked,
            active=found.lifecycle_state == "ACTIVE",
            key=(found.cmek_settings.kms_key_name or None) if found.cmek_settings else None,
        )
        for page in pages
        for found in page.buckets
    ]
    return LogBuckets(items=tuple(sorted(items, key=lambda item: item.id)))


def metrics(pages: Sequence[replies.ListLogMetrics]) -> LogMetrics:
    """The metrics made of a project's log."""
    items = [_metric(found) for page in pages for found in page.metrics]
    return LogMetrics(items=tuple(sorted(items, key=lambda item: item.name)))


def alerts(pages: Sequence[replies.ListAlertPolicies]) -> AlertPolicies:
    """The alerts of a project."""
    items = [_alert(found) for page in pages for found in page.alert_policies]
    return AlertPolicies(items=tuple(sorted(items, key=lambda item: item.id)))


def snoozes(pages: Sequence[replies.ListSnoozes]) -> Snoozes:
    """The snoozes of a project; one without a filter silences its alerts altogether."""
    items = [
        Snooze(
            id=found.name,
            policies=tuple(sorted(found.criteria.policies)) if found.criteria else (),
            filter=(found.criteria.filter or None) if found.criteria else None,
            starts_at=found.interval.start_time if found.interval else None,
            ends_at=found.interval.end_time if found.interval else None,
        )
        for page in pages
        for found in page.snoozes
    ]
    return Snoozes(items=tuple(sorted(items, key=lambda item: item.id)))


def channels(pages: Sequence[replies.ListChannels]) -> NotificationChannels:
    """Who can be called in a project."""
    items = [
        NotificationChannel(
            id=found.name,
            means=found.type,
            enabled=found.enabled,
            verification=_VERIFICATIONS.get(found.verification_status, Verification.UNRECOGNISED),
        )
        for page in pages
        for found in page.notification_channels
    ]
    return NotificationChannels(items=tuple(sorted(items, key=lambda item: item.id)))


def _exclusions(found: Sequence[replies.LogExclusion]) -> tuple[LogExclusion, ...]:
    """By name alone: some places write the full one."""
    items = (
        LogExclusion(name=one.name.rpartition("/")[2], filter=one.filter, enabled=not one.disabled) for one in found
    )
    return tuple(sorted(items, key=lambda item: item.name))


def _metric(found: replies.LogMetric) -> LogMetric:
    told = found.metric_descriptor
    return LogMetric(
        name=found.name,
        type=(told.type if told else None) or f"{_USER_METRICS}{found.name}",
        filter=found.filter,
        enabled=not found.disabled,
        bucket=found.bucket_name or None,
        value_type=str(told.value_type) if told and told.value_type is not None else None,
    )


def _alert(found: replies.AlertPolicy) -> AlertPolicy:
    strategy = found.alert_strategy or replies.AlertStrategy()
    limit = strategy.notification_rate_limit
    return AlertPolicy(
        id=found.name,
        name=found.display_name or found.name.rpartition("/")[2],
        enabled=found.enabled,
        valid=found.validity is None or found.validity.code == 0,
        combiner=_COMBINERS.get(found.combiner, Combiner.UNRECOGNISED),
        conditions=tuple(_condition(one) for one in found.conditions),
        channels=tuple(sorted(found.notification_channels)),
        severity=None if found.severity is None else str(found.severity),
        prompts=tuple(sorted(map(str, strategy.notification_prompts))),
        at_most_every=duration(limit.period) if limit else None,
    )


def _condition(found: replies.Condition) -> AlertCondition:
    """One condition, by which of its forms is there; a form that came later has none that we know."""
    if found.condition_threshold is not None:
        return _metric_condition(found.name, ConditionType.THRESHOLD, found.condition_threshold)
    if found.condition_absent is not None:
        return _metric_condition(found.name, ConditionType.ABSENCE, found.condition_absent)
    if found.condition_matched_log is not None:
        return _made(found.name, ConditionType.LOG_MATCH, filter_=found.condition_matched_log.filter)
    forms = (
        (ConditionType.MONITORING_QUERY, found.condition_monitoring_query_language),
        (ConditionType.PROMETHEUS_QUERY, found.condition_prometheus_query_language),
        (ConditionType.LOG_QUERY, found.condition_sql),
    )
    form, query = next(
        ((form, query) for form, query in forms if query is not None), (ConditionType.UNRECOGNISED, None)
    )
    return _made(found.name, form, query=query)


def _metric_condition(name: str, form: ConditionType, found: replies.MetricCondition) -> AlertCondition:
    trigger = found.trigger or replies.Trigger()
    return AlertCondition(
        id=name,
        type=form,
        filter=found.filter,
        query=None,
        comparison=None if found.comparison is None else str(found.comparison),
        threshold=found.threshold_value if form is ConditionType.THRESHOLD else None,
        duration=duration(found.duration),
        aggregations=tuple(map(_aggregation, found.aggregations)),
        trigger_count=trigger.count,
        trigger_percent=trigger.percent,
        ratio=bool(found.denominator_filter),
    )


def _made(
    name: str, form: ConditionType, *, filter_: str | None = None, query: replies.QueryCondition | None = None
) -> AlertCondition:
    trigger = (query.trigger if query else None) or replies.Trigger()
    return AlertCondition(
        id=name,
        type=form,
        filter=filter_,
        query=query.query if query else None,
        comparison=None,
        threshold=None,
        duration=duration(query.duration) if query else None,
        aggregations=(),
        trigger_count=trigger.count,
        trigger_percent=trigger.percent,
        ratio=False,
    )


def _aggregation(found: replies.Aggregation) -> Aggregation:
    return Aggregation(
        period=duration(found.alignment_period),
        aligner=None if found.per_series_aligner is None else str(found.per_series_aligner),
        reducer=None if found.cross_series_reducer is None else str(found.cross_series_reducer),
    )
