"""The least-privilege role, generated from the table of operations. Grants nothing that is not called."""

from typing import Any

from scanner.providers.azure.graph import READ_BY_QUERY
from scanner.providers.azure.log_query import READ_BY_LOG_QUERY
from scanner.providers.azure.operations import OPERATIONS
from scanner.providers.azure.plane import Plane, plane_of, route_of

HSM_ROLE = "Managed HSM Crypto Auditor"
"""The local role of a managed HSM that may read keys; Azure roles do not reach into its data plane."""

_SCOPE = "/providers/Microsoft.Management/managementGroups/YOUR-MANAGEMENT-GROUP"


def role_definition() -> dict[str, Any]:
    """A custom role in the form that `az role definition create` takes; its scope is for the reader to fill in."""
    return {
        "Name": "keymuster reader",
        "IsCustom": True,
        "Description": "Reads what keymuster judges: vaults, keys and what stands around them. Writes nothing.",
        "Actions": sorted({*_actions(Plane.MANAGEMENT), *_actions(Plane.LOGS), *READ_BY_QUERY, *READ_BY_LOG_QUERY}),
        "NotActions": [],
        "DataActions": _actions(Plane.VAULT),
        "NotDataActions": [],
        "AssignableScopes": [_SCOPE],
    }


def access_policy() -> list[str]:
    """What a vault in access-policy mode must give the scanner instead, among its key permissions."""
    return sorted({policy for operation in OPERATIONS.values() if (policy := route_of(operation).policy)})


def besides() -> str:
    """In words, what the role cannot give."""
    keys = ", ".join(access_policy())
    return (
        f"vaults in access-policy mode: key permissions {keys}; "
        f"managed HSMs: the local role '{HSM_ROLE}' on /keys; fill in AssignableScopes"
    )


def _actions(plane: Plane) -> list[str]:
    return sorted({operation.action for operation in OPERATIONS.values() if plane_of(operation) is plane})
