"""The methods about logs and alerts. Calls nothing.

https://cloud.google.com/logging/docs/reference/v2/rpc and https://cloud.google.com/monitoring/api/ref_v3/rpc
"""

from collections.abc import Mapping

from scanner.providers.gcp import replies_events, replies_watching
from scanner.providers.operation import PAGE_TOKEN, AnyOperation, Operation, Quota

LOGGING = "google.logging.v2.LoggingServiceV2"
LOG_CONFIG = "google.logging.v2.ConfigServiceV2"
LOG_METRICS = "google.logging.v2.MetricsServiceV2"
ALERTS = "google.monitoring.v3.AlertPolicyService"
CHANNELS = "google.monitoring.v3.NotificationChannelService"
SNOOZES = "google.monitoring.v3.SnoozeService"

WATCHING_HOSTS: Mapping[str, str] = {
    LOGGING: "logging.googleapis.com",
    LOG_CONFIG: "logging.googleapis.com",
    LOG_METRICS: "logging.googleapis.com",
    ALERTS: "monitoring.googleapis.com",
    CHANNELS: "monitoring.googleapis.com",
    SNOOZES: "monitoring.googleapis.com",
}
"""Where each service is asked."""

_SOURCE = "Cloud Logging quotas and limits, per project, 2026-09-12"
_CONTROL = Quota(per_second=10, source=_SOURCE)
_BY_PARENT = ("parent", "pageSize", "pageToken")
_BY_NAME = ("name", "pageSize", "pageToken")

LIST_LOG_ENTRIES = Operation(
    service=LOGGING,
    name="ListLogEntries",
    action="logging.logEntries.list",
    reply=replies_events.ListLogEntries,
    params=("resourceNames", "filter", "orderBy", "pageSize", "pageToken"),
    paging=PAGE_TOKEN,
    quota=Quota(per_second=1, source=_SOURCE),
)
LIST_SINKS = Operation(
    service=LOG_CONFIG,
    name="ListSinks",
    action="logging.sinks.list",
    reply=replies_watching.ListSinks,
    params=_BY_PARENT,
    paging=PAGE_TOKEN,
    quota=_CONTROL,
)
LIST_EXCLUSIONS = Operation(
    service=LOG_CONFIG,
    name="ListExclusions",
    action="logging.exclusions.list",
    reply=replies_watching.ListExclusions,
    params=_BY_PARENT,
    paging=PAGE_TOKEN,
    quota=_CONTROL,
)
LIST_LOG_BUCKETS = Operation(
    service=LOG_CONFIG,
    name="ListBuckets",
    action="logging.buckets.list",
    reply=replies_watching.ListBuckets,
    params=_BY_PARENT,
    paging=PAGE_TOKEN,
    quota=_CONTROL,
)
LIST_LOG_METRICS = Operation(
    service=LOG_METRICS,
    name="ListLogMetrics",
    action="logging.logMetrics.list",
    reply=replies_watching.ListLogMetrics,
    params=_BY_PARENT,
    paging=PAGE_TOKEN,
    quota=_CONTROL,
)
LIST_ALERT_POLICIES = Operation(
    service=ALERTS,
    name="ListAlertPolicies",
    action="monitoring.alertPolicies.list",
    reply=replies_watching.ListAlertPolicies,
    params=_BY_NAME,
    paging=PAGE_TOKEN,
)
LIST_SNOOZES = Operation(
    service=SNOOZES,
    name="ListSnoozes",
    action="monitoring.snoozes.list",
    reply=replies_watching.ListSnoozes,
    params=_BY_PARENT,
    paging=PAGE_TOKEN,
)
LIST_CHANNELS = Operation(
    service=CHANNELS,
    name="ListNotificationChannels",
    action="monitoring.notificationChannels.list",
    reply=replies_watching.ListChannels,
    params=_BY_NAME,
    paging=PAGE_TOKEN,
)

WATCHING_OPERATIONS: tuple[AnyOperation, ...] = (
    LIST_LOG_ENTRIES,
    LIST_SINKS,
    LIST_EXCLUSIONS,
    LIST_LOG_BUCKETS,
    LIST_LOG_METRICS,
    LIST_ALERT_POLICIES,
    LIST_SNOOZES,
    LIST_CHANNELS,
)
