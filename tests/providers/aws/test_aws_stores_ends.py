"""Backups and snapshots of file systems, warehouses and caches: what they are of, when they end, what is untold."""

from datetime import timedelta

import pytest
from collecting import NOW
from store_reading import ACCOUNT, HERE, HOME, KEY, MADE, US, new_world, put, read

from scanner.model.store import Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores import elasticache
from scanner.providers.aws.stores.service import Where
from scanner.simulator.aws.faults import Effect, Fault
from scanner.simulator.aws.stores import backup, caches, files, warehouses
from scanner.simulator.aws.stores.shelves import Spot

WHERE = Where(partition="aws", account=ACCOUNT, region=HOME)
OWN = Encryption(encrypted=True, key=KEY)
PROVIDERS = Encryption(encrypted=True, key=None)
NONE = Encryption(encrypted=False, key=None)


@pytest.fixture
def world():
    return new_world()


def automatic(system, name, **changes):
    return files.backup(HERE, name, system, KEY, MADE) | {"Type": "AUTOMATIC", **changes}


def test_an_automatic_backup_goes_when_its_file_system_says_and_one_of_a_user_never(world, monkeypatch):
    system = files.windows_system(HERE, "fs-1", KEY, MADE, days=14)
    remembered = files.windows_system(HERE, "fs-1", KEY, MADE, days=7)
    gone = files.windows_system(HERE, "fs-gone", KEY, MADE, days=7)
    silent = {name: value for name, value in gone.items() if name != "WindowsConfiguration"}
    put(world, files.WINDOWS_SYSTEMS, system)
    put(world, files.BACKUPS, automatic(remembered, "nightly"), files.backup(HERE, "by-hand", remembered, KEY, MADE))
    put(world, files.BACKUPS, automatic(gone, "orphan"), automatic(silent, "silent"))
    put(world, files.BACKUPS, automatic(system, "odd", Type="USER_INITIATED") | {"Type": "AWS_BACKUP"})

    found = read(world, monkeypatch)

    ends = {store.name: store.expires_at for store in found.all if store.type is StoreKind.FILE_SYSTEM_BACKUP}
    assert ends == {
        "nightly": MADE + timedelta(days=14),
        "by-hand": None,
        "orphan": MADE + timedelta(days=7),
        "silent": Unknown(cause=Cause.UNSUPPORTED, call="fsx:DescribeFileSystems"),
        "odd": Unknown(cause=Cause.NOT_COLLECTED, call="backup:ListRecoveryPointsByBackupVault"),
    }
    nightly = found.named("nightly")
    assert (nightly.copy, nightly.of, nightly.encryption) == (CopyKind.BACKUP, found.named("fs-1").id, OWN)
    assert {item.call for item in nightly.evidence if item.group == "expires_at"} == {"fsx:DescribeFileSystems"}


def test_automatic_backups_end_nobody_knows_when_where_file_systems_are_denied(world, monkeypatch):
    system = files.windows_system(HERE, "fs-1", KEY, MADE)
    put(world, files.WINDOWS_SYSTEMS, system)
    put(world, files.BACKUPS, automatic(system, "nightly"), files.backup(HERE, "by-hand", system, KEY, MADE))
    world.faults.append(Fault(effect=Effect.DENY, service="fsx", operation="DescribeFileSystems"))

    found = read(world, monkeypatch)

    assert found.named("nightly").expires_at == Unknown(cause=Cause.DENIED, call="fsx:DescribeFileSystems")
    assert found.named("by-hand").expires_at is None


def test_a_backup_of_a_volume_is_of_that_and_kept_as_its_file_system_says(world, monkeypatch):
    system = files.windows_system(HERE, "fs-1", KEY, MADE, days=3)
    volume = {"VolumeId": "fsvol-1", "ResourceARN": HERE.arn("fsx", "volume/fs-1/fsvol-1")}
    put(world, files.WINDOWS_SYSTEMS, system)
    put(world, files.BACKUPS, automatic(system, "nightly", ResourceType="VOLUME", Volume=volume))

    nightly = read(world, monkeypatch).named("nightly")

    assert (nightly.of, nightly.expires_at) == (volume["ResourceARN"], MADE + timedelta(days=3))


