"""What was done to keys, and by whom, from the Admin Activity log."""

from datetime import UTC, datetime, timedelta

import pytest
from simulated_gcp import HOME, NOW, PROJECT, collect, fail, small_world

from scanner.model.history import KeyEventType
from scanner.model.scope import Listing
from scanner.model.unknown import Cause, Unknown
from scanner.simulator.gcp.faults import Effect
from scanner.simulator.gcp.world import binding, policy, version_name

RING = f"projects/{PROJECT}/locations/{HOME}/keyRings/cards"
CALL = "logging.logEntries.list"


@pytest.fixture
def world():
    return small_world()


def key_of(world, name="key-0"):
    return world.estate.keys[f"{RING}/cryptoKeys/{name}"]


def events(world, location=HOME):
    return collect(world).shard(location=location).history.events.items


def told(world):
    return [(event.type, event.subject, event.actor) for event in events(world)]


def test_destroying_restoring_and_switching_a_version_are_told_with_who_did_it(world):
    key, version = key_of(world), version_name(key_of(world), 1)
    for number, act in enumerate((world.destroy, world.restore, world.enable, world.disable)):
        act(key, 1, actor=f"user-{number}@bank.example")
        world.advance(0.1)

    assert told(world) == [
        (KeyEventType.DESTROY_REQUESTED, version, "user-0@bank.example"),
        (KeyEventType.RESTORED, version, "user-1@bank.example"),
        (KeyEventType.ENABLED, version, "user-2@bank.example"),
        (KeyEventType.DISABLED, version, "user-3@bank.example"),
    ]
    assert [event.at - NOW for event in events(world)] == [timedelta(days=0.1) * number for number in range(4)]


def test_changes_of_access_to_keys_and_rings_are_told(world):
    given = policy(binding("roles/cloudkms.admin", "user:eve@bank.example"))
    world.give(key_of(world), given, actor="eve@bank.example")
    world.give(world.estate.rings[RING], given)

    assert {(kind, subject) for kind, subject, _ in told(world)} == {
        (KeyEventType.ACCESS_CHANGED, key_of(world).id),
        (KeyEventType.ACCESS_CHANGED, RING),
    }


def test_a_deleted_key_is_one_event_though_the_log_tells_its_beginning_and_its_end(world):
    gone = key_of(world)
    world.delete(gone, actor="eve@bank.example")

    assert told(world) == [(KeyEventType.KEY_DELETED, gone.id, "eve@bank.example")]
    (left,) = collect(world).shard().surroundings.retired.items
    assert (left.key, left.deleted_at) == (gone.id, NOW)


def test_a_refused_attempt_is_told_as_refused(world):
    world.log(PROJECT, "DestroyCryptoKeyVersion", version_name(key_of(world), 1), status={"code": 7})
    assert [event.refused for event in events(world)] == [True]


def test_full_names_of_methods_are_known_and_names_of_nobody_are_none(world):
    full = "google.cloud.kms.v1.KeyManagementService.RestoreCryptoKeyVersion"
    world.log(PROJECT, full, version_name(key_of(world), 1), authenticationInfo={})

    (event,) = events(world)

    assert (event.type, event.actor, event.call) == (KeyEventType.RESTORED, None, full)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, KeyEventType.VERSION_CHANGED),
        ({"request": {"cryptoKeyVersion": {"state": "DISABLED"}}}, KeyEventType.DISABLED),
        ({"request": {"cryptoKeyVersion": {"state": 2}}}, KeyEventType.VERSION_CHANGED),
        ({"response": {"state": "ENABLED"}}, KeyEventType.ENABLED),
        ({"request": {"cryptoKeyVersion": {"state": "LATER"}}}, KeyEventType.VERSION_CHANGED),
    ],
)
def test_a_change_says_disabled_only_where_the_log_does(world, more, expected):
    world.log(PROJECT, "UpdateCryptoKeyVersion", version_name(key_of(world), 1), **more)
    assert [event.type for event in events(world)] == [expected]


def test_what_came_before_the_log_begins_and_other_methods_are_not_asked_for(world):
    world.log(PROJECT, "SetIamPolicy", RING, at=NOW - timedelta(days=401))
    world.log(PROJECT, "CreateCryptoKey", key_of(world).id)

    found = collect(world).shard().history.events

    assert (found.items, found.since) == ((), datetime(2025, 10, 20, 6, tzinfo=UTC))


