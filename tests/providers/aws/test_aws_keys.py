"""Keys of one region: what is asked, what is skipped with its reason, and that no key or group hides another."""

from datetime import UTC, datetime, timedelta

import pytest
from collecting import collect
from fake_aws import Answer, error, page
from small_estate import CREATED, ROTATED, arn_of

from scanner.model.key import KeyState, KeyType, Manager, MultiRegionRole, RotationKind
from scanner.model.scope import Listing, ScopeStatus
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown

DENIED = error("AccessDeniedException")
PER_KEY = (
    "DescribeKey",
    "GetKeyPolicy",
    "ListGrants",
    "GetKeyLastUsage",
    "GetKeyRotationStatus",
    "ListKeyRotations",
)


def asked_of(endpoint, name):
    return sorted(call.operation for call in endpoint.calls if call.params.get("KeyId") == arn_of(name))


def test_every_group_of_a_symmetric_key_is_read_in_six_calls(endpoint):
    key = collect(endpoint).key("sym-1")

    assert asked_of(endpoint, "sym-1") == sorted(PER_KEY)
    assert key.metadata.state is KeyState.ENABLED
    assert key.metadata.created_at == datetime.fromtimestamp(CREATED, UTC)
    assert key.rotation.period == timedelta(days=180)
    assert [(event.how, event.material) for event in key.rotation_history.events] == [(RotationKind.AUTOMATIC, "m-2")]
    assert key.rotation_history.events[0].at == datetime.fromtimestamp(ROTATED, UTC)
    assert key.grants.items[0].context_equals == {"app": "cards"}
    assert key.grants.items[0].name is None
    assert key.aliases.names == ("alias/cards",)
    assert key.tags.items == {"Purpose": "cards", "owner": "payments"}
    assert key.last_use.operation == "Decrypt"
    assert isinstance(key.key_store, Inapplicable)
    assert {item.group for item in key.evidence} == {
        "metadata",
        "rotation",
        "rotation_history",
        "policy",
        "grants",
        "aliases",
        "tags",
        "last_use",
    }


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ({"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}, KeyType.ASYMMETRIC),
        ({"KeySpec": "ML_DSA_65", "KeyUsage": "SIGN_VERIFY"}, KeyType.ASYMMETRIC),
        ({"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}, KeyType.MAC),
    ],
)
def test_a_key_that_cannot_rotate_takes_four_calls_and_says_why(estate, endpoint, description, kind):
    estate.add_key("other", **description)

    key = collect(endpoint).key("other")

    assert asked_of(endpoint, "other") == sorted(PER_KEY[:4])
    assert key.metadata.type is kind
    assert isinstance(key.rotation, Inapplicable)
    assert "do not rotate" in key.rotation.reason
    assert isinstance(key.rotation_history, Inapplicable)


@pytest.mark.parametrize("origin", ["EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"])
def test_foreign_material_has_a_history_but_no_automatic_rotation(estate, endpoint, origin):
    estate.add_key("foreign", Origin=origin)

    key = collect(endpoint).key("foreign")

    assert asked_of(endpoint, "foreign") == sorted(set(PER_KEY) - {"GetKeyRotationStatus"})
    assert isinstance(key.rotation, Inapplicable)
    assert key.rotation_history.events
    assert key.source["Origin"] == origin


def test_a_key_that_aws_manages_is_only_described(estate, endpoint):
    estate.add_key("managed", KeyManager="AWS")

    key = collect(endpoint).key("managed")

    assert asked_of(endpoint, "managed") == ["DescribeKey"]
    assert key.metadata.manager is Manager.PROVIDER
    assert all(
        isinstance(group, OutOfScope)
        for group in (key.policy, key.grants, key.last_use, key.rotation, key.rotation_history)
    )
    assert key.policy.call == "kms:GetKeyPolicy"


def test_a_kind_of_key_unknown_to_us_is_kept_in_its_own_words(estate, endpoint):
    estate.add_key("new", KeySpec="QUANTUM_1", KeyUsage="ENTANGLE", KeyState="Superposed", Origin="ELSEWHERE")

    key = collect(endpoint).key("new")

    assert key.metadata.state is KeyState.UNAVAILABLE
    assert key.metadata.type is KeyType.UNRECOGNISED
    assert key.rotation == Unknown(cause=Cause.UNSUPPORTED, call="kms:GetKeyRotationStatus")
    assert len(asked_of(endpoint, "new")) == 4
    assert key.source == {
        "KeyState": "Superposed",
        "KeySpec": "QUANTUM_1",
        "KeyUsage": "ENTANGLE",
        "Origin": "ELSEWHERE",
        "KeyManager": "CUSTOMER",
    }


def test_a_replica_names_its_primary_and_is_asked_for_rotation_too(estate, endpoint):
    configuration = {
        "MultiRegionKeyType": "REPLICA",
        "PrimaryKey": {"Arn": arn_of("mrk-1", region="us-east-1"), "Region": "us-east-1"},
        "ReplicaKeys": [{"Arn": arn_of("mrk-1"), "Region": "eu-central-1"}],
    }
    estate.add_key("mrk-1", MultiRegion=True, MultiRegionConfiguration=configuration)

    key = collect(endpoint).key("mrk-1")

    assert key.metadata.multi_region is MultiRegionRole.REPLICA
    assert key.metadata.primary == arn_of("mrk-1", region="us-east-1")
    assert key.metadata.replicas == (arn_of("mrk-1"),)
    assert key.rotation.enabled


@pytest.mark.parametrize(
    ("operation", "group"),
    [
        ("DescribeKey", "metadata"),
        ("GetKeyPolicy", "policy"),
        ("ListGrants", "grants"),
        ("GetKeyLastUsage", "last_use"),
        ("GetKeyRotationStatus", "rotation"),
        ("ListKeyRotations", "rotation_history"),
    ],
)
def test_a_denied_call_hides_its_own_group_of_its_own_key_alone(estate, endpoint, operation, group):
    estate.add_key("sym-2")
    untouched = collect(endpoint).key("sym-1")
    estate.faults[operation, "sym-2"] = DENIED

    collected = collect(endpoint)

    unknown = Unknown(cause=Cause.DENIED, call=f"kms:{operation}")
    denied, other = collected.key("sym-2"), collected.key("sym-1")
    expected = {group, "key_store", "deletion_request"} if group == "metadata" else {group}
    assert {name for name in untouched.__struct_fields__ if getattr(denied, name) == unknown} == expected
    assert not [name for name in other.__struct_fields__ if isinstance(getattr(other, name), Unknown)]
    assert (other.policy, other.grants) == (untouched.policy, untouched.grants)
    assert collected.calls(f"kms:{operation}").denied == 1
    assert [item.call for item in denied.evidence if item.group == group] == [f"kms:{operation}"]


def test_a_key_that_cannot_be_described_is_still_asked_for_everything_else(estate, endpoint):
    estate.faults["DescribeKey", "sym-1"] = DENIED
    estate.faults["GetKeyRotationStatus", "sym-1"] = error("UnsupportedOperationException")

    key = collect(endpoint).key("sym-1")

    assert asked_of(endpoint, "sym-1") == sorted(PER_KEY)
    assert key.policy.document
    assert isinstance(key.rotation, Inapplicable)
    assert "UnsupportedOperationException" in key.rotation.reason
    assert key.source == {}


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (error("ThrottlingException"), Cause.THROTTLED),
        (error("KMSInternalException", 500), Cause.ERROR),
        (error("NotFoundException"), Cause.ERROR),
        (error("ExpiredTokenException"), Cause.ERROR),
        (error("a code: with <b>free</b> text"), Cause.ERROR),
        (Answer(body=b'{"Policy": '), Cause.ERROR),
        (Answer(body=b"[1]"), Cause.ERROR),
        (Answer(body=b"{}"), Cause.ERROR),
        (Answer(body=b'{"Policy": 7}'), Cause.ERROR),
        (Answer(body=b'{"Policy": "not json"}'), Cause.ERROR),
        (Answer(body=b'{"Policy": "[1]"}'), Cause.ERROR),
        (Answer(body=b'{"Policy": "{}"}', cut=4), Cause.ERROR),
        (Answer(body=b"", reset=True), Cause.ERROR),
        (Answer(body=b"<html>proxy</html>", status=502), Cause.ERROR),
        (Answer(body=b"<html>forbidden</html>", status=403), Cause.ERROR),
    ],
)
def test_each_way_to_fail_has_its_cause(estate, endpoint, fault, cause):
    estate.faults["GetKeyPolicy", "sym-1"] = fault

    key = collect(endpoint).key("sym-1")

    assert key.policy == Unknown(cause=cause, call="kms:GetKeyPolicy")
    assert key.rotation.enabled


