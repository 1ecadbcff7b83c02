"""What is kept of the replies about an organisation's tree and its policies. Holds no logic and imports no SDK."""

import msgspec


class Organization(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The organisation, and the account that manages it."""

    id: str
    master_account_id: str | None = None


class DescribeOrganization(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The organisation that an account belongs to."""

    organization: Organization


class PolicyType(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A type of policy and whether it is switched on."""

    type: str
    status: str


class Root(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The top of the tree."""

    id: str
    arn: str
    name: str | None = None
    policy_types: tuple[PolicyType, ...] = ()


class ListRoots(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the roots."""

    roots: tuple[Root, ...]


class Unit(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An organisational unit."""

    id: str
    name: str | None = None


class ListOrganizationalUnitsForParent(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the units right below a root or unit."""

    organizational_units: tuple[Unit, ...]


class MemberAccount(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An account of the organisation; its mail address is nobody's business here."""

    id: str
    name: str | None = None


class ListAccountsForParent(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the accounts right below a root or unit."""

    accounts: tuple[MemberAccount, ...]


class PolicySummary(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A policy without its text."""

    id: str
    name: str | None = None
    aws_managed: bool | None = None


class ListPolicies(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the policies of one type."""

    policies: tuple[PolicySummary, ...]


class PolicyContent(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A policy's text, a JSON document."""

    content: str


class DescribePolicy(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """One policy."""

    policy: PolicyContent


class PolicyTarget(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A root, unit or account that a policy is attached to."""

    target_id: str


class ListTargetsForPolicy(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of what a policy is attached to."""

    targets: tuple[PolicyTarget, ...]
