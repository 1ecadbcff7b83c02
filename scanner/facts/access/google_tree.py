"""The levels over the keys of a shard of Google Cloud, as the evaluator takes them. Decides nothing.

https://cloud.google.com/iam/docs/resource-hierarchy-access-control
"""

from collections.abc import Mapping

import msgspec

from scanner.facts.access.google import Binding, DenyRule, Groups, Level
from scanner.facts.access.tables import google_permissions
from scanner.facts.reading import reading
from scanner.model.access_inputs import Access
from scanner.model.container import KeyContainer
from scanner.model.key import Key
from scanner.model.permission import (
    AccessLevel,
    AccessLevels,
    Bindings,
    Denials,
    GroupMembers,
    RoleDefinitions,
)
from scanner.model.unknown import Cause, Inapplicable, Unknown

RING, KEY = "key ring", "key"
"""What the two lowest levels are called, which differ from key to key."""

ABOVE = "the levels above"
"""What stands for a tree that was not read at all."""

_EVERYBODY = "principalSet://goog/public:all"
_PREDEFINED = "roles/"

Roles = Mapping[str, frozenset[str]]
"""Permissions of roles that were read, by name."""


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """The levels above the keys of a shard, the topmost first; `unread` is why one of them is not known.

    `aliases` are numbers of projects and domains of organisations there.
    """

    levels: tuple[Level, ...]
    roles: Roles
    groups: Groups
    unread: tuple[tuple[str, Unknown], ...]
    aliases: frozenset[str] = frozenset()


def tree_of(access: Access) -> Tree:
    """The tree of what was read; one level that nobody has read where not even the tree was."""
    roles = _roles(access.roles)
    groups = _groups(access)
    if isinstance(access.levels, Unknown):
        untold = Level(name=ABOVE, bindings=None, denials=None)
        return Tree(levels=(untold,), roles=roles, groups=groups, unread=((ABOVE, access.levels),))
    return Tree(
        levels=tuple(_level(item, roles) for item in access.levels.items),
        roles=roles,
        groups=groups,
        unread=tuple(_unread_of(access.levels)),
        aliases=frozenset(name for item in access.levels.items for name in item.aliases),
    )


def near(tree: Tree, key: Key, container: KeyContainer | None) -> tuple[Level, Level]:
    """The ring's and the key's own level, where deny policies cannot be attached."""
    return (
        Level(name=RING, bindings=_of_group(container.policy if container else None, tree.roles), denials=()),
        Level(name=KEY, bindings=_of_group(key.policy, tree.roles), denials=()),
    )


def unread_near(key: Key, container: KeyContainer | None) -> tuple[tuple[str, Unknown], ...]:
    """Why what was given on the ring or on the key itself is not known, by level."""
    found = ((RING, _missing(container.policy if container else None)), (KEY, _missing(key.policy)))
    return tuple((name, unknown) for name, unknown in found if unknown is not None)


def _missing(group: object) -> Unknown | None:
    if group is None:
        return Unknown(cause=Cause.NOT_COLLECTED, call="cloudkms.keyRings.getIamPolicy")
    seen = reading(group)
    return seen if isinstance(seen, Unknown) else None


def _of_group(group: object, roles: Roles) -> tuple[Binding, ...] | None:
    if isinstance(group, Inapplicable):
        return ()
    return _bindings(group, roles) if isinstance(group, Bindings) else None


def _level(item: AccessLevel, roles: Roles) -> Level:
    denials = item.denials
    taken = () if isinstance(denials, Inapplicable) else _denials(denials) if isinstance(denials, Denials) else None
    return Level(name=item.id, bindings=_of_group(item.bindings, roles), denials=taken)


def _bindings(group: Bindings, roles: Roles) -> tuple[Binding, ...]:
    return tuple(
        Binding(
            role=item.role, permissions=_permissions(item.role, roles), members=item.members, condition=item.condition
        )
        for item in group.items
    )


def _permissions(role: str, roles: Roles) -> frozenset[str] | None:
    """Those that were read; of a predefined role those of the dated table. None where neither tells."""
    if role in roles:
        return roles[role]
    return google_permissions(role) if role.startswith(_PREDEFINED) else None


def _denials(group: Denials) -> tuple[DenyRule, ...]:
    return tuple(
        DenyRule(
            principals=(_EVERYBODY,) if item.members is None else item.members,
            excepted=item.excepted,
            permissions=tuple(name for block in item.blocks for name in block.actions),
            excepted_permissions=tuple(name for block in item.blocks for name in block.not_actions),
            condition=item.condition,
        )
        for item in group.items
    )


def _roles(roles: RoleDefinitions | Unknown) -> Roles:
    if isinstance(roles, Unknown):
        return {}
    return {role.id: frozenset(name for block in role.blocks for name in block.actions) for role in roles.items}


def _groups(access: Access) -> Groups:
    """Groups whose members were read; of any other nobody knows who is in it."""
    members = access.groups.items if isinstance(access.groups, GroupMembers) else {}
    return Groups(members={name: frozenset(found) for name, found in members.items()}, complete=False)


def _unread_of(levels: AccessLevels) -> list[tuple[str, Unknown]]:
    groups = ((item.id, group) for item in levels.items for group in (item.bindings, item.denials))
    return [(name, group) for name, group in groups if isinstance(group, Unknown)]
