"""Whatever method fails, and however: the failure is told, and no key goes missing in silence."""

import msgspec
import pytest
from simulated_gcp import HOME, PROJECT, collect, fail, small_world

from scanner.model.scope import Listing
from scanner.model.unknown import Unknown
from scanner.providers.gcp import operations as table
from scanner.simulator.gcp.faults import Effect
from scanner.simulator.gcp.world import binding, policy

SWEEP = (table.LIST_LOCATIONS, table.LIST_KEY_RINGS, table.LIST_CRYPTO_KEYS)
"""Asked only where the inventory of keys does not answer."""

TOLD_BY_COUNT = (table.INVENTORY_KEYS, table.GET_ROLE, table.GET_ORGANIZATION)
"""The sweep takes the place of the first; a role that was not read is one that nobody has read; and where the domain of
an organisation is not told, whose the addresses of any domain are stays open.
"""

ASKED = [one for one in table.OPERATIONS if one not in (*SWEEP, table.LIST_PROJECTS, table.LIST_FOLDERS)]


@pytest.fixture
def world():
    """One in which every method is asked."""
    made = small_world()
    ring = next(iter(made.estate.rings.values()))
    still = made.key(ring, "still")
    made.disable(still, 1)
    made.asset(PROJECT, "container.googleapis.com/Cluster", "//c", HOME, databaseEncryption={"keyName": still.id})
    own = "organizations/1/roles/own"
    made.role(own, "Own", ["cloudkms.cryptoKeys.get"])
    ring.policy = policy(binding(own, "user:a@bank.example"))
    made.estate.nodes[PROJECT].denials = [{"name": "guard", "rules": []}]
    return made


def name_of(operation):
    return f"{operation.service.rpartition('.')[2]}/{operation.name}"


def unknowns(value):
    """Every unread group in a record and what it holds."""
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from unknowns(getattr(value, field))
    elif isinstance(value, tuple):
        for item in value:
            yield from unknowns(item)


def calls_of(found, action):
    shards = [item.shard for item in found.shards.values()]
    return [count for shard in shards for count in shard.scope.calls if count.call == action]


@pytest.mark.parametrize("effect", [Effect.DENY, Effect.MALFORM, Effect.DISABLED])
@pytest.mark.parametrize("operation", ASKED, ids=lambda one: f"{name_of(one)}-{one.action}")
def test_a_method_that_fails_is_told_and_every_key_is_there(world, operation, effect):
    fail(world, name_of(operation), effect=effect)

    found = collect(world)

    assert sum(count.denied + count.failed for count in calls_of(found, operation.action)) > 0
    assert found.shard().scope.keys.listed == len(found.shard().keys) == 4
    told = {unknown.call for unknown in unknowns(found.shard())}
    assert operation.action in told or operation in TOLD_BY_COUNT


@pytest.mark.parametrize("effect", [Effect.DENY, Effect.MALFORM])
@pytest.mark.parametrize("operation", SWEEP, ids=name_of)
def test_a_sweep_that_fails_leaves_open_how_many_keys_there_are(world, operation, effect):
    fail(world, name_of(table.INVENTORY_KEYS))
    fail(world, name_of(operation), effect=effect)

    scopes = [item.shard.scope for item in collect(world).shards.values()]

    assert {scope.keys.call for scope in scopes if not isinstance(scope.keys, Listing)} == {operation.action}


def test_nothing_is_unread_in_a_world_without_faults(world):
    told = {unknown.call for unknown in unknowns(collect(world).shard())}
    assert told == {table.LIST_ASSETS.action}
