"""Which operations the simulated AWS answers: the one table, reads only. Everything else is refused and logged."""

from collections.abc import Callable, Mapping

from scanner.simulator.aws import (
    alerting,
    buckets,
    buses,
    events,
    identities,
    kms,
    network,
    organisation,
    principals,
    recordings,
    trails,
)
from scanner.simulator.aws.paging import text
from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.stores.reads import STORE_READS
from scanner.simulator.aws.world import World

Handler = Callable[[World, Caller, Mapping[str, object]], dict[str, object]]

SERVED: Mapping[tuple[str, str], Handler] = {
    ("kms", "ListKeys"): kms.list_keys,
    ("kms", "DescribeKey"): kms.describe_key,
    ("kms", "GetKeyPolicy"): kms.get_key_policy,
    ("kms", "GetKeyRotationStatus"): kms.get_key_rotation_status,
    ("kms", "ListKeyRotations"): kms.list_key_rotations,
    ("kms", "ListGrants"): kms.list_grants,
    ("kms", "GetKeyLastUsage"): kms.get_key_last_usage,
    ("kms", "ListAliases"): kms.list_aliases,
    ("kms", "DescribeCustomKeyStores"): kms.describe_custom_key_stores,
    ("kms", "ListResourceTags"): kms.list_resource_tags,
    ("tag", "GetResources"): identities.get_resources,
    ("cloudtrail", "DescribeTrails"): trails.describe_trails,
    ("cloudtrail", "GetTrailStatus"): trails.get_trail_status,
    ("cloudtrail", "GetEventSelectors"): trails.get_event_selectors,
    ("cloudtrail", "LookupEvents"): events.lookup_events,
    ("config", "DescribeConfigurationRecorders"): recordings.describe_configuration_recorders,
    ("config", "DescribeConfigurationRecorderStatus"): recordings.describe_configuration_recorder_status,
    (
        "config",
        "DescribeConfigurationAggregatorSourcesStatus",
    ): recordings.describe_configuration_aggregator_sources_status,
    ("config", "SelectAggregateResourceConfig"): recordings.select_aggregate_resource_config,
    ("s3", "ListBuckets"): buckets.list_buckets,
    ("s3", "GetBucketVersioning"): buckets.get_bucket_versioning,
    ("s3", "GetObjectLockConfiguration"): buckets.get_object_lock_configuration,
    ("s3", "GetBucketPolicy"): buckets.get_bucket_policy,
    ("s3", "GetBucketPolicyStatus"): buckets.get_bucket_policy_status,
    ("s3", "GetPublicAccessBlock"): buckets.get_public_access_block,
    ("s3", "GetBucketEncryption"): buckets.get_bucket_encryption,
    ("s3", "GetBucketLocation"): buckets.get_bucket_location,
    ("sts", "GetCallerIdentity"): identities.get_caller_identity,
    ("sts", "AssumeRole"): identities.assume_role,
    ("organizations", "DescribeOrganization"): identities.describe_organization,
    ("organizations", "ListAccounts"): identities.list_accounts,
    ("organizations", "ListRoots"): organisation.list_roots,
    ("organizations", "ListOrganizationalUnitsForParent"): organisation.list_organizational_units_for_parent,
    ("organizations", "ListAccountsForParent"): organisation.list_accounts_for_parent,
    ("organizations", "ListPolicies"): organisation.list_policies,
    ("organizations", "DescribePolicy"): organisation.describe_policy,
    ("organizations", "ListTargetsForPolicy"): organisation.list_targets_for_policy,
    ("iam", "GetAccountAuthorizationDetails"): principals.get_account_authorization_details,
    ("logs", "DescribeMetricFilters"): alerting.describe_metric_filters,
    ("cloudwatch", "DescribeAlarms"): alerting.describe_alarms,
    ("sns", "ListTopics"): alerting.list_topics,
    ("sns", "GetTopicAttributes"): alerting.get_topic_attributes,
    ("sns", "ListSubscriptionsByTopic"): alerting.list_subscriptions_by_topic,
    ("sns", "GetSubscriptionAttributes"): alerting.get_subscription_attributes,
    ("events", "ListEventBuses"): buses.list_event_buses,
    ("events", "ListRules"): buses.list_rules,
    ("events", "ListTargetsByRule"): buses.list_targets_by_rule,
    ("ec2", "DescribeVpcEndpoints"): network.describe_vpc_endpoints,
    ("account", "ListRegions"): identities.list_regions,
    ("ec2", "DescribeRegions"): identities.describe_regions,
    **STORE_READS,
}

_RESOURCE_MEMBERS = (
    "Bucket",
    "TrailName",
    "Name",
    "RoleArn",
    "ParentId",
    "PolicyId",
    "Filter",
    "TableName",
    "BackupArn",
    "BackupVaultName",
    "TopicArn",
    "SubscriptionArn",
    "Rule",
    "EventBusName",
    "QueueUrl",
    "StreamName",
    "DomainName",
    "name",
)


def resource_of(world: World, caller: Caller, params: Mapping[str, object]) -> str:
    """What a call is about, for the log and for faults: a key's ARN, a trail, a bucket, a role; blank for listings."""
    named = text(params, "KeyId")
    if named is not None:
        key = kms.find_key(world, caller, params, by_alias=True)
        return named if key is None else key.arn
    return next((value for name in _RESOURCE_MEMBERS if (value := text(params, name)) is not None), "")