def test_of_a_request_nothing_is_kept_but_the_state_of_a_version(world):
    request = {"policy": {"bindings": [{"members": ["user:secret@bank.example"]}]}, "cryptoKeyVersion": {"name": "n"}}
    world.log(PROJECT, "SetIamPolicy", RING, request=request)
    found = collect(world)
    assert "secret@bank.example" not in repr(found.raw()) + repr(found.shard())


def test_what_a_service_puts_into_an_entry_in_a_type_of_its_own_hides_no_entry(world):
    foreign = {"@type": "type.googleapis.com/google.iam.v1.logging.AuditData"}
    detail = {"@type": "type.googleapis.com/google.rpc.RetryInfo"}
    world.log(PROJECT, "SetIamPolicy", RING, serviceData=foreign, status={"code": 7, "details": [detail]})
    assert [(event.subject, event.refused) for event in events(world)] == [(RING, True)]


def test_every_location_is_told_its_own_and_the_log_is_asked_once(world):
    far = world.key(world.ring(PROJECT, "us-central1", "far"), "far")
    world.disable(far, 1)
    world.disable(key_of(world), 1)

    found = collect(world)

    assert [event.subject for event in found.shard(location="us-central1").history.events.items] == [
        version_name(far, 1)
    ]
    assert len(found.shard().history.events.items) == 1
    assert len([call for call in world.calls if call.endswith("/ListLogEntries")]) == 1


def test_a_location_without_any_key_left_stands_for_what_was_done_there(world):
    far = world.key(world.ring(PROJECT, "us-central1", "far"), "far")
    world.delete(far)

    shard = collect(world).shard(location="us-central1")

    assert shard.scope.keys == Listing(listed=0, pages=1)
    assert [event.type for event in shard.history.events.items] == [KeyEventType.KEY_DELETED]
    assert [left.key for left in shard.surroundings.retired.items] == [far.id]


def test_what_was_done_where_a_project_has_no_key_stands_beside_the_data_it_has_elsewhere():
    world = small_world(keys=0)
    world.asset(PROJECT, "storage.googleapis.com/Bucket", "//storage.googleapis.com/b", "EU")
    world.delete(world.key(world.ring(PROJECT, "global", "old"), "old"))

    found = collect(world)

    assert set(found.shards) == {(PROJECT, "global"), (PROJECT, "eu")}
    assert len(found.shard(location="global").history.events.items) == 1


@pytest.mark.parametrize("place", ["nowhere", "../../etc", "EU", ""])
def test_a_refused_request_about_a_made_up_place_makes_none(world, place):
    name = f"projects/{PROJECT}/locations/{place}/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"
    world.log(PROJECT, "DestroyCryptoKeyVersion", name, status={"code": 7})
    world.log(PROJECT, "DestroyCryptoKeyVersion", f"projects/{PROJECT}/locations/{place.upper()}!/keyRings/r")
    assert set(collect(world).shards) == {(PROJECT, HOME)}


@pytest.mark.parametrize(
    ("effect", "cause"),
    [(Effect.DENY, Cause.DENIED), (Effect.MALFORM, Cause.ERROR), (Effect.DISABLED, Cause.UNSUPPORTED)],
)
def test_a_log_that_was_not_read_is_unknown_and_the_keys_are_whole(world, effect, cause):
    fail(world, "ListLogEntries", effect=effect)

    shard = collect(world).shard()

    assert shard.history.events == Unknown(cause=cause, call=CALL)
    assert shard.scope.keys == Listing(listed=3, pages=1)


def test_a_restored_version_has_no_request_and_a_second_request_counts(world):
    key = world.key(world.estate.rings[RING], "doomed", age_days=100)
    world.destroy(key, 1, actor="first@bank.example")
    world.advance(1)
    world.restore(key, 1)
    world.advance(1)
    world.destroy(key, 1, actor="second@bank.example")

    found = collect(world).key("doomed")

    assert (found.deletion_request.actor, found.deletion_request.at) == ("second@bank.example", world.clock)
