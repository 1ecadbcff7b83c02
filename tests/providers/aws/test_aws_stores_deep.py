"""Volumes, buckets, tables, secrets, log groups, vaults and parameters: what they are, and what was not seen."""

from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from collecting import NOW
from msgspec.structs import replace
from store_reading import ACCOUNT, HERE, HOME, KEY, MADE, US, new_world, put, read

from scanner.model.key import Provider
from scanner.model.scope import Listing
from scanner.model.store import DataStore, Encryption, VolumeDefault, VolumeKey
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores import s3
from scanner.providers.aws.stores import secretsmanager as kept_secrets
from scanner.providers.aws.stores.backup import ListRecoveryPointsByBackupVault, RecoveryPoint, recovery_points
from scanner.providers.aws.stores.read import joined
from scanner.providers.aws.stores.service import Where
from scanner.providers.aws.stores.services import LISTINGS
from scanner.providers.failure import MalformedReplyError
from scanner.simulator.aws.faults import Effect, Fault
from scanner.simulator.aws.records import Bucket
from scanner.simulator.aws.stores import backup, dynamodb, ec2, rds, records

WHERE = Where(partition="aws", account=ACCOUNT, region=HOME)
OWN = Encryption(encrypted=True, key=KEY)
PROVIDERS = Encryption(encrypted=True, key=None)
NONE = Encryption(encrypted=False, key=None)


@pytest.fixture
def world():
    return new_world()


def test_volumes_and_the_accounts_own_snapshots(world, monkeypatch):
    put(world, ec2.VOLUMES, ec2.volume(HERE, "vol-1", KEY, MADE), ec2.volume(HERE, "vol-2", None, MADE))
    put(world, ec2.VOLUMES, ec2.volume(HERE, "vol-3", KEY, MADE) | {"SourceVolumeId": "vol-1"})
    put(world, ec2.SNAPSHOTS, ec2.snapshot(HERE, "snap-1", "vol-1", KEY, MADE))
    put(world, ec2.SNAPSHOTS, ec2.snapshot(HERE, "snap-2", "vol-ffffffff", None, MADE))
    put(world, ec2.SNAPSHOTS, ec2.snapshot(HERE, "snap-3", "vol-9", KEY, MADE) | {"TransferType": "standard"})
    put(world, ec2.SNAPSHOTS, ec2.snapshot(HERE, "snap-4", "vol-1", None, MADE) | {"OwnerId": "999999999999"})

    found = read(world, monkeypatch)

    volume = HERE.arn("ec2", "volume/vol-1")
    assert (found.by_id[volume].encryption, found.named("vol-2").encryption) == (OWN, NONE)
    assert (found.named("vol-3").copy, found.named("vol-3").of) == (CopyKind.REPLICA, volume)
    assert (found.named("snap-1").of, found.named("snap-2").of, found.named("snap-3").of) == (volume, None, None)
    assert [store.name for store in found.all if store.type is StoreKind.VOLUME_SNAPSHOT] == [
        "snap-1",
        "snap-2",
        "snap-3",
    ]


def test_defaults_for_new_volumes(world, monkeypatch):
    place = world.add_place(ACCOUNT, HOME)
    place.ebs_encrypted, place.ebs_key = True, KEY

    inventory = read(world, monkeypatch).inventory

    assert inventory.volume_default == VolumeDefault(encrypted=True)
    assert inventory.volume_key == VolumeKey(key=KEY)


def test_buckets_of_the_region_alone_with_the_default_of_each(world, monkeypatch):
    for name, region, encryption in (
        ("own", HOME, ("aws:kms", "alias/files")),
        ("plain", HOME, ("AES256", "")),
        ("unnamed", HOME, ("aws:kms", "")),
        ("open", HOME, None),
        ("far", US, ("aws:kms", KEY)),
    ):
        world.add_bucket(Bucket(name=name, account=ACCOUNT, region=region, encryption=encryption))

    found = read(world, monkeypatch)

    buckets = {store.name: store for store in found.all}
    assert {name: store.encryption for name, store in buckets.items()} == {
        "own": Encryption(encrypted=True, key="alias/files"),
        "plain": PROVIDERS,
        "unnamed": PROVIDERS,
        "open": NONE,
    }
    assert (buckets["plain"].source["SSEAlgorithm"], buckets["unnamed"].source["SSEAlgorithm"]) == ("AES256", "aws:kms")
    assert buckets["own"].id == "arn:aws:s3:::own"


