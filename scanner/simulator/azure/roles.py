"""Roles of a simulated Azure and how the management plane shows them. Holds no state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from scanner.simulator.azure.records import Document


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """A role by its blocks of permissions, in Azure's shape."""

    name: str
    blocks: tuple[Document, ...]
    custom: bool = False


class AssignmentTraits(TypedDict, total=False):
    """What else an assignment may be told."""

    kind: str
    condition: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment:
    """A role given to a principal at a scope; `role` is the name (GUID) of its definition."""

    id: str
    role: str
    principal: str
    scope: str
    kind: str = "User"
    condition: str | None = None


def _block(*actions: str, less: tuple[str, ...] = (), data: tuple[str, ...] = ()) -> Document:
    return {"actions": list(actions), "notActions": list(less), "dataActions": list(data), "notDataActions": []}


_KEYS = "Microsoft.KeyVault/vaults/keys"
BUILT_IN: Mapping[str, Role] = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": Role(name="Owner", blocks=(_block("*"),)),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": Role(
        name="Contributor",
        blocks=(_block("*", less=("Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write")),),
    ),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": Role(name="Reader", blocks=(_block("*/read"),)),
    "21090545-7ca7-4776-b22c-e363652d74d2": Role(
        name="Key Vault Reader",
        blocks=(_block("Microsoft.KeyVault/*/read", data=("Microsoft.KeyVault/vaults/*/read",)),),
    ),
    "12338af0-0e69-4776-bea7-57ae8d297424": Role(
        name="Key Vault Crypto User",
        blocks=(_block(data=(f"{_KEYS}/read", f"{_KEYS}/encrypt/action", f"{_KEYS}/decrypt/action")),),
    ),
    "14b46e9e-c2b7-41b4-b07b-48a6ebf60603": Role(
        name="Key Vault Crypto Officer",
        blocks=(_block(data=(f"{_KEYS}/*", "Microsoft.KeyVault/vaults/keyrotationpolicies/*")),),
    ),
}
"""Some of Azure's own roles by the name (GUID) of their definitions, shortened."""


def reaches(scope: str, here: str) -> bool:
    """Whether a scope is the subscription, above it or below it."""
    return scope == "/" or scope.startswith("/providers/") or f"{scope}/".lower().startswith(f"{here}/".lower())


def definition(where: str, name: str, role: Role) -> Document:
    """A role definition as it is shown."""
    return {
        "id": f"{where}/providers/Microsoft.Authorization/roleDefinitions/{name}",
        "name": name,
        "type": "Microsoft.Authorization/roleDefinitions",
        "properties": {
            "roleName": role.name,
            "type": "CustomRole" if role.custom else "BuiltInRole",
            "description": role.name,
            "assignableScopes": ["/"],
            "permissions": list(role.blocks),
        },
    }


def assignment(where: str, found: Assignment) -> Document:
    """A role assignment as it is shown."""
    scope = found.scope.rstrip("/")
    return {
        "id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/{found.id}",
        "name": found.id,
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": {
            "roleDefinitionId": f"{where}/providers/Microsoft.Authorization/roleDefinitions/{found.role}",
            "principalId": found.principal,
            "principalType": found.kind,
            "scope": found.scope,
            "condition": found.condition,
        },
    }