def test_throttling_that_ends_in_time_is_counted_and_nothing_is_lost(estate, endpoint):
    replies = iter([error("ThrottlingException"), error("ThrottlingException")])
    estate.faults["GetKeyPolicy", "sym-1"] = lambda _: next(replies, None)

    collected = collect(endpoint, max_attempts=4)

    assert collected.key("sym-1").policy.document
    count = collected.calls("kms:GetKeyPolicy")
    assert (count.calls, count.retries, count.throttled, count.failed) == (1, 2, 2, 0)
    assert ("called", "111122223333", "eu-central-1", "kms:GetKeyPolicy", 2) in collected.progress.heard


@pytest.mark.parametrize("refusal", [page(404), page(500), page(501), error("UnknownOperationException")])
def test_an_operation_the_endpoint_lacks_is_asked_twice_and_never_again(estate, endpoint, refusal):
    for number in range(2, 9):
        estate.add_key(f"sym-{number}")
    estate.faults["GetKeyLastUsage", None] = refusal

    collected = collect(endpoint, max_attempts=3)

    assert len(endpoint.asked("GetKeyLastUsage")) == 2
    lacking = Unknown(cause=Cause.UNSUPPORTED, call="kms:GetKeyLastUsage")
    keys = collected.shard().keys
    assert [key.last_use for key in keys] == [lacking] * 8
    assert {item.raw for key in keys for item in key.evidence if item.group == "last_use"} == {"kms.GetKeyLastUsage/1"}
    count = collected.calls("kms:GetKeyLastUsage")
    assert (count.calls, count.retries, count.failed) == (1, 1, 1)


