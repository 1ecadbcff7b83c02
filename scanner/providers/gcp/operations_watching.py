"""The methods about logs. Calls nothing.

https://cloud.google.com/logging/docs/reference/v2/rpc
"""

from collections.abc import Mapping

from scanner.providers.gcp import replies_events
from scanner.providers.operation import PAGE_TOKEN, AnyOperation, Operation, Quota

LOGGING = "google.logging.v2.LoggingServiceV2"

WATCHING_HOSTS: Mapping[str, str] = {
    LOGGING: "logging.googleapis.com",
}
"""Where each service is asked."""

_SOURCE = "Cloud Logging quotas and limits, per project, 2026-09-12"

LIST_LOG_ENTRIES = Operation(
    service=LOGGING,
    name="ListLogEntries",
    action="logging.logEntries.list",
    reply=replies_events.ListLogEntries,
    params=("resourceNames", "filter", "orderBy", "pageSize", "pageToken"),
    paging=PAGE_TOKEN,
    quota=Quota(per_second=1, source=_SOURCE),
)
WATCHING_OPERATIONS: tuple[AnyOperation, ...] = (LIST_LOG_ENTRIES,)
