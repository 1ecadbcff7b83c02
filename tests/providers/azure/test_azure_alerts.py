"""Alerts, action groups and subscriptions to events: kept as they are, unknown where not read, no address stored."""

import pytest

from azure_worlds import PAYMENTS
from scanner.model.unknown import Cause, Unknown
from scanner.model.watching import EventCondition, Receiver
from scanner.simulator.azure.faults import Effect, Fault

HERE = f"/subscriptions/{PAYMENTS}"
INSIGHTS = f"{HERE}/resourceGroups/Watch/providers/Microsoft.Insights"
ON_CALL = f"{INSIGHTS}/actionGroups/on-call"
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
    (event,) = found.shard("global").watching.events.items
    assert (event.source, event.events) == (found.vault().id, ("Microsoft.KeyVault.KeyNearExpiry",))
    assert (event.destination, event.state) == ("WebHook", "Succeeded")


@pytest.mark.parametrize(
    ("path", "group", "call"),
    [
        ("activityLogAlerts$", "activity", "Microsoft.Insights/activityLogAlerts/read"),
        ("scheduledQueryRules$", "queries", "Microsoft.Insights/scheduledQueryRules/read"),
        ("actionGroups$", "groups", "Microsoft.Insights/actionGroups/read"),
        ("EventGrid", "events", "Microsoft.EventGrid/eventSubscriptions/read"),
    ],
)
def test_what_is_denied_is_unknown_and_nothing_else_is(watched, read, path, group, call):
    watched.faults.append(Fault(effect=Effect.DENY, path=path))
    watching = read().shard("global").watching
    groups = {name: getattr(watching, name) for name in ("activity", "queries", "groups", "events")}
    assert {name: value for name, value in groups.items() if isinstance(value, Unknown)} == {
        group: Unknown(cause=Cause.DENIED, call=call)
    }
