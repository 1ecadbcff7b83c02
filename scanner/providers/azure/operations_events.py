"""The operations about what was done, and about what stands in its way. Calls nothing.

https://learn.microsoft.com/rest/api/monitor/activity-logs/list
"""

from scanner.providers.azure import replies_events
from scanner.providers.azure.log_query import LOG_OPERATIONS
from scanner.providers.azure.plane import Plane
from scanner.providers.azure.quotas import READS
from scanner.providers.operation import AnyOperation, Operation, Route

LIST_ACTIVITY = Operation(
    service=Plane.MANAGEMENT,
    name="ListActivityLog",
    action="Microsoft.Insights/eventtypes/values/read",
    reply=replies_events.ActivityEntries,
    route=Route(
        path="/subscriptions/{subscription}/providers/Microsoft.Insights/eventtypes/management/values",
        version="2015-04-01",
    ),
    params=("$filter",),
    quota=READS,
)

EVENT_OPERATIONS: tuple[AnyOperation, ...] = (LIST_ACTIVITY, *LOG_OPERATIONS)
"""All of them."""
