"""Stores in replies recorded from AWS itself. Skips where the recordings are not at hand."""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from scanner.model.decoding import convert
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind
from scanner.model.unknown import Unknown
from scanner.providers.aws.operations import OPERATIONS
from scanner.providers.aws.stores import (
    awslambda,
    backup,
    dynamodb,
    ec2,
    efs,
    fsx,
    kafka,
    logs,
    opensearch,
    rds,
    redshift,
    s3,
    secretsmanager,
    sns,
    sqs,
)
from scanner.providers.aws.stores.service import Where
from scanner.providers.failure import MalformedReplyError

RECORDED = Path(__file__).parents[4] / "shared" / "corpora" / "recorded" / "aws"
WHERE = Where(partition="aws", account="644160558196", region="us-east-1")

_CLIENTS = {"elasticfilesystem": "efs", "aoss": "opensearchserverless"}

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recordings are not at hand")


def as_python(value):
    if isinstance(value, dict) and value.get("__class__") == "datetime":
        return datetime(**{name: part for name, part in value.items() if name != "__class__"}, tzinfo=UTC)
    if isinstance(value, dict):
        return {name: as_python(part) for name, part in value.items()}
    return [as_python(part) for part in value] if isinstance(value, list) else value


def recorded(case, operation, number=1):
    """A recorded reply as the reader keeps it."""
    document = json.loads((RECORDED / case / f"{operation}_{number}.json").read_text())
    service, name = operation.split(".")
    reply = OPERATIONS[_CLIENTS.get(service, service), name].reply
    return [convert(as_python(document["data"]), reply)]


def test_volumes_with_and_without_encryption():
    stores = ec2.volumes(WHERE, recorded("ebs_aws_managed_kms_keys", "ec2.DescribeVolumes"))

    assert {store.encryption.encrypted for store in stores} == {True, False}
    assert all(store.encryption.encrypted == bool(store.encryption.key) for store in stores)
    assert all("SnapshotId" not in store.source or store.source["SnapshotId"].startswith("snap-") for store in stores)


def test_databases_of_2016_without_an_arn_get_theirs():
    stores = rds.instances(WHERE, recorded("rds_aws_managed_kms_keys", "rds.DescribeDBInstances"))

    assert {store.name: store.encryption.encrypted for store in stores} == {"bluelobster": True, "zebramoon": False}
    assert stores[0].id == "arn:aws:rds:us-east-1:644160558196:db:bluelobster"
    (newer,) = rds.instances(WHERE, recorded("rds_consecutive_aws_backups_count_filter", "rds.DescribeDBInstances"))
    assert newer.id.endswith(":db:database-1")


def test_a_table_under_a_key_of_the_customers():
    (table,) = dynamodb.tables(WHERE, recorded("dynamodb_kms_key_filter", "dynamodb.ListTables"))
    known = dynamodb.with_description(table, recorded("dynamodb_kms_key_filter", "dynamodb.DescribeTable"))

    assert known.encryption.key.endswith(":key/8785aeb9-a616-4e2b-bbd3-df3cde76bcc5")
    assert known.id == "arn:aws:dynamodb:us-east-1:644160558196:table/test-table-kms-filter"


def test_the_same_key_in_every_way_to_name_it(world_bucket):
    case = "s3_bucket_encryption_filter_kms"
    found = [
        s3.with_encryption(world_bucket, recorded(case, "s3.GetBucketEncryption", number)) for number in range(1, 6)
    ]

    assert [store.encryption.key for store in found] == [
        "alias/aws/s3",
        "arn:aws:kms:us-east-1:644160558196:alias/aws/s3",
        None,
        "arn:aws:kms:us-east-1:644160558196:key/e1d7c355-8b0d-4adf-8a26-f9e88d17b5a6",
        "e1d7c355-8b0d-4adf-8a26-f9e88d17b5a6",
    ]
    assert {store.encryption.encrypted for store in found} == {True}


def test_a_listing_of_buckets_without_regions_is_not_an_answer():
    with pytest.raises(MalformedReplyError):
        s3.buckets(WHERE, recorded("s3_bucket_encryption_filter_kms", "s3.ListBuckets"))


@pytest.fixture
def world_bucket():
    page = s3.ListBuckets(buckets=(s3.Bucket(name="b", bucket_region=WHERE.region),))
    (bucket,) = s3.buckets(WHERE, [page])
    return bucket


def test_secrets_keep_name_and_key_and_nothing_else():
    pages = recorded("secrets_manager_kms_filter", "secretsmanager.ListSecrets")
    stores = secretsmanager.secrets(WHERE, pages)

    assert stores
    assert {type(store) for store in stores} == {DataStore}
    assert {store.encryption.encrypted for store in stores} == {True}
    assert b"testing" not in msgspec.json.encode(pages)
    replicated = secretsmanager.secrets(
        WHERE, recorded("secrets_manager_replica_access_denied", "secretsmanager.ListSecrets")
    )
    assert {store.copy for store in replicated} == {CopyKind.ORIGINAL}


