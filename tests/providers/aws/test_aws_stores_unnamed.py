"""What is encrypted under a key that nobody names is not taken for a key of the provider's own."""

import pytest

from scanner.model.decoding import convert
from scanner.model.store import DataStore, Encryption
from scanner.model.unknown import Unknown
from scanner.providers.aws.stores import (
    backup,
    dynamodb,
    ec2,
    efs,
    elasticache,
    kafka,
    kinesis,
    opensearch,
    rds,
    rds_copies,
    redshift,
)
from scanner.providers.aws.stores.service import Where

WHERE = Where(partition="aws", account="111122223333", region="eu-central-1")
KEY = "arn:aws:kms:eu-central-1:111122223333:key/one"
OWN = Encryption(encrypted=True, key=KEY)
PROVIDERS = Encryption(encrypted=True, key=None)
NONE = Encryption(encrypted=False, key=None)


def listed(turn, reply, body) -> DataStore:
    """The first store of a page with that body."""
    return turn(WHERE, (convert(body, reply),))[0]


def volume(**told):
    return listed(ec2.volumes, ec2.DescribeVolumes, {"Volumes": [{"VolumeId": "vol-1", **told}]})


def volume_snapshot(**told):
    return listed(ec2.snapshots, ec2.DescribeSnapshots, {"Snapshots": [{"SnapshotId": "snap-1", **told}]})


def file_system(**told):
    return listed(efs.file_systems, efs.DescribeFileSystems, {"FileSystems": [{"FileSystemId": "fs-1", **told}]})


def warehouse(**told):
    return listed(redshift.clusters, redshift.DescribeClusters, {"Clusters": [{"ClusterIdentifier": "dwh", **told}]})


def warehouse_snapshot(**told):
    row = {"SnapshotIdentifier": "daily", "ClusterIdentifier": "dwh", **told}
    return listed(redshift.snapshots, redshift.DescribeClusterSnapshots, {"Snapshots": [row]})


def database_snapshot(*, encrypted, kms_key_id=None, kind=None):
    row = {"DBSnapshotIdentifier": "daily", "DBInstanceIdentifier": "db", "Encrypted": encrypted}
    more = {"KmsKeyId": kms_key_id} if kms_key_id else {}
    more |= {"StorageEncryptionType": kind} if kind else {}
    return listed(rds_copies.snapshots, rds_copies.DescribeDBSnapshots, {"DBSnapshots": [row | more]})


def database(**told):
    return listed(rds.instances, rds.DescribeDBInstances, {"DBInstances": [{"DBInstanceIdentifier": "db", **told}]})


def cluster(**told):
    return listed(rds.clusters, rds.DescribeDBClusters, {"DBClusters": [{"DBClusterIdentifier": "db", **told}]})


@pytest.mark.parametrize("turn", [volume, volume_snapshot, file_system, warehouse, warehouse_snapshot])
def test_an_encrypted_store_that_names_no_key_is_unknown(turn):
    assert isinstance(turn(Encrypted=True).encryption, Unknown)
    assert turn(Encrypted=True, KmsKeyId=KEY).encryption == OWN
    assert turn(Encrypted=False).encryption == NONE


@pytest.mark.parametrize("turn", [database, cluster])
def test_an_encrypted_database_that_names_no_key_is_unknown_but_under_the_key_of_rds(turn):
    assert isinstance(turn(StorageEncrypted=True).encryption, Unknown)
    assert isinstance(turn(StorageEncrypted=True, StorageEncryptionType="sse-kms").encryption, Unknown)
    assert isinstance(turn(StorageEncrypted=False, StorageEncryptionType="sse-new").encryption, Unknown)
    assert turn(StorageEncrypted=False, StorageEncryptionType="sse-rds").encryption == PROVIDERS
    assert turn(StorageEncrypted=False, StorageEncryptionType="none").encryption == NONE
    assert turn(StorageEncrypted=True, KmsKeyId=KEY).encryption == OWN


def test_a_snapshot_of_a_database_that_names_no_key_is_unknown():
    assert isinstance(database_snapshot(encrypted=True).encryption, Unknown)
    assert database_snapshot(encrypted=False, kind="sse-rds").encryption == PROVIDERS
    assert database_snapshot(encrypted=True, kms_key_id=KEY).encryption == OWN
    assert database_snapshot(encrypted=False).encryption == NONE


def test_insights_that_name_no_key_are_unknown():
    page = {
        "DBInstances": [{"DBInstanceIdentifier": "db", "StorageEncrypted": False, "PerformanceInsightsEnabled": True}]
    }
    _, insights = rds.instances(WHERE, (convert(page, rds.DescribeDBInstances),))

    assert isinstance(insights.encryption, Unknown)


