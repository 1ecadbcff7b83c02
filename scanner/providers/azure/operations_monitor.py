"""The operations about logs and alerts. Calls nothing.

https://learn.microsoft.com/rest/api/monitor/diagnostic-settings/list
"""

from scanner.providers.azure import replies_monitor
from scanner.providers.azure.plane import Plane
from scanner.providers.azure.quotas import READS
from scanner.providers.operation import AnyOperation, Operation, Route

_VAULT = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault"
_INSIGHTS = "/subscriptions/{subscription}/providers/Microsoft.Insights"
_SETTINGS = "providers/Microsoft.Insights/diagnosticSettings"
_ACTION, _VERSION = "Microsoft.Insights/diagnosticSettings/read", "2021-05-01-preview"

LIST_VAULT_LOGS = Operation(
    service=Plane.MANAGEMENT,
    name="ListVaultDiagnosticSettings",
    action=_ACTION,
    reply=replies_monitor.DiagnosticSettings,
    route=Route(path=f"{_VAULT}/vaults/{{vault}}/{_SETTINGS}", version=_VERSION),
    quota=READS,
)
LIST_HSM_LOGS = Operation(
    service=Plane.MANAGEMENT,
    name="ListManagedHsmDiagnosticSettings",
    action=_ACTION,
    reply=replies_monitor.DiagnosticSettings,
    route=Route(path=f"{_VAULT}/managedHSMs/{{vault}}/{_SETTINGS}", version=_VERSION),
    quota=READS,
)

LIST_ACTIVITY_ALERTS = Operation(
    service=Plane.MANAGEMENT,
    name="ListActivityLogAlerts",
    action="Microsoft.Insights/activityLogAlerts/read",
    reply=replies_monitor.ActivityAlerts,
    route=Route(path=f"{_INSIGHTS}/activityLogAlerts", version="2020-10-01"),
    quota=READS,
)
LIST_QUERY_ALERTS = Operation(
    service=Plane.MANAGEMENT,
    name="ListScheduledQueryRules",
    action="Microsoft.Insights/scheduledQueryRules/read",
    reply=replies_monitor.QueryAlerts,
    route=Route(path=f"{_INSIGHTS}/scheduledQueryRules", version="2021-08-01"),
    quota=READS,
)
LIST_ACTION_GROUPS = Operation(
    service=Plane.MANAGEMENT,
    name="ListActionGroups",
    action="Microsoft.Insights/actionGroups/read",
    reply=replies_monitor.ActionGroups,
    route=Route(path=f"{_INSIGHTS}/actionGroups", version="2023-01-01"),
    quota=READS,
)
LIST_VAULT_EVENTS = Operation(
    service=Plane.MANAGEMENT,
    name="ListVaultEventSubscriptions",
    action="Microsoft.EventGrid/eventSubscriptions/read",
    reply=replies_monitor.EventSubscriptions,
    route=Route(
        path=f"{_VAULT}/vaults/{{vault}}/providers/Microsoft.EventGrid/eventSubscriptions", version="2022-06-15"
    ),
    quota=READS,
)

LIST_EXPORTS = Operation(
    service=Plane.MANAGEMENT,
    name="ListSubscriptionDiagnosticSettings",
    action=_ACTION,
    reply=replies_monitor.DiagnosticSettings,
    route=Route(path=f"/subscriptions/{{subscription}}/{_SETTINGS}", version=_VERSION),
    quota=READS,
)
LIST_SYSTEM_TOPICS = Operation(
    service=Plane.MANAGEMENT,
    name="ListSystemTopics",
    action="Microsoft.EventGrid/systemTopics/read",
    reply=replies_monitor.SystemTopics,
    route=Route(path="/subscriptions/{subscription}/providers/Microsoft.EventGrid/systemTopics", version="2022-06-15"),
    quota=READS,
)
LIST_TOPIC_EVENTS = Operation(
    service=Plane.MANAGEMENT,
    name="ListSystemTopicEventSubscriptions",
    action="Microsoft.EventGrid/systemTopics/eventSubscriptions/read",
    reply=replies_monitor.EventSubscriptions,
    route=Route(
        path="/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics/{topic}"
        "/eventSubscriptions",
        version="2022-06-15",
    ),
    quota=READS,
)

MONITOR_OPERATIONS: tuple[AnyOperation, ...] = (
    LIST_VAULT_LOGS,
    LIST_HSM_LOGS,
    LIST_ACTIVITY_ALERTS,
    LIST_QUERY_ALERTS,
    LIST_ACTION_GROUPS,
    LIST_VAULT_EVENTS,
    LIST_EXPORTS,
    LIST_SYSTEM_TOPICS,
    LIST_TOPIC_EVENTS,
)
"""All of them."""
