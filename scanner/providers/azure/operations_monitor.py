"""The operations about logs. Calls nothing.

https://learn.microsoft.com/rest/api/monitor/diagnostic-settings/list
"""

from scanner.providers.azure import replies_monitor
from scanner.providers.azure.plane import Plane
from scanner.providers.azure.quotas import READS
from scanner.providers.operation import AnyOperation, Operation, Route

_VAULT = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault"
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

MONITOR_OPERATIONS: tuple[AnyOperation, ...] = (LIST_VAULT_LOGS, LIST_HSM_LOGS)
"""All of them."""
