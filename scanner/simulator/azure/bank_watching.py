"""Who watches over Meridian Bank's vaults on Azure: well in one subscription, badly in the other. Judges nothing."""

from scanner.simulator.azure.records import Document
from scanner.simulator.azure.world import World

_INSIGHTS = "providers/Microsoft.Insights"
_KEY_EVENTS = "AzureDiagnostics | where OperationName in ('KeyDelete', 'KeyPurge', 'KeyUpdate')"


def watch_well(world: World, subscription: str, vault: str, workspace: str) -> None:
    """Deletions of vaults and keys call somebody who confirmed, expiry is heard, and a lock holds the vault."""
    place = world.vaults[vault]
    on_call = _group(world, subscription, "on-call", email="Enabled")
    _activity_alert(world, subscription, on_call, enabled=True)
    _query_alert(world, subscription, workspace, on_call, muted=None)
    topic = f"{_home(subscription)}/providers/Microsoft.EventGrid/systemTopics/vault-events"
    shown = {"id": topic, "name": "vault-events", "properties": {"source": place.id}}
    world.put(subscription, "microsoft.eventgrid/systemtopics", shown)
    world.put(
        subscription,
        f"{topic.lower()}|eventsubscriptions",
        {
            "id": f"{topic}/eventSubscriptions/expiry",
            "properties": {
                "provisioningState": "Succeeded",
                "destination": {"endpointType": "WebHook"},
                "filter": {"includedEventTypes": ["Microsoft.KeyVault.KeyNearExpiry", "Microsoft.KeyVault.KeyExpired"]},
            },
        },
    )
    world.hold(place.id, "vault-stays")


def watch_badly(world: World, subscription: str, workspace: str) -> None:
    """An alert that is switched off, and one that is silent for a day after it called people who never answered."""
    nobody = _group(world, subscription, "branch-it", email="NotSpecified", sms="Disabled")
    _activity_alert(world, subscription, nobody, enabled=False)
    _query_alert(world, subscription, workspace, nobody, muted="P1D")


def _group(world: World, subscription: str, name: str, **statuses: str) -> str:
    """An action group with a receiver for each means, in the status that it is given."""
    id_ = f"{_home(subscription)}/{_INSIGHTS}/actionGroups/{name}"
    receivers: Document = {
        f"{means}Receivers": [{"name": f"{name}-{means}", "status": status}] for means, status in statuses.items()
    }
    world.put(
        subscription,
        "microsoft.insights/actiongroups",
        {"id": id_, "name": name, "properties": {"enabled": True, "groupShortName": name, **receivers}},
    )
    return id_


def _activity_alert(world: World, subscription: str, group: str, *, enabled: bool) -> None:
    conditions = [
        {"field": "category", "equals": "Administrative"},
        {"field": "operationName", "equals": "Microsoft.KeyVault/vaults/delete"},
    ]
    properties = {
        "enabled": enabled,
        "scopes": [f"/subscriptions/{subscription}"],
        "condition": {"allOf": conditions},
        "actions": {"actionGroups": [{"actionGroupId": group}]},
    }
    id_ = f"{_home(subscription)}/{_INSIGHTS}/activityLogAlerts/vault-deleted"
    row = {"id": id_, "name": "vault-deleted", "properties": properties}
    world.put(subscription, "microsoft.insights/activitylogalerts", row)


def _query_alert(world: World, subscription: str, workspace: str, group: str, *, muted: str | None) -> None:
    properties = {
        "enabled": True,
        "scopes": [workspace],
        "criteria": {"allOf": [{"query": _KEY_EVENTS}]},
        "evaluationFrequency": "PT5M",
        "muteActionsDuration": muted,
        "actions": {"actionGroups": [group]},
    }
    id_ = f"{_home(subscription)}/{_INSIGHTS}/scheduledQueryRules/key-deleted"
    world.put(
        subscription,
        "microsoft.insights/scheduledqueryrules",
        {"id": id_, "name": "key-deleted", "properties": properties},
    )


def _home(subscription: str) -> str:
    return f"/subscriptions/{subscription}/resourceGroups/rg-watch"