def test_a_backup_that_aws_backup_made_ends_when_that_says(world, monkeypatch):
    system, ends = files.windows_system(HERE, "fs-1", KEY, MADE), NOW + timedelta(days=9)
    vault, row = backup.vault(HERE, "daily", KEY, MADE), automatic(system, "kept", Type="AWS_BACKUP")
    forever = automatic(system, "forever", Type="AWS_BACKUP")
    put(world, files.BACKUPS, row, forever)
    put(world, backup.VAULTS, vault)
    for one, until in ((row, ends), (forever, None)):
        of = HERE.arn("fsx", "file-system/fs-1")
        put(world, backup.POINTS, backup.recovery_point(vault, one["ResourceARN"], of, MADE, until))

    found = read(world, monkeypatch)

    assert found.by_id[row["ResourceARN"]].expires_at == ends
    assert found.by_id[forever["ResourceARN"]].expires_at is None


def test_snapshots_of_a_warehouse_go_when_they_or_their_cluster_say(world, monkeypatch):
    put(world, warehouses.CLUSTERS, warehouses.cluster(HERE, "dwh", KEY, MADE, days=14))
    for name, changes in (
        ("rs:dwh-1", {}),
        ("final", {}),
        ("month", {"ManualSnapshotRetentionPeriod": 30}),
        ("awsbackup:job-1", {}),
        ("rs:gone-1", {"ClusterIdentifier": "gone"}),
    ):
        put(world, warehouses.SNAPSHOTS, warehouses.snapshot(HERE, name, "dwh", KEY, MADE) | changes)
    untold = warehouses.snapshot(HERE, "untold", "dwh", None, MADE)
    del untold["ManualSnapshotRetentionPeriod"]
    put(world, warehouses.SNAPSHOTS, untold)
    put(world, warehouses.SNAPSHOTS, warehouses.snapshot(HERE, "theirs", "dwh", KEY, MADE) | {"OwnerAccount": "9" * 12})

    found = read(world, monkeypatch)

    ends = {store.name: store.expires_at for store in found.all if store.type is StoreKind.WAREHOUSE_SNAPSHOT}
    assert ends == {
        "rs:dwh-1": MADE + timedelta(days=14),
        "final": None,
        "month": MADE + timedelta(days=30),
        "awsbackup:job-1": Unknown(cause=Cause.NOT_COLLECTED, call="backup:ListRecoveryPointsByBackupVault"),
        "rs:gone-1": Unknown(cause=Cause.UNSUPPORTED, call="redshift:DescribeClusters"),
        "untold": Unknown(cause=Cause.UNSUPPORTED, call="redshift:DescribeClusterSnapshots"),
    }
    assert (found.named("untold").encryption, found.named("final").encryption) == (NONE, OWN)
    assert found.named("final").of == found.named("dwh").id


def test_an_automated_snapshot_ends_nobody_knows_when_where_its_cluster_was_not_read(world, monkeypatch):
    put(world, warehouses.CLUSTERS, warehouses.cluster(HERE, "dwh", KEY, MADE))
    put(world, warehouses.SNAPSHOTS, warehouses.snapshot(HERE, "rs:dwh-1", "dwh", KEY, MADE))
    world.faults.append(Fault(effect=Effect.DENY, operation="DescribeClusters"))

    found = read(world, monkeypatch)

    assert found.named("rs:dwh-1").expires_at == Unknown(cause=Cause.DENIED, call="redshift:DescribeClusters")


def test_a_snapshot_copied_from_another_region_is_of_the_cluster_there(world, monkeypatch):
    put(world, warehouses.CLUSTERS, warehouses.cluster(HERE, "dwh", KEY, MADE))
    put(world, warehouses.SNAPSHOTS, warehouses.snapshot(HERE, "copy:rs", "dwh", KEY, MADE) | {"SourceRegion": US})

    copied = read(world, monkeypatch).named("copy:rs")

    assert copied.of == Spot(account=ACCOUNT, region=US).arn("redshift", "cluster:dwh")


def test_a_cache_is_encrypted_as_its_newer_word_says_and_memcached_has_nothing_on_disk(world, monkeypatch):
    old = {
        name: value for name, value in caches.group(HERE, "old", KEY, MADE).items() if name != "StorageEncryptionType"
    }
    silent = {name: value for name, value in old.items() if name != "AtRestEncryptionEnabled"}
    put(world, caches.GROUPS, old, silent | {"ReplicationGroupId": "silent", "ARN": "arn:silent"})
    put(
        world,
        caches.GROUPS,
        caches.group(HERE, "own", None, MADE, "sse-elasticache") | {"AtRestEncryptionEnabled": False},
    )
    put(world, caches.CLUSTERS, caches.cluster(HERE, "single", MADE), caches.cluster(HERE, "ram", MADE, "memcached"))

    found = read(world, monkeypatch)

    assert {store.name: store.encryption for store in found.all} == {
        "old": OWN,
        "own": PROVIDERS,
        "silent": Unknown(cause=Cause.ERROR, call="elasticache:DescribeReplicationGroups"),
        "single": NONE,
    }


