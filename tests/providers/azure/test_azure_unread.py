"""What goes wrong is unknown exactly where it went wrong, with its cause and the permission that is missing."""

import pytest

from azure_worlds import PAYMENTS, ROTATING
from scanner.model.errors import AccessError
from scanner.model.key import KeyState
from scanner.model.scope import Listing, ScopeStatus
from scanner.model.unknown import Cause, Unknown
from scanner.simulator.azure.faults import Effect, Fault

KEYS = "Microsoft.KeyVault/vaults/keys/read"
POLICIES = "Microsoft.KeyVault/vaults/keyrotationpolicies/read"
VAULTS = "Microsoft.KeyVault/vaults/read"

DATA_PLANE = [
    (Effect.DENY_BY_ROLE, Cause.DENIED, "ForbiddenByRbac"),
    (Effect.DENY_BY_POLICY, Cause.DENIED, "AccessDenied"),
    (Effect.FIREWALL, Cause.DENIED, "ForbiddenByFirewall"),
    (Effect.THROTTLE, Cause.THROTTLED, "Throttled"),
    (Effect.SERVER_ERROR, Cause.ERROR, "InternalServerError"),
    (Effect.MALFORMED, Cause.ERROR, "MalformedReply"),
    (Effect.RESET, Cause.ERROR, "Unreachable"),
]


def two_vaults(world):
    world.add_vault("kv-shut", subscription=PAYMENTS)
    for vault in ("kv-pay", "kv-shut"):
        world.add_key(vault, "k", policy=ROTATING, tags={"owner": "pay"})


def of(found, vault):
    return next(key for key in found.shard().keys if f"//{vault}." in key.id)


@pytest.mark.parametrize(("effect", "cause", "code"), DATA_PLANE)
def test_a_vault_that_does_not_let_us_in_is_unknown_there_and_nowhere_else(world, read, effect, cause, code):
    two_vaults(world)
    world.faults.append(Fault(effect=effect, path="^/vaults/kv-shut/"))
    found = read()
    unread = Unknown(cause=cause, call=KEYS)
    assert found.shard().scope.keys == unread
    assert found.vault("kv-shut").source["dataPlane"] == code
    assert "dataPlane" not in found.vault("kv-pay").source
    shut, fine = of(found, "kv-shut"), of(found, "kv-pay")
    assert (shut.rotation, shut.versions, shut.rotation_history) == (unread, unread, unread)
    assert not [name for name in fine.__struct_fields__ if isinstance(getattr(fine, name), Unknown)]


def test_of_a_vault_that_is_shut_the_management_plane_tells_the_rest(world, read):
    two_vaults(world)
    world.disable("kv-shut", "k")
    world.faults.append(Fault(effect=Effect.FIREWALL, path="^/vaults/kv-shut/"))
    shut = of(read(), "kv-shut")
    assert (shut.metadata.state, shut.metadata.spec) == (KeyState.DISABLED, "RSA 2048")
    assert shut.tags.items == {"owner": "pay"}


def test_a_vault_that_is_shut_on_both_planes_has_no_keys_and_says_so(world, read):
    two_vaults(world)
    world.faults += [
        Fault(effect=Effect.DENY_BY_ROLE, path="^/vaults/kv-shut/"),
        Fault(effect=Effect.DENY, path="/vaults/kv-shut/keys"),
    ]
    found = read()
    assert [key.id for key in found.shard().keys if "kv-shut" in key.id] == []
    assert found.shard().scope.keys == Unknown(cause=Cause.DENIED, call=KEYS)
    assert found.vault("kv-shut").recovery.soft_delete is True


@pytest.mark.parametrize(
    ("path", "groups", "call"),
    [
        (r"^/vaults/kv-pay/keys/k/?$", {"metadata", "tags"}, KEYS),
        (r"^/vaults/kv-pay/keys/k/versions", {"versions", "rotation_history"}, KEYS),
        (r"^/vaults/kv-pay/keys/k/rotationpolicy", {"rotation"}, POLICIES),
    ],
)
def test_one_call_denied_leaves_its_own_groups_unknown(world, read, path, groups, call):
    world.add_key("kv-pay", "k", policy=ROTATING)
    world.add_key("kv-pay", "other", policy=ROTATING)
    world.faults.append(Fault(effect=Effect.DENY_BY_ROLE, path=path))
    found = read()
    key = found.key("k")
    unread = {name for name in key.__struct_fields__ if isinstance(getattr(key, name), Unknown)}
    assert unread == groups
    assert {getattr(key, name) for name in groups} == {Unknown(cause=Cause.DENIED, call=call)}
    other = found.key("other")
    assert not [name for name in other.__struct_fields__ if isinstance(getattr(other, name), Unknown)]
    assert found.shard().scope.keys == Listing(listed=2, pages=2)


def test_deleted_keys_that_cannot_be_listed_leave_the_listing_unknown(world, read):
    world.add_key("kv-pay", "k", policy=ROTATING)
    world.faults.append(Fault(effect=Effect.DENY_BY_POLICY, path="^/vaults/kv-pay/deletedkeys"))
    found = read()
    assert [key.id for key in found.shard().keys] == ["https://kv-pay.vault.azure.net/keys/k"]
    assert found.shard().scope.keys == Unknown(cause=Cause.DENIED, call=KEYS)
    assert isinstance(found.key("k").metadata.state, KeyState)