def test_a_bucket_that_does_not_say_its_region_makes_the_listing_unknown():
    with pytest.raises(MalformedReplyError):
        s3.buckets(WHERE, [s3.ListBuckets(buckets=(s3.Bucket(name="somewhere"),))])


def test_rules_that_name_no_encryption_are_no_answer(world, monkeypatch):
    world.add_bucket(Bucket(name="own", account=ACCOUNT, region=HOME))
    store = read(world, monkeypatch).named("own")
    rules = s3.Rules(rules=(s3.Rule(),))

    with pytest.raises(MalformedReplyError):
        s3.with_encryption(store, [s3.GetBucketEncryption(server_side_encryption_configuration=rules)])


def test_tables_with_their_backups_and_what_they_can_be_restored_to(world, monkeypatch):
    put(world, dynamodb.TABLES, dynamodb.table(HERE, "orders", KEY, MADE), dynamodb.table(HERE, "carts", None, MADE))
    put(world, dynamodb.BACKUPS, dynamodb.backup(HERE, "orders-before", "orders", KEY, MADE))
    system = {"BackupType": "SYSTEM", "BackupExpiryDateTime": NOW + timedelta(days=35)}
    put(world, dynamodb.BACKUPS, dynamodb.backup(HERE, "gone$DeletedTableBackup", "gone", None, MADE) | system)
    put(world, dynamodb.BACKUPS, dynamodb.backup(HERE, "wiped", "orders", KEY, MADE) | {"BackupStatus": "DELETED"})
    put(world, dynamodb.CONTINUOUS, dynamodb.continuous("orders", MADE, NOW, days=14))

    found = read(world, monkeypatch)

    table = HERE.arn("dynamodb", "table/orders")
    assert (found.by_id[table].encryption, found.by_id[table].created_at) == (OWN, MADE)
    assert found.named("carts").encryption == PROVIDERS
    before, gone = found.named("orders-before"), found.named("gone$DeletedTableBackup")
    assert (before.of, before.encryption, before.expires_at) == (table, OWN, None)
    assert (gone.encryption, gone.expires_at) == (PROVIDERS, NOW + timedelta(days=35))
    assert "wiped" not in {store.name for store in found.all}
    continuous = found.by_id[f"{table}/continuous-backups"]
    assert (continuous.of, continuous.encryption) == (table, OWN)
    assert continuous.expires_at == NOW + timedelta(days=14)
    assert f"dynamodb.DescribeTable/{table}/1" in {item.raw for item in continuous.evidence}
    assert found.listing("dynamodb:DescribeContinuousBackups", HERE.arn("dynamodb", "table/carts")).stores.listed == 0


def test_continuous_backups_of_a_table_that_could_not_be_described_are_as_unknown_as_it(world, monkeypatch):
    put(world, dynamodb.TABLES, dynamodb.table(HERE, "orders", KEY, MADE))
    put(world, dynamodb.CONTINUOUS, dynamodb.continuous("orders", MADE, NOW))
    world.faults.append(Fault(effect=Effect.DENY, operation="DescribeTable", resource="orders"))

    found = read(world, monkeypatch)

    missing = Unknown(cause=Cause.DENIED, call="dynamodb:DescribeTable")
    assert {store.encryption for store in found.all} == {missing}
    assert len(found.all) == 2


