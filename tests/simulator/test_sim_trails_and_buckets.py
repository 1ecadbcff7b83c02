"""CloudTrail and S3 as the simulator serves them."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from scanner.simulator.aws.records import Bucket, Trail

ACCOUNT, HOME, OTHER = "222222222222", "eu-central-1", "us-east-1"


def trail(world, name, **traits):
    begun = world.clock - timedelta(days=100)
    return world.add_trail(
        Trail(**{"name": name, "account": ACCOUNT, "home_region": HOME, "bucket": "logs", "created": begun, **traits})
    )


def names(client, region, **arguments):
    return [row["Name"] for row in client("cloudtrail", region).describe_trails(**arguments)["trailList"]]


def code(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]["Code"]


def test_a_multi_region_trail_casts_a_shadow_a_single_region_one_does_not(client, world):
    trail(world, "all"), trail(world, "one", multi_region=False)
    assert names(client, HOME) == ["all", "one"]
    assert names(client, OTHER) == ["all"]
    assert names(client, OTHER, includeShadowTrails=False) == []


def test_an_organisation_trail_is_seen_by_every_member(client, world):
    world.add_account("111111111111")
    world.add_organisation("111111111111")
    shared = trail(world, "org", account="111111111111", organisation=True)
    trail(world, "private", account="111111111111")
    listed = client("cloudtrail").describe_trails()["trailList"]
    assert [(row["TrailARN"], row["IsOrganizationTrail"]) for row in listed] == [(shared.arn, True)]
    assert client("cloudtrail").get_trail_status(Name=shared.arn)["IsLogging"]


def test_a_shadow_is_found_by_arn_and_not_by_name(client, world):
    made = trail(world, "all")
    away = client("cloudtrail", OTHER)
    assert away.get_event_selectors(TrailName=made.arn)["TrailARN"] == made.arn
    assert code(away.get_trail_status, Name="all") == "TrailNotFoundException"
    assert names(client, OTHER, trailNameList=[made.arn]) == ["all"]


def test_unset_times_of_a_trail_are_empty_texts(client, world):
    read = client("cloudtrail").get_trail_status(Name=trail(world, "all").arn)
    assert (read["TimeLoggingStopped"], read["LatestNotificationAttemptTime"]) == ("", "")
    assert read["LatestDeliveryTime"] == world.clock - timedelta(minutes=5)
    assert "StopLoggingTime" not in read


def test_a_stopped_trail_and_a_failing_one_say_so(client, world):
    ended = world.clock - timedelta(days=9)
    stopped = trail(world, "stopped", logging=False, stopped=ended)
    failing = trail(world, "failing", delivery_error="AccessDenied", last_delivery=ended)
    cloudtrail = client("cloudtrail")
    read = cloudtrail.get_trail_status(Name=stopped.arn)
    assert (read["IsLogging"], read["StopLoggingTime"], read["LatestDeliveryTime"]) == (False, ended, ended)
    read = cloudtrail.get_trail_status(Name=failing.arn)
    assert (read["LatestDeliveryError"], read["LatestDeliveryTime"]) == ("AccessDenied", ended)


def test_selectors_are_the_default_one_the_basic_or_the_advanced_ones(client, world):
    fields = [{"Field": "eventCategory", "Equals": ["Management"]}]
    plain = trail(world, "plain")
    basic = trail(world, "basic", selectors=[{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}])
    advanced = trail(world, "advanced", advanced_selectors=[{"Name": "all", "FieldSelectors": fields}])
    read = [client("cloudtrail").get_event_selectors(TrailName=made.arn) for made in (plain, basic, advanced)]
    assert read[0]["EventSelectors"][0]["ReadWriteType"] == "All"
    assert read[1]["EventSelectors"][0]["ExcludeManagementEventSources"] == ["kms.amazonaws.com"]
    assert read[2]["AdvancedEventSelectors"][0]["FieldSelectors"] == fields
    assert "EventSelectors" not in read[2]


def test_a_protected_bucket_shows_every_protection(client, world):
    key = "arn:aws:kms:us-east-1:222222222222:key/k"
    world.add_bucket(
        Bucket(
            name="logs.bank",
            account=ACCOUNT,
            region=OTHER,
            versioning="Enabled",
            mfa_delete=True,
            object_lock="COMPLIANCE",
            policy='{"Statement": []}',
            blocks_public=True,
            encryption=("aws:kms", key),
        )
    )
    s3, named = client("s3", OTHER), {"Bucket": "logs.bank"}
    versioning = s3.get_bucket_versioning(**named)
    assert (versioning["Status"], versioning["MFADelete"]) == ("Enabled", "Enabled")
    lock = s3.get_object_lock_configuration(**named)["ObjectLockConfiguration"]
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": 365}
    assert s3.get_bucket_policy(**named)["Policy"] == '{"Statement": []}'
    assert s3.get_bucket_policy_status(**named)["PolicyStatus"] == {"IsPublic": False}
    assert all(s3.get_public_access_block(**named)["PublicAccessBlockConfiguration"].values())
    rule = s3.get_bucket_encryption(**named)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}


def test_what_a_bucket_never_had_is_an_error_of_its_own(client, world):
    world.add_bucket(Bucket(name="bare", account=ACCOUNT, region=HOME, encryption=None))
    s3 = client("s3")
    assert "Status" not in s3.get_bucket_versioning(Bucket="bare")
    calls = {
        s3.get_object_lock_configuration: "ObjectLockConfigurationNotFoundError",
        s3.get_bucket_policy: "NoSuchBucketPolicy",
        s3.get_bucket_policy_status: "NoSuchBucketPolicy",
        s3.get_public_access_block: "NoSuchPublicAccessBlockConfiguration",
        s3.get_bucket_encryption: "ServerSideEncryptionConfigurationNotFoundError",
    }
    assert {call: code(call, Bucket="bare") for call in calls} == calls


def test_a_bucket_is_asked_in_its_own_region_by_its_own_account(client, world):
    world.add_account("111111111111")
    world.add_bucket(Bucket(name="away", account=ACCOUNT, region=OTHER))
    world.add_bucket(Bucket(name="foreign", account="111111111111", region=HOME))
    s3 = client("s3")
    s3.get_bucket_versioning(Bucket="away")
    assert [(call.region, call.status) for call in world.calls] == [(HOME, 301), (OTHER, 200)]
    assert code(s3.get_bucket_policy, Bucket="foreign") == "AccessDenied"
    assert code(s3.get_bucket_policy, Bucket="nowhere") == "NoSuchBucket"


def test_the_location_is_empty_for_the_oldest_region(client, world):
    world.add_bucket(Bucket(name="here", account=ACCOUNT, region=HOME))
    world.add_bucket(Bucket(name="there", account=ACCOUNT, region=OTHER))
    s3 = client("s3")
    assert s3.get_bucket_location(Bucket="here")["LocationConstraint"] == HOME
    assert s3.get_bucket_location(Bucket="there")["LocationConstraint"] is None
