"""The read operations of Organizations about the tree and its policies, as plain functions. Changes nothing."""

import json
from collections.abc import Mapping

from scanner.simulator.aws.errors import AwsError, denied
from scanner.simulator.aws.estate import FULL_ACCESS, ControlPolicy
from scanner.simulator.aws.identifiers import digest
from scanner.simulator.aws.identities import account_row, organisation_of
from scanner.simulator.aws.paging import Paging, number, page, text
from scanner.simulator.aws.records import Caller, Organisation
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]

_BAD_TOKEN = "InvalidInputException"  # noqa: S105 (an error code)
_ANYTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}, indent=2
)


def root_id(organisation: Organisation) -> str:
    """The id of the organisation's only root."""
    return f"r-{digest(organisation.id)[:4]}"


def list_roots(world: World, caller: Caller, params: Params) -> Reply:
    """The only root, with the types of policy that are switched on."""
    organisation = _readable(world, caller, "ListRoots")
    root = root_id(organisation)
    row: Reply = {
        "Id": root,
        "Arn": _arn(organisation, "root", root),
        "Name": "Root",
        "PolicyTypes": [{"Type": kind, "Status": "ENABLED"} for kind in sorted(world.estate.policy_types)],
    }
    return _paged(world, params, "Roots", [row])


def list_organizational_units_for_parent(world: World, caller: Caller, params: Params) -> Reply:
    """The units right below a root or unit."""
    organisation = _readable(world, caller, "ListOrganizationalUnitsForParent")
    parent = _parent(world, organisation, params)
    rows: list[Reply] = [
        {"Id": unit.id, "Arn": _arn(organisation, "ou", unit.id), "Name": unit.name}
        for unit in world.estate.units.values()
        if unit.parent == parent
    ]
    return _paged(world, params, "OrganizationalUnits", rows)


def list_accounts_for_parent(world: World, caller: Caller, params: Params) -> Reply:
    """The accounts right below a root or unit."""
    organisation = _readable(world, caller, "ListAccountsForParent")
    parent = _parent(world, organisation, params)
    rows = [
        account_row(organisation, world.accounts[account])
        for account in organisation.members
        if world.estate.parents.get(account, root_id(organisation)) == parent
    ]
    return _paged(world, params, "Accounts", rows)


def list_policies(world: World, caller: Caller, params: Params) -> Reply:
    """The policies of one type, AWS's own first."""
    organisation = _readable(world, caller, "ListPolicies")
    kind = text(params, "Filter") or ""
    rows = [_summary(organisation, policy) for policy in _policies(world, organisation) if policy.kind == kind]
    return _paged(world, params, "Policies", rows)


def describe_policy(world: World, caller: Caller, params: Params) -> Reply:
    """A policy with its text."""
    organisation = _readable(world, caller, "DescribePolicy")
    policy = _policy(world, organisation, params)
    return {"Policy": {"PolicySummary": _summary(organisation, policy), "Content": policy.text}}


def list_targets_for_policy(world: World, caller: Caller, params: Params) -> Reply:
    """The nodes a policy is attached to."""
    organisation = _readable(world, caller, "ListTargetsForPolicy")
    rows = [_target(world, organisation, node) for node in _policy(world, organisation, params).targets]
    return _paged(world, params, "Targets", rows)


def _readable(world: World, caller: Caller, operation: str) -> Organisation:
    """The organisation, for its management account and those it delegated to."""
    organisation = organisation_of(world, caller)
    if caller.account != organisation.management and caller.account not in organisation.delegated:
        raise denied("organizations", operation, caller.principal, "*")
    return organisation


def _parent(world: World, organisation: Organisation, params: Params) -> str:
    parent = text(params, "ParentId") or ""
    if parent != root_id(organisation) and parent not in world.estate.units:
        raise AwsError("ParentNotFoundException", "You specified parent that doesn't exist.")
    return parent


def _policies(world: World, organisation: Organisation) -> list[ControlPolicy]:
    """AWS's own policies, attached to every node, and the organisation's."""
    nodes = (root_id(organisation), *world.estate.units, *organisation.members)
    own = [
        ControlPolicy(id=name, name=name.removeprefix("p-"), kind=kind, text=_ANYTHING, targets=nodes)
        for kind, name in FULL_ACCESS.items()
        if kind in world.estate.policy_types
    ]
    return [*own, *world.estate.policies.values()]


def _policy(world: World, organisation: Organisation, params: Params) -> ControlPolicy:
    wanted = text(params, "PolicyId")
    for policy in _policies(world, organisation):
        if policy.id == wanted:
            return policy
    raise AwsError("PolicyNotFoundException", "You specified policy that doesn't exist.")


def _summary(organisation: Organisation, policy: ControlPolicy) -> Reply:
    kind = policy.kind.lower()
    managed = policy.id in FULL_ACCESS.values()
    return {
        "Id": policy.id,
        "Arn": f"arn:aws:organizations::aws:policy/{kind}/{policy.id}"
        if managed
        else _arn(organisation, "policy", f"{kind}/{policy.id}"),
        "Name": policy.name,
        "Description": policy.description,
        "Type": policy.kind,
        "AwsManaged": managed,
    }


def _target(world: World, organisation: Organisation, node: str) -> Reply:
    if node == root_id(organisation):
        return {"TargetId": node, "Arn": _arn(organisation, "root", node), "Name": "Root", "Type": "ROOT"}
    if node in world.estate.units:
        name = world.estate.units[node].name
        return {
            "TargetId": node,
            "Arn": _arn(organisation, "ou", node),
            "Name": name,
            "Type": "ORGANIZATIONAL_UNIT",
        }
    name = world.accounts[node].name
    return {"TargetId": node, "Arn": _arn(organisation, "account", node), "Name": name, "Type": "ACCOUNT"}


def _arn(organisation: Organisation, kind: str, node: str) -> str:
    return f"arn:aws:organizations::{organisation.management}:{kind}/{organisation.id}/{node}"


def _paged(world: World, params: Params, name: str, rows: list[Reply]) -> Reply:
    paging = Paging(name, 20, 20, _BAD_TOKEN)
    found = page(rows, paging, size=number(params, "MaxResults"), token=text(params, "NextToken"), cap=world.page_limit)
    return {name: list(found.items)} | ({"NextToken": found.token} if found.token else {})
