"""The read operation of IAM that tells all of an account's identities, as a plain function. Changes nothing."""

import json
from collections.abc import Mapping
from urllib.parse import quote

from scanner.simulator.aws.estate import ManagedPolicy, Principal
from scanner.simulator.aws.identifiers import unique_id
from scanner.simulator.aws.paging import Paging, number, page, text
from scanner.simulator.aws.records import Caller, Role
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]

_DETAILS = Paging("GetAccountAuthorizationDetails", 100, 1000, "InvalidInput")
_LISTS = {"user": "UserDetailList", "group": "GroupDetailList", "role": "RoleDetailList"}
_PREFIXES = {"user": "AIDA", "group": "AGPA", "role": "AROA"}
_NAMES = {"user": "User", "group": "Group", "role": "Role"}


def get_account_authorization_details(world: World, caller: Caller, params: Params) -> Reply:
    """Users, groups, roles and managed policies, a page of them at a time; documents are encoded as in a URL."""
    account = caller.account
    rows = [(_LISTS[one.kind], _principal(account, one)) for one in world.estate.principals.get(account, ())]
    rows += [("RoleDetailList", _assumable(world, role)) for role in world.roles.values() if role.account == account]
    rows += [("Policies", _policy(policy)) for policy in world.estate.managed.get(account, ())]
    size, token = number(params, "MaxItems"), text(params, "Marker")
    found = page(rows, _DETAILS, size=size, token=token, cap=world.page_limit)
    reply: Reply = {
        name: [row for place, row in found.items if place == name] for name in (*_LISTS.values(), "Policies")
    }
    return reply | {"IsTruncated": found.token is not None} | ({"Marker": found.token} if found.token else {})


def _principal(account: str, one: Principal) -> Reply:
    name = _NAMES[one.kind]
    arn = f"arn:aws:iam::{account}:{one.kind}{one.path}{one.name}"
    row: Reply = {
        "Path": one.path,
        f"{name}Name": one.name,
        f"{name}Id": unique_id(_PREFIXES[one.kind], arn),
        "Arn": arn,
        "CreateDate": one.created,
        f"{name}PolicyList": [
            {"PolicyName": policy, "PolicyDocument": quote(document)} for policy, document in one.inline.items()
        ],
        "AttachedManagedPolicies": [
            {"PolicyName": policy.rpartition("/")[2], "PolicyArn": policy} for policy in one.attached
        ],
    }
    if one.kind == "user":
        row["GroupList"] = list(one.groups)
    if one.kind == "role":
        used: Reply = {"LastUsedDate": one.last_used, "Region": "us-east-1"} if one.last_used else {}
        row |= {"AssumeRolePolicyDocument": quote(one.trust), "InstanceProfileList": [], "RoleLastUsed": used}
    if one.boundary:
        row["PermissionsBoundary"] = {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": one.boundary,
        }
    if one.tags:
        row["Tags"] = [{"Key": key, "Value": value} for key, value in one.tags.items()]
    return row


def _assumable(world: World, role: Role) -> Reply:
    """A role that the world lets callers assume, as IAM tells it."""
    trusted = [f"arn:aws:iam::{account}:root" for account in sorted(role.trusted)]
    statement: Reply = {"Effect": "Allow", "Principal": {"AWS": trusted}, "Action": "sts:AssumeRole"}
    if role.external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": role.external_id}}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    joined = world.accounts[role.account].joined
    return _principal(role.account, Principal(kind="role", name=role.name, created=joined, trust=trust))


def _policy(policy: ManagedPolicy) -> Reply:
    name = policy.arn.rpartition("/")[2]
    version: Reply = {
        "Document": quote(policy.text),
        "VersionId": "v1",
        "IsDefaultVersion": True,
        "CreateDate": policy.created,
    }
    return {
        "PolicyName": name,
        "PolicyId": unique_id("ANPA", policy.arn),
        "Arn": policy.arn,
        "Path": "/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 1,
        "IsAttachable": True,
        "CreateDate": policy.created,
        "UpdateDate": policy.created,
        "PolicyVersionList": [version],
    }
