"""What decides about the keys of a vault, as the evaluator takes it. Decides nothing.

https://learn.microsoft.com/azure/key-vault/general/rbac-guide
"""

from collections.abc import Iterable, Mapping

import msgspec

from scanner.facts.access.azure import (
    EVERYBODY,
    AccessPolicy,
    Assignment,
    DenyAssignment,
    Directory,
    Estate,
    Network,
    Permissions,
    Role,
    Vault,
    covers,
)
from scanner.facts.access.tables import azure_roles_by_id
from scanner.model.access_inputs import Access
from scanner.model.container import (
    AccessMode,
    AccessModel,
    ContainerKind,
    KeyContainer,
    KeyGrants,
    NetworkRules,
    Recovery,
)
from scanner.model.effective import PrincipalKind
from scanner.model.permission import (
    AccessLevels,
    Bindings,
    Denials,
    GroupMembers,
    PermissionBlock,
    RoleDefinition,
    RoleDefinitions,
)
from scanner.model.unknown import Unknown

MANAGEMENT_GROUPS = "/providers/microsoft.management/managementgroups/"
_KINDS: Mapping[str, PrincipalKind] = {
    "user": PrincipalKind.USER,
    "serviceprincipal": PrincipalKind.WORKLOAD,
    "group": PrincipalKind.GROUP,
    "foreigngroup": PrincipalKind.GROUP,
}
_SINGLE = frozenset({PrincipalKind.USER, PrincipalKind.WORKLOAD})


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What was given in, above and below a subscription; None is a part that was not read, `unread` says why."""

    assignments: tuple[Assignment, ...] | None
    denials: tuple[DenyAssignment, ...] | None
    kinds: Mapping[str, PrincipalKind]
    foreign: frozenset[str]
    management_groups: tuple[str, ...]
    members: Mapping[str, frozenset[str]]
    unread: tuple[tuple[str, Unknown], ...]


def given_of(access: Access) -> Given:
    """What was read of roles and denials."""
    levels = access.levels.items if isinstance(access.levels, AccessLevels) else ()
    unread = (("the role assignments", access.levels),) if isinstance(access.levels, Unknown) else ()
    roles = _roles(access.roles)
    assignments: list[Assignment] | None = None if unread else []
    denials: list[DenyAssignment] | None = None if unread else []
    for level in levels:
        if isinstance(level.bindings, Bindings) and assignments is not None:
            assignments += _assignments(level.bindings, level.id, roles)
        elif isinstance(level.bindings, Unknown):
            assignments, unread = None, (*unread, ("the role assignments", level.bindings))
        if isinstance(level.denials, Denials) and denials is not None:
            denials += _denials(level.denials, level.id)
        elif isinstance(level.denials, Unknown):
            denials, unread = None, (*unread, ("the deny assignments", level.denials))
    words = {
        member: word.lower()
        for level in levels
        if isinstance(level.bindings, Bindings)
        for one in level.bindings.items
        for member, word in zip(one.members, one.member_kinds, strict=False)
    }
    return Given(
        assignments=None if assignments is None else tuple(assignments),
        denials=None if denials is None else tuple(denials),
        kinds={member: _KINDS.get(word, PrincipalKind.OTHER) for member, word in words.items()},
        foreign=frozenset(member for member, word in words.items() if word == "foreigngroup"),
        management_groups=tuple(
            level.id.removeprefix(MANAGEMENT_GROUPS) for level in levels if level.id.startswith(MANAGEMENT_GROUPS)
        ),
        members=_members(access),
        unread=tuple(dict.fromkeys(unread)),
    )


def estate_of(given: Given, container: KeyContainer) -> Estate | None:
    """Everything that has a say at the keys of a vault; None where its own settings do not tell, or were not read."""
    if container.type is not ContainerKind.VAULT or not isinstance(container.access, AccessModel):
        return None
    if not isinstance(container.network, NetworkRules) or not isinstance(container.recovery, Recovery):
        return None
    by_roles = container.access.mode is AccessMode.ROLES
    if not by_roles and not isinstance(container.policy, KeyGrants):
        return None
    rules = container.network
    vault = Vault(
        id=container.id,
        rbac=by_roles,
        purge_protection=container.recovery.purge_protection,
        policies=_policies(container.policy) if isinstance(container.policy, KeyGrants) else (),
        network=Network(
            public=rules.public,
            denies_by_default=not rules.default_allows,
            trusts_services=rules.trusted_services,
            addresses=rules.addresses,
            subnets=rules.subnets,
        ),
        management_groups=given.management_groups,
    )
    return Estate(
        vault=vault,
        assignments=None if given.assignments is None else tuple(_over(given.assignments, vault)),
        denials=given.denials,
        directory=Directory(members=given.members, complete=False),
    )


def narrowed(estate: Estate, given: Given, principal: str) -> Estate:
    """The estate without what is certainly about somebody else: another user or application is no group."""

    def may_mean(name: str) -> bool:
        return name.lower() == principal or given.kinds.get(name.lower()) not in _SINGLE

    assignments = estate.assignments
    named = {name for one in estate.denials or () for name in (*(one.principals or ()), *one.excluded)}
    single = {name: frozenset[str]() for name in named if given.kinds.get(name.lower()) in _SINGLE}
    return msgspec.structs.replace(
        estate,
        vault=msgspec.structs.replace(
            estate.vault, policies=tuple(one for one in estate.vault.policies if may_mean(one.principal))
        ),
        assignments=None if assignments is None else tuple(one for one in assignments if may_mean(one.principal)),
        directory=Directory(members={**single, **given.members}, complete=False),
    )


def _over(assignments: Iterable[Assignment], vault: Vault) -> Iterable[Assignment]:
    """Those at the vault, above it, or at something in it."""
    return (
        one
        for one in assignments
        if covers(one.scope, vault.id, vault.management_groups) or covers(vault.id, one.scope, ())
    )


def _policies(grants: KeyGrants) -> tuple[AccessPolicy, ...]:
    return tuple(
        AccessPolicy(principal=one.principal.lower(), keys=frozenset(one.keys), application=one.application)
        for one in grants.items
    )


def _assignments(bindings: Bindings, scope: str, roles: Mapping[str, Role]) -> list[Assignment]:
    found: list[Assignment] = []
    for one in bindings.items:
        name = one.role.rpartition("/")[2]
        role = roles.get(name) or azure_roles_by_id().get(name)
        label = role.name if role is not None else one.role
        found += [
            Assignment(principal=member, role_name=label, role=role, scope=scope, condition=one.condition)
            for member in one.members
        ]
    return found


def _denials(denials: Denials, scope: str) -> list[DenyAssignment]:
    return [
        DenyAssignment(
            name=one.name,
            scope=scope,
            principals=one.members,
            excluded=one.excepted,
            here_only=one.here_only,
            blocks=tuple(map(_block, one.blocks)),
            condition=one.condition,
        )
        for one in denials.items
    ]


def _roles(roles: RoleDefinitions | Unknown) -> Mapping[str, Role]:
    """Definitions by name (GUID): a role is called by another id in each subscription."""
    items: tuple[RoleDefinition, ...] = () if isinstance(roles, Unknown) else roles.items
    return {
        one.id.rpartition("/")[2]: Role(
            name=one.name, blocks=tuple(map(_block, one.blocks)), condition=one.condition, custom=one.custom
        )
        for one in items
    }


def _block(found: PermissionBlock) -> Permissions:
    return Permissions(
        actions=found.actions,
        not_actions=found.not_actions,
        data_actions=found.data_actions,
        not_data_actions=found.not_data_actions,
        condition=found.condition,
    )


def _members(access: Access) -> Mapping[str, frozenset[str]]:
    if not isinstance(access.groups, GroupMembers):
        return {}
    return {name.lower(): frozenset(members) for name, members in access.groups.items.items()}


def kind_of(given: Given, principal: str) -> PrincipalKind:
    """What a principal is, as assignments say; one that is only in a vault's own list may be anything."""
    return PrincipalKind.SET if principal == EVERYBODY else given.kinds.get(principal, PrincipalKind.OTHER)
