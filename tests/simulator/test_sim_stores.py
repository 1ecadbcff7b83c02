"""The services that keep data answer the real SDK: rows as they were put, in pages, for their own place alone."""

from datetime import timedelta

import pytest

from scanner.simulator.aws.records import Bucket
from scanner.simulator.aws.stores import backup, dynamodb, ec2, rds, records
from scanner.simulator.aws.stores.reads import STORE_READS
from scanner.simulator.aws.stores.shelves import Spot
from scanner.simulator.aws.world import World

ACCOUNT, HOME = "222222222222", "eu-central-1"
HERE = Spot(account=ACCOUNT, region=HOME)
KEY = f"arn:aws:kms:{HOME}:{ACCOUNT}:key/1"


def filled(world: World) -> World:
    """Three of everything."""
    made = world.clock - timedelta(days=3)
    ends = world.clock + timedelta(days=3)
    vault = backup.vault(HERE, "daily", KEY, made)
    world.put(ACCOUNT, HOME, backup.VAULTS, vault)
    for number in range(3):
        name = f"thing-{number}"
        of, table = HERE.arn("rds", f"db:{name}"), HERE.arn("dynamodb", f"table/{name}")
        for shelf, row in (
            (rds.INSTANCES, rds.with_insights(rds.instance(HERE, name, KEY, made), KEY)),
            (rds.CLUSTERS, rds.cluster(HERE, name, KEY, made)),
            (rds.SNAPSHOTS, rds.snapshot(HERE, name, name, None, made)),
            (rds.CLUSTER_SNAPSHOTS, rds.cluster_snapshot(HERE, name, name, KEY, made)),
            (rds.BACKUPS, rds.backup(HERE, of, KEY, made)),
            (rds.CLUSTER_BACKUPS, rds.cluster_backup(HERE, HERE.arn("rds", f"cluster:{name}"), KEY, made)),
            (ec2.VOLUMES, ec2.volume(HERE, f"vol-{number}", KEY, made)),
            (ec2.SNAPSHOTS, ec2.snapshot(HERE, f"snap-{number}", f"vol-{number}", None, made)),
            (dynamodb.TABLES, dynamodb.table(HERE, name, KEY, made)),
            (dynamodb.BACKUPS, dynamodb.backup(HERE, name, name, KEY, made)),
            (dynamodb.CONTINUOUS, dynamodb.continuous(name, made, world.clock)),
            (records.SECRETS, records.secret(HERE, name, KEY, made)),
            (records.PARAMETERS, records.parameter(HERE, f"/{name}", KEY, made)),
            (records.GROUPS, records.group(HERE, name, KEY, made)),
            (backup.POINTS, backup.recovery_point(vault, f"{table}/backup/{number}", table, made, ends)),
        ):
            world.put(ACCOUNT, HOME, shelf, row)
        world.add_bucket(Bucket(name=name, account=ACCOUNT, region=HOME))
    return world


@pytest.mark.parametrize(
    "listing",
    [
        ("rds", "describe_db_instances", "DBInstances", {}),
        ("rds", "describe_db_clusters", "DBClusters", {}),
        ("rds", "describe_db_snapshots", "DBSnapshots", {}),
        ("rds", "describe_db_cluster_snapshots", "DBClusterSnapshots", {}),
        ("rds", "describe_db_instance_automated_backups", "DBInstanceAutomatedBackups", {}),
        ("rds", "describe_db_cluster_automated_backups", "DBClusterAutomatedBackups", {}),
        ("ec2", "describe_volumes", "Volumes", {}),
        ("ec2", "describe_snapshots", "Snapshots", {"OwnerIds": ["self"]}),
        ("dynamodb", "list_tables", "TableNames", {}),
        ("dynamodb", "list_backups", "BackupSummaries", {}),
        ("secretsmanager", "list_secrets", "SecretList", {}),
        ("ssm", "describe_parameters", "Parameters", {}),
        ("logs", "describe_log_groups", "logGroups", {}),
        ("backup", "list_recovery_points_by_backup_vault", "RecoveryPoints", {"BackupVaultName": "daily"}),
        ("s3", "list_buckets", "Buckets", {}),
    ],
    ids=lambda listing: listing[1],
)
def test_a_listing_comes_in_pages_and_from_its_own_place_alone(client, world, listing):
    service, operation, member, extra = listing
    filled(world).page_limit = 2
    pages = list(client(service).get_paginator(operation).paginate(**extra))
    assert [len(page[member]) for page in pages] == [2, 1]
    things = [str(thing) for page in pages for thing in page[member]]
    assert len(set(things)) == 3
    if "BackupVaultName" not in extra and service != "s3":
        elsewhere = getattr(client(service, "us-east-1"), operation)(**extra)
        assert elsewhere[member] == []


