"""What is kept of each reply: these types are the allow-list of response fields. Holds no logic and imports no SDK.

A field that is not named here is dropped before anything is stored, logged or cached. Names are those of the service
in Pascal case unless a field says otherwise; a field without a default must be in the reply or the reply is malformed.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, field

AccountId = Annotated[str, Meta(pattern=r"^\d{12}$")]
TrailArn = Annotated[str, Meta(pattern=r"^arn:[^:]+:cloudtrail:[^:]+:\d{12}:trail/.+$")]
RegionName = Annotated[str, Meta(pattern=r"^[a-z]{2,5}(-[a-z]+)+-\d{1,2}$")]


class ListedKey(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """One key of a listing."""

    key_id: str
    key_arn: str


class ListKeys(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the listing of keys."""

    keys: tuple[ListedKey, ...]
    truncated: bool | None = None


class Alias(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An alias; the provider's own that nobody uses yet points at no key."""

    alias_name: str
    target_key_id: str | None = None


class ListAliases(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the listing of aliases."""

    aliases: tuple[Alias, ...]
    truncated: bool | None = None


class RegionalKey(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """One of a set of multi-region keys."""

    arn: str
    region: str | None = None


class MultiRegionConfiguration(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A multi-region key's part and its siblings."""

    multi_region_key_type: str
    primary_key: RegionalKey
    replica_keys: tuple[RegionalKey, ...] = ()


class KeyMetadata(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A key's description. `customer_master_key_spec` is the older name of `key_spec`."""

    arn: str
    key_state: str
    creation_date: datetime
    key_manager: str | None = None
    description: str | None = None
    key_spec: str | None = None
    customer_master_key_spec: str | None = None
    key_usage: str | None = None
    origin: str | None = None
    deletion_date: datetime | None = None
    pending_deletion_window_in_days: int | None = None
    expiration_model: str | None = None
    valid_to: datetime | None = None
    multi_region: bool | None = None
    multi_region_configuration: MultiRegionConfiguration | None = None
    custom_key_store_id: str | None = None
    current_key_material_id: str | None = None


class DescribeKey(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The description of one key."""

    key_metadata: KeyMetadata


class GetKeyPolicy(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A key's policy, a JSON document as text."""

    policy: str


class GrantConstraints(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """What narrows a grant."""

    encryption_context_subset: dict[str, str] | None = None
    encryption_context_equals: dict[str, str] | None = None
    source_arn: str | None = None


class Grant(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """One grant; the grantee is an identity or a service."""

    grant_id: str
    name: str | None = None
    grantee_principal: str | None = None
    grantee_service_principal: str | None = None
    retiring_principal: str | None = None
    retiring_service_principal: str | None = None
    issuing_account: str | None = None
    creation_date: datetime | None = None
    operations: tuple[str, ...] = ()
    constraints: GrantConstraints | None = None


class ListGrants(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of a key's grants."""

    grants: tuple[Grant, ...]
    truncated: bool | None = None


class GetKeyRotationStatus(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """Automatic rotation of a key; older replies know only the switch."""

    key_rotation_enabled: bool
    rotation_period_in_days: int | None = None
    next_rotation_date: datetime | None = None


class KeyMaterial(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """One key material; the first one and one that waits for its turn have no date of rotation."""

    key_material_id: str | None = None
    key_material_state: str | None = None
    valid_to: datetime | None = None
    rotation_date: datetime | None = None
    rotation_type: str | None = None


class ListKeyRotations(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of a key's materials."""

    rotations: tuple[KeyMaterial, ...]
    truncated: bool | None = None


class KeyUse(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The last use of a key; empty when none was seen since tracking began."""

    operation: str | None = None
    timestamp: datetime | None = None


class GetKeyLastUsage(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The last use of a key and since when uses are tracked."""

    key_last_usage: KeyUse = KeyUse()
    tracking_start_date: datetime | None = None


class CustomKeyStore(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A custom key store."""

    custom_key_store_id: str
    connection_state: str
    custom_key_store_name: str | None = None
    connection_error_code: str | None = None


class DescribeCustomKeyStores(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the custom key stores."""

    custom_key_stores: tuple[CustomKeyStore, ...]
    truncated: bool | None = None


class Tag(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A tag."""

    key: str
    value: str


class TaggedResource(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A resource and its tags."""

    resource_arn: str = field(name="ResourceARN")
    tags: tuple[Tag, ...] = ()


class GetResources(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of tagged resources."""

    resource_tag_mapping_list: tuple[TaggedResource, ...]


class Trail(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A trail as a region shows it."""

    name: str
    home_region: RegionName
    s3_bucket_name: str = field(name="S3BucketName")
    trail_arn: TrailArn = field(name="TrailARN")
    is_multi_region_trail: bool | None = None
    is_organization_trail: bool | None = None
    log_file_validation_enabled: bool | None = None
    cloud_watch_logs_log_group_arn: str | None = None
    kms_key_id: str | None = None


class DescribeTrails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Every trail that a region shows."""

    trail_list: tuple[Trail, ...] = field(name="trailList")


class GetTrailStatus(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """Whether a trail runs and delivers; what never happened is absent or blank."""

    is_logging: bool
    latest_delivery_time: datetime | None = None
    latest_delivery_error: str | None = None
    latest_digest_delivery_time: datetime | None = None
    latest_cloud_watch_logs_delivery_time: datetime | None = None
    latest_cloud_watch_logs_delivery_error: str | None = None


class EventSelector(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A classic selector."""

    read_write_type: str | None = None
    include_management_events: bool | None = None
    exclude_management_event_sources: tuple[str, ...] = ()


class AdvancedFieldSelector(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """One field of an advanced selector."""

    field: str
    equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    not_equals: tuple[str, ...] = ()
    not_starts_with: tuple[str, ...] = ()
    not_ends_with: tuple[str, ...] = ()


class AdvancedEventSelector(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An advanced selector."""

    field_selectors: tuple[AdvancedFieldSelector, ...]


class GetEventSelectors(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """What a trail records."""

    event_selectors: tuple[EventSelector, ...] = ()
    advanced_event_selectors: tuple[AdvancedEventSelector, ...] = ()


class GetBucketVersioning(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """Versioning of a bucket; a bucket that never had any says nothing."""

    status: str | None = None
    mfa_delete: str | None = field(default=None, name="MFADelete")


class DefaultRetention(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A bucket's default retention, in days or in years."""

    mode: str | None = None
    days: int | None = None
    years: int | None = None


class ObjectLockRule(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The rule of an object lock."""

    default_retention: DefaultRetention | None = None


class ObjectLockConfiguration(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A bucket's object lock."""

    object_lock_enabled: str | None = None
    rule: ObjectLockRule | None = None


class GetObjectLockConfiguration(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A bucket's object lock."""

    object_lock_configuration: ObjectLockConfiguration


class PublicAccessBlockConfiguration(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A bucket's public access block."""

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False


class GetPublicAccessBlock(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A bucket's public access block."""

    public_access_block_configuration: PublicAccessBlockConfiguration


class PolicyStatus(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """Whether a bucket's policy is public."""

    is_public: bool


class GetBucketPolicyStatus(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """Whether a bucket's policy is public."""

    policy_status: PolicyStatus


class Account(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An account of the organisation; `state` replaces the older `status`."""

    id: AccountId
    name: str | None = None
    status: str | None = None
    state: str | None = None


class ListAccounts(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the organisation's accounts."""

    accounts: tuple[Account, ...]


class Region(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A region."""

    region_name: RegionName


class ListRegions(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of an account's enabled regions."""

    regions: tuple[Region, ...]


class DescribeRegions(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An account's enabled regions."""

    regions: tuple[Region, ...]


class GetCallerIdentity(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """Who is asking."""

    account: AccountId
    arn: str


class AssumedRoleUser(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """Whom the caller has become."""

    arn: str


class AssumeRole(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An assumed role; its credentials are handed to the session and never kept."""

    assumed_role_user: AssumedRoleUser


class GetEbsEncryptionByDefault(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """Whether new volumes are encrypted unasked."""

    ebs_encryption_by_default: bool


class GetEbsDefaultKmsKeyId(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The key of new volumes when none is named."""

    kms_key_id: str
