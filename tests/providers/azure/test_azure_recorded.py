"""Replies recorded from Azure itself become the values they tell. Skips where the recordings are not at hand."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import yaml

from scanner.model.container import AccessMode
from scanner.model.key import ActionKind, KeyState
from scanner.providers.azure import normalise, normalise_access, normalise_containers, normalise_monitor
from scanner.providers.azure.keeping import keep, onward
from scanner.providers.azure.operations import (
    GET_KEY,
    GET_ROTATION_POLICY,
    LIST_DELETED_VAULTS,
    LIST_KEYS,
    LIST_VAULTS,
    operation_of,
)
from scanner.providers.azure.operations_access import GET_ROLE_DEFINITION, LIST_ROLE_ASSIGNMENTS
from scanner.providers.azure.operations_monitor import LIST_ACTION_GROUPS, LIST_ACTIVITY_ALERTS, LIST_VAULT_LOGS
from scanner.providers.azure.replies import KeyAttributes

RECORDED = Path(__file__).parents[4] / "shared" / "corpora" / "recorded" / "azure"
SUBSCRIPTION = "ea42f556-5106-4743-99b0-c129bfa71a47"

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recordings are not at hand")


NORMALISED = {
    "ListVaults": lambda pages: [normalise_containers.vault(one, SUBSCRIPTION, ()) for one in pages[0].value],
    "GetKeys": normalise.listed_keys,
    "GetKey": lambda pages: normalise.metadata(pages, None),
    "GetKeyRotationPolicy": lambda pages: normalise.rotation(pages, KeyAttributes()),
    "ListRoleAssignments": lambda pages: normalise_access.levels(SUBSCRIPTION, pages, ()),
    "GetRoleDefinition": lambda pages: normalise_access.role(pages[0]),
    "ListActivityLogAlerts": normalise_monitor.activity_alerts,
    "ListSubscriptionDiagnosticSettings": normalise_monitor.log_routes,
}
"""What is made of the answers that were recorded."""


def interactions(path):
    """Method, address, status and body of every recorded request."""
    if path.suffix == ".yaml":
        recording = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
        for item in recording["interactions"]:
            yield (
                item["request"]["method"],
                item["request"]["uri"],
                item["response"]["status"]["code"],
                item["response"]["body"]["string"].encode(),
            )
        return
    for item in json.loads(path.read_text())["interactions"]:
        body = item["response"]["body"]
        text = body["string"] if "string" in body else json.dumps(body["data"])
        yield item["request"]["method"], item["request"]["uri"], item["response"]["status"]["code"], text.encode()


def bodies(cassette, operation):
    """The bodies of a cassette that answer an operation, in order."""
    found = interactions(RECORDED / "cassettes" / f"{cassette}.json")
    return [body for method, uri, status, body in found if status == 200 and operation_of(method, uri) is operation]


def pages(cassette, operation):
    return tuple(keep(operation, body) for body in bodies(cassette, operation))


def vaults(cassette):
    found = [vault for page in pages(cassette, LIST_VAULTS) for vault in page.value]
    return {vault.name: normalise_containers.vault(vault, SUBSCRIPTION, ()) for vault in found}


def test_every_recorded_success_of_an_operation_of_ours_is_understood():
    read = {}
    for path in sorted([*RECORDED.glob("cassettes/*.json"), *RECORDED.glob("recordings/*.yaml")]):
        for method, uri, status, body in interactions(path):
            operation = operation_of(method, uri)
            if operation is not None and status == 200:
                kept = keep(operation, body)
                if operation.name in NORMALISED:
                    NORMALISED[operation.name]((kept,))
                read[operation.name] = read.get(operation.name, 0) + 1
    assert read["ListVaults"] == 20
    assert {"GetKeys", "GetKey", "GetKeyRotationPolicy", "GetSubscription"} <= set(read)
    assert set(read) <= {*NORMALISED, "GetSubscription"}


SINGLE = {
    re.compile(r"/vaults/[^/]+"): (LIST_VAULTS, normalise_containers.vault),
    re.compile(r"/locations/[^/]+/deletedVaults/[^/]+"): (LIST_DELETED_VAULTS, normalise_containers.deleted),
}
"""Recorded descriptions of one thing, each a row of the listing that a scan asks for instead."""


def test_every_recorded_description_of_a_vault_reads_like_a_row_of_the_listing():
    read = []
    for path in sorted([*RECORDED.glob("cassettes/*.json"), *RECORDED.glob("recordings/*.yaml")]):
        for method, uri, status, body in interactions(path):
            place = uri.partition("?")[0].partition("/providers/Microsoft.KeyVault")[2]
            for pattern, (operation, made) in SINGLE.items():
                if (method, status) == ("GET", 200) and pattern.fullmatch(place):
                    (row,) = keep(operation, b'{"value": [' + body + b"]}").value
                    read.append(made(row, SUBSCRIPTION, ()))
    assert len(read) == 5
    assert [container.name for container in read if container.deleted_at] == ["myValtZikfikxz"]
    assert {container.recovery.purge_protection for container in read} == {False}


def test_a_listing_of_vaults_may_begin_with_an_empty_page():
    first, *_ = bodies("KeyVaultKeyTest.test_key_vault_keys_rotation", LIST_VAULTS)
    assert keep(LIST_VAULTS, first).value == ()
    assert "$skiptoken" in onward(first)
    assert len(vaults("KeyVaultKeyTest.test_key_vault_keys_rotation")) == 2


def test_purge_protection_that_is_not_mentioned_is_off():
    found = vaults("KeyVaultTest.test_update_access_policy")
    assert {vault.recovery.purge_protection for vault in found.values()} == {False, True}
    plain = found["ajtest"]
    assert (plain.recovery.soft_delete, plain.recovery.retention_days) == (True, 90)
    assert plain.recovery.purge_protection is False


def test_a_vault_without_the_flag_for_roles_goes_by_access_policies():
    found = vaults("KeyVaultTest.common")["cckeyvault1yghq6zt4ewg2e"]
    assert found.access.mode is AccessMode.ACCESS_POLICIES
    assert [grant.keys[:3] for grant in found.policy.items] == [("backup", "create", "delete")]
    assert found.recovery.soft_delete is False
    by_roles = vaults("KeyVaultKeyTest.test_key_vault_key_update_action")["c7ntestvault"]
    assert by_roles.access.mode is AccessMode.ROLES


def test_eight_ranges_that_are_the_whole_internet_are_kept_as_they_are():
    network = vaults("KeyVaultTest.common")["cckeyvault1yghq6zt4ewg2e"].network
    assert (network.public, network.default_allows, network.trusted_services) == (True, False, True)
    assert len(network.addresses) == 8
    assert "128.0.0.0/1" in network.addresses


def test_a_policy_that_was_never_set_only_notifies():
    rotating, notifying = pages("KeyVaultKeyTest.test_key_vault_keys_rotation", GET_ROTATION_POLICY)
    expires = datetime(2026, 11, 24, tzinfo=UTC)
    attributes = (
        keep(LIST_KEYS, bodies("KeyVaultKeyTest.test_key_vault_keys_rotation", LIST_KEYS)[0]).value[0].attributes
    )
    dated = attributes.__class__(created=attributes.created, exp=int(expires.timestamp()))
    rotation = normalise.rotation((rotating,), dated)
    assert (rotation.enabled, rotation.period) == (True, timedelta(days=60))
    assert (rotation.expires_in, rotation.next_at) == (timedelta(days=90), expires - timedelta(days=30))
    never = normalise.rotation((notifying,), dated)
    assert (never.enabled, never.period, never.expires_in) == (False, None, None)
    assert [action.action for action in never.actions] == [ActionKind.NOTIFY]


def test_the_recorded_key_that_rotates_before_an_expiry_has_none():
    cassette = "KeyVaultKeyTest.test_key_vault_keys_rotation"
    rotating, _ = pages(cassette, GET_ROTATION_POLICY)
    item = pages(cassette, LIST_KEYS)[0].value[0]
    assert item.attributes.exp is None
    assert normalise.rotation((rotating,), item.attributes).enabled is False


def test_keys_of_certificates_and_keys_with_an_expiry_are_told_apart():
    found = normalise.listed_keys(pages("KeyVaultKeyTest.test_key_vault_keys_keyvault", LIST_KEYS))
    assert {name: bool(item.managed) for name, item in found.items()} == {
        "cctest1": True,
        "cctest2": True,
        "cctestec": False,
        "cctestrsa": False,
    }
    assert {name for name, item in found.items() if item.attributes.exp} == {"cctest1", "cctest2"}
    assert {item.attributes.recovery_level for item in found.values()} == {"Purgeable"}


def test_a_disabled_key_is_listed_and_enabled_later():
    cassette = "KeyVaultKeyTest.test_key_vault_key_update_action"
    listed = pages(cassette, LIST_KEYS)[0].value[0]
    assert listed.attributes.enabled is False
    metadata = normalise.metadata(pages(cassette, GET_KEY), None)
    assert (metadata.state, metadata.spec) == (KeyState.ENABLED, "RSA 2048")
    assert metadata.operations == ("decrypt", "encrypt", "sign", "unwrapKey", "verify", "wrapKey")
    assert normalise.key_id(listed.kid) == "https://c7ntestvault.vault.azure.net/keys/test"


def test_the_recorded_role_assignments_stand_at_their_levels():
    given = pages("AccessControlTest.test_find_assignments_by_role", LIST_ROLE_ASSIGNMENTS)
    levels = normalise_access.levels(SUBSCRIPTION, given, ()).items
    bindings = [binding for level in levels for binding in level.bindings.items]
    assert len(bindings) == 74
    assert levels[0].id == "/"
    assert f"/subscriptions/{SUBSCRIPTION}" in {level.id for level in levels}
    assert {kind for binding in bindings for kind in binding.member_kinds} <= {"User", "Group", "ServicePrincipal", ""}
    defined = {
        normalise_access.role(page).id
        for page in pages("AccessControlTest.test_find_assignments_by_role", GET_ROLE_DEFINITION)
    }
    assert defined
    assert defined <= {binding.role for binding in bindings}


def test_every_recorded_role_definition_is_understood():
    path = RECORDED / "cassettes" / "AccessControlTest.test_find_definition_by_name.json"
    ((_, _, _, body),) = interactions(path)
    roles = [
        normalise_access.role(keep(GET_ROLE_DEFINITION, json.dumps(item).encode()))
        for item in json.loads(body)["value"]
    ]
    by_name = {role.name: role for role in roles}
    assert len(roles) == 128
    assert {role.custom for role in roles} == {True, False}
    assert by_name["Owner"].blocks[0].actions == ("*",)
    assert by_name["Owner"].blocks[0].data_actions == ()


def test_recorded_diagnostic_settings_tell_what_is_switched_on():
    def routes(cassette):
        path = RECORDED / "cassettes" / f"{cassette}.json"
        found = [body for _, uri, _, body in interactions(path) if "diagnosticsettings" in uri.lower()]
        return normalise_monitor.log_routes([keep(LIST_VAULT_LOGS, body) for body in found]).items

    (present,) = routes("DiagnosticSettingsFilterTest.test_filter_diagnostic_settings_present")
    assert "loadbalanceralertevent" not in present.categories
    assert len(present.destinations) == 1
    assert routes("DiagnosticSettingsFilterTest.test_filter_diagnostic_settings_absent") == ()
    (subscription,) = routes("SubscriptionDiagnosticSettingsFilterTest.diag")
    assert "alert" not in subscription.categories


def test_recorded_alerts_that_are_enabled_may_call_nobody():
    found = pages("AlertLogsTest.test_find_by_name", LIST_ACTIVITY_ALERTS)
    alerts = normalise_monitor.activity_alerts(found).items
    assert len(alerts) == 13
    silent = {alert.name for alert in alerts if alert.enabled and not alert.groups}
    assert len(silent) == 3
    assert {"dfh-nsg-alert", "dfh-ss-alert"} <= silent
    conditions = {(one.field, one.values) for alert in alerts for one in alert.conditions}
    assert ("category", ("Administrative",)) in conditions


def test_the_recorded_action_group_has_two_receivers_and_no_address_of_them():
    path = next(RECORDED.glob("recordings/*action_groups.yaml"))
    made = [body for method, _, status, body in interactions(path) if (method, status) == ("GET", 200)]
    page = keep(LIST_ACTION_GROUPS, b'{"value": [' + made[0] + b"]}")
    (group,) = normalise_monitor.action_groups((page,)).items
    assert [(one.means, one.status) for one in group.receivers] == [("email", "Enabled"), ("sms", "Enabled")]
    assert group.enabled is True
    kept = msgspec.json.encode(page).decode()
    assert "@" not in kept
    assert "1234567890" not in kept


def test_the_recorded_alert_that_was_switched_off_is_off():
    path = next(RECORDED.glob("recordings/*activity_log_alerts.yaml"))
    changed = [body for method, _, status, body in interactions(path) if (method, status) == ("PATCH", 200)]
    page = keep(LIST_ACTIVITY_ALERTS, b'{"value": [' + changed[0] + b"]}")
    (alert,) = normalise_monitor.activity_alerts((page,)).items
    assert alert.enabled is False


def test_the_recorded_alert_that_was_made_without_an_action_group_has_none():
    path = next(RECORDED.glob("recordings/*activity_log_alerts.yaml"))
    made = [body for method, _, status, body in interactions(path) if (method, status) == ("GET", 200)]
    page = keep(LIST_ACTIVITY_ALERTS, b'{"value": [' + made[0] + b"]}")
    (alert,) = normalise_monitor.activity_alerts((page,)).items
    assert (alert.enabled, alert.groups) == (True, ())