def test_secrets_by_name_and_key_also_those_that_go(world, monkeypatch):
    put(world, records.SECRETS, records.secret(HERE, "app/db", KEY, MADE), records.secret(HERE, "plain", None, MADE))
    put(world, records.SECRETS, records.secret(HERE, "old", KEY, MADE) | {"DeletedDate": NOW})
    put(world, records.SECRETS, records.secret(HERE, "shared", KEY, MADE) | {"PrimaryRegion": US})

    found = read(world, monkeypatch)

    assert (found.named("app/db").encryption, found.named("plain").encryption) == (OWN, PROVIDERS)
    assert found.named("old").source["DeletedDate"] == NOW.isoformat()
    shared = found.named("shared")
    assert (shared.copy, shared.of) == (CopyKind.REPLICA, shared.id.replace(f":{HOME}:", f":{US}:"))
    assert "value" not in " ".join(kept_secrets.ListSecrets.__struct_fields__)


def test_log_groups_that_databases_export_to_are_their_copies(world, monkeypatch):
    names = (
        ("/aws/rds/instance/ledger/audit", HERE.arn("rds", "db:ledger")),
        ("/aws/rds/cluster/cards/postgresql", HERE.arn("rds", "cluster:cards")),
        ("/aws/docdb/carts/audit", HERE.arn("rds", "cluster:carts")),
        ("/aws/rds/proxy/front", None),
        ("/app/rds/instance/ledger/audit", None),
    )
    for name, _ in names:
        put(world, records.GROUPS, records.group(HERE, name, KEY if "audit" in name else None, MADE))

    found = read(world, monkeypatch)

    assert {store.name: store.of for store in found.all} == dict(names)
    audit = found.named(names[0][0])
    assert (audit.copy, audit.encryption, audit.created_at) == (CopyKind.LOG, OWN, MADE)
    assert audit.id == HERE.arn("logs", f"log-group:{names[0][0]}")
    assert (found.named("/aws/rds/proxy/front").encryption, audit.source["retentionInDays"]) == (PROVIDERS, "30")


def test_vaults_and_what_is_in_each(world, monkeypatch):
    vault = backup.vault(HERE, "daily", KEY, MADE)
    ends = NOW + timedelta(days=90)
    of, point = HERE.arn("rds", "db:ledger"), HERE.arn("backup", "recovery-point:1")
    put(world, backup.VAULTS, vault, backup.vault(HERE, "empty", KEY, MADE))
    put(world, backup.POINTS, backup.recovery_point(vault, point, of, MADE, ends))

    found = read(world, monkeypatch)

    stored = found.by_id[point]
    assert (stored.type, stored.copy, stored.of) == (StoreKind.RECOVERY_POINT, CopyKind.BACKUP, of)
    assert (stored.encryption, stored.expires_at) == (OWN, ends)
    assert stored.source["BackupVault"] == vault["BackupVaultArn"]
    assert found.named("daily").encryption == OWN
    inside = "backup:ListRecoveryPointsByBackupVault"
    assert found.listing(inside, vault["BackupVaultArn"]).stores == Listing(listed=1, pages=1)
    assert found.listing(inside, HERE.arn("backup", "backup-vault:empty")).stores == Listing(listed=0, pages=1)


def test_a_snapshot_that_is_a_recovery_point_as_well_is_one_thing_and_has_an_end(world, monkeypatch):
    vault, ends = backup.vault(HERE, "daily", KEY, MADE), NOW + timedelta(days=9)
    row = rds.snapshot(HERE, "awsbackup:job-1", "ledger", KEY, MADE)
    told = {**backup.recovery_point(vault, row["DBSnapshotArn"], HERE.arn("rds", "db:ledger"), MADE, ends)}
    del told["IsEncrypted"], told["EncryptionKeyArn"]
    put(world, rds.SNAPSHOTS, row)
    put(world, backup.VAULTS, vault)
    put(world, backup.POINTS, told)

    found = read(world, monkeypatch)

    (one,) = (store for store in found.all if store.type is not StoreKind.BACKUP_VAULT)
    assert (one.encryption, one.expires_at, one.of) == (OWN, ends, HERE.arn("rds", "db:ledger"))
    assert {item.call for item in one.evidence} == {
        "rds:DescribeDBSnapshots",
        "backup:ListRecoveryPointsByBackupVault",
    }


