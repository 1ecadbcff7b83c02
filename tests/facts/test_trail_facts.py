import json
from datetime import timedelta
from pathlib import Path

import pytest

from records import AS_OF, REGION, alone, audit, cannot_exist, evidence, key, shard, trail, unread, view
from scanner.facts.account_region import derive_account_region
from scanner.facts.selectors import KEY_SERVICE, SOME_SERVICE, records_changes
from scanner.facts.subjects import TrailFacts
from scanner.facts.trails import derive_trail
from scanner.model.trail import (
    AdvancedSelector,
    BasicSelector,
    BucketExposure,
    BucketVersioning,
    FieldSelector,
    ObjectLock,
    PublicAccessBlock,
    ReadWrite,
    Selectors,
    Trail,
    TrailStatus,
)
from scanner.model.unknown import Cause

OPEN = unread("selectors", Cause.UNSUPPORTED)
RECORDED = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "recorded" / "aws"
KMS = "kms.amazonaws.com"


def basic(read_write: ReadWrite = ReadWrite.ALL, *excluded: str, management: bool = True) -> Selectors:
    selector = BasicSelector(read_write=read_write, management=management, excluded_sources=excluded)
    return Selectors(basic=(selector,), advanced=())


def field(name: str, **comparisons: tuple[str, ...]) -> FieldSelector:
    unused = dict.fromkeys(("equals", "starts_with", "ends_with", "not_equals", "not_starts_with", "not_ends_with"), ())
    return FieldSelector(field=name, **{**unused, **comparisons})


MANAGEMENT = field("eventCategory", equals=("Management",))


def advanced(*selectors: tuple[FieldSelector, ...]) -> Selectors:
    return Selectors(basic=(), advanced=tuple(AdvancedSelector(fields=fields) for fields in selectors))


def answers(selectors: Selectors) -> tuple[object, object]:
    """For the key service, and for services in general."""
    return records_changes(selectors, KEY_SERVICE), records_changes(selectors, SOME_SERVICE)


def test_a_trail_without_selectors_records_every_management_event() -> None:
    assert answers(Selectors(basic=(), advanced=())) == (True, True)


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        (basic(), (True, True)),
        (basic(ReadWrite.WRITE), (True, True)),
        (basic(ReadWrite.READ), (False, False)),
        (basic(management=False), (False, False)),
        (basic(ReadWrite.ALL, "KMS.amazonaws.com"), (False, True)),
        (basic(ReadWrite.ALL, "rdsdata.amazonaws.com"), (True, True)),
        (basic(ReadWrite.UNRECOGNISED), (OPEN, OPEN)),
        (basic(ReadWrite.UNRECOGNISED, KMS), (False, OPEN)),
    ],
)
def test_basic_selectors(selectors: Selectors, expected: tuple[object, object]) -> None:
    assert answers(selectors) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ((MANAGEMENT,), (True, True)),
        ((), (False, False)),
        ((field("readOnly", equals=("false",)),), (False, False)),
        ((field("eventCategory", equals=("Data",)),), (False, False)),
        ((MANAGEMENT, field("readOnly", equals=("false",))), (True, True)),
        ((MANAGEMENT, field("readOnly", equals=("true",))), (False, False)),
        ((MANAGEMENT, field("eventSource", not_equals=(KMS,))), (False, True)),
        ((MANAGEMENT, field("eventSource", not_equals=("rdsdata.amazonaws.com",))), (True, True)),
        ((MANAGEMENT, field("eventSource", equals=(KMS, "s3.amazonaws.com"))), (True, False)),
        ((MANAGEMENT, field("eventSource", equals=("s3.amazonaws.com",))), (False, False)),
        ((MANAGEMENT, field("eventSource", starts_with=("kms.",))), (True, False)),
        ((MANAGEMENT, field("eventSource", ends_with=("amazonaws.com",))), (True, True)),
        ((MANAGEMENT, field("eventSource", not_starts_with=("km",))), (False, True)),
        ((MANAGEMENT, field("eventSource", not_ends_with=(".com",))), (False, False)),
        ((MANAGEMENT, field("eventSource", equals=("s3.amazonaws.com",), starts_with=("kms",))), (True, False)),
        ((MANAGEMENT, field("eventSource", ends_with=(".com",), not_equals=(KMS,))), (False, True)),
        ((MANAGEMENT, field("userIdentity.arn", not_starts_with=("arn",))), (OPEN, OPEN)),
        ((MANAGEMENT, field("eventName", equals=("Decrypt",)), field("eventSource", not_equals=(KMS,))), (False, OPEN)),
    ],
)
def test_fields_of_an_advanced_selector_must_all_match(
    fields: tuple[FieldSelector, ...], expected: tuple[object, object]
) -> None:
    assert answers(advanced(fields)) == expected


def test_one_selector_that_takes_the_events_is_enough() -> None:
    data, odd = (field("eventCategory", equals=("Data",)),), (MANAGEMENT, field("eventName", equals=("x",)))
    assert answers(advanced(data, odd, (MANAGEMENT,))) == (True, True)
    assert answers(advanced(odd, data)) == (OPEN, OPEN)


def facts(**changes: object) -> TrailFacts:
    return derive_trail(trail(**changes), AS_OF, alone(key()))


