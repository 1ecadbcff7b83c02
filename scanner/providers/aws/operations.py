"""The one table of operations that may be called: permission, fields kept, quota, paging. Calls nothing."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar, get_args

import msgspec

from scanner.providers.aws import replies

Kept = TypeVar("Kept", bound=msgspec.Struct)

DEFAULT_RATE = 5.0
"""Requests a second where no dated quota is at hand."""

SHARE_OF_QUOTA = 0.25
"""The part of a published quota that a scan may use: quotas are shared with the workloads."""


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """A published request quota for one account and region."""

    per_second: float
    source: str


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """How pages follow each other; `flag` is the member that says so where there is one."""

    request: str
    reply: str
    flag: str | None = None


class Operation(msgspec.Struct, Generic[Kept], frozen=True, kw_only=True):
    """One allowed operation.

    `action` is its permission, `params` the members of a request that are stored, `none` the error code by which the
    service says that there is none of what was asked for, `document` the root of its answer in XML where that does not
    begin with the operation's name.
    """

    service: str
    name: str
    action: str
    reply: type[Kept]
    params: tuple[str, ...] = ()
    quota: Quota | None = None
    paging: Paging | None = None
    none: str | None = None
    document: str | None = None

    @property
    def rate(self) -> float:
        """Requests a second allowed by default for one account and region."""
        return self.quota.per_second * SHARE_OF_QUOTA if self.quota else DEFAULT_RATE


AnyOperation = Operation[Any]
"""An operation whatever its reply; the reply's type is only of use where the operation is named."""

_KMS_2020 = "AWS KMS Developer Guide, request quotas, 2020"
_MARKER = Paging(request="Marker", reply="NextMarker", flag="Truncated")
_NEXT_TOKEN = Paging(request="NextToken", reply="NextToken")


def _quota(per_second: float) -> Quota:
    return Quota(per_second=per_second, source=_KMS_2020)


LIST_KEYS = Operation(
    service="kms",
    name="ListKeys",
    action="kms:ListKeys",
    reply=replies.ListKeys,
    params=("Limit",),
    quota=_quota(100),
    paging=_MARKER,
)
LIST_ALIASES = Operation(
    service="kms",
    name="ListAliases",
    action="kms:ListAliases",
    reply=replies.ListAliases,
    params=("Limit",),
    paging=_MARKER,
)
DESCRIBE_KEY = Operation(
    service="kms",
    name="DescribeKey",
    action="kms:DescribeKey",
    reply=replies.DescribeKey,
    params=("KeyId",),
    quota=_quota(100),
)
GET_KEY_POLICY = Operation(
    service="kms",
    name="GetKeyPolicy",
    action="kms:GetKeyPolicy",
    reply=replies.GetKeyPolicy,
    params=("KeyId", "PolicyName"),
    quota=_quota(30),
)
GET_KEY_ROTATION_STATUS = Operation(
    service="kms",
    name="GetKeyRotationStatus",
    action="kms:GetKeyRotationStatus",
    reply=replies.GetKeyRotationStatus,
    params=("KeyId",),
    quota=_quota(30),
)
LIST_KEY_ROTATIONS = Operation(
    service="kms",
    name="ListKeyRotations",
    action="kms:ListKeyRotations",
    reply=replies.ListKeyRotations,
    params=("KeyId", "IncludeKeyMaterial", "Limit"),
    paging=_MARKER,
)
LIST_GRANTS = Operation(
    service="kms",
    name="ListGrants",
    action="kms:ListGrants",
    reply=replies.ListGrants,
    params=("KeyId", "Limit"),
    quota=_quota(100),
    paging=_MARKER,
)
GET_KEY_LAST_USAGE = Operation(
    service="kms",
    name="GetKeyLastUsage",
    action="kms:GetKeyLastUsage",
    reply=replies.GetKeyLastUsage,
    params=("KeyId",),
)
DESCRIBE_CUSTOM_KEY_STORES = Operation(
    service="kms",
    name="DescribeCustomKeyStores",
    action="kms:DescribeCustomKeyStores",
    reply=replies.DescribeCustomKeyStores,
    params=("Limit",),
    paging=_MARKER,
)
GET_RESOURCES = Operation(
    service="resourcegroupstaggingapi",
    name="GetResources",
    action="tag:GetResources",
    reply=replies.GetResources,
    params=("ResourceTypeFilters", "ResourcesPerPage"),
    paging=Paging(request="PaginationToken", reply="PaginationToken"),
)
DESCRIBE_TRAILS = Operation(
    service="cloudtrail",
    name="DescribeTrails",
    action="cloudtrail:DescribeTrails",
    reply=replies.DescribeTrails,
    params=("includeShadowTrails",),
)
GET_TRAIL_STATUS = Operation(
    service="cloudtrail",
    name="GetTrailStatus",
    action="cloudtrail:GetTrailStatus",
    reply=replies.GetTrailStatus,
    params=("Name",),
)
GET_EVENT_SELECTORS = Operation(
    service="cloudtrail",
    name="GetEventSelectors",
    action="cloudtrail:GetEventSelectors",
    reply=replies.GetEventSelectors,
    params=("TrailName",),
)
GET_BUCKET_VERSIONING = Operation(
    service="s3",
    name="GetBucketVersioning",
    action="s3:GetBucketVersioning",
    reply=replies.GetBucketVersioning,
    params=("Bucket",),
    document="VersioningConfiguration",
)
GET_OBJECT_LOCK_CONFIGURATION = Operation(
    service="s3",
    name="GetObjectLockConfiguration",
    action="s3:GetBucketObjectLockConfiguration",
    reply=replies.GetObjectLockConfiguration,
    params=("Bucket",),
    none="ObjectLockConfigurationNotFoundError",
    document="ObjectLockConfiguration",
)
GET_PUBLIC_ACCESS_BLOCK = Operation(
    service="s3",
    name="GetPublicAccessBlock",
    action="s3:GetBucketPublicAccessBlock",
    reply=replies.GetPublicAccessBlock,
    params=("Bucket",),
    none="NoSuchPublicAccessBlockConfiguration",
    document="PublicAccessBlockConfiguration",
)
GET_BUCKET_POLICY_STATUS = Operation(
    service="s3",
    name="GetBucketPolicyStatus",
    action="s3:GetBucketPolicyStatus",
    reply=replies.GetBucketPolicyStatus,
    params=("Bucket",),
    none="NoSuchBucketPolicy",
    document="PolicyStatus",
)
LIST_ACCOUNTS = Operation(
    service="organizations",
    name="ListAccounts",
    action="organizations:ListAccounts",
    reply=replies.ListAccounts,
    paging=_NEXT_TOKEN,
)
LIST_REGIONS = Operation(
    service="account",
    name="ListRegions",
    action="account:ListRegions",
    reply=replies.ListRegions,
    params=("RegionOptStatusContains", "MaxResults"),
    paging=_NEXT_TOKEN,
)
DESCRIBE_REGIONS = Operation(
    service="ec2",
    name="DescribeRegions",
    action="ec2:DescribeRegions",
    reply=replies.DescribeRegions,
    params=("AllRegions",),
)
GET_CALLER_IDENTITY = Operation(
    service="sts",
    name="GetCallerIdentity",
    action="sts:GetCallerIdentity",
    reply=replies.GetCallerIdentity,
)
ASSUME_ROLE = Operation(
    service="sts",
    name="AssumeRole",
    action="sts:AssumeRole",
    reply=replies.AssumeRole,
    params=("RoleArn", "RoleSessionName"),
)

