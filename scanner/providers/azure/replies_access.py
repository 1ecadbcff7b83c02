"""What is kept of each reply about roles: these types are the allow-list of response fields. Holds no logic."""

from scanner.providers.azure.replies import Kept


class AssignmentProperties(Kept, frozen=True, kw_only=True):
    """Who was given which role where, under a condition or under none."""

    role_definition_id: str
    principal_id: str
    principal_type: str | None = None
    scope: str
    condition: str | None = None


class RoleAssignment(Kept, frozen=True, kw_only=True):
    """A role assignment."""

    id: str
    properties: AssignmentProperties


class RoleAssignments(Kept, frozen=True, kw_only=True):
    """A page of the role assignments in, above and below a subscription."""

    value: tuple[RoleAssignment, ...]


class Permission(Kept, frozen=True, kw_only=True):
    """One block of permissions; names may hold wildcards."""

    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    data_actions: tuple[str, ...] | None = None
    not_data_actions: tuple[str, ...] | None = None
    condition: str | None = None


class RoleProperties(Kept, frozen=True, kw_only=True):
    """What a role allows."""

    role_name: str
    type: str | None = None
    permissions: tuple[Permission, ...]


class RoleDefinition(Kept, frozen=True, kw_only=True):
    """A role definition."""

    id: str
    properties: RoleProperties


class Principal(Kept, frozen=True, kw_only=True):
    """Whom a deny assignment is about; an id of zeros is everybody."""

    id: str
    type: str | None = None


class DenyProperties(Kept, frozen=True, kw_only=True):
    """What is denied to whom, where."""

    deny_assignment_name: str
    scope: str
    permissions: tuple[Permission, ...]
    do_not_apply_to_child_scopes: bool | None = None
    principals: tuple[Principal, ...]
    exclude_principals: tuple[Principal, ...] | None = None
    condition: str | None = None


class DenyAssignment(Kept, frozen=True, kw_only=True):
    """A deny assignment."""

    id: str
    properties: DenyProperties


class DenyAssignments(Kept, frozen=True, kw_only=True):
    """A page of the deny assignments in, above and below a subscription."""

    value: tuple[DenyAssignment, ...]


class LockProperties(Kept, frozen=True, kw_only=True):
    """What a lock forbids; of its notes and owners nothing is kept."""

    level: str


class Lock(Kept, frozen=True, kw_only=True):
    """A lock; its id begins with that of what it stands on."""

    id: str
    properties: LockProperties


class Locks(Kept, frozen=True, kw_only=True):
    """A page of the locks on a subscription and on everything in it."""

    value: tuple[Lock, ...]
