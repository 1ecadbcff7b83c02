"""Small worlds for the tests of access: accounts with identities, an organisation, keys with policies and grants."""

import json
from datetime import UTC, datetime

from records import metadata
from scanner.model.identity import (
    AccountIdentities,
    Group,
    InlinePolicy,
    ManagedPolicy,
    Principals,
    Role,
    User,
)
from scanner.model.key import (
    Aliases,
    Grant,
    Grants,
    Inapplicable,
    Key,
    Policy,
    Provider,
    Tags,
)
from scanner.model.organisation import (
    NodeKind,
    OrganisationNode,
    OrganisationNodes,
    OrganisationPolicies,
    OrganisationPolicy,
    OrganisationTree,
    PolicyTargets,
    PolicyText,
)
from scanner.model.unknown import Cause, Unknown

HOME, OTHER, MANAGEMENT = "111122223333", "444455556666", "777788889999"
MADE = datetime(2025, 1, 1, tzinfo=UTC)
NOT_COLLECTED = Unknown(cause=Cause.NOT_COLLECTED, call="kms:Nothing")
FULL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def text(*statements):
    """A policy's text of these statements."""
    return PolicyText(document=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def arn(kind, name, account=HOME):
    """The ARN of a user, role, group or policy."""
    return f"arn:aws:iam::{account}:{kind}/{name}"


def inline(*statements, name="inline"):
    """Inline policies: one of these statements, or none."""
    return (InlinePolicy(name=name, text=text(*statements)),) if statements else ()


def user(name, *statements, account=HOME, boundary=None, tags=None, **more):
    """A user with one inline policy."""
    return User(
        id=arn("user", name, account),
        unique_id=f"AIDA{name.upper()}",
        name=name,
        created_at=MADE,
        groups=more.get("groups", ()),
        inline=inline(*statements),
        attached=more.get("attached", ()),
        boundary=boundary,
        tags=tags or {},
    )


def role(name, *statements, account=HOME, trust=(), boundary=None, **more):
    """A role with one inline policy; `trust` are statements of its trust policy."""
    return Role(
        id=arn("role", name, account),
        unique_id=f"AROA{name.upper().replace('/', '')}",
        name=name.rpartition("/")[2],
        created_at=MADE,
        trust=text(*trust),
        inline=inline(*statements),
        attached=more.get("attached", ()),
        boundary=boundary,
        tags={},
        last_used_at=more.get("last_used_at"),
        last_used_region=None,
    )


def group(name, *statements, account=HOME):
    """A group with one inline policy."""
    return Group(
        id=arn("group", name, account), unique_id=f"AGPA{name}", name=name, inline=inline(*statements), attached=()
    )


def managed(name, *statements, account=HOME):
    """A policy that the account keeps."""
    return ManagedPolicy(
        id=arn("policy", name, account), name=name, provider_managed=False, version="v1", text=text(*statements)
    )


def identities(*found, account=HOME):
    """The identities of an account."""
    kept = {
        kind: tuple(sorted((x for x in found if isinstance(x, kind)), key=lambda x: x.id))
        for kind in (User, Group, Role, ManagedPolicy)
    }
    principals = Principals(users=kept[User], groups=kept[Group], roles=kept[Role], policies=kept[ManagedPolicy])
    return AccountIdentities(provider=Provider.AWS, account=account, principals=principals, evidence=())


def tree(*policies, resource=()):
    """An organisation with both accounts in one unit; `policies` are statements of service control policies there."""
    nodes = [("r-1", NodeKind.ROOT, None), ("ou-1", NodeKind.UNIT, "r-1"), (MANAGEMENT, NodeKind.ACCOUNT, "r-1")]
    nodes += [(account, NodeKind.ACCOUNT, "ou-1") for account in (HOME, OTHER)]
    everywhere = PolicyTargets(nodes=tuple(sorted(name for name, _, _ in nodes)))
    full = OrganisationPolicy(id="p-0", name="full", provider_managed=True, text=text(FULL), targets=everywhere)
    return OrganisationTree(
        provider=Provider.AWS,
        id="o-example001",
        management=MANAGEMENT,
        nodes=OrganisationNodes(
            items=tuple(OrganisationNode(id=name, level=level, name=name, parent=up) for name, level, up in nodes)
        ),
        service_control=OrganisationPolicies(enabled=True, items=(full, *_bound(policies))),
        resource_control=OrganisationPolicies(enabled=bool(resource), items=_bound(resource)),
        evidence=(),
    )


def _bound(statements):
    if not statements:
        return ()
    targets = PolicyTargets(nodes=("ou-1",))
    return (
        OrganisationPolicy(id="p-1", name="bound", provider_managed=False, text=text(*statements), targets=targets),
    )


def delegation(account=HOME, **more):
    """The statement that lets an account's policies decide."""
    whom = {"AWS": f"arn:aws:iam::{account}:root"}
    return {"Sid": "account", "Effect": "Allow", "Principal": whom, "Action": "kms:*", "Resource": "*", **more}


def grant(name, grantee, *operations, **more):
    """A grant."""
    fields = {
        "id": name,
        "name": None,
        "grantee": grantee,
        "grantee_is_service": grantee.endswith(".amazonaws.com"),
        "retiring": None,
        "issuer": None,
        "created_at": MADE,
        "operations": operations,
        "context_equals": None,
        "context_subset": None,
        "source_arn": None,
    }
    return Grant(**{**fields, **more})


def key(*statements, name="k1", account=HOME, grants=(), tags=None, aliases=(), **more):
    """A customer's symmetric key with a policy of these statements."""
    fields = {
        "id": f"arn:aws:kms:eu-west-1:{account}:key/{name}",
        "provider": Provider.AWS,
        "account": account,
        "region": "eu-west-1",
        "metadata": METADATA,
        "policy": Policy(document=text(*statements).document),
        "grants": Grants(items=tuple(grants)),
        "aliases": Aliases(names=tuple(aliases)),
        "tags": Tags(items=tags or {}),
        "rotation": NOT_COLLECTED,
        "rotation_history": NOT_COLLECTED,
        "last_use": NOT_COLLECTED,
        "key_store": Inapplicable(reason="no store", call="kms:DescribeCustomKeyStores"),
        "deletion_request": NOT_COLLECTED,
        "source": {},
        "evidence": (),
    }
    return Key(**{**fields, **more})


METADATA = metadata(created_at=MADE)
