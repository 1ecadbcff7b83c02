"""What was done to keys and vaults: told by two logs, each unknown by itself, and by whom a key was deleted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from azure_worlds import NOW, PAYMENTS, Heard, settings
from records import AS_OF
from scanner.facts.deletion import derive_deletion
from scanner.facts.windows import Guard
from scanner.model.history import KeyEventType
from scanner.model.unknown import Cause, OutOfScope, Unknown
from scanner.providers.azure.collect import AzureProvider
from scanner.providers.protocol import Finished
from scanner.simulator.azure.faults import Effect, Fault

ACTIVITY = "Microsoft.Insights/eventtypes/values/read"
WORKSPACE = "Microsoft.OperationalInsights/workspaces/read"
ENTRIES = "Microsoft.OperationalInsights/workspaces/query/read"
LOGS = f"/subscriptions/{PAYMENTS}/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/audit"
KEY = "https://kv-pay.vault.azure.net/keys/k"
GONE = "https://kv-pay.vault.azure.net/keys/gone"
HERE = f"/subscriptions/{PAYMENTS}"


@pytest.fixture
def logged(world):
    """A vault whose log is kept, and a week in which one key was disabled, deleted, recovered and deleted again."""
    world.log("kv-pay")
    world.add_key("kv-pay", "k", age_days=100)
    world.add_key("kv-pay", "gone", age_days=100)
    world.clock = NOW - timedelta(days=7)
    world.actor = "anna@bank.example"
    world.disable("kv-pay", "k")
    world.delete("kv-pay", "k")
    world.delete("kv-pay", "gone")
    world.advance(timedelta(days=1))
    world.actor = "ben@bank.example"
    world.recover("kv-pay", "k")
    world.purge("kv-pay", "gone")
    world.advance(timedelta(days=1))
    world.actor = "cleo@bank.example"
    world.delete("kv-pay", "k")
    world.clock = NOW
    return world


def requested_by(found):
    shard = found.shard()
    return derive_deletion(found.key("k"), AS_OF, Guard(denied=False, least=None), shard.history).requested_by


@pytest.mark.usefixtures("logged")
def test_the_log_tells_what_was_done_to_keys_and_by_whom(read):
    found = read(log_workspace=LOGS)
    events = found.shard().history.events
    version = f"{KEY}/{found.key('k').metadata.current_material}"
    assert [(one.type, one.subject, one.actor) for one in events.items] == [
        (KeyEventType.DESTROY_REQUESTED, GONE, "anna@bank.example"),
        (KeyEventType.DESTROY_REQUESTED, KEY, "anna@bank.example"),
        (KeyEventType.VERSION_CHANGED, version, "anna@bank.example"),
        (KeyEventType.KEY_DELETED, GONE, "ben@bank.example"),
        (KeyEventType.RESTORED, KEY, "ben@bank.example"),
        (KeyEventType.DESTROY_REQUESTED, KEY, "cleo@bank.example"),
    ]
    assert events.since == NOW - timedelta(days=90)
    assert found.shard().history.unseen == ()
    assert found.shard("global").history.events.items == ()


@pytest.mark.usefixtures("logged")
def test_a_deletion_is_that_of_the_entry_at_its_moment(read):
    found = read(log_workspace=LOGS.upper())
    request = found.key("k").deletion_request
    assert (request.at, request.actor) == (NOW - timedelta(days=5), "cleo@bank.example")
    assert requested_by(found) == "cleo@bank.example"
    assert "deletion_request" in {item.group for item in found.key("k").evidence if item.call == ENTRIES}


@pytest.mark.usefixtures("logged")
def test_without_a_workspace_nobody_is_named_and_nothing_else_is_lost(read):
    found = read()
    assert isinstance(found.shard().history.events, OutOfScope)
    assert "log_workspace" in found.shard().history.events.reason
    assert requested_by(found) == Unknown(cause=Cause.NOT_COLLECTED, call=ENTRIES)
    assert found.key("k").deletion_request.at == NOW - timedelta(days=5)


@pytest.mark.parametrize(
    ("effect", "path", "unread"),
    [
        (Effect.DENY, "^/v1/workspaces/", Unknown(cause=Cause.DENIED, call=ENTRIES)),
        (Effect.THROTTLE, "^/v1/workspaces/", Unknown(cause=Cause.THROTTLED, call=ENTRIES)),
        (Effect.SERVER_ERROR, "^/v1/workspaces/", Unknown(cause=Cause.ERROR, call=ENTRIES)),
        (Effect.MALFORMED, "^/v1/workspaces/", Unknown(cause=Cause.ERROR, call=ENTRIES)),
        (Effect.RESET, "^/v1/workspaces/", Unknown(cause=Cause.ERROR, call=ENTRIES)),
        (Effect.DENY, "OperationalInsights", Unknown(cause=Cause.DENIED, call=WORKSPACE)),
        (Effect.NOT_FOUND, "OperationalInsights", Unknown(cause=Cause.ERROR, call=WORKSPACE)),
    ],
)
def test_a_workspace_that_does_not_answer_hides_what_was_done_to_keys_alone(logged, read, effect, path, unread):
    logged.faults.append(Fault(effect=effect, path=path))
    found = read(log_workspace=LOGS)
    assert found.shard().history.events == unread
    assert requested_by(found) == unread
    assert not isinstance(found.shard().history.changes, Unknown)
    assert found.key("k").deletion_request.at == NOW - timedelta(days=5)


def test_a_result_that_was_cut_short_is_no_history(logged, read):
    logged.workspaces[LOGS.lower()].is_partial = True
    assert read(log_workspace=LOGS).shard().history.events == Unknown(cause=Cause.ERROR, call=ENTRIES)


def test_a_refused_attempt_names_nobody(logged, read):
    (workspace,) = logged.workspaces.values()
    workspace.entries = [
        replace(entry, status=403) if entry.actor == "cleo@bank.example" else entry for entry in workspace.entries
    ]
    found = read(log_workspace=LOGS)
    assert [one.refused for one in found.shard().history.events.items][-1] is True
    assert requested_by(found) == Unknown(cause=Cause.NOT_COLLECTED, call=ENTRIES)


def test_an_entry_that_two_settings_sent_is_one_event(logged, read):
    (workspace,) = logged.workspaces.values()
    workspace.entries += workspace.entries
    assert len(read(log_workspace=LOGS).shard().history.events.items) == 6


def test_a_workspace_that_keeps_less_reaches_back_less(logged, read):
    (workspace,) = logged.workspaces.values()
    workspace.retention = 30
    assert read(log_workspace=LOGS).shard().history.events.since == NOW - timedelta(days=30)


def test_vaults_whose_log_goes_elsewhere_are_named_beside_the_events(logged, read):
    logged.add_vault("kv-quiet", subscription=PAYMENTS)
    logged.add_vault("kv-elsewhere", subscription=PAYMENTS)
    logged.log("kv-elsewhere", workspace="another")
    logged.add_vault("kv-off", subscription=PAYMENTS)
    logged.log("kv-off", enabled=False)
    found = read(log_workspace=LOGS)
    names = {id_.rsplit("/", 1)[-1] for id_ in found.shard().history.unseen}
    assert names == {"kv-quiet", "kv-elsewhere", "kv-off"}


def test_the_log_of_a_managed_hsm_is_read_like_that_of_a_vault(world, read):
    world.add_vault("hsm-pay", subscription=PAYMENTS, is_hsm=True)
    world.log("hsm-pay")
    world.add_key("hsm-pay", "root", kty="oct-HSM")
    world.delete("hsm-pay", "root")
    found = read(log_workspace=LOGS)
    assert found.key("root").deletion_request.actor == world.actor
    (event,) = found.shard().history.events.items
    assert (event.call, event.subject) == ("KeyDelete", "https://hsm-pay.managedhsm.azure.net/keys/root")


def test_the_activity_log_tells_what_was_done_to_vaults_and_access(world, read):
    world.clock = NOW - timedelta(days=3)
    world.add_vault("kv-old", subscription=PAYMENTS)
    world.give("Owner", "p", f"{world.vaults['kv-pay'].id}")
    world.give("Owner", "p", HERE)
    world.give("Owner", "p", f"{HERE}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/s")
    world.delete_vault("kv-old")
    world.clock = NOW
    found = read()
    here, beside = found.shard().history.changes, found.shard("global").history.changes
    assert sorted((one.type, one.subject.rsplit("/", 1)[-1], one.actor, one.refused) for one in here.items) == [
        (KeyEventType.ACCESS_CHANGED, "kv-pay", world.actor, False),
        (KeyEventType.CONTAINER_DELETED, "kv-old", world.actor, False),
    ]
    assert [(one.type, one.subject) for one in beside.items] == [(KeyEventType.ACCESS_CHANGED, HERE)]
    assert here.since == NOW - timedelta(days=90) + timedelta(hours=1)


def test_an_operation_of_several_steps_is_one_event_as_it_ended(world, read):
    world.delete_vault("kv-pay")
    world.activity[PAYMENTS][-1]["status"]["value"] = "Failed"
    (event,) = read().shard("global").history.changes.items or read().shard().history.changes.items
    assert (event.call, event.refused) == ("Microsoft.KeyVault/vaults/delete", True)


def test_what_is_older_than_the_activity_log_is_not_asked_for(world, read):
    world.clock = NOW - timedelta(days=91)
    world.give("Owner", "p", HERE)
    world.clock = NOW
    assert read().shard("global").history.changes.items == ()


@pytest.mark.parametrize(
    ("effect", "cause"),
    [(Effect.DENY, Cause.DENIED), (Effect.THROTTLE, Cause.THROTTLED), (Effect.MALFORMED, Cause.ERROR)],
)
def test_an_activity_log_that_is_not_read_hides_changes_alone(logged, read, effect, cause):
    logged.faults.append(Fault(effect=effect, path="eventtypes/management/values"))
    found = read(log_workspace=LOGS)
    assert found.shard().history.changes == Unknown(cause=cause, call=ACTIVITY)
    assert found.shard("global").history.changes == Unknown(cause=cause, call=ACTIVITY)
    assert len(found.shard().history.events.items) == 6


def test_the_activity_log_is_read_to_its_last_page(world, read):
    world.page_size = 3
    for number in range(8):
        world.give("Owner", f"p{number}", HERE)
    found = read()
    assert len(found.shard("global").history.changes.items) == 8
    assert found.calls(ACTIVITY, "global").pages == 7


def test_nothing_is_kept_of_claims_and_addresses(logged, read):
    logged.give("Owner", "p", HERE)
    found = read(log_workspace=LOGS)
    kept = repr(found.shard("global")) + repr(found.raw("global"))
    assert "203.0.113.9" not in kept
    assert "kept nowhere" not in kept
    assert "api-version" not in repr(found.shard().history)


@pytest.mark.usefixtures("logged")
def test_a_run_that_is_resumed_tells_the_same(endpoint, read):
    first = read(log_workspace=LOGS)
    shards = []
    done = {place: shard.part for place, shard in first.shards.items() if place[1] == "global"}
    config = settings(endpoint, log_workspace=LOGS)
    AzureProvider(config, clock=lambda: NOW, as_of=NOW).collect(shards.append, Heard(), Finished(parts=done))
    (rest,) = shards
    assert rest.shard.history.events == first.shard().history.events
    assert rest.shard.history.changes == first.shard().history.changes
    assert [key.deletion_request for key in rest.shard.keys] == [key.deletion_request for key in first.shard().keys]
