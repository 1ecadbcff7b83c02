"""What is kept of the replies about an account's identities. Holds no logic and imports no SDK.

Policy documents come as the SDK gives them: read into mappings, or as text where they are not JSON.
"""

from datetime import datetime

import msgspec


class InlinePolicy(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A policy of one identity."""

    policy_name: str
    policy_document: object = None


class Attachment(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A policy that an identity is attached to."""

    policy_arn: str


class Boundary(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The policy that bounds an identity."""

    permissions_boundary_arn: str | None = None


class Tag(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A tag of an identity."""

    key: str
    value: str


class UserDetail(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A user."""

    arn: str
    user_id: str
    user_name: str
    create_date: datetime
    group_list: tuple[str, ...] = ()
    user_policy_list: tuple[InlinePolicy, ...] = ()
    attached_managed_policies: tuple[Attachment, ...] = ()
    permissions_boundary: Boundary | None = None
    tags: tuple[Tag, ...] = ()


class GroupDetail(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A group."""

    arn: str
    group_id: str
    group_name: str
    group_policy_list: tuple[InlinePolicy, ...] = ()
    attached_managed_policies: tuple[Attachment, ...] = ()


class RoleLastUsed(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """When and where a role was last used, as far as AWS tracked it."""

    last_used_date: datetime | None = None
    region: str | None = None


class RoleDetail(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A role."""

    arn: str
    role_id: str
    role_name: str
    create_date: datetime
    assume_role_policy_document: object = None
    role_policy_list: tuple[InlinePolicy, ...] = ()
    attached_managed_policies: tuple[Attachment, ...] = ()
    permissions_boundary: Boundary | None = None
    tags: tuple[Tag, ...] = ()
    role_last_used: RoleLastUsed | None = None


class PolicyVersion(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A version of a managed policy."""

    version_id: str
    is_default_version: bool | None = None
    document: object = None


class PolicyDetail(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A managed policy."""

    arn: str
    policy_name: str | None = None
    default_version_id: str | None = None
    policy_version_list: tuple[PolicyVersion, ...] = ()


class GetAccountAuthorizationDetails(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the account's identities and policies; the page says which lists it has."""

    user_detail_list: tuple[UserDetail, ...] | None = None
    group_detail_list: tuple[GroupDetail, ...] | None = None
    role_detail_list: tuple[RoleDetail, ...] | None = None
    policies: tuple[PolicyDetail, ...] | None = None
    is_truncated: bool | None = None
