"""Alerts, action groups and subscriptions to events: kept as they are, unknown where not read, no address stored."""

import pytest

from azure_worlds import PAYMENTS
from scanner.facts.unread import unread_around
from scanner.model.unknown import Cause, Unknown
from scanner.model.watching import EventCondition, Receiver
from scanner.simulator.azure.faults import Effect, Fault

HERE = f"/subscriptions/{PAYMENTS}"
INSIGHTS = f"{HERE}/resourceGroups/Watch/providers/Microsoft.Insights"
ON_CALL = f"{INSIGHTS}/actionGroups/on-call"
SETTINGS = "Microsoft.Insights/diagnosticSettings/read"
ALERT = {
    "id": f"{INSIGHTS}/activityLogAlerts/vault-deleted",
    "name": "vault-deleted",
    "properties": {
        "enabled": True,
        "scopes": [HERE],
        "condition": {
            "allOf": [
                {"field": "category", "equals": "Administrative"},
                {"anyOf": [{"field": "operationName", "equals": "Microsoft.KeyVault/vaults/delete"}]},
            ]
        },
        "actions": {"actionGroups": [{"actionGroupId": ON_CALL, "webhookProperties": {}}]},
    },
}
QUERY = {
    "id": f"{INSIGHTS}/scheduledQueryRules/key-deleted",
    "name": "key-deleted",
    "properties": {
        "scopes": [f"{HERE}/workspaces/w"],
        "criteria": {"allOf": [{"query": "AzureDiagnostics | where OperationName == 'KeyDelete'"}]},
        "evaluationFrequency": "PT5M",
        "muteActionsDuration": "P1D",
        "actions": {"actionGroups": [ON_CALL]},
    },
}
GROUP = {
    "id": ON_CALL,
    "name": "on-call",
    "properties": {
        "enabled": True,
        "emailReceivers": [{"name": "team", "emailAddress": "team@secret.example", "status": "Disabled"}],
        "webhookReceivers": [{"name": "pager", "serviceUri": "https://pager.secret.example/token"}],
    },
}
EVENT = {
    "id": f"{HERE}/providers/Microsoft.EventGrid/eventSubscriptions/expiry",
    "properties": {
        "provisioningState": "Succeeded",
        "destination": {"endpointType": "WebHook", "properties": {"endpointUrl": "https://hook.secret.example"}},
        "filter": {"includedEventTypes": ["Microsoft.KeyVault.KeyNearExpiry"]},
    },
}


@pytest.fixture
def watched(world):
    world.put(PAYMENTS, "microsoft.insights/activitylogalerts", ALERT)
    world.put(PAYMENTS, "microsoft.insights/scheduledqueryrules", QUERY)
    world.put(PAYMENTS, "microsoft.insights/actiongroups", GROUP)
    world.put(PAYMENTS, f"{world.vaults['kv-pay'].id.lower()}|microsoft.eventgrid/eventsubscriptions", EVENT)
    return world


@pytest.mark.usefixtures("watched")
def test_alerts_say_what_they_watch_and_whom_they_call(read):
    watching = read().shard("global").watching
    (alert,) = watching.activity.items
    assert (alert.enabled, alert.scopes, alert.groups) == (True, (HERE,), (ON_CALL.lower(),))
    assert alert.conditions == (
        EventCondition(field="category", values=("Administrative",)),
        EventCondition(field="operationName", values=("Microsoft.KeyVault/vaults/delete",)),
    )
    (query,) = watching.queries.items
    assert (query.enabled, query.muted_for, query.every) == (False, "P1D", "PT5M")
    assert "KeyDelete" in query.queries[0]


@pytest.mark.usefixtures("watched")
def test_receivers_tell_their_status_and_nothing_of_their_address(read):
    found = read()
    (group,) = found.shard("global").watching.groups.items
    assert group.receivers == (
        Receiver(means="email", name="team", status="Disabled"),
        Receiver(means="webhook", name="pager", status=None),
    )
    kept = repr(found.shard("global")) + repr(found.raw("global"))
    assert "secret.example" not in kept


@pytest.mark.usefixtures("watched")
def test_who_hears_the_events_of_a_vault_is_told(read):
    found = read()
    (event,) = found.shard("global").watching.subscriptions.items
    assert (event.source, event.events) == (found.vault().id, ("Microsoft.KeyVault.KeyNearExpiry",))
    assert (event.destination, event.state) == ("WebHook", "Succeeded")


def topic_with(world, source, *subscriptions):
    topic = f"{HERE}/resourceGroups/rg-events/providers/Microsoft.EventGrid/systemTopics/topic-1"
    world.put(
        PAYMENTS,
        "microsoft.eventgrid/systemtopics",
        {"id": topic, "name": "topic-1", "properties": {"source": source, "topicType": "Microsoft.KeyVault.vaults"}},
    )
    for name in subscriptions:
        row = {**EVENT, "id": f"{topic}/eventSubscriptions/{name}"}
        world.put(PAYMENTS, f"{topic.lower()}|eventsubscriptions", row)


def test_a_subscription_made_on_the_vaults_system_topic_is_found_and_none_twice(watched, read):
    topic_with(watched, watched.vaults["kv-pay"].id.upper(), "expiry", "renewal")
    found = read()
    events = found.shard("global").watching.subscriptions.items
    assert [one.id.rsplit("/", 1)[-1] for one in events] == ["expiry", "renewal"]
    assert {one.source for one in events} == {found.vault().id}


def test_system_topics_of_other_resources_are_not_opened(watched, read):
    topic_with(watched, f"{HERE}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/s", "other")
    assert len(read().shard("global").watching.subscriptions.items) == 1
    assert not [path for _, path in watched.calls if path.endswith("topic-1/eventSubscriptions")]


def test_where_the_activity_log_goes_is_told(watched, read):
    row = {
        "id": f"{HERE}/providers/microsoft.insights/diagnosticSettings/all",
        "name": "all",
        "properties": {
            "workspaceId": f"{HERE}/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/audit",
            "logs": [{"category": "Administrative", "enabled": True}, {"category": "Alert", "enabled": False}],
        },
    }
    watched.put(PAYMENTS, "microsoft.insights/diagnosticsettings", row)
    (export,) = read().shard("global").watching.exports.items
    assert (export.name, export.categories) == ("all", ("administrative",))
    assert export.destinations[0].endswith("/workspaces/audit")


@pytest.mark.parametrize(
    ("path", "group", "call"),
    [
        (f"^{HERE}/providers/Microsoft.Insights/diagnosticSettings", "exports", SETTINGS),
        ("systemTopics$", "subscriptions", "Microsoft.EventGrid/systemTopics/read"),
        ("systemTopics/topic-1", "subscriptions", "Microsoft.EventGrid/systemTopics/eventSubscriptions/read"),
        ("activityLogAlerts$", "activity", "Microsoft.Insights/activityLogAlerts/read"),
        ("scheduledQueryRules$", "queries", "Microsoft.Insights/scheduledQueryRules/read"),
        ("actionGroups$", "groups", "Microsoft.Insights/actionGroups/read"),
        ("EventGrid/eventSubscriptions", "subscriptions", "Microsoft.EventGrid/eventSubscriptions/read"),
    ],
)
def test_what_is_denied_is_unknown_and_nothing_else_is(watched, read, path, group, call):
    topic_with(watched, watched.vaults["kv-pay"].id, "renewal")
    watched.faults.append(Fault(effect=Effect.DENY, path=path))
    assert unread_around(read().shard("global")) == {group: (Unknown(cause=Cause.DENIED, call=call),)}