def test_a_recovery_point_that_says_nothing_of_its_encryption_is_unknown(world, monkeypatch):
    put(world, backup.VAULTS, backup.vault(HERE, "daily", KEY, MADE))
    vault = read(world, monkeypatch).named("daily")
    silent, plain = RecoveryPoint(recovery_point_arn="a"), RecoveryPoint(recovery_point_arn="b", is_encrypted=False)

    stores = recovery_points(vault, [ListRecoveryPointsByBackupVault(recovery_points=(silent, plain))])

    assert [isinstance(store.encryption, Unknown) for store in stores] == [True, False]
    assert stores[1].encryption == NONE


def test_secure_parameters_alone(world, monkeypatch):
    put(world, records.PARAMETERS, records.parameter(HERE, "/app/token", "alias/aws/ssm", MADE))
    put(world, records.PARAMETERS, records.parameter(HERE, "/app/colour", None, MADE))

    found = read(world, monkeypatch)

    (only,) = found.all
    assert (only.name, only.encryption.key, only.id) == (
        "/app/token",
        "alias/aws/ssm",
        HERE.arn("ssm", "parameter/app/token"),
    )


FIRST = tuple(dict.fromkeys(listing.operation for listing in LISTINGS))


@pytest.mark.parametrize("effect", [Effect.DENY, Effect.MALFORMED, Effect.UNSUPPORTED])
def test_a_listing_that_fails_is_unknown_and_hides_no_other(world, monkeypatch, effect):
    put(world, records.SECRETS, records.secret(HERE, "app/db", KEY, MADE))
    failing = [operation for operation in FIRST if operation.name != "ListSecrets"]
    world.faults += [Fault(effect=effect, operation=operation.name) for operation in failing]

    found = read(world, monkeypatch)

    unknown = {row.call: row.stores.cause for row in found.inventory.listings if isinstance(row.stores, Unknown)}
    cause = {Effect.DENY: Cause.DENIED, Effect.MALFORMED: Cause.ERROR, Effect.UNSUPPORTED: Cause.UNSUPPORTED}[effect]
    expected = {operation.action: cause for operation in failing}
    if effect is Effect.MALFORMED:
        expected["s3:ListAllMyBuckets"] = Cause.UNSUPPORTED  # the SDK takes a success of S3 that is no XML for a 500
    assert unknown == expected
    assert [store.name for store in found.all] == ["app/db"]


def test_a_listing_that_breaks_off_is_unknown_beside_what_was_seen(world, monkeypatch):
    for number in range(3):
        put(world, ec2.VOLUMES, ec2.volume(HERE, f"vol-{number}", KEY, MADE))
    world.page_limit = 2
    world.faults.append(Fault(effect=Effect.THROTTLE, operation="DescribeVolumes", nth=2))

    found = read(world, monkeypatch)

    missing = Unknown(cause=Cause.THROTTLED, call="ec2:DescribeVolumes")
    assert found.listing("ec2:DescribeVolumes").stores == missing
    assert [store.name for store in found.all] == ["vol-0", "vol-1"]


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("GetBucketEncryption", "s3:GetEncryptionConfiguration"),
        ("DescribeTable", "dynamodb:DescribeTable"),
        ("DescribeBackup", "dynamodb:DescribeBackup"),
    ],
)
def test_a_store_that_cannot_be_asked_about_stays_with_its_encryption_unknown(world, monkeypatch, operation, call):
    world.add_bucket(Bucket(name="thing", account=ACCOUNT, region=HOME, encryption=None))
    put(world, dynamodb.TABLES, dynamodb.table(HERE, "thing", KEY, MADE))
    put(world, dynamodb.BACKUPS, dynamodb.backup(HERE, "thing", "thing", KEY, MADE))
    world.faults.append(Fault(effect=Effect.DENY, operation=operation))

    found = read(world, monkeypatch)

    unknown = [store for store in found.all if isinstance(store.encryption, Unknown)]
    assert [store.encryption for store in unknown] == [Unknown(cause=Cause.DENIED, call=call)]
    assert len(found.all) == 3


