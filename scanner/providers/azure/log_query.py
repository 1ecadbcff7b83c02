"""The one query that log workspaces are sent, and the operations for it. Calls nothing.

Vaults write to AzureDiagnostics, or to AZKVAuditLogs in resource-specific mode; a workspace may have either table, both
or none. https://learn.microsoft.com/azure/azure-monitor/reference/tables/azkvauditlogs
"""

import re
from collections.abc import Mapping
from datetime import datetime

from scanner.providers.azure.plane import Plane
from scanner.providers.azure.quotas import READS
from scanner.providers.azure.replies_events import LogResult, Workspace
from scanner.providers.operation import AnyOperation, Operation, Quota, Route

GET_WORKSPACE = Operation(
    service=Plane.MANAGEMENT,
    name="GetLogWorkspace",
    action="Microsoft.OperationalInsights/workspaces/read",
    reply=Workspace,
    route=Route(
        path="/subscriptions/{subscription}/resourceGroups/{group}"
        "/providers/Microsoft.OperationalInsights/workspaces/{workspace}",
        version="2022-10-01",
    ),
    quota=READS,
)
QUERY_VAULT_LOG = Operation(
    service=Plane.LOGS,
    name="QueryVaultLog",
    action="Microsoft.OperationalInsights/workspaces/query/read",
    reply=LogResult,
    route=Route(method="POST", path="/v1/workspaces/{workspace}/query", version=""),
    quota=Quota(per_second=200 / 30, source="Azure Monitor service limits, queries of one user, 2026"),
)

LOG_OPERATIONS: tuple[AnyOperation, ...] = (GET_WORKSPACE, QUERY_VAULT_LOG)
"""All of them."""

READ_BY_LOG_QUERY: tuple[str, ...] = (
    "Microsoft.OperationalInsights/workspaces/query/AZKVAuditLogs/read",
    "Microsoft.OperationalInsights/workspaces/query/AzureDiagnostics/read",
)
"""The tables that the role must be able to read for the rows to be there."""

CALLS: tuple[str, ...] = ("KeyDelete", "KeyPurge", "KeyRecover", "KeyUpdate")
"""The operations that are asked for, as vaults and managed HSMs log them.

https://learn.microsoft.com/azure/key-vault/general/logging
"""

COLUMNS: tuple[str, ...] = ("at", "call", "container", "key", "request", "status", "upn", "oid", "app")
"""The columns of the answer, all of them text."""

_CLAIM = "identity_claim_http_schemas_{}_s"
_XML, _MICROSOFT = "xmlsoap_org_ws_2005_05_identity_claims_upn", "microsoft_com_identity_claims_objectidentifier"
_UPN, _OID = (
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "http://schemas.microsoft.com/identity/claims/objectidentifier",
)
_DIAGNOSTICS: Mapping[str, str] = {
    "at": "TimeGenerated",
    "call": "OperationName",
    "container": "ResourceId",
    "key": "column_ifexists('id_s', '')",
    "request": "column_ifexists('requestUri_s', '')",
    "status": "column_ifexists('httpStatusCode_d', real(null))",
    "upn": f"column_ifexists('{_CLAIM.format(_XML)}', '')",
    "oid": f"coalesce(tostring(column_ifexists('{_CLAIM.format(_MICROSOFT)}', '')), "
    "tostring(column_ifexists('identity_claim_oid_g', '')))",
    "app": "column_ifexists('identity_claim_appid_g', '')",
}
_RESOURCE_SPECIFIC: Mapping[str, str] = {
    "at": "TimeGenerated",
    "call": "OperationName",
    "container": "_ResourceId",
    "key": "Id",
    "request": "RequestUri",
    "status": "HttpStatusCode",
    "upn": f"Identity.claim['{_UPN}']",
    "oid": f"coalesce(tostring(Identity.claim['{_OID}']), tostring(Identity.claim.oid))",
    "app": "Identity.claim.appid",
}


def _leg(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = tostring({columns[name]})" for name in COLUMNS)


_TEMPLATE = (
    f"union isfuzzy=true (datatable({', '.join(f'{name}:string' for name in COLUMNS)})[]), "
    "(AzureDiagnostics | where ResourceProvider =~ 'MICROSOFT.KEYVAULT' and Category == 'AuditEvent' "
    f"| project {_leg(_DIAGNOSTICS)}), "
    f"(AZKVAuditLogs | project {_leg(_RESOURCE_SPECIFIC)}) "
    f"| where call in ({', '.join(repr(name) for name in CALLS)}) "
    "| where container startswith '/subscriptions/{subscription}/' "
    f"| project {', '.join(COLUMNS)} | order by at asc"
)
"""Every entry about these operations on the vaults of one subscription; the empty table makes a workspace without
either of the others answer with none."""

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
QUERY = re.compile(re.escape(_TEMPLATE).replace(re.escape("{subscription}"), _ID))
"""What the query looks like, whatever the subscription."""

PERIOD = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def body(subscription: str, since: datetime, until: datetime) -> dict[str, object]:
    """The request for what was done to the keys of a subscription in a period."""
    period = "/".join(f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (since, until))
    return {"query": _TEMPLATE.replace("{subscription}", subscription), "timespan": period}