def status(**changes: object) -> TrailStatus:
    default = {
        "logging": True,
        "latest_delivery_at": None,
        "latest_delivery_error": None,
        "latest_digest_at": None,
        "latest_stream_delivery_at": None,
        "latest_stream_delivery_error": None,
    }
    return TrailStatus(**{**default, **changes})


def test_a_trail_is_effective_when_it_runs_and_records_key_changes() -> None:
    assert facts().effective is True
    assert facts(status=status(logging=False), selectors=unread("selectors")).effective is False
    assert facts(status=unread("status"), selectors=basic(ReadWrite.READ)).effective is False
    assert facts(selectors=unread("selectors")).effective == unread("selectors")


def test_delivery_shows_its_age_and_its_last_error() -> None:
    assert (facts().delivery_age, facts().delivery_failing) == (timedelta(hours=1), False)
    never = facts(status=status(latest_delivery_error="NoSuchBucket"))
    assert (never.delivery_age, never.delivery_failing) == (None, True)


@pytest.mark.parametrize(
    ("lock", "locked", "mode"),
    [
        (ObjectLock(enabled=True, mode="COMPLIANCE", days=1), True, "compliance"),
        (ObjectLock(enabled=True, mode="GOVERNANCE", days=1), True, "governance"),
        (ObjectLock(enabled=True, mode=None, days=None), False, None),
        (ObjectLock(enabled=False, mode="COMPLIANCE", days=1), False, None),
        (ObjectLock(enabled=True, mode="LATER", days=1), unread("object_lock", Cause.UNSUPPORTED), "later"),
        (unread("object_lock"), unread("object_lock"), unread("object_lock")),
    ],
)
def test_a_lock_needs_a_default_retention(lock: object, locked: object, mode: object) -> None:
    assert (facts(object_lock=lock).bucket_locked, facts(object_lock=lock).bucket_lock_mode) == (locked, mode)


@pytest.mark.parametrize("hole", ["block_acls", "ignore_acls", "block_policy", "restrict_buckets"])
def test_a_bucket_is_private_when_all_four_blocks_hold_and_no_policy_opens_it(hole: str) -> None:
    whole = dict.fromkeys(("block_acls", "ignore_acls", "block_policy", "restrict_buckets"), True)
    holed = PublicAccessBlock(**{**whole, hole: False})
    assert facts().bucket_private is True
    assert facts(public_access_block=holed, bucket_exposure=unread("bucket_exposure")).bucket_private is False
    assert facts(bucket_exposure=BucketExposure(public_policy=True)).bucket_private is False
    assert facts(public_access_block=unread("public_access_block")).bucket_private == unread("public_access_block")


def test_versioning_and_validation_are_shown_as_read() -> None:
    assert facts(bucket_versioning=BucketVersioning(enabled=False, mfa_delete=False)).bucket_versioned is False
    assert facts(log_validation=False).log_validation is False


def covering(*trails: Trail) -> list[str]:
    region = derive_account_region(audit(*trails), alone(key()), AS_OF)
    assert isinstance(region.trails, tuple)
    return [item.name for item in region.trails]


def test_only_trails_that_cover_the_region_count() -> None:
    everywhere = trail(name="everywhere", home_region="us-east-1")
    here = trail(name="here", multi_region=False)
    elsewhere = trail(name="elsewhere", multi_region=False, home_region="us-east-1")
    assert covering(elsewhere, everywhere, here) == ["everywhere", "here"]


def test_an_organisation_trail_of_another_account_covers() -> None:
    assert covering(trail(name="org", organisation=True, account="999988887777")) == ["org"]


def test_unread_trails_stay_unread_and_keep_the_listing_evidence() -> None:
    for trails, expected in (
        (unread("trails"), unread("trails")),
        (cannot_exist("trails"), unread("trails", Cause.NOT_COLLECTED)),
    ):
        region = derive_account_region(audit(trails=trails), view(shard(inventory=None)), AS_OF)
        assert (region.trails, region.evidence) == (expected, (evidence("trails"),))
        assert (region.name, region.region) == (f"retail {REGION}", REGION)


def recorded(case: str) -> Selectors:
    data = json.loads((RECORDED / case / "cloudtrail.GetEventSelectors_1.json").read_text())["data"]
    modes = {"All": ReadWrite.ALL, "ReadOnly": ReadWrite.READ, "WriteOnly": ReadWrite.WRITE}
    return Selectors(
        basic=tuple(
            BasicSelector(
                read_write=modes[one["ReadWriteType"]],
                management=one["IncludeManagementEvents"],
                excluded_sources=tuple(one.get("ExcludeManagementEventSources", ())),
            )
            for one in data.get("EventSelectors", ())
        ),
        advanced=tuple(
            AdvancedSelector(
                fields=tuple(
                    field(
                        part["Field"],
                        equals=tuple(part.get("Equals", ())),
                        not_equals=tuple(part.get("NotEquals", ())),
                    )
                    for part in one["FieldSelectors"]
                )
            )
            for one in data.get("AdvancedEventSelectors", ())
        ),
    )


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the corpora are not beside this checkout")
@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("cloudtrail_success_management_advanced_events_included", (True, True)),
        ("cloudtrail_fail_management_advanced_events_included", (False, True)),
        ("cloudtrail_fail_include_management_events", (False, False)),
    ],
)
def test_recorded_selectors(case: str, expected: tuple[bool, bool]) -> None:
    assert answers(recorded(case)) == expected