MARK = "canary-7f3a"


def test_what_services_say_in_free_words_is_found_nowhere(world, monkeypatch):
    """XML here; the services that answer in JSON are tested with every field of their models."""
    tags = {"TagList": [{"Key": MARK, "Value": MARK}]}
    secret = {"MasterUserSecret": {"SecretArn": MARK}}
    put(world, rds.INSTANCES, rds.instance(HERE, "a", KEY, MADE) | tags | secret | {"MasterUsername": MARK})
    put(world, rds.CLUSTERS, rds.cluster(HERE, "b", KEY, MADE) | tags | secret | {"MasterUsername": MARK})
    put(world, rds.SNAPSHOTS, rds.snapshot(HERE, "c", "a", KEY, MADE) | tags | {"MasterUsername": MARK})
    put(world, rds.BACKUPS, rds.backup(HERE, HERE.arn("rds", "db:a"), KEY, MADE) | tags)
    put(world, ec2.VOLUMES, ec2.volume(HERE, "vol-1", KEY, MADE) | {"Tags": [{"Key": MARK, "Value": MARK}]})
    put(world, ec2.SNAPSHOTS, ec2.snapshot(HERE, "snap-1", "vol-1", KEY, MADE) | {"Description": MARK})

    found = read(world, monkeypatch)

    assert len(found.all) == 6
    assert MARK.encode() not in msgspec.json.encode(list(found.collected.shards.values()))


def test_nothing_is_asked_twice(world, monkeypatch):
    put(world, dynamodb.TABLES, dynamodb.table(HERE, "orders", KEY, MADE))
    world.add_bucket(Bucket(name="own", account=ACCOUNT, region=HOME))

    found = read(world, monkeypatch)

    names = Counter(listing.operation.name for listing in LISTINGS)
    names.update(("DescribeTable", "DescribeContinuousBackups", "GetBucketEncryption"))
    assert {name: found.asked[name] for name in names} == names


SNAPSHOT = DataStore(
    id="arn:aws:ec2:eu-central-1::snapshot/snap-1",
    provider=Provider.AWS,
    account=ACCOUNT,
    region=HOME,
    type=StoreKind.VOLUME_SNAPSHOT,
    name="snap-1",
    copy=CopyKind.SNAPSHOT,
    of=None,
    encryption=OWN,
    created_at=MADE,
    expires_at=None,
    source={},
    evidence=(),
)


def test_the_vault_does_not_overrule_what_a_snapshot_says_of_its_key():
    point = replace(SNAPSHOT, type=StoreKind.RECOVERY_POINT, copy=CopyKind.BACKUP)
    for said in (PROVIDERS, NONE):
        assert joined(SNAPSHOT, replace(point, encryption=said)).encryption == OWN
    silent = replace(SNAPSHOT, encryption=Unknown(cause=Cause.DENIED, call="ec2:DescribeSnapshots"))
    assert joined(silent, point).encryption == OWN


def test_an_encrypted_recovery_point_without_its_key_is_unknown_unless_the_key_is_awss_own():
    points = (
        RecoveryPoint(recovery_point_arn="a", is_encrypted=True),
        RecoveryPoint(recovery_point_arn="b", is_encrypted=True, encryption_key_type="CUSTOMER_MANAGED_KMS_KEY"),
        RecoveryPoint(recovery_point_arn="c", is_encrypted=True, encryption_key_type="AWS_OWNED_KMS_KEY"),
    )
    stores = recovery_points(SNAPSHOT, [ListRecoveryPointsByBackupVault(recovery_points=points)])
    unknown = Unknown(cause=Cause.ERROR, call="backup:ListRecoveryPointsByBackupVault")
    assert [store.encryption for store in stores] == [unknown, unknown, PROVIDERS]
