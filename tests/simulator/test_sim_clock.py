"""The clock stands still until it is moved; then what was due has happened."""

from datetime import datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from scanner.simulator.aws.world import World


def days(number):
    return timedelta(days=number)


def state(client, key):
    return client("kms", key.region).describe_key(KeyId=key.arn)["KeyMetadata"]["KeyState"]


def gone(client, key):
    with pytest.raises(ClientError, match="NotFoundException"):
        client("kms", key.region).describe_key(KeyId=key.arn)
    return True


def test_the_date_header_is_that_of_the_world(client, world):
    world.advance(days(1))
    read = client("kms").list_keys()
    assert read["ResponseMetadata"]["HTTPHeaders"]["date"] == "Tue, 02 Jun 2026 12:00:00 GMT"


def test_a_scheduled_deletion_comes_true_on_its_day(client, world, add_key):
    key = add_key(alias="old")
    world.schedule_deletion(key, 7)
    world.advance(days(6))
    assert state(client, key) == "PendingDeletion"
    world.advance(days(1))
    assert gone(client, key)
    assert client("kms").list_aliases()["Aliases"] == []


def test_a_cancelled_deletion_leaves_a_disabled_key(client, world, add_key):
    key = add_key(rotation_days=365)
    world.schedule_deletion(key, 7)
    world.cancel_deletion(key)
    world.advance(days(10))
    assert state(client, key) == "Disabled"
    assert client("kms").get_key_rotation_status(KeyId=key.id)["KeyRotationEnabled"]


def test_a_rotation_happens_when_it_is_due_and_sets_the_next(client, world, add_key):
    key, kms = add_key(rotated=(), rotation_days=90, next_rotation=world.clock + days(10)), client("kms")
    first = kms.describe_key(KeyId=key.id)["KeyMetadata"]["CurrentKeyMaterialId"]
    due = world.clock + days(10)
    world.advance(days(101))
    assert [row["RotationDate"] for row in kms.list_key_rotations(KeyId=key.id)["Rotations"]] == [due, due + days(90)]
    assert kms.get_key_rotation_status(KeyId=key.id)["NextRotationDate"] == due + days(180)
    assert kms.describe_key(KeyId=key.id)["KeyMetadata"]["CurrentKeyMaterialId"] != first


def test_a_stuck_rotation_stays_due(client, world, add_key):
    key = add_key(rotated=(), rotation_days=90, next_rotation=world.clock - days(3), rotation_stuck=True)
    world.advance(days(30))
    kms = client("kms")
    assert kms.list_key_rotations(KeyId=key.id)["Rotations"] == []
    assert kms.get_key_rotation_status(KeyId=key.id)["NextRotationDate"] == world.clock - days(33)


def test_a_disabled_key_rotates_when_it_is_enabled_again(client, world, add_key):
    key = add_key(rotated=(), rotation_days=90, next_rotation=world.clock + days(1))
    world.disable(key)
    world.advance(days(5))
    kms = client("kms")
    assert kms.list_key_rotations(KeyId=key.id)["Rotations"] == []
    world.enable(key)
    assert [row["RotationDate"] for row in kms.list_key_rotations(KeyId=key.id)["Rotations"]] == [world.clock]


def test_an_on_demand_rotation_leaves_the_plan_alone(client, world, add_key):
    key, kms = add_key(rotation_days=365), client("kms")
    upcoming = kms.get_key_rotation_status(KeyId=key.id)["NextRotationDate"]
    world.rotate_now(key)
    assert [row["RotationType"] for row in kms.list_key_rotations(KeyId=key.id)["Rotations"]] == ["ON_DEMAND"]
    assert kms.get_key_rotation_status(KeyId=key.id)["NextRotationDate"] == upcoming


def test_rotation_can_be_switched_on_and_off(client, world, add_key):
    key, kms = add_key(), client("kms")
    world.enable_rotation(key, 180)
    assert kms.get_key_rotation_status(KeyId=key.id)["NextRotationDate"] == world.clock + days(180)
    world.disable_rotation(key)
    assert not kms.get_key_rotation_status(KeyId=key.id)["KeyRotationEnabled"]
    with pytest.raises(ValueError, match="cannot be told to rotate"):
        world.enable_rotation(add_key(spec="RSA_2048"))


def test_imported_material_expires_and_can_be_imported_again(client, world, add_key):
    key = add_key(origin="EXTERNAL", expires=world.clock + days(2))
    world.advance(days(2))
    assert state(client, key) == "PendingImport"
    assert "ValidTo" not in client("kms").describe_key(KeyId=key.id)["KeyMetadata"]
    world.import_material(key)
    assert state(client, key) == "Enabled"
    world.delete_material(key)
    assert state(client, key) == "PendingImport"


def test_a_primary_waits_for_its_replicas_before_its_own_period_begins(client, world, add_key):
    primary = add_key(multi_region=True)
    replica = world.add_replica(primary, "us-east-1")
    world.schedule_deletion(primary, 10)
    read = client("kms").describe_key(KeyId=primary.id)["KeyMetadata"]
    assert (read["KeyState"], read["PendingDeletionWindowInDays"]) == ("PendingReplicaDeletion", 10)
    assert "DeletionDate" not in read
    world.schedule_deletion(replica, 7)
    world.advance(days(8))
    read = client("kms").describe_key(KeyId=primary.id)["KeyMetadata"]
    assert gone(client, replica)
    assert (read["KeyState"], read["DeletionDate"]) == ("PendingDeletion", world.clock + days(9))
    world.advance(days(9))
    assert gone(client, primary)


def test_a_replica_follows_the_rotation_of_its_primary(client, world, add_key):
    primary = add_key(multi_region=True, rotated=(), rotation_days=90, next_rotation=world.clock + days(1))
    replica = world.add_replica(primary, "us-east-1")
    world.advance(days(1))
    there = client("kms", "us-east-1").list_key_rotations(KeyId=replica.id)["Rotations"]
    assert [(row["RotationDate"], row["KeyId"]) for row in there] == [(world.clock, replica.arn)]


def test_use_tags_and_policy_change_through_the_world_alone(client, world, add_key):
    key, kms = add_key(tags={"owner": "a", "env": "b"}), client("kms")
    world.use(key, "Encrypt")
    world.tag(key, {"owner": "c"})
    world.untag(key, "env")
    world.put_policy(key, '{"Statement": []}')
    assert kms.get_key_last_usage(KeyId=key.id)["KeyLastUsage"]["Operation"] == "Encrypt"
    assert kms.list_resource_tags(KeyId=key.id)["Tags"] == [{"TagKey": "owner", "TagValue": "c"}]
    assert kms.get_key_policy(KeyId=key.id)["Policy"] == '{"Statement": []}'


def test_time_neither_runs_backwards_nor_lacks_a_zone(world):
    with pytest.raises(ValueError, match="forward"):
        world.advance(days(-1))
    with pytest.raises(ValueError, match="aware"):
        World(datetime(2026, 6, 1))  # noqa: DTZ001 (the mistake that is refused)


def test_a_place_must_exist_before_keys_can_be_put_there(world):
    with pytest.raises(ValueError, match="no region mars-1"):
        world.add_key(account="222222222222", region="mars-1")
