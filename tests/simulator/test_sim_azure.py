"""The simulated Azure behind the official clients: it lives, pages, challenges, and refuses what Azure refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential
from azure.keyvault.keys import KeyClient
from azure.mgmt.keyvault import KeyVaultManagementClient

from scanner.simulator.azure.faults import Effect, Fault
from scanner.simulator.azure.server import serve
from scanner.simulator.azure.world import World

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PAYMENTS = "aaaaaaaa-0000-4000-8000-000000000001"
QUARTERLY = {
    "lifetimeActions": [{"trigger": {"timeAfterCreate": "P3M"}, "action": {"type": "Rotate"}}],
    "attributes": {"expiryTime": "P1Y"},
}


@pytest.fixture
def azure():
    world = World(NOW)
    world.add_subscription(PAYMENTS, "payments")
    world.add_vault("kv-pay", subscription=PAYMENTS)
    return world


@pytest.fixture
def served(azure, monkeypatch):
    for name, value in azure.credentials().items():
        monkeypatch.setenv(name, value)
    with serve(azure) as endpoint:
        yield endpoint


@pytest.fixture
def credential(served):
    made = DefaultAzureCredential(
        authority=served.url, disable_instance_discovery=True, connection_verify=str(served.ca_file)
    )
    with made:
        yield made


@pytest.fixture
def keys(served, credential):
    options = {"connection_verify": str(served.ca_file), "verify_challenge_resource": False, "retry_total": 0}
    with KeyClient(served.vault_url.format(vault="kv-pay"), credential, **options) as client:
        yield client


@pytest.fixture
def management(served, credential):
    options = {
        "base_url": served.url,
        "connection_verify": str(served.ca_file),
        "credential_scopes": ["https://management.azure.com/.default"],
        "retry_total": 0,
    }
    with KeyVaultManagementClient(credential, PAYMENTS, **options) as client:
        yield client


def test_vaults_are_listed_across_an_empty_first_page(azure, management):
    azure.page_size = 2
    for number in range(3):
        azure.add_vault(f"kv-{number}", subscription=PAYMENTS, purge_protection=True if number else None)
    found = {vault.name: vault.properties for vault in management.vaults.list_by_subscription()}
    assert set(found) == {"kv-pay", "kv-0", "kv-1", "kv-2"}
    assert (found["kv-0"].enable_purge_protection, found["kv-1"].enable_purge_protection) == (None, True)


def test_a_vault_asks_who_one_is_before_it_answers(azure, keys):
    azure.add_key("kv-pay", "k")
    assert [key.name for key in keys.list_properties_of_keys()] == ["k"]
    paths = [path for _, path in azure.calls]
    assert paths.count("/vaults/kv-pay/keys") == 2
    assert paths[0] == "/vaults/kv-pay/keys"


def test_keys_rotate_by_themselves_as_their_policy_says(azure, keys):
    azure.add_key("kv-pay", "k", policy=QUARTERLY, age_days=1)
    azure.advance(timedelta(days=200))
    versions = sorted(keys.list_properties_of_key_versions("k"), key=lambda version: version.created_on)
    assert [version.created_on.date().isoformat() for version in versions] == ["2026-05-31", "2026-08-31", "2026-11-30"]
    assert versions[-1].expires_on == versions[-1].created_on.replace(year=2027)
    assert keys.get_key("k").properties.version == versions[-1].version


def test_a_key_without_a_policy_notifies_and_never_rotates(azure, keys):
    azure.add_key("kv-pay", "k")
    azure.advance(timedelta(days=900))
    policy = keys.get_key_rotation_policy("k")
    assert policy.id is None
    assert [action.action for action in policy.lifetime_actions] == ["Notify"]
    assert len(list(keys.list_properties_of_key_versions("k"))) == 1


def test_deleted_keys_can_be_recovered_until_they_are_purged(azure, keys):
    azure.add_key("kv-pay", "k")
    azure.delete("kv-pay", "k")
    (deleted,) = keys.list_deleted_keys()
    assert deleted.scheduled_purge_date == NOW + timedelta(days=90)
    azure.recover("kv-pay", "k")
    assert [key.name for key in keys.list_properties_of_keys()] == ["k"]
    azure.delete("kv-pay", "k")
    azure.advance(timedelta(days=91))
    assert list(keys.list_deleted_keys()) == []


def test_purge_protection_holds_until_the_retention_is_over(azure):
    azure.add_vault("kv-safe", subscription=PAYMENTS, purge_protection=True)
    azure.add_key("kv-safe", "k")
    azure.delete("kv-safe", "k")
    with pytest.raises(ValueError, match="purge protection"):
        azure.purge("kv-safe", "k")


def test_a_deleted_vault_is_listed_with_its_purge_date(azure, management):
    azure.delete_vault("kv-pay")
    (deleted,) = management.vaults.list_deleted()
    assert deleted.properties.scheduled_purge_date == NOW + timedelta(days=90)
    azure.advance(timedelta(days=91))
    assert list(management.vaults.list_deleted()) == []


@pytest.mark.parametrize(
    ("effect", "status", "inner"),
    [
        (Effect.FIREWALL, 403, "ForbiddenByFirewall"),
        (Effect.DENY_BY_ROLE, 403, "ForbiddenByRbac"),
        (Effect.THROTTLE, 429, None),
        (Effect.SERVER_ERROR, 500, None),
    ],
)
def test_faults_look_like_azures_own(azure, keys, effect, status, inner):
    azure.faults.append(Fault(effect=effect, path="^/vaults/kv-pay/keys", delay=7))
    with pytest.raises(HttpResponseError) as caught:
        list(keys.list_properties_of_keys())
    assert caught.value.status_code == status
    assert (caught.value.error.innererror or {}).get("code") == inner
    assert (caught.value.response.headers.get("Retry-After") == "7") is (effect is Effect.THROTTLE)


def test_a_missing_key_and_a_missing_vault_are_not_found(azure, keys):
    with pytest.raises(ResourceNotFoundError, match="KeyNotFound"):
        keys.get_key("nobody")
    azure.delete_vault("kv-pay")
    with pytest.raises(ResourceNotFoundError, match="VaultNotFound"):
        list(keys.list_properties_of_keys())


def test_nothing_can_be_written(keys):
    with pytest.raises(HttpResponseError, match="can only be read"):
        keys.rotate_key("k")


def test_a_managed_hsm_has_keys_of_its_own(azure, served, credential, management):
    azure.add_vault("hsm-pay", subscription=PAYMENTS, is_hsm=True)
    azure.add_key("hsm-pay", "root", kty="oct-HSM", bits=256)
    assert [hsm.name for hsm in management.managed_hsms.list_by_subscription()] == ["hsm-pay"]
    options = {"connection_verify": str(served.ca_file), "verify_challenge_resource": False}
    with KeyClient(served.vault_url.format(vault="hsm-pay"), credential, **options) as client:
        assert client.get_key("root").key_type == "oct-HSM"
