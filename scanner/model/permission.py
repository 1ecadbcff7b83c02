"""Who was given which permissions where: roles, bindings, denials, level by level. Decides nothing.

One shape for Google Cloud and Azure: a role given to members at a level of a tree, and what is taken away again. A
level is an organisation, folder, project or key ring; a management group, subscription, resource group or vault.
"""

from scanner.model.record import Record
from scanner.model.unknown import Inapplicable, Unknown


class PermissionBlock(Record, frozen=True, kw_only=True, tag="permission_block"):
    """Permissions less exceptions, in the provider's words; `data_` are those on contents where it tells them apart.

    `condition` is that of this block alone.
    """

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    condition: str | None = None


class RoleDefinition(Record, frozen=True, kw_only=True, tag="role_definition"):
    """A role as its definition was read. `id` is what bindings call it by; `condition` is the definition's own."""

    id: str
    name: str
    custom: bool
    blocks: tuple[PermissionBlock, ...]
    condition: str | None = None


class RoleDefinitions(Record, frozen=True, kw_only=True, tag="role_definitions"):
    """Roles that were read, sorted by id."""

    items: tuple[RoleDefinition, ...]


class RoleBinding(Record, frozen=True, kw_only=True, tag="role_binding"):
    """A role given to members, under a condition in the provider's language or under none.

    `id` is the binding's own where it has one. `member_kinds` are the provider's words for what the members are
    (User, Group, ServicePrincipal), in their order, where the members' names do not tell.
    """

    role: str
    members: tuple[str, ...]
    condition: str | None = None
    condition_title: str | None = None
    id: str | None = None
    member_kinds: tuple[str, ...] = ()


class LoggedAccess(Record, frozen=True, kw_only=True, tag="logged_access"):
    """Kinds of access to a service that are logged, in the provider's words, less the members that are spared."""

    service: str
    kinds: tuple[str, ...]
    exempted: tuple[str, ...]


class Bindings(Record, frozen=True, kw_only=True, tag="bindings"):
    """Every role given at one level itself, not at the levels above it; sorted by role and members.

    `logged` is what the same policy says of logs, where it says something of them.
    """

    items: tuple[RoleBinding, ...]
    logged: tuple[LoggedAccess, ...] = ()


class Denial(Record, frozen=True, kw_only=True, tag="denial"):
    """Permissions taken from members, less the exceptions of both.

    `members` None means everybody; `here_only` that it does not reach the levels below.
    """

    name: str
    members: tuple[str, ...] | None
    excepted: tuple[str, ...]
    blocks: tuple[PermissionBlock, ...]
    here_only: bool = False
    condition: str | None = None


class Denials(Record, frozen=True, kw_only=True, tag="denials"):
    """Everything taken away at one level itself, sorted by name."""

    items: tuple[Denial, ...]


class AccessLevel(Record, frozen=True, kw_only=True, tag="access_level"):
    """One level above the keys; `id` is its full name, `parent` the id of the level above, None at the top.

    `aliases` are what names of members say instead: the number of a project, the domain of an organisation.
    """

    id: str
    parent: str | None
    name: str | None
    bindings: Bindings | Unknown
    denials: Denials | Inapplicable | Unknown
    aliases: tuple[str, ...] = ()


class AccessLevels(Record, frozen=True, kw_only=True, tag="access_levels"):
    """The levels above the keys of a shard, the topmost first."""

    items: tuple[AccessLevel, ...]


class GroupMembers(Record, frozen=True, kw_only=True, tag="group_members"):
    """Members by group; a group that is not here was not read."""

    items: dict[str, tuple[str, ...]]
