"""The simulator's replies have the members and types of replies recorded from AWS; skipped where the corpus is not."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from scanner.simulator.aws.records import Bucket, Trail

RECORDED = Path(__file__).parents[3] / "shared/corpora/recorded/aws"
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded replies are not on this machine")

NEWER = {"CurrentKeyMaterialId", "KeySpec", "MultiRegion", "CustomerMasterKeySpec", "HasInsightSelectors"}
"""Members that AWS added after some of the recordings were made."""


def recorded(case, name):
    reply = json.loads((RECORDED / case / f"{name}.json").read_text())["data"]
    reply.pop("ResponseMetadata")
    return reply


def validated(test):
    snapshot = json.loads((RECORDED / "validated_snapshots/kms__test_kms.snapshot.json").read_text())
    return next(row["recorded-content"] for name, row in snapshot.items() if name.endswith(f"::{test}"))


def shape(value):
    """Names and types; a list has the shape of its first item, a date that of a date."""
    match value:
        case {"__class__": "datetime"} | "datetime":
            return "datetime"
        case dict():
            return {name: shape(item) for name, item in value.items() if name != "ResponseMetadata"}
        case list():
            return [shape(value[0])] if value else []
        case _:
            return type(value).__name__


def without(shape_, names):
    match shape_:
        case dict():
            return {name: without(item, names) for name, item in shape_.items() if name not in names}
        case list():
            return [without(item, names) for item in shape_]
        case _:
            return shape_


def test_lists_and_descriptions_of_keys(client, add_key):
    key, kms = add_key(description="x"), client("kms")
    assert shape(kms.list_keys()) == shape(recorded("kms_access_denied", "kms.ListKeys_1"))
    ours, theirs = shape(kms.describe_key(KeyId=key.id)), shape(recorded("kms_access_denied", "kms.DescribeKey_2"))
    assert without(ours, NEWER) == without(theirs, NEWER)


@pytest.mark.parametrize(
    ("test", "member", "traits"),
    [
        ("test_non_multi_region_keys_should_not_have_multi_region_properties", None, {}),
        ("test_create_multi_region_key", None, {"multi_region": True}),
        ("test_hmac_create_key", "describe-key", {"spec": "HMAC_256"}),
        ("test_import_key_symmetric", "describe-key-before-import", {"origin": "EXTERNAL", "imported": False}),
        ("test_import_key_symmetric", "describe-key-after-import", {"origin": "EXTERNAL"}),
        ("test_import_key_asymmetric", "describe-key-after-import", {"origin": "EXTERNAL", "spec": "ECC_NIST_P256"}),
    ],
)
def test_a_key_of_each_kind_has_the_members_that_were_validated_against_aws(client, add_key, test, member, traits):
    content = validated(test)
    theirs = content[member] if member else next(iter(content.values()))
    ours = client("kms").describe_key(KeyId=add_key(**traits).id)["KeyMetadata"]
    assert shape(ours) == shape(theirs.get("KeyMetadata", theirs))
    fixed = ("KeyState", "Enabled", "KeyUsage", "Origin", "MultiRegion", "KeySpec", "ExpirationModel")
    words = {name: theirs.get("KeyMetadata", theirs).get(name) for name in fixed}
    assert {name: ours.get(name) for name in fixed} == words


def test_deleted_material_leaves_its_id(client, world, add_key):
    key = add_key(origin="EXTERNAL")
    world.delete_material(key)
    theirs = validated("test_import_key_symmetric")["describe-key-after-deleted-import"]["KeyMetadata"]
    assert shape(client("kms").describe_key(KeyId=key.id)["KeyMetadata"]) == shape(theirs)


def test_rotation_status_and_history(client, add_key):
    key, kms = add_key(rotation_days=90), client("kms")
    theirs = validated("test_key_enable_rotation_status[90]")["match_response"]
    assert shape(kms.get_key_rotation_status(KeyId=key.id)) == shape(theirs)
    ours = shape(kms.list_key_rotations(KeyId=key.id))
    assert ours == shape(recorded("kms_last_rotation_exception_handling", "kms.ListKeyRotations_1"))
    never = kms.list_key_rotations(KeyId=add_key().id)
    assert shape(never) == shape(recorded("kms_last_rotation_exception_handling", "kms.ListKeyRotations_2"))


REFUSALS = (
    ("key_rotation_unsupportedopp", "kms.GetKeyRotationStatus_1", "get_key_rotation_status"),
    ("kms_last_rotation_exception_handling", "kms.ListKeyRotations_3", "list_key_rotations"),
)


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row[2])
def test_refusals_have_the_recorded_code_and_wording(client, world, add_key, row):
    case, name, method = row
    external = add_key(origin="EXTERNAL", imported=False)
    key = external if "unsupported" in case else world.add_aws_key("222222222222", "eu-central-1", "ebs")
    theirs, kms = recorded(case, name)["Error"], client("kms")
    with pytest.raises(kms.exceptions.ClientError) as caught:
        getattr(kms, method)(KeyId=key.id)
    ours = caught.value.response["Error"]
    assert ours["Code"] == theirs["Code"]
    assert ours["Message"].split(":key/")[1][36:] == theirs["Message"].split(":key/")[1][36:]


def test_last_use_aliases_grants_and_tags(client, world, add_key):
    key, kms = add_key(alias="x", tags={"a": "b"}, last_used=world.clock), client("kms")
    assert shape(kms.get_key_last_usage(KeyId=key.id)) == shape(recorded("kms_last_usage", "kms.GetKeyLastUsage_1"))
    aliases = recorded("kms_access_denied", "kms.ListAliases_1")["Aliases"]
    assert shape(kms.list_aliases()["Aliases"][-1]) == shape(aliases[-1])
    world.add_aws_key("222222222222", "eu-central-1", "rds", used=False)
    assert shape(kms.list_aliases()["Aliases"][0]) == shape(aliases[0])
    assert shape(kms.list_grants(KeyId=key.id)) == shape(recorded("kms_grants", "kms.ListGrants_1"))
    assert shape(kms.list_resource_tags(KeyId=key.id)) == shape(recorded("kms_key_tag", "kms.ListResourceTags_1"))


def test_trails_their_status_and_selectors(client, world):
    begun = world.clock - timedelta(days=9)
    traits = {"account": "222222222222", "home_region": "eu-central-1", "bucket": "logs", "created": begun}
    made = world.add_trail(Trail(name="all", logging=False, stopped=begun, **traits))
    cloudtrail = client("cloudtrail")
    ours = shape(cloudtrail.describe_trails())
    assert without(ours, NEWER) == shape(recorded("cloudtrail_is_shadow", "cloudtrail.DescribeTrails_1"))
    assert shape(cloudtrail.get_trail_status(Name=made.arn)) == shape(
        recorded("cloudtrail_status", "cloudtrail.GetTrailStatus_1")
    )
    ours = shape(cloudtrail.get_event_selectors(TrailName=made.arn))
    assert ours == shape(recorded("cloudtrail_event_selectors", "cloudtrail.GetEventSelectors_1"))


def test_bucket_encryption_and_tagged_resources(client, world, add_key):
    add_key(tags={"a": "b"})
    encryption = ("aws:kms", "alias/aws/s3")
    world.add_bucket(Bucket(name="logs", account="222222222222", region="eu-central-1", encryption=encryption))
    ours = client("s3").get_bucket_encryption(Bucket="logs")
    assert shape(ours) == shape(recorded("s3_bucket_encryption_filter_kms", "s3.GetBucketEncryption_1"))
    tagged = client("resourcegroupstaggingapi").get_resources()
    assert shape(tagged) == shape(recorded("kms_key_alias", "tagging.GetResources_1")) | {
        "ResourceTagMappingList": [{"ResourceARN": "str", "Tags": [{"Key": "str", "Value": "str"}]}]
    }
