"""What the reader makes of vaults and keys: every group from its own call, and deleted keys with their dates."""

from datetime import timedelta

import pytest

from azure_worlds import NOW, PAYMENTS, ROTATING
from scanner.model.container import AccessMode, ContainerKind, KeyGrants
from scanner.model.key import ActionKind, KeyState, KeyType, KeyUsage, Manager, ProtectionLevel
from scanner.model.scope import Listing, ScopeStatus
from scanner.model.unknown import Inapplicable, OutOfScope


def days(count):
    return timedelta(days=count)


def test_a_key_is_read_with_its_versions_and_its_policy(world, read):
    world.add_key("kv-pay", "card", policy=ROTATING, age_days=300, rotated_days_ago=(200, 80), tags={"owner": "pay"})
    key = read().key("card")
    assert key.id == "https://kv-pay.vault.azure.net/keys/card"
    assert key.metadata.state is KeyState.ENABLED
    assert (key.metadata.manager, key.metadata.type) == (Manager.CUSTOMER, KeyType.ASYMMETRIC)
    assert (key.metadata.spec, key.metadata.protection) == ("RSA 2048", ProtectionLevel.SOFTWARE)
    assert key.metadata.created_at == NOW - days(300)
    assert (key.rotation.enabled, key.rotation.period, key.rotation.next_at) == (True, days(90), NOW + days(10))
    assert key.rotation.expires_in == days(120)
    assert [version.created_at for version in key.versions.items] == [NOW - days(age) for age in (300, 200, 80)]
    assert key.versions.primary == key.versions.items[-1].id
    assert key.metadata.material_expires_at == NOW + days(40)
    assert [event.at for event in key.rotation_history.events] == [NOW - days(200), NOW - days(80)]
    assert key.tags.items == {"owner": "pay"}
    assert key.container == read().vault().id


def test_a_policy_that_only_notifies_does_not_rotate(world, read):
    world.add_key("kv-pay", "never-set")
    rotation = read().key("never-set").rotation
    assert (rotation.enabled, rotation.period, rotation.next_at) == (False, None, None)
    assert [action.action for action in rotation.actions] == [ActionKind.NOTIFY]


def test_rotating_before_an_expiry_that_is_not_set_never_happens(world, read):
    before = {
        "lifetimeActions": [{"trigger": {"timeBeforeExpiry": "P30D"}, "action": {"type": "Rotate"}}],
        "attributes": {"expiryTime": "P1Y"},
    }
    world.add_key("kv-pay", "dated", policy=before, expires_in_days=100)
    world.add_key("kv-pay", "undated", policy=before)
    found = read()
    dated, undated = found.key("dated").rotation, found.key("undated").rotation
    assert (dated.enabled, dated.period, dated.next_at) == (True, days(335), NOW + days(70))
    assert (undated.enabled, undated.period, undated.next_at) == (False, None, None)


def test_a_deleted_key_waits_for_its_purge(world, read):
    world.add_key("kv-pay", "old", kty="EC")
    world.delete("kv-pay", "old")
    world.advance(days(5))
    key = read().key("old")
    assert (key.metadata.state, key.metadata.type) == (KeyState.PENDING_DELETION, KeyType.ASYMMETRIC)
    assert key.metadata.deletion_at == NOW + days(90)
    assert (key.deletion_request.at, key.deletion_request.actor) == (NOW, None)
    assert key.deletion_request.window_days == 90
    assert isinstance(key.versions, Inapplicable)


def test_deleted_keys_count_in_the_listing(world, read):
    world.add_key("kv-pay", "a")
    world.add_key("kv-pay", "b")
    world.delete("kv-pay", "b")
    assert read().shard().scope.keys == Listing(listed=2, pages=2)


@pytest.mark.parametrize(
    ("traits", "told"),
    [
        ({"kty": "RSA-HSM", "bits": 4096}, (KeyType.ASYMMETRIC, KeyUsage.ENCRYPT_DECRYPT, "RSA-HSM 4096")),
        ({"kty": "RSA", "bits": 3072}, (KeyType.ASYMMETRIC, KeyUsage.ENCRYPT_DECRYPT, "RSA 3072")),
        ({"kty": "EC"}, (KeyType.ASYMMETRIC, KeyUsage.SIGN_VERIFY, "EC P-256")),
        ({"kty": "oct-HSM"}, (KeyType.SYMMETRIC, KeyUsage.ENCRYPT_DECRYPT, "oct-HSM")),
        ({"kty": "lattice"}, (KeyType.UNRECOGNISED, KeyUsage.ENCRYPT_DECRYPT, "lattice")),
        ({"operations": ["import"]}, (KeyType.ASYMMETRIC, KeyUsage.UNRECOGNISED, "RSA 2048")),
    ],
)
def test_type_size_and_operations_are_told(world, read, traits, told):
    world.add_key("kv-pay", "k", **traits)
    metadata = read().key("k").metadata
    assert (metadata.type, metadata.usage, metadata.spec) == told