def test_an_error_page_for_one_key_after_a_success_is_that_keys_error(estate, endpoint):
    estate.add_key("sym-2")
    estate.faults["GetKeyLastUsage", "sym-2"] = page(500)

    collected = collect(endpoint, concurrency=1)

    assert collected.key("sym-2").last_use == Unknown(cause=Cause.ERROR, call="kms:GetKeyLastUsage")
    assert collected.key("sym-1").last_use.operation == "Decrypt"


def test_a_denied_listing_leaves_the_scope_with_an_unknown(estate, endpoint):
    estate.faults["ListKeys", None] = DENIED

    shard = collect(endpoint).shard()

    assert shard.scope.keys == Unknown(cause=Cause.DENIED, call="kms:ListKeys")
    assert shard.scope.status is ScopeStatus.SCANNED
    assert shard.keys == ()
    assert shard.audit.trails.items
    assert "kms.ListKeys/1" in {item.raw for item in shard.scope.evidence}


def test_pages_follow_each_other_to_the_end(estate, endpoint):
    estate.page_size = 3
    for number in range(2, 9):
        estate.add_key(f"sym-{number}")
        estate.tags[arn_of(f"sym-{number}")] = {"owner": str(number)}

    collected = collect(endpoint)

    assert collected.shard().scope.keys == Listing(listed=8, pages=3)
    assert [key.tags.items["owner"] for key in collected.shard().keys] == ["payments", *"2345678"]
    count = collected.calls("kms:ListKeys")
    assert (count.calls, count.pages) == (1, 3)
    assert {"kms.ListKeys/1", "kms.ListKeys/2", "kms.ListKeys/3"} <= collected.raw().keys()


