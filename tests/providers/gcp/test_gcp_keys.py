"""Keys of Google Cloud as they are read: groups, states, rotation, and what a failed call hides."""

from datetime import timedelta

import pytest
from simulated_gcp import HOME, INVENTORY, PROJECT, collect, fail, small_world

from scanner.model.key import (
    KeyState,
    KeyType,
    KeyUsage,
    Metadata,
    Origin,
    ProtectionLevel,
    Rotation,
    RotationHistory,
    Versions,
)
from scanner.model.permission import Bindings
from scanner.model.scope import Listing
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown
from scanner.simulator.gcp.faults import Effect
from scanner.simulator.gcp.world import binding, policy

VERSIONS = "cloudkms.cryptoKeyVersions.list"
RING = f"projects/{PROJECT}/locations/{HOME}/keyRings/cards"


@pytest.fixture
def world():
    return small_world()


def ring_of(world):
    return world.estate.rings[RING]


def test_a_rotating_key_is_read_with_its_versions(world):
    key = collect(world).key("key-0")

    assert isinstance(key.metadata, Metadata)
    assert (key.metadata.state, key.metadata.type, key.metadata.origin) == (
        KeyState.ENABLED,
        KeyType.SYMMETRIC,
        Origin.PROVIDER,
    )
    assert isinstance(key.rotation, Rotation)
    assert (key.rotation.enabled, key.rotation.period) == (True, timedelta(days=90))
    assert isinstance(key.versions, Versions)
    assert [version.word for version in key.versions.items] == ["ENABLED"] * 3
    assert key.versions.primary == key.versions.items[2].id
    assert isinstance(key.rotation_history, RotationHistory)
    assert [event.material for event in key.rotation_history.events] == [item.id for item in key.versions.items[1:]]
    assert key.container == RING
    assert key.metadata.destroy_after == timedelta(days=30)


def test_a_rotation_that_was_never_set_is_off_and_not_zero(world):
    world.key(ring_of(world), "still", age_days=10)

    key = collect(world).key("still")

    assert key.rotation == Rotation(enabled=False, period=None, next_at=None)


def test_keys_that_cannot_rotate_by_themselves_have_no_such_setting(world):
    ring = ring_of(world)
    world.key(ring, "signing", purpose="ASYMMETRIC_SIGN")
    world.key(ring, "raw", purpose="RAW_ENCRYPT_DECRYPT")
    world.key(ring, "brought", import_only=True)
    world.key(ring, "elsewhere", protection="EXTERNAL", backend="")

    found = collect(world)

    assert all(
        isinstance(found.key(name).rotation, Inapplicable) for name in ("signing", "raw", "brought", "elsewhere")
    )
    assert found.key("raw").metadata.usage is KeyUsage.RAW_ENCRYPT_DECRYPT
    assert found.key("brought").metadata.origin is Origin.IMPORTED
    assert found.key("elsewhere").metadata.origin is Origin.EXTERNAL_STORE
    assert found.key("elsewhere").metadata.protection is ProtectionLevel.EXTERNAL


def test_a_key_is_pending_deletion_when_its_last_versions_wait(world):
    doomed = world.key(ring_of(world), "doomed", age_days=100, wait=timedelta(days=10))
    world.add_version(doomed)
    world.destroy(doomed, 1)
    half = collect(world).key("doomed")
    world.advance(3)
    world.destroy(doomed, 2)

    whole = collect(world).key("doomed")

    assert (half.metadata.state, half.metadata.deletion_at) == (KeyState.ENABLED, None)
    assert whole.metadata.state is KeyState.PENDING_DELETION
    assert whole.metadata.deletion_at == world.clock + timedelta(days=10)


def test_a_key_without_any_material_left_is_destroyed(world):
    doomed = world.key(ring_of(world), "doomed", age_days=100, wait=timedelta(days=1))
    world.destroy(doomed, 1)
    world.advance(2)

    key = collect(world).key("doomed")

    assert (key.metadata.state, key.versions.items[0].destroyed_at is not None) == (KeyState.DESTROYED, True)


def test_a_word_that_is_newer_than_we_are_is_unavailable_and_kept(world):
    key = world.key(ring_of(world), "odd")
    key.versions[0].state = "EXTERNAL_DESTRUCTION_FAILED"

    found = collect(world).key("odd")

    assert (found.metadata.state, found.versions.items[0].word) == (
        KeyState.UNAVAILABLE,
        "EXTERNAL_DESTRUCTION_FAILED",
    )


def test_what_was_given_on_a_key_is_read_with_its_conditions(world):
    limited = binding("roles/cloudkms.admin", "allUsers", "user:a@b.example", condition="request.time < x")
    world.estate.keys[f"{RING}/cryptoKeys/key-0"].policy = policy(limited)

    key = collect(world).key("key-0")

    assert isinstance(key.policy, Bindings)
    assert key.policy.items[0].members == ("allUsers", "user:a@b.example")
    assert key.policy.items[0].condition == "request.time < x"


def test_every_page_of_every_listing_is_read():
    found = collect(small_world(keys=70))

    assert len(found.shard().keys) == 70
    assert found.shard().scope.keys == Listing(listed=70, pages=2)


