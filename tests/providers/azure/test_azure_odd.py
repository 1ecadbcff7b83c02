"""Odd and hostile estates: what makes no sense is unknown where it stands, and nothing else is hidden by it."""

import pytest

from azure_worlds import NOW, PAYMENTS, ROTATING
from scanner.model.key import KeyState, Metadata, Rotation, Versions
from scanner.model.scope import Listing, ScopeStatus
from scanner.model.unknown import Cause, Unknown
from scanner.simulator.azure.faults import Effect, Fault

KEYS, POLICIES = "Microsoft.KeyVault/vaults/keys/read", "Microsoft.KeyVault/vaults/keyrotationpolicies/read"
HSM_KEYS = "Microsoft.KeyVault/managedHsm/keys/read/action"
NO_KEYS = Unknown(cause=Cause.ERROR, call=KEYS)


def odd(world, path, change):
    """Lets answers at a path be changed before they are sent."""
    world.faults.append(Fault(effect=Effect.ODD, path=path, change=change))


def names(found, region="westeurope"):
    return [key.id.rpartition("/")[2] for key in found.shard(region).keys]


def good_and(world, name, **traits):
    world.add_key("kv-pay", "good", policy=ROTATING)
    world.add_key("kv-pay", name, **traits)


def is_whole(key):
    return not [name for name in key.__struct_fields__ if isinstance(getattr(key, name), Unknown)]


@pytest.mark.parametrize("name", ["k/../../x", "k\u202e\x1b[31m", "..", "k%2F", "a b"])
def test_a_name_that_no_request_can_hold_is_unread_and_hides_no_other(world, read, name):
    good_and(world, name)
    found = read()
    assert is_whole(found.key("good"))
    others = [key for key in found.shard().keys if not key.id.endswith("/keys/good")]
    assert all(isinstance(key.metadata, Unknown) for key in others)
    assert others or found.shard().scope.keys == NO_KEYS


@pytest.mark.parametrize("kid", ["http://[x/keys/k", "https://kv-pay.vault.azure.net/", "not an address", ""])
def test_an_address_that_is_no_keys_leaves_the_listing_open_and_hides_no_other(world, read, kid):
    good_and(world, "k")
    odd(world, "^/vaults/kv-pay/keys$", lambda page: page["value"][1].update(kid=kid))
    found = read()
    assert (names(found), found.shard().scope.keys) == (["good"], NO_KEYS)
    assert is_whole(found.key("good"))


def test_the_management_plane_may_tell_no_address_either(world, read):
    good_and(world, "k")
    world.faults.append(Fault(effect=Effect.FIREWALL, path="^/vaults/kv-pay/"))
    odd(world, "/vaults/kv-pay/keys$", lambda page: page["value"][1]["properties"].update(keyUri="https://[x"))
    found = read()
    assert names(found) == ["good"]
    assert isinstance(found.shard().scope.keys, Unknown)


def test_a_description_with_another_address_is_unknown_for_that_key_alone(world, read):
    good_and(world, "k")
    odd(world, "/keys/k$", lambda bundle: bundle["key"].update(kid="http://[x/keys/k"))
    found = read()
    assert found.key("k").metadata == NO_KEYS
    assert is_whole(found.key("good"))


@pytest.mark.parametrize("trigger", [{"timeAfterCreate": "P9999Y"}, {"timeBeforeExpiry": "P9999Y"}])
def test_a_policy_beyond_all_dates_is_unknown(world, read, trigger):
    policy = {"lifetimeActions": [{"trigger": trigger, "action": {"type": "Rotate"}}]}
    good_and(world, "k", policy=policy, expires_in_days=10)
    found = read()
    assert found.key("k").rotation == Unknown(cause=Cause.ERROR, call=POLICIES)
    assert is_whole(found.key("good"))


def test_days_beyond_all_dates_are_unknown(world, read):
    good_and(world, "k")
    odd(world, "/keys/k$", lambda bundle: bundle["attributes"].update(recoverableDays=10**12))
    assert read().key("k").metadata == NO_KEYS


def test_fields_that_are_null_say_nothing_and_allow_nothing(world, read):
    good_and(world, "k")
    odd(
        world, "^/vaults/kv-pay/keys$", lambda page: [item.update(attributes=None, tags=None) for item in page["value"]]
    )
    odd(world, "/keys/k$", lambda bundle: (bundle.update(tags=None), bundle["attributes"].update(enabled=None)))
    odd(world, "/keys/k/rotationpolicy", lambda policy: policy.update(lifetimeActions=None, attributes=None))
    key = read().key("k")
    assert isinstance(key.metadata, Metadata)
    assert isinstance(key.rotation, Rotation)
    assert (key.metadata.state, key.rotation.enabled, key.tags.items) == (KeyState.UNAVAILABLE, False, {})


def test_a_key_deleted_between_the_listing_and_its_description_is_unknown_and_counts(world, read):
    good_and(world, "k")
    world.faults.append(Fault(effect=Effect.NOT_FOUND, path="/keys/k(/|$)"))
    found = read()
    assert (found.key("k").metadata, found.shard().scope.keys) == (NO_KEYS, Listing(listed=2, pages=2))
    assert is_whole(found.key("good"))


def test_a_page_of_another_server_is_an_error_of_that_key_alone(world, read):
    good_and(world, "k")
    world.faults.append(Fault(effect=Effect.BAD_GATEWAY, path="/keys/k(/|$)"))
    found = read()
    assert found.key("k").metadata == NO_KEYS
    assert is_whole(found.key("good"))


def test_two_hundred_versions_are_all_read(world, read):
    good_and(world, "k", age_days=300, rotated_days_ago=list(range(299, 99, -1)))
    versions = read().key("k").versions
    assert isinstance(versions, Versions)
    assert len(versions.items) == 201


def test_a_key_that_has_expired_says_when(world, read):
    good_and(world, "k", expires_in_days=-5)
    metadata = read().key("k").metadata
    assert isinstance(metadata, Metadata)
    assert (NOW - metadata.material_expires_at).days == 5
    assert metadata.state is KeyState.ENABLED


def test_a_managed_hsm_that_does_not_answer_hides_no_vault(world, read):
    world.add_vault("hsm-1", subscription=PAYMENTS, is_hsm=True)
    world.add_key("kv-pay", "good", policy=ROTATING)
    world.faults.append(Fault(effect=Effect.RESET, path="^/vaults/hsm-1/"))
    found = read()
    assert found.shard().scope.keys == Unknown(cause=Cause.ERROR, call=HSM_KEYS)
    assert is_whole(found.key("good"))


def test_a_disabled_subscription_is_closed_beside_one_that_is_read(world, read):
    closed = "aaaaaaaa-0000-4000-8000-000000000002"
    world.add_subscription(closed, "old", state="Disabled")
    assert read().shard(None, closed).scope.status is ScopeStatus.CLOSED


@pytest.mark.parametrize("link", ["9999-12-31", "../keys", "https://[x", "", "a" * 3000])
def test_a_next_page_that_is_nowhere_leaves_the_listing_open_and_the_keys_seen(world, read, link):
    good_and(world, "k")
    odd(world, "^/vaults/kv-pay/keys$", lambda page: page.update(nextLink=link))
    found = read()
    assert names(found) == ["good", "k"]
    assert isinstance(found.shard().scope.keys, Unknown) is bool(link)