OPERATIONS: Mapping[tuple[str, str], AnyOperation] = {
    (operation.service, operation.name): operation
    for operation in (
        LIST_KEYS,
        LIST_ALIASES,
        DESCRIBE_KEY,
        GET_KEY_POLICY,
        GET_KEY_ROTATION_STATUS,
        LIST_KEY_ROTATIONS,
        LIST_GRANTS,
        GET_KEY_LAST_USAGE,
        DESCRIBE_CUSTOM_KEY_STORES,
        GET_RESOURCES,
        DESCRIBE_TRAILS,
        GET_TRAIL_STATUS,
        GET_EVENT_SELECTORS,
        GET_BUCKET_VERSIONING,
        GET_OBJECT_LOCK_CONFIGURATION,
        GET_PUBLIC_ACCESS_BLOCK,
        GET_BUCKET_POLICY_STATUS,
        LIST_ACCOUNTS,
        LIST_REGIONS,
        DESCRIBE_REGIONS,
        GET_CALLER_IDENTITY,
        ASSUME_ROLE,
    )
}
"""Everything the collector calls, by service and operation."""

SIGN_IN: frozenset[tuple[str, str]] = frozenset(
    {
        ("sts", "AssumeRole"),
        ("sts", "AssumeRoleWithWebIdentity"),
        ("sso", "GetRoleCredentials"),
        ("sso-oidc", "CreateToken"),
        ("signin", "CreateOAuth2Token"),
    }
)
"""What the SDK's own credential providers call to sign in; their replies never leave the SDK."""


def fields_kept(operation: AnyOperation) -> tuple[str, ...]:
    """The paths kept of a reply, such as `Keys[].KeyArn`, in the order of its type."""
    return tuple(_paths(operation.reply, ""))


def _paths(kept: type[msgspec.Struct], prefix: str) -> Iterator[str]:
    for member in msgspec.structs.fields(kept):
        yield from _leaves(member.type, prefix + member.encode_name)


def _leaves(kept: object, path: str) -> Iterator[str]:
    """A type's leaves: through optional members, lists (`[]`) and maps (`{}`)."""
    options = [option for option in get_args(kept) if option is not type(None) and option is not Ellipsis]
    if isinstance(kept, type) and issubclass(kept, msgspec.Struct):
        yield from _paths(kept, f"{path}.")
    elif getattr(kept, "__origin__", None) is tuple:
        yield from _leaves(options[0], f"{path}[]")
    elif getattr(kept, "__origin__", None) is dict:
        yield f"{path}{{}}"
    elif options and not hasattr(kept, "__metadata__"):
        yield from _leaves(options[0], path)
    else:
        yield path
