"""Kept replies become levels of roles and denials; the provider's words stop here. Pure, and imports no SDK."""

from collections.abc import Sequence

from scanner.model.permission import (
    AccessLevel,
    AccessLevels,
    Bindings,
    Denial,
    Denials,
    PermissionBlock,
    RoleBinding,
    RoleDefinition,
)
from scanner.model.unknown import Unknown
from scanner.providers.azure import replies_access

ROOT = "/"
EVERYBODY = "00000000-0000-0000-0000-000000000000"
"""The principal that a deny assignment names for all principals."""

_CUSTOM = "customrole"
_SUBSCRIPTION_PARTS = 2
_GROUP_PARTS = 4
_RESOURCE_PARTS = 8


def levels(
    subscription: str,
    assignments: Sequence[replies_access.RoleAssignments] | Unknown,
    denials: Sequence[replies_access.DenyAssignments] | Unknown,
) -> AccessLevels:
    """Every scope at which a role is given or something is denied, the subscription always, the topmost first.

    What could not be listed is unknown at each of them: there may be others.
    """
    given, taken = _given(assignments), _taken(denials)
    scopes = {ROOT, f"/subscriptions/{subscription}", *given, *taken}
    return AccessLevels(
        items=tuple(
            AccessLevel(
                id=scope,
                parent=_parent(scope),
                name=None,
                bindings=assignments if isinstance(assignments, Unknown) else Bindings(items=given.get(scope, ())),
                denials=denials if isinstance(denials, Unknown) else Denials(items=taken.get(scope, ())),
            )
            for scope in sorted(scopes, key=lambda scope: (_depth(scope), scope))
        )
    )


def role(found: replies_access.RoleDefinition) -> RoleDefinition:
    """A role definition; each of its blocks holds under a condition of its own."""
    settings = found.properties
    return RoleDefinition(
        id=scope_id(found.id),
        name=settings.role_name,
        custom=(settings.type or "").lower() == _CUSTOM,
        blocks=tuple(_block(block) for block in settings.permissions),
    )


def roles_named(assignments: Sequence[replies_access.RoleAssignments]) -> tuple[str, ...]:
    """The names (GUIDs) of the role definitions that assignments name, each once."""
    found = {item.properties.role_definition_id for page in assignments for item in page.value}
    return tuple(sorted({id_.rsplit("/", 1)[-1].lower() for id_ in found}))


def scope_id(scope: str) -> str:
    """A scope in one spelling: Azure's own differ by case from answer to answer."""
    return scope.rstrip("/").lower() or ROOT


def _given(pages: Sequence[replies_access.RoleAssignments] | Unknown) -> dict[str, tuple[RoleBinding, ...]]:
    """The bindings of each scope, sorted by role and members."""
    found: dict[str, list[RoleBinding]] = {}
    for item in () if isinstance(pages, Unknown) else (item for page in pages for item in page.value):
        settings = item.properties
        binding = RoleBinding(
            role=scope_id(settings.role_definition_id),
            members=(settings.principal_id.lower(),),
            condition=settings.condition or None,
            id=scope_id(item.id),
            member_kinds=(settings.principal_type or "",),
        )
        found.setdefault(scope_id(settings.scope), []).append(binding)
    return {scope: tuple(sorted(items, key=lambda item: (item.role, item.members))) for scope, items in found.items()}


def _taken(pages: Sequence[replies_access.DenyAssignments] | Unknown) -> dict[str, tuple[Denial, ...]]:
    """The denials of each scope, sorted by name."""
    found: dict[str, list[Denial]] = {}
    for item in () if isinstance(pages, Unknown) else (item for page in pages for item in page.value):
        settings = item.properties
        members = tuple(sorted(one.id.lower() for one in settings.principals))
        denial = Denial(
            name=settings.deny_assignment_name,
            members=None if EVERYBODY in members else members,
            excepted=tuple(sorted(one.id.lower() for one in settings.exclude_principals or ())),
            blocks=tuple(_block(block) for block in settings.permissions),
            here_only=settings.do_not_apply_to_child_scopes is True,
            condition=settings.condition or None,
        )
        found.setdefault(scope_id(settings.scope), []).append(denial)
    return {scope: tuple(sorted(items, key=lambda item: item.name)) for scope, items in found.items()}


def _block(found: replies_access.Permission) -> PermissionBlock:
    return PermissionBlock(
        actions=found.actions or (),
        not_actions=found.not_actions or (),
        data_actions=found.data_actions or (),
        not_data_actions=found.not_data_actions or (),
        condition=found.condition or None,
    )


def _parent(scope: str) -> str | None:
    """The level above. Which management group a subscription is in is not told: all of them stand below the root."""
    if scope == ROOT:
        return None
    parts = scope.strip("/").split("/")
    if len(parts) <= _SUBSCRIPTION_PARTS or parts[0] == "providers":
        return ROOT
    if len(parts) <= _GROUP_PARTS:
        return "/" + "/".join(parts[:_SUBSCRIPTION_PARTS])
    nested = len(parts) > _RESOURCE_PARTS
    return "/" + "/".join(parts[:-2] if nested else parts[:_GROUP_PARTS])


def _depth(scope: str) -> tuple[int, int]:
    """Root, management groups, subscription, then by length."""
    if scope == ROOT:
        return 0, 0
    return (1, 0) if scope.startswith("/providers/") else (2, scope.count("/"))
