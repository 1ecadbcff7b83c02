"""Trails and their buckets: asked about once, where they are kept, and seen from every region they cover."""

import pytest
from collecting import collect
from fake_aws import Answer, error, s3_error
from small_estate import BUCKET, HUB, OTHER_REGION, REGION, TRAIL

from scanner.model.trail import BucketExposure, ObjectLock, PublicAccessBlock
from scanner.model.unknown import Cause, Unknown

BUCKET_GROUPS = {
    "GetBucketVersioning": ("bucket_versioning", "s3:GetBucketVersioning"),
    "GetObjectLockConfiguration": ("object_lock", "s3:GetBucketObjectLockConfiguration"),
    "GetPublicAccessBlock": ("public_access_block", "s3:GetBucketPublicAccessBlock"),
    "GetBucketPolicyStatus": ("bucket_exposure", "s3:GetBucketPolicyStatus"),
}


def trail_of(collected, region=REGION):
    return collected.shard(HUB, region).audit.trails.items[0]


def test_a_trail_is_asked_about_once_and_seen_everywhere(endpoint):
    collected = collect(endpoint, regions=(REGION, OTHER_REGION))

    assert trail_of(collected, REGION) == trail_of(collected, OTHER_REGION)
    for operation in ("GetTrailStatus", "GetEventSelectors", *BUCKET_GROUPS):
        assert [call.region for call in endpoint.asked(operation)] == [REGION]
    for region in (REGION, OTHER_REGION):
        shard = collected.shard(HUB, region)
        named = {item.raw for item in (*shard.audit.evidence, *trail_of(collected, region).evidence)}
        assert named <= collected.raw(HUB, region).keys()


def test_a_trail_kept_in_a_region_that_is_not_read_is_asked_about_there(endpoint):
    collected = collect(endpoint, regions=(OTHER_REGION,))

    assert [call.region for call in endpoint.asked("GetTrailStatus")] == [REGION]
    assert trail_of(collected, OTHER_REGION).status.logging
    assert collected.calls("cloudtrail:GetTrailStatus", HUB, OTHER_REGION).calls == 1


def test_a_bucket_that_says_there_is_none_is_an_answer(endpoint):
    collected = collect(endpoint)

    trail = trail_of(collected)
    assert trail.id == TRAIL
    assert trail.bucket == BUCKET
    assert trail.bucket_versioning.enabled
    assert trail.object_lock == ObjectLock(enabled=False, mode=None, days=None)
    assert trail.public_access_block == PublicAccessBlock(
        block_acls=False, ignore_acls=False, block_policy=False, restrict_buckets=False
    )
    assert trail.bucket_exposure == BucketExposure(public_policy=False)
    assert trail.status.latest_delivery_error is None
    assert collected.calls("s3:GetBucketPolicyStatus").failed == 0


@pytest.mark.parametrize("operation", BUCKET_GROUPS)
def test_a_bucket_that_denies_one_call_hides_that_group_alone(estate, endpoint, operation):
    estate.faults[operation, BUCKET] = s3_error("AccessDenied", 403)
    group, call = BUCKET_GROUPS[operation]

    trail = trail_of(collect(endpoint))

    unknown = [name for name in trail.__struct_fields__ if isinstance(getattr(trail, name), Unknown)]
    assert unknown == [group]
    assert getattr(trail, group) == Unknown(cause=Cause.DENIED, call=call)


def test_a_bucket_that_is_gone_is_not_a_bucket_without_protection(estate, endpoint):
    for operation in BUCKET_GROUPS:
        estate.faults[operation, BUCKET] = s3_error("NoSuchBucket")

    trail = trail_of(collect(endpoint))

    assert {getattr(trail, group).cause for group, _ in BUCKET_GROUPS.values()} == {Cause.ERROR}


def test_protection_that_is_set_is_read(estate, endpoint):
    lock = (
        b"<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>"
        b"<Mode>COMPLIANCE</Mode><Years>2</Years></DefaultRetention></Rule></ObjectLockConfiguration>"
    )
    block = (
        b"<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true"
        b"</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>false"
        b"</RestrictPublicBuckets></PublicAccessBlockConfiguration>"
    )
    estate.faults["GetObjectLockConfiguration", None] = Answer(body=lock)
    estate.faults["GetPublicAccessBlock", None] = Answer(body=block)
    estate.faults["GetBucketPolicyStatus", None] = Answer(
        body=b"<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>"
    )

    trail = trail_of(collect(endpoint))

    assert trail.object_lock == ObjectLock(enabled=True, mode="compliance", days=730)
    assert trail.public_access_block.block_policy
    assert not trail.public_access_block.restrict_buckets
    assert trail.bucket_exposure.public_policy


def test_advanced_selectors_are_read_field_by_field(estate, endpoint):
    fields = [
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]},
    ]
    estate.faults["GetEventSelectors", None] = lambda _: {"AdvancedEventSelectors": [{"FieldSelectors": fields}]}

    selectors = trail_of(collect(endpoint)).selectors

    assert selectors.basic == ()
    assert [field.not_equals for field in selectors.advanced[0].fields] == [(), ("kms.amazonaws.com",)]


def test_trails_denied_in_one_region_are_unknown_there_alone(estate, endpoint):
    estate.faults["DescribeTrails", OTHER_REGION] = error("AccessDeniedException")

    collected = collect(endpoint, regions=(REGION, OTHER_REGION))

    denied = collected.shard(HUB, OTHER_REGION).audit.trails
    assert denied == Unknown(cause=Cause.DENIED, call="cloudtrail:DescribeTrails")
    assert trail_of(collected).status.logging


def test_a_bucket_in_another_region_is_followed_there(estate, endpoint):
    elsewhere = Answer(
        status=301,
        body=b"<Error><Code>PermanentRedirect</Code><Message>free</Message></Error>",
        headers={"x-amz-bucket-region": "eu-west-1"},
    )
    estate.faults["GetBucketVersioning", None] = lambda call: elsewhere if call.region == REGION else None

    collected = collect(endpoint)

    assert trail_of(collected).bucket_versioning.enabled
    assert [call.region for call in endpoint.asked("GetBucketVersioning")] == [REGION, "eu-west-1"]
    assert not [call for call in endpoint.calls if call.operation == "HeadBucket"]


def test_a_redirect_that_does_not_say_where_to_is_not_followed_by_other_means(estate, endpoint):
    estate.faults["GetBucketVersioning", None] = Answer(
        status=301, body=b"<Error><Code>PermanentRedirect</Code><Message>free</Message></Error>"
    )

    trail = trail_of(collect(endpoint))

    assert trail.bucket_versioning == Unknown(cause=Cause.ERROR, call="s3:GetBucketVersioning")
