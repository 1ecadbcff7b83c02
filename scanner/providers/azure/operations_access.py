"""The operations about who may do what, and about what nobody may. Calls nothing.

https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
"""

from scanner.providers.azure import replies_access
from scanner.providers.azure.plane import Plane
from scanner.providers.azure.quotas import READS
from scanner.providers.operation import AnyOperation, Operation, Route

_VERSION = "2022-04-01"
_AUTHORIZATION = "/subscriptions/{subscription}/providers/Microsoft.Authorization"

LIST_ROLE_ASSIGNMENTS = Operation(
    service=Plane.MANAGEMENT,
    name="ListRoleAssignments",
    action="Microsoft.Authorization/roleAssignments/read",
    reply=replies_access.RoleAssignments,
    route=Route(path=f"{_AUTHORIZATION}/roleAssignments", version=_VERSION),
    quota=READS,
)
GET_ROLE_DEFINITION = Operation(
    service=Plane.MANAGEMENT,
    name="GetRoleDefinition",
    action="Microsoft.Authorization/roleDefinitions/read",
    reply=replies_access.RoleDefinition,
    route=Route(path=f"{_AUTHORIZATION}/roleDefinitions/{{role}}", version=_VERSION),
    quota=READS,
)
LIST_DENY_ASSIGNMENTS = Operation(
    service=Plane.MANAGEMENT,
    name="ListDenyAssignments",
    action="Microsoft.Authorization/denyAssignments/read",
    reply=replies_access.DenyAssignments,
    route=Route(path=f"{_AUTHORIZATION}/denyAssignments", version=_VERSION),
    quota=READS,
)

LIST_LOCKS = Operation(
    service=Plane.MANAGEMENT,
    name="ListLocks",
    action="Microsoft.Authorization/locks/read",
    reply=replies_access.Locks,
    route=Route(path=f"{_AUTHORIZATION}/locks", version="2016-09-01"),
    quota=READS,
)

ACCESS_OPERATIONS: tuple[AnyOperation, ...] = (
    LIST_ROLE_ASSIGNMENTS,
    GET_ROLE_DEFINITION,
    LIST_DENY_ASSIGNMENTS,
    LIST_LOCKS,
)
"""All of them."""
