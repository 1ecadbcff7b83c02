"""RDS: what is a copy of what, under which key, and until when."""

from datetime import timedelta

import pytest
from collecting import NOW
from store_reading import ACCOUNT, HERE, HOME, KEY, MADE, US, new_world, put, read

from scanner.model.scope import Listing
from scanner.model.store import CopyKind, Encryption, StoreKind
from scanner.providers.aws.stores import rds_copies
from scanner.providers.aws.stores.rds import Cluster, DescribeDBClusters, DescribeDBInstances, Instance
from scanner.providers.aws.stores.rds import clusters as made_clusters
from scanner.providers.aws.stores.rds import instances as made_instances
from scanner.providers.aws.stores.service import Where
from scanner.simulator.aws.stores import rds
from scanner.simulator.aws.stores.shelves import Spot

THERE = Spot(account=ACCOUNT, region=US)
WHERE = Where(partition="aws", account=ACCOUNT, region=HOME)
DB, CLUSTER = HERE.arn("rds", "db:ledger"), HERE.arn("rds", "cluster:cards")


@pytest.fixture
def world():
    """A database and a cluster, each with all its copies, and a replica that lost its key."""
    made = new_world()
    replica = rds.instance(HERE, "ledger-reporting", None, MADE) | {"ReadReplicaSourceDBInstanceIdentifier": "ledger"}
    remote = rds.instance(THERE, "ledger-us", KEY, MADE) | {"ReadReplicaSourceDBInstanceIdentifier": DB}
    automated = {"SnapshotType": "automated", "BackupRetentionPeriod": 7}
    put(made, rds.INSTANCES, rds.with_insights(rds.instance(HERE, "ledger", KEY, MADE), None), replica)
    put(made, rds.CLUSTERS, rds.cluster(HERE, "cards", "alias/cards", MADE))
    put(made, rds.SNAPSHOTS, rds.snapshot(HERE, "by-hand", "ledger", KEY, MADE))
    put(made, rds.SNAPSHOTS, rds.snapshot(HERE, "rds:ledger-nightly", "ledger", KEY, MADE) | automated)
    put(made, rds.CLUSTER_SNAPSHOTS, rds.cluster_snapshot(HERE, "cards-copy", "cards", None, MADE))
    put(made, rds.BACKUPS, rds.backup(HERE, DB, KEY, NOW))
    put(made, rds.CLUSTER_BACKUPS, rds.cluster_backup(HERE, CLUSTER, KEY, NOW, days=35))
    made.put(ACCOUNT, US, rds.INSTANCES, remote)
    made.put(ACCOUNT, US, rds.BACKUPS, rds.backup(THERE, DB, KEY, NOW, days=14))
    return made


def test_a_database_its_insights_and_its_replica(world, monkeypatch):
    found = read(world, monkeypatch)

    ledger = found.by_id[DB]
    assert (ledger.type, ledger.copy, ledger.of) == (StoreKind.DATABASE, CopyKind.ORIGINAL, None)
    assert (ledger.encryption, ledger.created_at) == (Encryption(encrypted=True, key=KEY), MADE)
    insights = found.named("ledger", StoreKind.DATABASE_INSIGHTS)
    assert (insights.copy, insights.of) == (CopyKind.INSIGHTS, DB)
    assert insights.encryption == Encryption(encrypted=True, key=None)
    assert insights.id.startswith(f"arn:aws:pi:{HOME}:{ACCOUNT}:metrics/rds/db-")
    replica = found.named("ledger-reporting")
    assert (replica.copy, replica.of) == (CopyKind.REPLICA, DB)
    assert replica.encryption == Encryption(encrypted=False, key=None)


def test_a_key_is_kept_as_the_provider_names_it(world, monkeypatch):
    found = read(world, monkeypatch)

    assert found.named("cards", StoreKind.DATABASE_CLUSTER).encryption.key == "alias/cards"


def test_a_snapshot_of_the_provider_goes_by_itself_and_one_of_people_stays(world, monkeypatch):
    found = read(world, monkeypatch)

    nightly, by_hand = found.named("rds:ledger-nightly"), found.named("by-hand")
    assert (nightly.copy, nightly.of, nightly.expires_at) == (CopyKind.SNAPSHOT, DB, MADE + timedelta(days=7))
    assert (by_hand.of, by_hand.expires_at) == (DB, None)
    copy = found.named("cards-copy")
    assert (copy.type, copy.of, copy.encryption.encrypted) == (StoreKind.DATABASE_SNAPSHOT, CLUSTER, False)