def test_a_disabled_key_and_an_exportable_one_say_so(world, read):
    world.add_key("kv-pay", "off", enabled=False)
    world.add_key("kv-pay", "out", exportable=True, not_before_in_days=3)
    found = read()
    assert found.key("off").metadata.state is KeyState.DISABLED
    assert found.key("out").metadata.exportable is True
    assert found.key("out").versions.items[-1].not_before == NOW + days(3)


def test_the_key_of_a_certificate_is_not_asked_how_it_rotates(world, read):
    world.add_key("kv-pay", "tls", managed=True)
    key = read().key("tls")
    rotation = key.rotation
    assert key.metadata.belongs_to == "certificate"
    assert isinstance(rotation, Inapplicable)
    assert "certificate" in rotation.reason
    assert not [path for _, path in world.calls if path.endswith("rotationpolicy")]


def test_a_managed_hsm_says_that_its_roles_are_not_read(world, read):
    world.add_vault("hsm-pay", subscription=PAYMENTS, is_hsm=True, purge_protection=True)
    world.add_key("hsm-pay", "root", kty="oct-HSM", policy=ROTATING)
    found = read()
    hsm = found.vault("hsm-pay")
    assert (hsm.type, hsm.access.mode) == (ContainerKind.MANAGED_HSM, AccessMode.LOCAL_ROLES)
    assert isinstance(hsm.policy, OutOfScope)
    assert "not known" in hsm.policy.reason
    assert hsm.recovery.purge_protection is True
    assert found.key("root").metadata.protection is ProtectionLevel.HSM_SINGLE_TENANT
    assert found.key("root").rotation.enabled is True


def test_what_a_vault_leaves_out_is_off(world, read):
    world.add_vault("kv-old", subscription=PAYMENTS, rbac=None, soft_delete=None, retention=None, public_access=None)
    vault = read().vault("kv-old")
    assert (vault.recovery.soft_delete, vault.recovery.purge_protection) == (False, False)
    assert vault.recovery.retention_days is None
    assert vault.access.mode is AccessMode.ACCESS_POLICIES
    assert vault.policy == KeyGrants(items=())
    assert (vault.network.public, vault.network.default_allows) == (True, True)


def test_access_policies_are_kept_for_keys_alone_and_for_the_vaults_own_tenant(world, read):
    def entry(tenant, name, keys):
        return {"tenantId": tenant, "objectId": name, "permissions": {"keys": keys, "secrets": ["get", "purge"]}}

    policies = [
        entry(world.tenant, "b", ["Get", "List"]),
        entry(world.tenant, "a", None),
        entry("elsewhere", "c", ["all"]),
    ]
    world.add_vault("kv-list", subscription=PAYMENTS, rbac=False, access_policies=policies)
    grants = read().vault("kv-list").policy.items
    assert [(grant.principal, grant.keys) for grant in grants] == [("a", ()), ("b", ("get", "list"))]


def test_network_rules_are_told_as_they_are(world, read):
    rules = {
        "defaultAction": "Deny",
        "bypass": "AzureServices",
        "ipRules": [{"value": "203.0.113.0/24"}],
        "virtualNetworkRules": [{"id": "/subscriptions/S/Subnets/A"}],
    }
    approved = {"id": "/C/1", "properties": {"privateLinkServiceConnectionState": {"status": "Approved"}}}
    pending = {"id": "/C/2", "properties": {"privateLinkServiceConnectionState": {"status": "Pending"}}}
    world.add_vault("kv-net", subscription=PAYMENTS, acls=rules, private_connections=[approved, pending])
    world.add_vault("kv-in", subscription=PAYMENTS, public_access="Disabled")
    found = read()
    network = found.vault("kv-net").network
    assert (network.public, network.default_allows, network.trusted_services) == (True, False, True)
    assert (network.addresses, network.subnets) == (("203.0.113.0/24",), ("/subscriptions/s/subnets/a",))
    assert network.private_endpoints == ("/c/1",)
    assert found.vault("kv-in").network.public is False


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (None, (True, True)),
        ({"defaultAction": "Deny"}, (False, True)),
        ({"defaultAction": "deny", "bypass": "None"}, (False, False)),
        ({"defaultAction": "Perhaps", "bypass": "none"}, (True, False)),
        ({"bypass": "AzureServices"}, (True, True)),
    ],
)
def test_what_network_rules_leave_out_is_what_azure_takes_it_for(world, read, rules, expected):
    world.add_vault("kv-net", subscription=PAYMENTS, acls=rules)
    network = read().vault("kv-net").network
    assert (network.default_allows, network.trusted_services) == expected


