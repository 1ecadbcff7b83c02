"""Where a project's log goes on Google Cloud, and what could tell somebody of an entry. Judges nothing."""

from datetime import datetime, timedelta
from enum import StrEnum

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.record import Record
from scanner.model.unknown import Unknown


class LogExclusion(Record, frozen=True, kw_only=True, tag="log_exclusion"):
    """Entries that are dropped: those that `filter` matches, in the provider's query language."""

    name: str
    filter: str
    enabled: bool


class LogExclusions(Record, frozen=True, kw_only=True, tag="log_exclusions"):
    """What the default sink of one level drops besides the exclusions that stand in sinks, sorted by name."""

    items: tuple[LogExclusion, ...]


class LogSink(Record, frozen=True, kw_only=True, tag="log_sink"):
    """A route of log entries: those that `filter` matches (all when it is empty), less the exclusions.

    `destination` is in the provider's own words (`logging.googleapis.com/projects/p/locations/global/buckets/b`).
    With `include_children` entries of everything below the sink's level pass it too; whether such a sink keeps them
    from the sinks below it is not told.
    """

    id: str
    name: str
    destination: str
    filter: str
    enabled: bool
    include_children: bool
    exclusions: tuple[LogExclusion, ...]


class LogSinks(Record, frozen=True, kw_only=True, tag="log_sinks"):
    """Every sink of one level, sorted by id."""

    items: tuple[LogSink, ...]


class LogBucket(Record, frozen=True, kw_only=True, tag="log_bucket"):
    """Where log entries are kept. `locked` forbids another retention; `active` is False for one that is to be deleted.

    `key` is the customer's key that the entries are encrypted with, None where the provider's own does.
    """

    id: str
    retention_days: int
    locked: bool
    active: bool
    key: str | None


class LogBuckets(Record, frozen=True, kw_only=True, tag="log_buckets"):
    """Every log bucket of one level in all its locations, sorted by id."""

    items: tuple[LogBucket, ...]


class LogLevel(Record, frozen=True, kw_only=True, tag="log_level"):
    """A project, folder or organisation with what becomes of its log; each group is read or unknown by itself."""

    id: str
    sinks: LogSinks | Unknown
    exclusions: LogExclusions | Unknown
    buckets: LogBuckets | Unknown


class LogMetric(Record, frozen=True, kw_only=True, tag="log_metric"):
    """A count of log entries that `filter` matches. `type` is what alerts call it.

    `bucket` is the log bucket whose entries are looked at, None for those that the project receives.
    `value_type` is the provider's word: `INT64` counts entries, `DISTRIBUTION` collects values from them.
    """

    name: str
    type: str
    filter: str
    enabled: bool
    bucket: str | None
    value_type: str | None


class LogMetrics(Record, frozen=True, kw_only=True, tag="log_metrics"):
    """Every metric of a project's log, sorted by name."""

    items: tuple[LogMetric, ...]


class ConditionType(StrEnum):
    """What a condition of an alert looks at."""

    THRESHOLD = "threshold"
    ABSENCE = "absence"
    LOG_MATCH = "log_match"
    MONITORING_QUERY = "monitoring_query"
    PROMETHEUS_QUERY = "prometheus_query"
    LOG_QUERY = "log_query"
    UNRECOGNISED = "unrecognised"


class Aggregation(Record, frozen=True, kw_only=True, tag="aggregation"):
    """How points become one in each `period` and series become one; `aligner`, `reducer` are the provider's words."""

    period: timedelta | None
    aligner: str | None
    reducer: str | None


class AlertCondition(Record, frozen=True, kw_only=True, tag="alert_condition"):
    """One condition: over a metric (`filter` names it), over log entries (`filter` matches them), or a query.

    `comparison` is the provider's word. `duration` is how long it must hold, `trigger_count` and `trigger_percent` for
    how many series; None where it was not set. `ratio` says that the metric is divided by another one.
    """

    id: str
    type: ConditionType
    filter: str | None
    query: str | None
    comparison: str | None
    threshold: float | None
    duration: timedelta | None
    aggregations: tuple[Aggregation, ...]
    trigger_count: int | None
    trigger_percent: float | None
    ratio: bool


class Combiner(StrEnum):
    """How the conditions of an alert are taken together."""

    ALL = "all"
    ANY = "any"
    ALL_ON_ONE_RESOURCE = "all_on_one_resource"
    UNRECOGNISED = "unrecognised"


class AlertPolicy(Record, frozen=True, kw_only=True, tag="alert_policy"):
    """An alert with the ids of the channels that it calls.

    `enabled` is None where it was not told, from which nothing follows; `valid` is False where the provider calls the
    policy faulty. `prompts` are the moments that are told of, in the provider's words; empty means its default.
    """

    id: str
    name: str
    enabled: bool | None
    valid: bool
    combiner: Combiner
    conditions: tuple[AlertCondition, ...]
    channels: tuple[str, ...]
    severity: str | None
    prompts: tuple[str, ...]
    at_most_every: timedelta | None


class AlertPolicies(Record, frozen=True, kw_only=True, tag="alert_policies"):
    """Every alert of a project, sorted by id."""

    items: tuple[AlertPolicy, ...]


class Snooze(Record, frozen=True, kw_only=True, tag="snooze"):
    """A time in which alerts stay silent; with a `filter` only those that it matches do."""

    id: str
    policies: tuple[str, ...]
    filter: str | None
    starts_at: datetime | None
    ends_at: datetime | None


class Snoozes(Record, frozen=True, kw_only=True, tag="snoozes"):
    """Every snooze of a project, of whatever time, sorted by id."""

    items: tuple[Snooze, ...]


class Verification(StrEnum):
    """Whether somebody proved to receive what a channel sends; some kinds, and old channels, need no proof."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    NOT_NEEDED = "not_needed"
    UNRECOGNISED = "unrecognised"


class NotificationChannel(Record, frozen=True, kw_only=True, tag="notification_channel"):
    """Who is called: `means` is the provider's word (`email`, `pagerduty`). Nothing of the address is kept.

    `enabled` is None where it was not told, from which nothing follows.
    """

    id: str
    means: str
    enabled: bool | None
    verification: Verification


class NotificationChannels(Record, frozen=True, kw_only=True, tag="notification_channels"):
    """Every channel of a project, sorted by id."""

    items: tuple[NotificationChannel, ...]


class ProjectWatching(Record, frozen=True, kw_only=True, tag="project_watching"):
    """What could tell somebody of an event in one project; each group is read or unknown by itself.

    `levels` run from the topmost one down to the project; one whose groups are unknown for want of another permission
    stands for whatever is above a level that does not tell its parent. Every location of a project carries the same.
    """

    provider: Provider
    account: str
    region: str
    levels: tuple[LogLevel, ...]
    metrics: LogMetrics | Unknown
    alerts: AlertPolicies | Unknown
    snoozes: Snoozes | Unknown
    channels: NotificationChannels | Unknown
    evidence: tuple[Evidence, ...]


LOG_LEVEL_GROUPS: tuple[str, ...] = ("sinks", "exclusions", "buckets")
"""The groups of each level, read by calls of their own."""

PROJECT_WATCHING_GROUPS: tuple[str, ...] = ("metrics", "alerts", "snoozes", "channels")
"""The groups of the project itself that are read by calls of their own."""