def test_a_snapshot_of_a_cache_is_encrypted_with_its_key_or_as_the_cache_it_was_made_of(world, monkeypatch):
    plain = caches.group(HERE, "plain", None, MADE, "none")
    locked, alone = caches.group(HERE, "locked", KEY, MADE), caches.cluster(HERE, "alone", MADE)
    gone = caches.group(HERE, "gone", None, MADE, "none")
    newer = caches.group(HERE, "newer", None, MADE, "none")
    put(world, caches.GROUPS, plain, locked, newer | {"ReplicationGroupCreateTime": NOW})
    put(world, caches.CLUSTERS, alone)
    for name, of, key in (
        ("automatic.plain", plain, None),
        ("of-plain", plain, None),
        ("of-locked", locked, KEY),
        ("odd", locked, None),
        ("of-alone", alone, None),
        ("of-gone", gone, None),
        ("of-an-earlier", newer, None),
    ):
        put(world, caches.SNAPSHOTS, caches.snapshot(HERE, name, of, key, MADE))

    found = read(world, monkeypatch)

    untold = Unknown(cause=Cause.UNSUPPORTED, call="elasticache:DescribeSnapshots")
    made = {store.name: store for store in found.all if store.type is StoreKind.CACHE_SNAPSHOT}
    assert {name: store.encryption for name, store in made.items()} == {
        "automatic.plain": NONE,
        "of-plain": NONE,
        "of-locked": OWN,
        "odd": untold,
        "of-alone": NONE,
        "of-gone": untold,
        "of-an-earlier": untold,
    }
    assert (made["automatic.plain"].expires_at, made["of-plain"].expires_at) == (MADE + timedelta(days=7), None)
    assert made["of-alone"].of == found.named("alone").id


def test_a_snapshot_is_as_unknown_as_the_caches_that_could_not_be_listed(world, monkeypatch):
    put(world, caches.SNAPSHOTS, caches.snapshot(HERE, "s", caches.group(HERE, "g", None, MADE, "none"), None, MADE))
    world.faults.append(Fault(effect=Effect.DENY, operation="DescribeReplicationGroups"))

    found = read(world, monkeypatch)

    assert found.named("s").encryption == Unknown(cause=Cause.DENIED, call="elasticache:DescribeReplicationGroups")


def test_an_automated_snapshot_of_a_cache_that_does_not_say_its_days_ends_nobody_knows_when():
    told = elasticache.Snapshot(snapshot_name="s", arn="arn", snapshot_source="automated")

    (found,) = elasticache.snapshots(WHERE, [elasticache.DescribeSnapshots(snapshots=(told,))])

    assert found.expires_at == Unknown(cause=Cause.UNSUPPORTED, call="elasticache:DescribeSnapshots")


def test_snapshots_of_serverless_caches_say_when_they_end(world, monkeypatch):
    ends = NOW + timedelta(days=5)
    by_hand = caches.serverless_snapshot(HERE, "by-hand", "views", KEY, MADE)
    nightly = caches.serverless_snapshot(HERE, "nightly", "views", None, MADE) | {"SnapshotType": "automated"}
    put(world, caches.SERVERLESS_SNAPSHOTS, by_hand, nightly | {"ExpiryTime": ends})
    put(world, caches.SERVERLESS_SNAPSHOTS, nightly | {"ServerlessCacheSnapshotName": "open", "ARN": "arn:open"})

    found = read(world, monkeypatch)

    untold = Unknown(cause=Cause.UNSUPPORTED, call="elasticache:DescribeServerlessCacheSnapshots")
    assert {store.name: store.expires_at for store in found.all} == {"by-hand": None, "nightly": ends, "open": untold}
    assert (found.named("by-hand").encryption, found.named("nightly").encryption) == (OWN, PROVIDERS)
    assert found.named("by-hand").of == HERE.arn("elasticache", "serverlesscache:views")