def test_every_location_is_a_scope_and_the_subscription_one_of_its_own(world, read):
    world.add_vault("kv-north", subscription=PAYMENTS, location="North Europe")
    found = read()
    assert {place for place, shard in found.shards.items() if shard.shard.scope.status is ScopeStatus.SCANNED} == {
        (PAYMENTS, "global"),
        (PAYMENTS, "westeurope"),
        (PAYMENTS, "northeurope"),
    }
    assert found.shard("global").scope.keys == Listing(listed=0, pages=4)


def test_many_pages_are_all_read(world, read):
    world.page_size = 2
    for number in range(7):
        world.add_key("kv-pay", f"k{number}", rotated_days_ago=(20, 10, 5))
    found = read()
    assert len(found.shard().keys) == 7
    assert {len(key.versions.items) for key in found.shard().keys} == {4}
    assert found.shard().scope.keys == Listing(listed=7, pages=5)


def test_each_group_names_the_reply_it_was_read_from(world, read):
    world.add_key("kv-pay", "k", policy=ROTATING)
    found = read()
    raw = found.raw()
    evidence = {item.group: item for item in found.key("k").evidence}
    assert set(evidence) == {"metadata", "tags", "versions", "rotation_history", "rotation"}
    assert all(item.raw in raw for item in evidence.values())
    assert evidence["rotation"].call == "Microsoft.KeyVault/vaults/keyrotationpolicies/read"
    assert all(item.raw in raw for vault in found.shard().containers for item in vault.evidence)


def test_three_calls_a_key_and_two_a_vault(world, read):
    for number in range(10):
        world.add_key("kv-pay", f"k{number}", policy=ROTATING)
    found = read()
    assert found.calls("Microsoft.KeyVault/vaults/keys/read").calls == 22
    assert found.calls("Microsoft.KeyVault/vaults/keyrotationpolicies/read").calls == 10


def test_a_deleted_vault_is_kept_with_the_day_it_is_purged(world, read):
    world.add_key("kv-pay", "k")
    world.add_vault("hsm-old", subscription=PAYMENTS, is_hsm=True, retention=7, purge_protection=True)
    world.delete_vault("kv-pay")
    world.delete_vault("hsm-old")
    found = read()
    vault, hsm = found.vault("kv-pay"), found.vault("hsm-old")
    assert (vault.deleted_at, vault.purge_at) == (NOW, NOW + days(90))
    assert (vault.type, hsm.type) == (ContainerKind.VAULT, ContainerKind.MANAGED_HSM)
    assert (vault.recovery.purge_protection, hsm.recovery.purge_protection) == (False, True)
    assert (vault.recovery.retention_days, hsm.recovery.retention_days) == (90, 7)
    assert isinstance(vault.network, Inapplicable)
    assert found.shard().keys == ()
    assert found.shard().scope.keys == Listing(listed=0, pages=0)


def test_where_the_log_of_a_vault_goes_is_told_with_what_is_switched_on(world, read):
    world.log("kv-pay", "AuditEvent")
    world.log("kv-pay", "AzurePolicyEvaluationDetails", enabled=False, workspace="")
    audit, policy = read().vault().logs.items
    assert (audit.categories, len(audit.destinations)) == (("auditevent",), 1)
    assert audit.destinations[0] == audit.destinations[0].lower()
    assert (policy.categories, policy.destinations) == ((), ())


@pytest.mark.parametrize("location", ["global", "Global", "", " "])
def test_the_keys_of_a_vault_without_a_location_are_read(world, read, location):
    world.add_vault("kv-nowhere", subscription=PAYMENTS, location=location)
    world.add_key("kv-nowhere", "k")
    found = read()
    assert len(found.shard("unnamed").keys) == 1
    assert found.shard("global").keys == ()


def test_a_vault_in_a_location_nobody_heard_of_is_read_there(world, read):
    world.add_vault("kv-mars", subscription=PAYMENTS, location="Mars North 2")
    world.add_key("kv-mars", "k")
    assert len(read().shard("marsnorth2").keys) == 1