def test_a_log_group_under_a_key():
    (group,) = logs.log_groups(WHERE, recorded("log_group_kms_filter", "logs.DescribeLogGroups"))

    key = "arn:aws:kms:us-east-1:123456789012:key/beedfd51-5158-44ae-a95f-d514f61abfb3"
    assert group.encryption == Encryption(encrypted=True, key=key)
    assert group.id == "arn:aws:logs:us-east-1:123456789012:log-group:test"


def test_a_vault_and_its_key():
    (vault,) = backup.vaults(WHERE, recorded("backup_vault_kms_filter", "backup.ListBackupVaults"))

    assert vault.name == "Default"
    assert vault.encryption.key.endswith(":key/8d56db16-21c6-412f-b949-7a012e11ee6e")


def test_a_topic_and_its_key():
    case = "sns_kms_related_filter_test"
    (topic,) = sns.topics(WHERE, recorded(case, "sns.ListTopics"))

    known = sns.with_attributes(topic, recorded(case, "sns.GetTopicAttributes"))

    assert known.name == "my-encrypted-topic"
    assert known.encryption.key.endswith(":key/4e587a21-567d-4504-aa8e-879b1b98ca15")


def test_a_topic_without_a_key_is_plain():
    case = "cross_account_sns"
    topics = sns.topics(WHERE, recorded(case, "sns.ListTopics"))

    known = sns.with_attributes(topics[0], recorded(case, "sns.GetTopicAttributes"))

    assert known.encryption == Encryption(encrypted=False, key=None)


def test_queues_that_name_their_keys_by_arn_and_by_alias():
    case = "sqs_kms_key_filter"
    named = sqs.queues(WHERE, recorded(case, "sqs.ListQueues"))

    keys = [
        sqs.with_attributes(named[0], recorded(case, "sqs.GetQueueAttributes", number)).encryption.key
        for number in (1, 2)
    ]

    assert keys == [
        "arn:aws:kms:us-east-1:644160558196:key/8785aeb9-a616-4e2b-bbd3-df3cde76bcc5",
        "alias/aws/sqs",
    ]
    assert {store.id for store in named} == {
        "arn:aws:sqs:us-east-1:644160558196:sqs-test-alias",
        "arn:aws:sqs:us-east-1:644160558196:sqs-test-id",
    }


def test_file_systems_with_and_without_encryption():
    stores = efs.file_systems(WHERE, recorded("efs_kms_key_filter", "elasticfilesystem.DescribeFileSystems"))

    assert {store.encryption.encrypted for store in stores} == {True, False}
    assert all(store.encryption.encrypted == bool(store.encryption.key) for store in stores)


def test_backups_of_a_file_system_whose_automatic_ones_end():
    stores = fsx.backups(WHERE, recorded("kms_key_filter_fsx_backup", "fsx.DescribeBackups"))
    settled = [fsx.until_its_file_system_says(store, None) for store in stores]

    by_hand = [store for store in settled if store.source["Type"] == "USER_INITIATED"]
    automatic = [store for store in settled if store.source["Type"] == "AUTOMATIC"]
    assert by_hand
    assert {store.expires_at for store in by_hand} == {None}
    assert automatic
    assert all((store.expires_at - store.created_at).days == 7 for store in automatic)
    assert all(store.copy is CopyKind.BACKUP and "file-system/fs-" in store.of for store in settled)


def test_a_function_and_nothing_of_its_environment():
    pages = recorded("lambda_kms_key_filter", "lambda.ListFunctions")
    (function,) = awslambda.functions(WHERE, pages)

    assert function.encryption.key.endswith(":key/36812ccf-daaf-49b1-a24b-0eef254ffe41")
    assert b"ariables" not in msgspec.json.encode(pages)


def test_a_warehouse_and_how_long_it_keeps_snapshots():
    stores = redshift.clusters(WHERE, recorded("redshift_kms_key_filter", "redshift.DescribeClusters"))

    assert {store.encryption.encrypted for store in stores} >= {True}
    assert {store.source["AutomatedSnapshotRetentionPeriod"] for store in stores} == {"1"}


def test_brokers_under_the_key_of_their_volumes():
    stores = kafka.clusters(WHERE, recorded("kafka_cluster_kms_filter", "kafka.ListClustersV2"))

    assert {store.source["ClusterType"] for store in stores} >= {"PROVISIONED"}
    assert all(store.encryption.key for store in stores if store.source["ClusterType"] == "PROVISIONED")


def test_collections_of_2024_are_described_one_by_one():
    case = "opensearch_serverless_kms_filter"
    listed = opensearch.collections(WHERE, recorded(case, "aoss.ListCollections"))
    details = recorded(case, "aoss.BatchGetCollection")

    keys = {store.name: opensearch.with_details(store, details).encryption.key for store in listed}

    assert keys["test-collection"].endswith(":key/082cd05f-96d1-49f6-a5ac-32093d2cfe38")
    assert keys["bedrock-knowledge-base-141zzj"] is None
    assert {type(store.encryption) for store in listed} == {Unknown}