def test_automated_backups_end_when_their_last_moment_is_no_longer_kept(world, monkeypatch):
    found = read(world, monkeypatch)

    backups = {store.of: store for store in found.all if store.type is StoreKind.DATABASE_BACKUP}
    assert backups[DB].expires_at == NOW + timedelta(days=7)
    assert backups[CLUSTER].expires_at == NOW + timedelta(days=35)
    assert {store.copy for store in backups.values()} == {CopyKind.BACKUP}


def test_a_backup_replicated_from_another_region_lies_here_and_is_of_the_database_there(world, monkeypatch):
    found = read(world, monkeypatch, region=US)

    (backup,) = (store for store in found.all if store.type is StoreKind.DATABASE_BACKUP)
    assert (backup.region, backup.of, backup.source["Region"]) == (US, DB, HOME)
    assert backup.expires_at == NOW + timedelta(days=14)
    assert found.named("ledger-us").of == DB


def test_each_listing_says_how_much_it_named(world, monkeypatch):
    world.page_limit = 1
    found = read(world, monkeypatch)

    assert found.listing("rds:DescribeDBInstances").stores == Listing(listed=3, pages=2)
    assert found.listing("rds:DescribeDBClusterAutomatedBackups").stores == Listing(listed=1, pages=1)
    assert "rds.DescribeDBInstances/2" in found.raw


def test_a_replica_of_a_cluster_and_a_cluster_that_is_a_replica():
    instance = Instance(db_instance_identifier="r", storage_encrypted=True, source_cluster="cards")
    cluster = Cluster(db_cluster_identifier="far", storage_encrypted=True, replication_source_identifier=CLUSTER)

    (one,) = made_instances(WHERE, [DescribeDBInstances(db_instances=(instance,))])
    (other,) = made_clusters(WHERE, [DescribeDBClusters(db_clusters=(cluster,))])

    assert (one.copy, one.of, one.encryption.key) == (CopyKind.REPLICA, CLUSTER, None)
    assert (other.copy, other.of) == (CopyKind.REPLICA, CLUSTER)


def test_a_key_that_only_the_provider_sees_is_encryption_all_the_same():
    hidden = Instance(db_instance_identifier="x", storage_encrypted=False, storage_encryption_type="sse-rds")

    (store,) = made_instances(WHERE, [DescribeDBInstances(db_instances=(hidden,))])

    assert store.encryption == Encryption(encrypted=True, key=None)
    assert store.id == HERE.arn("rds", "db:x")


def test_insights_of_a_cluster_are_the_clusters():
    cluster = Cluster(
        db_cluster_identifier="cards",
        db_cluster_resource_id="cluster-ABC",
        storage_encrypted=True,
        performance_insights_enabled=True,
        performance_insights_kms_key_id=KEY,
    )

    _, insights = made_clusters(WHERE, [DescribeDBClusters(db_clusters=(cluster,))])

    assert (insights.of, insights.encryption.key) == (CLUSTER, KEY)
    assert insights.id == f"arn:aws:pi:{HOME}:{ACCOUNT}:metrics/rds/cluster-ABC"


def test_a_copy_of_a_snapshot_is_of_that_snapshot():
    source = f"arn:aws:rds:{US}:{ACCOUNT}:snapshot:first"
    copied = rds_copies.Snapshot(
        db_snapshot_identifier="second",
        db_instance_identifier="ledger",
        encrypted=True,
        source_db_snapshot_identifier=source,
    )

    (store,) = rds_copies.snapshots(WHERE, [rds_copies.DescribeDBSnapshots(db_snapshots=(copied,))])

    assert store.of == source
    assert store.id == HERE.arn("rds", "snapshot:second")


def test_a_backup_that_does_not_say_what_it_holds_has_no_end_that_could_be_told():
    backup = rds_copies.Backup(db_instance_identifier="ledger", encrypted=True, backup_retention_period=7)
    empty = rds_copies.ClusterBackup(
        db_cluster_identifier="cards", storage_encrypted=True, restore_window=rds_copies.RestoreWindow()
    )

    (one,) = rds_copies.backups(WHERE, [rds_copies.DescribeDBInstanceAutomatedBackups(backups=(backup,))])
    (other,) = rds_copies.cluster_backups(WHERE, [rds_copies.DescribeDBClusterAutomatedBackups(backups=(empty,))])

    assert (one.of, one.expires_at) == (DB, None)
    assert (other.of, other.expires_at) == (CLUSTER, None)
