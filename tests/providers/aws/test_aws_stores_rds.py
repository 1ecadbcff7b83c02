"""RDS: what is a copy of what, under which key, and until when."""

from datetime import timedelta

import pytest
from collecting import NOW
from store_reading import ACCOUNT, HERE, HOME, KEY, MADE, US, new_world, put, read

from scanner.model.scope import Listing
from scanner.model.store import Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores import rds_copies
from scanner.providers.aws.stores.rds import Cluster, DescribeDBClusters, DescribeDBInstances, Instance
from scanner.providers.aws.stores.rds import clusters as made_clusters
from scanner.providers.aws.stores.rds import instances as made_instances
from scanner.providers.aws.stores.service import Where
from scanner.simulator.aws.faults import Effect, Fault
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
    put(made, rds.INSTANCES, rds.with_insights(rds.instance(HERE, "ledger", KEY, MADE), KEY), replica)
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
    assert insights.encryption == Encryption(encrypted=True, key=KEY)
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
    instance = Instance(db_instance_identifier="r", storage_encrypted=False, source_cluster="cards")
    cluster = Cluster(db_cluster_identifier="far", storage_encrypted=True, replication_source_identifier=CLUSTER)

    (one,) = made_instances(WHERE, [DescribeDBInstances(db_instances=(instance,))])
    (other,) = made_clusters(WHERE, [DescribeDBClusters(db_clusters=(cluster,))])

    assert (one.copy, one.of, one.encryption.encrypted) == (CopyKind.REPLICA, CLUSTER, False)
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

    def untold(call):
        return Unknown(cause=Cause.UNSUPPORTED, call=call)

    assert (one.of, one.expires_at) == (DB, untold("rds:DescribeDBInstanceAutomatedBackups"))
    assert (other.of, other.expires_at) == (CLUSTER, untold("rds:DescribeDBClusterAutomatedBackups"))


def test_a_snapshot_of_the_provider_that_does_not_say_its_days_is_kept_as_long_as_its_database_says(world, monkeypatch):
    for name, of, kind in (
        ("rds:ledger-old", "ledger", "automated"),
        ("rds:gone", "gone", "automated"),
        ("awsbackup:job", "ledger", "awsbackup"),
        ("odd", "ledger", "public"),
    ):
        put(world, rds.SNAPSHOTS, rds.snapshot(HERE, name, of, KEY, MADE) | {"SnapshotType": kind})

    found = read(world, monkeypatch)

    old = found.named("rds:ledger-old")
    assert old.expires_at == MADE + timedelta(days=7)
    assert "rds:DescribeDBInstances" in {item.call for item in old.evidence if item.group == "expires_at"}
    gone, kept, odd = (found.named(name).expires_at for name in ("rds:gone", "awsbackup:job", "odd"))
    assert gone == odd == Unknown(cause=Cause.UNSUPPORTED, call="rds:DescribeDBSnapshots")
    assert kept == Unknown(cause=Cause.NOT_COLLECTED, call="backup:ListRecoveryPointsByBackupVault")


def test_snapshots_of_the_provider_end_nobody_knows_when_where_databases_are_denied(world, monkeypatch):
    row = rds.snapshot(HERE, "rds:ledger-old", "ledger", KEY, MADE) | {"SnapshotType": "automated"}
    put(world, rds.SNAPSHOTS, row)
    world.faults.append(Fault(effect=Effect.DENY, operation="DescribeDBInstances"))

    found = read(world, monkeypatch)

    assert found.named("rds:ledger-old").expires_at == Unknown(cause=Cause.DENIED, call="rds:DescribeDBInstances")
    assert found.named("rds:ledger-nightly").expires_at == MADE + timedelta(days=7)