def test_every_read_is_of_a_service_that_has_it():
    assert len(STORE_READS) == 43
    assert {operation.startswith(("Describe", "Get", "List", "BatchGet")) for _, operation in STORE_READS} == {True}


def test_snapshots_that_others_made_public_are_listed_only_when_no_owner_is_named(client, world):
    foreign = Spot(account="999999999999", region=HOME)
    for spot in (HERE, foreign):
        row = ec2.snapshot(spot, f"snap-{spot.account}", "vol-1", None, world.clock)
        world.put(ACCOUNT, HOME, ec2.SNAPSHOTS, row)
    listed = client("ec2").describe_snapshots
    assert [row["SnapshotId"] for row in listed(OwnerIds=["self"])["Snapshots"]] == [f"snap-{ACCOUNT}"]
    assert len(listed()["Snapshots"]) == 2


def test_what_is_asked_about_one_thing_answers_or_is_refused_by_name(client, world):
    filled(world)
    tables = client("dynamodb")
    assert tables.describe_table(TableName="thing-1")["Table"]["SSEDescription"]["KMSMasterKeyArn"] == KEY
    first = tables.list_backups()["BackupSummaries"][0]["BackupArn"]
    described = tables.describe_backup(BackupArn=first)["BackupDescription"]
    assert described["SourceTableFeatureDetails"]["SSEDescription"]["SSEType"] == "KMS"
    recovery = tables.describe_continuous_backups(TableName="thing-1")["ContinuousBackupsDescription"]
    assert recovery["PointInTimeRecoveryDescription"]["RecoveryPeriodInDays"] == 35
    for call in (lambda: tables.describe_table(TableName="none"), lambda: tables.describe_backup(BackupArn="a" * 40)):
        with pytest.raises(tables.exceptions.ClientError, match="NotFoundException"):
            call()


def test_a_secret_that_waits_for_its_deletion_and_a_plain_parameter_are_told_on_request_alone(client, world):
    doomed = {**records.secret(HERE, "old", KEY, world.clock), "DeletedDate": world.clock}
    world.put(ACCOUNT, HOME, records.SECRETS, doomed)
    world.put(ACCOUNT, HOME, records.PARAMETERS, records.parameter(HERE, "/plain", None, world.clock))
    secrets, parameters = client("secretsmanager"), client("ssm")
    assert secrets.list_secrets()["SecretList"] == []
    assert len(secrets.list_secrets(IncludePlannedDeletion=True)["SecretList"]) == 1
    only = [{"Key": "Type", "Option": "Equals", "Values": ["SecureString"]}]
    assert parameters.describe_parameters(ParameterFilters=only)["Parameters"] == []
    assert len(parameters.describe_parameters()["Parameters"]) == 1


def test_defaults_for_volumes_are_those_of_the_place(client, world):
    there = world.add_place(ACCOUNT, HOME)
    there.ebs_encrypted, there.ebs_key = True, KEY
    for region, encrypted, key in ((HOME, True, KEY), ("us-east-1", False, "alias/aws/ebs")):
        asked = client("ec2", region)
        assert asked.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is encrypted
        assert asked.get_ebs_default_kms_key_id()["KmsKeyId"] == key


def test_buckets_of_a_region_are_told_with_it(client, world):
    for name, region in (("a", HOME), ("b", "us-east-1")):
        world.add_bucket(Bucket(name=name, account=ACCOUNT, region=region))
    found = client("s3").list_buckets(BucketRegion=HOME)["Buckets"]
    assert [(bucket["Name"], bucket["BucketRegion"]) for bucket in found] == [("a", HOME)]
    assert [bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]] == ["a", "b"]