def test_a_warehouse_under_a_hardware_module_has_no_key_of_kms():
    assert warehouse(Encrypted=True, HsmStatus={"Status": "active"}).encryption == PROVIDERS
    assert warehouse_snapshot(Encrypted=True, EncryptedWithHSM=True).encryption == PROVIDERS


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (None, PROVIDERS),
        ({"Status": "DISABLED"}, PROVIDERS),
        ({"Status": "ENABLED", "SSEType": "AES256"}, PROVIDERS),
        ({"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": KEY}, OWN),
        ({"Status": "ENABLED", "SSEType": "KMS"}, None),
        ({"Status": "UPDATING", "SSEType": "KMS"}, None),
        ({"Status": "ENABLED"}, None),
    ],
)
def test_a_table_under_kms_that_names_no_key_is_unknown(told, expected):
    body = {"Table": {"TableName": "t"} | ({"SSEDescription": told} if told else {})}
    details = {"SourceTableFeatureDetails": {"SSEDescription": told}} if told else {}
    row = {"BackupArn": "arn:b", "BackupName": "b", "TableName": "t"}
    table = listed(dynamodb.tables, dynamodb.ListTables, {"TableNames": ["t"]})
    copy = listed(dynamodb.backups, dynamodb.ListBackups, {"BackupSummaries": [row]})
    remembered = {"BackupDescription": {"SourceTableDetails": {"TableName": "t"}, **details}}

    found = dynamodb.with_description(table, (convert(body, dynamodb.DescribeTable),)).encryption
    kept = dynamodb.with_table(copy, (convert(remembered, dynamodb.DescribeBackup),)).encryption

    assert (found == expected) if expected else (found == Unknown(cause=found.cause, call="dynamodb:DescribeTable"))
    assert (kept == expected) if expected else (kept == Unknown(cause=kept.cause, call="dynamodb:DescribeBackup"))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"AtRestEncryptionEnabled": True, "StorageEncryptionType": "sse-new"}, None),
        ({"AtRestEncryptionEnabled": False, "StorageEncryptionType": "sse-new"}, None),
        ({"AtRestEncryptionEnabled": True, "StorageEncryptionType": "sse-kms"}, None),
        ({"StorageEncryptionType": "sse-kms", "KmsKeyId": KEY}, OWN),
        ({"AtRestEncryptionEnabled": False, "StorageEncryptionType": "sse-elasticache"}, PROVIDERS),
        ({"AtRestEncryptionEnabled": True}, PROVIDERS),
        ({"AtRestEncryptionEnabled": False, "StorageEncryptionType": "none"}, NONE),
    ],
)
def test_a_cache_under_a_word_that_is_not_known_is_unknown(told, expected):
    row = {"ReplicationGroupId": "c", "ARN": "arn:c", **told}

    found = listed(elasticache.groups, elasticache.DescribeReplicationGroups, {"ReplicationGroups": [row]}).encryption

    assert found == expected if expected else isinstance(found, Unknown)


def test_a_stream_under_kms_that_names_no_key_is_unknown():
    stream = listed(kinesis.streams, kinesis.ListStreams, {"StreamNames": ["s"], "HasMoreStreams": False})
    body = {"StreamDescriptionSummary": {"StreamName": "s", "EncryptionType": "KMS"}}

    found = kinesis.with_summary(stream, (convert(body, kinesis.DescribeStreamSummary),))

    assert isinstance(found.encryption, Unknown)


def test_a_domain_that_names_no_key_is_unknown():
    domain = listed(opensearch.domains, opensearch.ListDomainNames, {"DomainNames": [{"DomainName": "d"}]})
    body = {"DomainStatus": {"EncryptionAtRestOptions": {"Enabled": True}}}

    found = opensearch.with_description(domain, (convert(body, opensearch.DescribeDomain),))

    assert isinstance(found.encryption, Unknown)


def test_a_provisioned_broker_that_names_no_key_is_unknown_and_a_serverless_one_is_under_the_providers():
    def broker(**told):
        row = {"ClusterArn": "arn:b", "ClusterName": "b", **told}
        return listed(kafka.clusters, kafka.ListClustersV2, {"ClusterInfoList": [row]}).encryption

    assert isinstance(broker(ClusterType="PROVISIONED", Provisioned={}), Unknown)
    assert broker(ClusterType="SERVERLESS") == PROVIDERS


def test_a_recovery_point_under_a_customers_key_that_is_not_named_is_unknown():
    vault = listed(
        backup.vaults,
        backup.ListBackupVaults,
        {"BackupVaultList": [{"BackupVaultName": "v", "BackupVaultArn": "arn:v"}]},
    )

    def point(kind):
        row = {"RecoveryPointArn": "arn:p", "IsEncrypted": True, "EncryptionKeyType": kind}
        page = convert({"RecoveryPoints": [row]}, backup.ListRecoveryPointsByBackupVault)
        return backup.recovery_points(vault, (page,))[0].encryption

    assert isinstance(point("CUSTOMER_MANAGED_KMS_KEY"), Unknown)
    assert point("AWS_OWNED_KMS_KEY") == PROVIDERS
