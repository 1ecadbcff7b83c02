"""Every subscription is read, left out with a reason, outside, closed, or out of reach; none is forgotten."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from azure_worlds import NOW, PAYMENTS, ROTATING, Heard, settings
from scanner.model.errors import AccessError
from scanner.model.scope import ScopeStatus
from scanner.model.unknown import Cause, Unknown
from scanner.providers.azure.collect import AzureProvider
from scanner.providers.protocol import Finished
from scanner.simulator.azure.faults import Effect, Fault

RISK, OLD = "aaaaaaaa-0000-4000-8000-000000000002", "aaaaaaaa-0000-4000-8000-000000000003"
SUBSCRIPTIONS = "Microsoft.Resources/subscriptions/read"


@pytest.fixture
def bank(world):
    world.add_subscription(RISK, "risk")
    world.add_subscription(OLD, "old", state="Disabled")
    world.add_vault("kv-risk", subscription=RISK)
    for vault in ("kv-pay", "kv-risk"):
        world.add_key(vault, "k", policy=ROTATING)
    return world


def bare(shard):
    """The keys without the ids of the requests that they were read with."""
    return [replace(key, evidence=()) for key in shard.keys]


def statuses(found):
    return {account: shard.shard.scope.status for (account, _), shard in found.shards.items()}


@pytest.mark.usefixtures("bank")
def test_without_a_list_every_open_subscription_is_read(read):
    found = read()
    assert statuses(found) == {
        PAYMENTS: ScopeStatus.SCANNED,
        RISK: ScopeStatus.SCANNED,
        OLD: ScopeStatus.CLOSED,
    }
    assert found.shards[OLD, None].shard.scope.reason == "disabled"
    assert [item.accounts for item in found.collection.organisations] == [3]


def test_a_listed_subscription_leaves_the_others_outside(bank, read):
    found = read(subscriptions=[{"id": RISK, "name": "the risk team"}])
    assert statuses(found)[PAYMENTS] is ScopeStatus.OUTSIDE
    assert found.shard(account=RISK).scope.account_name == "the risk team"
    assert not [path for _, path in bank.calls if PAYMENTS in path]


def test_an_exclusion_is_kept_with_its_reason_and_its_proof(bank, read):
    found = read(exclude=[{"subscription": RISK, "reason": "sandbox", "approver": "ciso"}])
    scope = found.shards[RISK, None].shard.scope
    assert (scope.status, scope.reason, scope.approver) == (ScopeStatus.EXCLUDED, "sandbox", "ciso")
    assert [item.group for item in scope.evidence] == ["accounts"]
    assert not [path for _, path in bank.calls if RISK in path]


@pytest.mark.usefixtures("bank")
def test_a_configured_subscription_that_nobody_can_see_is_out_of_reach(read):
    gone = "aaaaaaaa-0000-4000-8000-00000000000f"
    found = read(subscriptions=[{"id": gone}, {"id": PAYMENTS}])
    scope = found.shards[gone, None].shard.scope
    assert (scope.status, scope.reason) == (
        ScopeStatus.UNREACHABLE,
        "Microsoft.KeyVault/vaults/read: SubscriptionNotFound",
    )
    assert isinstance(scope.keys, Unknown)


def test_subscriptions_that_cannot_be_listed_end_the_scan_when_none_is_configured(bank, read):
    bank.faults.append(Fault(effect=Effect.DENY, path="^/subscriptions$"))
    with pytest.raises(AccessError, match="could not be asked for its subscriptions"):
        read()


def test_subscriptions_that_cannot_be_listed_do_not_stop_those_that_are_configured(bank, read):
    bank.faults.append(Fault(effect=Effect.DENY, path="^/subscriptions$"))
    found = read(subscriptions=[{"id": PAYMENTS}])
    assert statuses(found) == {PAYMENTS: ScopeStatus.SCANNED}
    assert [item.accounts for item in found.collection.organisations] == [
        Unknown(cause=Cause.DENIED, call=SUBSCRIPTIONS)
    ]


def test_a_listing_that_breaks_off_says_that_there_may_be_more(bank, read):
    bank.page_size = 1
    bank.faults.append(Fault(effect=Effect.SERVER_ERROR, path="^/subscriptions$", after=1))
    found = read()
    scope = found.shards["subscriptions", None].shard.scope
    assert scope.status is ScopeStatus.UNREACHABLE
    assert scope.keys == Unknown(cause=Cause.ERROR, call=SUBSCRIPTIONS)
    assert statuses(found)[PAYMENTS] is ScopeStatus.SCANNED


def test_credentials_that_see_nothing_are_told_which_role_to_get(world, read):
    world.subscriptions.clear()
    with pytest.raises(AccessError, match="can see no subscription") as caught:
        read()
    assert "keymuster permissions azure" in caught.value.hint


@pytest.mark.usefixtures("bank")
def test_the_caller_is_named_and_the_endpoints_are_not_the_providers_own(read):
    found = read()
    assert {identity.caller for identity in found.collection.identities} == {"99999999-0000-4000-8000-0000000000ec"}
    assert not any(endpoint.official for endpoint in found.collection.endpoints)
    assert found.collection.clock_offset_seconds == 0


@pytest.mark.usefixtures("bank")
def test_a_shard_carries_the_places_of_its_own_subscription_and_no_other(read):
    found = read()
    for account, own, other in ((PAYMENTS, "kv-pay", "kv-risk"), (RISK, "kv-risk", "kv-pay")):
        urls = [endpoint.url for endpoint in found.shards[account, "westeurope"].part.endpoints]
        assert [any(url.endswith(name) for url in urls) for name in (own, other)] == [True, False]
        assert "management" in {one.service for one in found.shards[account, "global"].part.endpoints}
    assert {endpoint.service for endpoint in found.collection.endpoints} == {"management", "keyvault"}
    assert len(found.collection.endpoints) == 3


def test_a_run_that_is_resumed_reads_only_what_is_left(bank, endpoint, read):
    first = read()
    bank.calls.clear()
    done = {place: shard.part for place, shard in first.shards.items() if place[0] != RISK or place[1] == "global"}
    shards = []
    config = settings(endpoint)
    AzureProvider(config, clock=lambda: NOW, as_of=NOW).collect(shards.append, Heard(), Finished(parts=done))
    assert [(item.shard.scope.account, item.shard.scope.region) for item in shards] == [(RISK, "westeurope")]
    assert not [path for _, path in bank.calls if PAYMENTS in path]
    assert bare(shards[0].shard) == bare(first.shards[RISK, "westeurope"].shard)


def fixed_clock():
    return datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.mark.usefixtures("bank")
def test_workers_read_the_same_as_threads(endpoint, read):
    here = read()
    shards, progress = [], Heard()
    config = settings(endpoint)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        provider = AzureProvider(config, clock=fixed_clock, as_of=NOW)
        provider.collect(shards.append, progress, executor=pool)
    there = {(item.shard.scope.account, item.shard.scope.region): item.shard for item in shards}
    assert there.keys() == here.shards.keys()
    assert all(bare(there[place]) == bare(here.shards[place].shard) for place in there)
    assert [event for event in progress.events if event[0] == "finished"]
