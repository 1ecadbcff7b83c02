"""Kept replies become bindings, denials, roles and levels; the provider's words stop here. Pure, imports no SDK."""

from collections.abc import Iterable, Sequence

from scanner.model.permission import (
    Bindings,
    Denial,
    Denials,
    LoggedAccess,
    PermissionBlock,
    RoleBinding,
    RoleDefinition,
)
from scanner.providers.gcp import replies

CUSTOM = ("projects/", "organizations/")
"""How the names of roles begin that a customer has made."""


def bindings(pages: Sequence[replies.IamPolicy]) -> Bindings:
    """The bindings of one allow policy; one without any is a policy that gives nothing."""
    found = (_binding(reply) for reply in pages[0].bindings)
    logged = tuple(_logged(config) for config in pages[0].audit_configs)
    return Bindings(items=tuple(sorted(found, key=_order)), logged=logged)


def denials(policies: Iterable[replies.DenyPolicy]) -> Denials:
    """What the deny policies of one level take away."""
    found = [
        _denial(policy, rule.deny_rule) for policy in policies for rule in policy.rules if rule.deny_rule is not None
    ]
    return Denials(items=tuple(sorted(found, key=lambda item: (item.name, item.members or ()))))


def role(reply: replies.Role) -> RoleDefinition:
    """A role; one that was deleted gives nothing any more."""
    gives = () if reply.deleted or reply.stage == "DISABLED" else tuple(sorted(reply.included_permissions))
    return RoleDefinition(
        id=reply.name,
        name=reply.title or reply.name,
        custom=reply.name.startswith(CUSTOM),
        blocks=(PermissionBlock(actions=gives),),
    )


def custom_roles(given: Iterable[Bindings]) -> tuple[str, ...]:
    """The names of the customer's own roles in bindings, sorted."""
    return tuple(sorted({item.role for one in given for item in one.items if item.role.startswith(CUSTOM)}))


def _binding(reply: replies.PolicyBinding) -> RoleBinding:
    condition = reply.condition
    return RoleBinding(
        role=reply.role,
        members=tuple(sorted(reply.members)),
        condition=condition.expression if condition else None,
        condition_title=condition.title if condition else None,
    )


def _logged(config: replies.AuditConfig) -> LoggedAccess:
    kinds = {str(item.log_type) for item in config.audit_log_configs}
    exempted = {member for item in config.audit_log_configs for member in item.exempted_members}
    return LoggedAccess(service=config.service, kinds=tuple(sorted(kinds)), exempted=tuple(sorted(exempted)))


def _order(binding: RoleBinding) -> tuple[str, tuple[str, ...], str]:
    return (binding.role, binding.members, binding.condition or "")


def _denial(policy: replies.DenyPolicy, rule: replies.DenyRule) -> Denial:
    condition = rule.denial_condition
    return Denial(
        name=policy.display_name or policy.name.rpartition("/")[2],
        members=tuple(sorted(rule.denied_principals)),
        excepted=tuple(sorted(rule.exception_principals)),
        blocks=(
            PermissionBlock(
                actions=tuple(sorted(rule.denied_permissions)),
                not_actions=tuple(sorted(rule.exception_permissions)),
            ),
        ),
        condition=condition.expression if condition else None,
    )