def test_a_listing_that_breaks_off_keeps_the_keys_seen(world, read):
    world.page_size = 2
    for number in range(5):
        world.add_key("kv-pay", f"k{number}")
    world.faults.append(Fault(effect=Effect.SERVER_ERROR, path="^/vaults/kv-pay/keys$", after=2))
    found = read()
    assert found.shard().scope.keys == Unknown(cause=Cause.ERROR, call=KEYS)
    assert len(found.shard().keys) == 2


def test_throttling_that_passes_is_waited_for_as_long_as_azure_asks(world, read):
    world.add_key("kv-pay", "k", policy=ROTATING)
    world.faults.append(Fault(effect=Effect.THROTTLE, path="rotationpolicy", count=1, delay=1))
    found = read()
    assert found.key("k").rotation.enabled is True
    count = found.calls(POLICIES)
    assert (count.calls, count.retries, count.throttled, count.denied) == (1, 1, 1, 0)
    assert ("called", PAYMENTS, "westeurope", POLICIES, 1) in found.progress.events


def test_a_connection_that_is_reset_once_is_tried_again(world, read):
    world.add_key("kv-pay", "k", policy=ROTATING)
    world.faults.append(Fault(effect=Effect.RESET, path="rotationpolicy", count=1))
    assert read().key("k").rotation.enabled is True


def test_slow_answers_are_answers(world, read):
    world.add_key("kv-pay", "k", policy=ROTATING)
    world.faults.append(Fault(effect=Effect.SLOW, path="rotationpolicy", delay=0.05))
    assert read().key("k").rotation.enabled is True


def test_an_answer_that_does_not_come_in_time_is_an_error(world, read):
    world.add_key("kv-pay", "k", policy=ROTATING)
    world.faults.append(Fault(effect=Effect.SLOW, path="rotationpolicy", delay=0.6))
    rotation = read(read_timeout_seconds=0.2, max_attempts=1).key("k").rotation
    assert rotation == Unknown(cause=Cause.ERROR, call=POLICIES)


def test_vaults_that_cannot_be_listed_leave_the_subscription_unknown(world, read):
    world.faults.append(Fault(effect=Effect.DENY, path="Microsoft.KeyVault/vaults$"))
    found = read()
    assert set(found.shards) == {(PAYMENTS, "global")}
    assert found.shard("global").scope.keys == Unknown(cause=Cause.DENIED, call=VAULTS)
    assert found.shard("global").scope.status is ScopeStatus.SCANNED


def test_a_subscription_without_the_resource_provider_has_no_vaults(world, read):
    world.vaults.clear()
    world.faults.append(Fault(effect=Effect.NOT_REGISTERED, path="Microsoft.KeyVault"))
    assert read().shard("global").scope.keys == Listing(listed=0, pages=0)


def test_a_vault_at_a_foreign_address_is_never_sent_a_token(world, read):
    two_vaults(world)
    world.vaults["kv-shut"].home = "evil.example"
    found = read()
    assert not [path for _, path in world.calls if path.startswith("/vaults/kv-shut/")]
    assert found.vault("kv-shut").source["dataPlane"] == "ForeignHost"
    assert found.shard().scope.keys == Unknown(cause=Cause.ERROR, call=KEYS)


def test_credentials_that_are_refused_are_one_line_with_a_remedy(world, read):
    world.refuses_sign_in = True
    with pytest.raises(AccessError, match=r"refused the credentials \(AADSTS7000222\)") as caught:
        read()
    assert "az login" in caught.value.hint


@pytest.mark.usefixtures("endpoint")
def test_credentials_that_are_missing_are_one_line_with_a_remedy(read, monkeypatch):
    monkeypatch.delenv("AZURE_CLIENT_SECRET")
    with pytest.raises(AccessError, match="no usable credentials were found") as caught:
        read()
    assert "AZURE_CLIENT_ID" in caught.value.hint


@pytest.mark.usefixtures("endpoint")
def test_a_secret_that_is_empty_is_one_that_is_missing(read, monkeypatch):
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "")
    with pytest.raises(AccessError, match="no usable credentials were found"):
        read()


def test_a_token_that_has_expired_is_told_as_such(world, read):
    world.faults.append(Fault(effect=Effect.EXPIRED, path="^/subscriptions"))
    with pytest.raises(AccessError, match=r"refused the token \(ExpiredAuthenticationToken\)"):
        read()


def test_no_free_text_of_a_refusal_is_kept(world, read):
    two_vaults(world)
    world.faults.append(Fault(effect=Effect.FIREWALL, path="^/vaults/kv-shut/"))
    found = read()
    kept = repr([item.shard for item in found.shards.values()]) + repr(found.raw())
    assert "free-text" not in kept
    assert "Bearer" not in kept
    assert {response.error for response in found.raw().values()} == {None, "ForbiddenByFirewall"}


def test_deleted_vaults_that_cannot_be_listed_leave_the_subscription_unknown(world, read):
    world.faults.append(Fault(effect=Effect.DENY, path="deletedVaults$"))
    found = read()
    assert found.shard("global").scope.keys == Unknown(cause=Cause.DENIED, call="Microsoft.KeyVault/deletedVaults/read")
    assert found.shard().scope.keys == Listing(listed=0, pages=2)


def test_logs_that_cannot_be_read_are_unknown_for_their_vault_alone(world, read):
    two_vaults(world)
    world.faults.append(Fault(effect=Effect.DENY, path="vaults/kv-shut/providers/Microsoft.Insights"))
    found = read()
    assert found.vault("kv-shut").logs == Unknown(cause=Cause.DENIED, call="Microsoft.Insights/diagnosticSettings/read")
    assert found.vault("kv-pay").logs.items == ()
