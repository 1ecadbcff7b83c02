"""The one table of operations that may be called; those of data stores stand with their services. Calls nothing."""

from collections.abc import Mapping

from scanner.providers.aws import replies, replies_events
from scanner.providers.aws.operations_config import CONFIG_OPERATIONS
from scanner.providers.aws.operations_estate import ESTATE_OPERATIONS
from scanner.providers.aws.operations_organisation import ORGANISATION_OPERATIONS
from scanner.providers.aws.stores.services import STORE_OPERATIONS
from scanner.providers.embedded import Embedded
from scanner.providers.operation import MARKER, NEXT_TOKEN, SHARE_OF_QUOTA, AnyOperation, Operation, Paging, Quota

_KMS_2026 = "AWS KMS Developer Guide, request quotas, 2026"


def _quota(per_second: float, share: float = SHARE_OF_QUOTA) -> Quota:
    return Quota(per_second=per_second, source=_KMS_2026, share=share)


LIST_KEYS = Operation(
    service="kms",
    name="ListKeys",
    action="kms:ListKeys",
    reply=replies.ListKeys,
    params=("Limit",),
    quota=_quota(500),
    paging=MARKER,
)
LIST_ALIASES = Operation(
    service="kms",
    name="ListAliases",
    action="kms:ListAliases",
    reply=replies.ListAliases,
    params=("Limit",),
    quota=_quota(500),
    paging=MARKER,
)
DESCRIBE_KEY = Operation(
    service="kms",
    name="DescribeKey",
    action="kms:DescribeKey",
    reply=replies.DescribeKey,
    params=("KeyId",),
    quota=_quota(2000),
)
GET_KEY_POLICY = Operation(
    service="kms",
    name="GetKeyPolicy",
    action="kms:GetKeyPolicy",
    reply=replies.GetKeyPolicy,
    params=("KeyId", "PolicyName"),
    quota=_quota(1000),
)
GET_KEY_ROTATION_STATUS = Operation(
    service="kms",
    name="GetKeyRotationStatus",
    action="kms:GetKeyRotationStatus",
    reply=replies.GetKeyRotationStatus,
    params=("KeyId",),
    quota=_quota(1000),
)
LIST_KEY_ROTATIONS = Operation(
    service="kms",
    name="ListKeyRotations",
    action="kms:ListKeyRotations",
    reply=replies.ListKeyRotations,
    params=("KeyId", "IncludeKeyMaterial", "Limit"),
    quota=_quota(100),
    paging=MARKER,
)
LIST_GRANTS = Operation(
    service="kms",
    name="ListGrants",
    action="kms:ListGrants",
    reply=replies.ListGrants,
    params=("KeyId", "Limit"),
    quota=_quota(100),
    paging=MARKER,
)
GET_KEY_LAST_USAGE = Operation(
    service="kms",
    name="GetKeyLastUsage",
    action="kms:GetKeyLastUsage",
    reply=replies.GetKeyLastUsage,
    params=("KeyId",),
    quota=_quota(5, share=0.8),  # no workload asks this
)
DESCRIBE_CUSTOM_KEY_STORES = Operation(
    service="kms",
    name="DescribeCustomKeyStores",
    action="kms:DescribeCustomKeyStores",
    reply=replies.DescribeCustomKeyStores,
    params=("Limit",),
    quota=_quota(5),
    paging=MARKER,
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
LOOKUP_EVENTS = Operation(
    service="cloudtrail",
    name="LookupEvents",
    action="cloudtrail:LookupEvents",
    reply=replies_events.LookupEvents,
    params=("LookupAttributes", "MaxResults"),
    quota=Quota(per_second=2, source="LookupEvents in the service model of CloudTrail, 2026"),
    paging=NEXT_TOKEN,
    embedded=Embedded(path="Events[].CloudTrailEvent", document=replies_events.CloudTrailEvent),
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
GET_EBS_ENCRYPTION_BY_DEFAULT = Operation(
    service="ec2",
    name="GetEbsEncryptionByDefault",
    action="ec2:GetEbsEncryptionByDefault",
    reply=replies.GetEbsEncryptionByDefault,
)
GET_EBS_DEFAULT_KMS_KEY_ID = Operation(
    service="ec2",
    name="GetEbsDefaultKmsKeyId",
    action="ec2:GetEbsDefaultKmsKeyId",
    reply=replies.GetEbsDefaultKmsKeyId,
)
LIST_ACCOUNTS = Operation(
    service="organizations",
    name="ListAccounts",
    action="organizations:ListAccounts",
    reply=replies.ListAccounts,
    paging=NEXT_TOKEN,
)
LIST_REGIONS = Operation(
    service="account",
    name="ListRegions",
    action="account:ListRegions",
    reply=replies.ListRegions,
    params=("RegionOptStatusContains", "MaxResults"),
    paging=NEXT_TOKEN,
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

_ALL: tuple[AnyOperation, ...] = (
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
    LOOKUP_EVENTS,
    GET_BUCKET_VERSIONING,
    GET_OBJECT_LOCK_CONFIGURATION,
    GET_PUBLIC_ACCESS_BLOCK,
    GET_BUCKET_POLICY_STATUS,
    GET_EBS_ENCRYPTION_BY_DEFAULT,
    GET_EBS_DEFAULT_KMS_KEY_ID,
    LIST_ACCOUNTS,
    LIST_REGIONS,
    DESCRIBE_REGIONS,
    GET_CALLER_IDENTITY,
    ASSUME_ROLE,
    *CONFIG_OPERATIONS,
    *ORGANISATION_OPERATIONS,
    *ESTATE_OPERATIONS,
    *STORE_OPERATIONS,
)

OPERATIONS: Mapping[tuple[str, str], AnyOperation] = {
    (operation.service, operation.name): operation for operation in _ALL
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