def test_a_listing_that_breaks_on_its_third_page_keeps_the_keys_seen(estate, endpoint):
    estate.page_size = 3
    for number in range(2, 9):
        estate.add_key(f"sym-{number}")
    estate.faults["ListKeys", None] = lambda call: DENIED if call.params.get("Marker") == "6" else None

    shard = collect(endpoint).shard()

    assert shard.scope.keys == Unknown(cause=Cause.DENIED, call="kms:ListKeys")
    assert len(shard.keys) == 6
    assert all(key.policy.document for key in shard.keys)


@pytest.mark.parametrize(
    "broken",
    [
        {"Keys": [], "Truncated": True},
        {"Keys": [], "Truncated": True, "NextMarker": "again"},
        {"Truncated": False},
        {"Keys": [{"KeyId": "no-arn"}], "Truncated": False},
    ],
)
def test_a_listing_that_never_ends_or_says_nothing_is_no_listing(estate, endpoint, broken):
    estate.faults["ListKeys", None] = lambda _: broken

    shard = collect(endpoint).shard()

    assert shard.scope.keys == Unknown(cause=Cause.ERROR, call="kms:ListKeys")
    assert len(endpoint.asked("ListKeys")) <= 2


def test_tags_are_unknown_for_every_key_when_their_listing_broke_off(estate, endpoint):
    estate.page_size = 1
    estate.add_key("sym-2")
    estate.tags[arn_of("sym-2")] = {"owner": "x"}
    estate.faults["GetResources", None] = lambda call: DENIED if call.params.get("PaginationToken") else None

    keys = collect(endpoint).shard().keys

    assert [key.tags for key in keys] == [Unknown(cause=Cause.DENIED, call="tag:GetResources")] * 2
    assert keys[0].aliases.names == ("alias/cards",)


def test_a_key_missing_from_a_whole_listing_is_untagged(estate, endpoint):
    estate.add_key("bare")

    assert collect(endpoint).key("bare").tags.items == {}


def test_custom_stores_are_listed_once_and_only_when_a_key_is_in_one(estate, endpoint):
    collect(endpoint)
    assert not endpoint.asked("DescribeCustomKeyStores")
    estate.add_key("hsm-1", Origin="AWS_CLOUDHSM", CustomKeyStoreId="cks-1")
    estate.add_key("hsm-2", Origin="AWS_CLOUDHSM", CustomKeyStoreId="cks-gone")
    estate.stores = [
        {"CustomKeyStoreId": "cks-1", "ConnectionState": "FAILED", "ConnectionErrorCode": "CLUSTER_NOT_FOUND"},
    ]

    collected = collect(endpoint)

    assert len(endpoint.asked("DescribeCustomKeyStores")) == 1
    assert not collected.key("hsm-1").key_store.connected
    assert collected.key("hsm-1").key_store.error == "CLUSTER_NOT_FOUND"
    assert collected.key("hsm-2").key_store == Unknown(cause=Cause.ERROR, call="kms:DescribeCustomKeyStores")
    assert isinstance(collected.key("sym-1").key_store, Inapplicable)


def test_pacing_is_by_permission_name(estate, endpoint):
    from time import monotonic  # noqa: PLC0415 (only here)

    estate.add_key("sym-2")
    estate.add_key("sym-3")
    began = monotonic()

    collect(endpoint, rate_limiter=True, rate_limits={"kms:GetKeyPolicy": 4.0, "kms:ListKeyRotations": 1.0})

    assert 1.9 < monotonic() - began < 6