def test_versions_that_were_denied_hide_the_state_only_where_the_primary_does_not_tell(world):
    still = world.key(ring_of(world), "still")
    world.disable(still, 1)
    fail(world, "ListCryptoKeyVersions")

    found = collect(world)

    denied = Unknown(cause=Cause.DENIED, call=VERSIONS)
    assert found.key("still").metadata == denied
    assert found.key("key-0").metadata.state is KeyState.ENABLED
    assert found.key("key-0").versions == found.key("key-0").rotation_history == denied
    assert isinstance(found.key("still").rotation, Rotation)


@pytest.mark.parametrize(
    ("effect", "cause"),
    [
        (Effect.DENY, Cause.DENIED),
        (Effect.THROTTLE, Cause.THROTTLED),
        (Effect.RESET, Cause.ERROR),
        (Effect.MALFORM, Cause.ERROR),
        (Effect.DISABLED, Cause.UNSUPPORTED),
    ],
)
def test_one_call_that_fails_hides_one_group_of_one_key(world, effect, cause):
    fail(world, "GetIamPolicy", "cryptoKeys/key-1", effect)

    found = collect(world)

    assert found.key("key-1").policy == Unknown(cause=cause, call="cloudkms.cryptoKeys.getIamPolicy")
    assert found.key("key-1").metadata.state is KeyState.ENABLED
    assert isinstance(found.key("key-0").policy, Bindings)


def test_patience_is_rewarded_and_counted(world):
    fail(world, "ListCryptoKeyVersions", "key-0", Effect.THROTTLE, times=1)

    found = collect(world, max_attempts=2)

    assert isinstance(found.key("key-0").versions, Versions)
    count = next(item for item in found.shard().scope.calls if item.call == VERSIONS)
    assert (count.calls, count.throttled, count.retries, count.failed) == (3, 1, 1, 0)


def test_without_the_inventory_every_location_is_swept(world):
    world.estate.nodes[PROJECT].disabled = {INVENTORY}
    world.ring(PROJECT, "us-central1", "empty")

    found = collect(world)

    assert len(found.shard().keys) == 3
    assert found.shard().containers[0].created_at is not None
    assert found.shard(location="us-central1").scope.keys == Listing(listed=0, pages=1)


def test_a_location_whose_rings_were_denied_is_unknown_and_the_others_are_whole(world):
    fail(world, "ListCryptoKeys", PROJECT, times=1)
    fail(world, "ListKeyRings", "europe-west1")

    found = collect(world)

    assert found.shard().scope.keys == Listing(listed=3, pages=1)
    assert found.shard(location="europe-west1").scope.keys == Unknown(cause=Cause.DENIED, call="cloudkms.keyRings.list")


def test_what_was_received_is_kept_by_its_digest_and_its_named_fields_alone(world):
    found = collect(world)

    key = found.key("key-0")
    raw = found.raw()
    assert {item.raw for item in key.evidence} <= raw.keys()
    listing = raw[next(item.raw for item in key.evidence if item.group == "rotation")]
    assert (listing.status, listing.length > 100, len(listing.sha256)) == (200, True, 64)
    assert b"etag" not in b"".join(bytes(response.body) for response in raw.values())


def test_what_google_counts_under_a_key_is_asked_only_where_it_matters(world):
    still = world.key(ring_of(world), "still")
    world.disable(still, 1)
    world.asset(PROJECT, "container.googleapis.com/Cluster", "//c", HOME, databaseEncryption={"keyName": still.id})

    found = collect(world)

    counted = found.key("still").tracked
    assert (counted.resources, counted.types, counted.warnings) == (1, {"container.googleapis.com/Cluster": 1}, ())
    assert isinstance(found.key("key-0").tracked, OutOfScope)


def test_a_count_that_is_not_whole_says_so_and_one_that_is_refused_is_unknown(world):
    for name in ("part", "none"):
        world.disable(world.key(ring_of(world), name, warnings=["INSUFFICIENT_PERMISSIONS_PARTIAL_DATA"]), 1)
    fail(world, "GetProtectedResourcesSummary", "none")

    found = collect(world)

    assert found.key("part").tracked.warnings == ("INSUFFICIENT_PERMISSIONS_PARTIAL_DATA",)
    assert found.key("none").tracked == Unknown(cause=Cause.DENIED, call="cloudkms.cryptoKeys.get")


def doomed(world):
    """A key whose only version waits for its destruction."""
    key = world.key(ring_of(world), "doomed", age_days=100, wait=timedelta(days=10))
    world.destroy(key, 1, world.clock - timedelta(days=2), actor="eve@bank.example")
    return key


def test_who_asked_for_the_destruction_of_a_key_is_read_from_the_audit_log(world):
    doomed(world)

    request = collect(world).key("doomed").deletion_request

    assert (request.at, request.actor, request.window_days) == (
        world.clock - timedelta(days=2),
        "eve@bank.example",
        10,
    )


def test_a_refused_attempt_is_no_request(world):
    key = doomed(world)
    entry = dict(world.estate.events[PROJECT][0])
    entry["protoPayload"] = {**entry["protoPayload"], "status": {"code": 7}}
    world.estate.events[PROJECT] = [entry]

    request = collect(world).key(key.name).deletion_request

    assert request == Unknown(cause=Cause.NOT_COLLECTED, call="logging.logEntries.list")


def test_an_audit_log_that_is_denied_hides_the_request_alone(world):
    doomed(world)
    fail(world, "ListLogEntries")

    key = collect(world).key("doomed")

    assert key.deletion_request == Unknown(cause=Cause.DENIED, call="logging.logEntries.list")
    assert key.metadata.state is KeyState.PENDING_DELETION
