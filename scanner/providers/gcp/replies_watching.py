"""What is kept of replies about logs and alerts: these types are the allow-list of fields. Holds no logic, no SDK.

Of a notification channel neither labels nor names are kept: they hold addresses, and some of them passwords.
"""

from datetime import datetime

import msgspec

from scanner.providers.gcp.replies import Name, Word


class LogExclusion(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Entries that a sink drops."""

    name: Name
    filter: str = ""
    disabled: bool = False


class ListExclusions(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of the exclusions of a level's default sink."""

    exclusions: tuple[LogExclusion, ...] = ()


class LogSink(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A route of log entries; one without a filter takes all."""

    name: Name
    destination: Name
    filter: str = ""
    disabled: bool = False
    include_children: bool = False
    exclusions: tuple[LogExclusion, ...] = ()


class ListSinks(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of the sinks of a project, folder or organisation."""

    sinks: tuple[LogSink, ...] = ()


class CmekSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The customer's key of a log bucket."""

    kms_key_name: str | None = None


class LogBucket(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Where log entries are kept."""

    name: Name
    retention_days: int = 0
    locked: bool = False
    lifecycle_state: Word = "LIFECYCLE_STATE_UNSPECIFIED"
    cmek_settings: CmekSettings | None = None


class ListBuckets(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of log buckets."""

    buckets: tuple[LogBucket, ...] = ()


class MetricDescriptor(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a metric is called elsewhere, and what its values are."""

    type: str | None = None
    value_type: Word | None = None


class LogMetric(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A metric made of log entries."""

    name: Name
    filter: str = ""
    disabled: bool = False
    bucket_name: str | None = None
    metric_descriptor: MetricDescriptor | None = None


class ListLogMetrics(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of log-based metrics."""

    metrics: tuple[LogMetric, ...] = ()


class Aggregation(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """How points and series of a metric become one."""

    alignment_period: str | None = None
    per_series_aligner: Word | None = None
    cross_series_reducer: Word | None = None


class Trigger(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """For how many series a condition must hold."""

    count: int | None = None
    percent: float | None = None


class MetricCondition(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A condition over a metric: a threshold, or that it is absent."""

    filter: str = ""
    denominator_filter: str | None = None
    comparison: Word | None = None
    threshold_value: float = 0.0
    duration: str | None = None
    aggregations: tuple[Aggregation, ...] = ()
    trigger: Trigger | None = None


class LogMatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A condition over log entries."""

    filter: str = ""


class QueryCondition(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A condition in one of the query languages."""

    query: str = ""
    duration: str | None = None
    trigger: Trigger | None = None


class Condition(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A condition of an alert policy: one of these."""

    name: str = ""
    condition_threshold: MetricCondition | None = None
    condition_absent: MetricCondition | None = None
    condition_matched_log: LogMatch | None = None
    condition_monitoring_query_language: QueryCondition | None = None
    condition_prometheus_query_language: QueryCondition | None = None
    condition_sql: QueryCondition | None = None


class RateLimit(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """How often an alert tells at most."""

    period: str | None = None


class AlertStrategy(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """When and how often an alert tells."""

    notification_rate_limit: RateLimit | None = None
    notification_prompts: tuple[Word, ...] = ()


class Validity(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Whether Google finds a policy faulty; 0 is well, and the text beside it is not kept."""

    code: int = 0


class AlertPolicy(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An alert; whether it is enabled may be left out."""

    name: Name
    display_name: str = ""
    enabled: bool | None = None
    validity: Validity | None = None
    combiner: Word = "COMBINE_UNSPECIFIED"
    conditions: tuple[Condition, ...] = ()
    notification_channels: tuple[str, ...] = ()
    severity: Word | None = None
    alert_strategy: AlertStrategy | None = None


class ListAlertPolicies(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of alert policies."""

    alert_policies: tuple[AlertPolicy, ...] = ()


class NotificationChannel(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Who is called, without the address."""

    name: Name
    type: Name
    enabled: bool | None = None
    verification_status: Word = "VERIFICATION_STATUS_UNSPECIFIED"


class ListChannels(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of notification channels."""

    notification_channels: tuple[NotificationChannel, ...] = ()


class SnoozeCriteria(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Which alerts a snooze silences."""

    policies: tuple[str, ...] = ()
    filter: str | None = None


class Interval(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """From when to when."""

    start_time: datetime | None = None
    end_time: datetime | None = None


class Snooze(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A time in which alerts are silent."""

    name: Name
    criteria: SnoozeCriteria | None = None
    interval: Interval | None = None


class ListSnoozes(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of snoozes."""

    snoozes: tuple[Snooze, ...] = ()
