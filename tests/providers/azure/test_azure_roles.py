"""Role assignments, definitions and denials: each at its level, in one spelling, and unknown where not read."""

import pytest

from azure_worlds import PAYMENTS
from scanner.model.permission import Bindings, Denials, RoleDefinitions
from scanner.model.unknown import Cause, OutOfScope, Unknown
from scanner.simulator.azure.faults import Effect, Fault

HERE = f"/subscriptions/{PAYMENTS}"
GROUP = f"{HERE}/resourceGroups/RG-Keys"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-pay"
BANK = "/providers/Microsoft.Management/managementGroups/bank"


@pytest.fixture
def given(world):
    world.give("Owner", "anna", "/")
    world.give("Reader", "bank-audit", BANK, kind="Group")
    world.give("Contributor", "ben", HERE)
    world.give("Key Vault Crypto User", "app", VAULT, kind="ServicePrincipal", condition="@Resource[a] equals 'b'")
    world.give("Key Vault Crypto Officer", "carla", f"{VAULT}/keys/card")
    world.give("Reader", "elsewhere", "/subscriptions/aaaaaaaa-0000-4000-8000-0000000000ff")
    return world


def levels(found):
    return {level.id: level for level in found.shard().access.levels.items}


@pytest.mark.usefixtures("given")
def test_every_assignment_stands_at_its_level_the_topmost_first(read):
    access = read().shard().access
    ids = [level.id for level in access.levels.items]
    assert ids == ["/", BANK.lower(), HERE, VAULT.lower(), f"{VAULT.lower()}/keys/card"]
    members = {level.id: [item.members for item in level.bindings.items] for level in access.levels.items}
    assert members[HERE] == [("ben",)]
    assert members["/"] == [("anna",)]
    (binding,) = access.levels.items[3].bindings.items
    assert (binding.member_kinds, binding.condition) == (("ServicePrincipal",), "@Resource[a] equals 'b'")
    assert "elsewhere" not in str(access)


@pytest.mark.usefixtures("given")
def test_each_level_knows_the_one_above(read):
    found = levels(read())
    assert found["/"].parent is None
    assert (found[BANK.lower()].parent, found[HERE].parent) == ("/", "/")
    assert found[VAULT.lower()].parent == GROUP.lower()
    assert found[f"{VAULT.lower()}/keys/card"].parent == VAULT.lower()


@pytest.mark.usefixtures("given")
def test_the_definitions_that_are_named_are_read_and_no_others(read):
    access = read().shard().access
    assert isinstance(access.roles, RoleDefinitions)
    assert {role.name for role in access.roles.items} == {
        "Owner",
        "Reader",
        "Contributor",
        "Key Vault Crypto User",
        "Key Vault Crypto Officer",
    }
    named = {item.role for level in access.levels.items for item in level.bindings.items}
    assert {role.id for role in access.roles.items} == named


def test_a_custom_role_is_told_apart_with_what_it_takes_out(world, read):
    block = {"actions": ["*"], "notActions": ["Microsoft.KeyVault/*"], "dataActions": None, "notDataActions": []}
    world.add_role("everything but vaults", block)
    world.give("everything but vaults", "dora", HERE)
    (role,) = read().shard().access.roles.items
    assert (role.custom, role.blocks[0].actions, role.blocks[0].not_actions) == (
        True,
        ("*",),
        ("Microsoft.KeyVault/*",),
    )
    assert role.blocks[0].data_actions == ()


def test_a_block_keeps_its_own_condition(world, read):
    world.add_role("some", {"actions": ["*"], "condition": "@Request[a] StringEquals 'b'"})
    world.give("some", "dora", HERE)
    (role,) = read().shard().access.roles.items
    assert (role.blocks[0].condition, role.condition) == ("@Request[a] StringEquals 'b'", None)


def test_a_denial_of_everybody_is_kept_with_whom_it_spares(world, read):
    world.denials.append(
        {
            "id": f"{HERE}/providers/Microsoft.Authorization/denyAssignments/d1",
            "properties": {
                "denyAssignmentName": "blueprint lock",
                "scope": GROUP,
                "permissions": [{"actions": ["*/delete"], "notActions": [], "dataActions": [], "notDataActions": []}],
                "doNotApplyToChildScopes": True,
                "principals": [{"id": "00000000-0000-0000-0000-000000000000", "type": "SystemDefined"}],
                "excludePrincipals": [{"id": "ANNA", "type": "User"}],
            },
        }
    )
    (denial,) = levels(read())[GROUP.lower()].denials.items
    assert (denial.members, denial.excepted, denial.here_only) == (None, ("anna",), True)
    assert denial.blocks[0].actions == ("*/delete",)


def test_every_scope_of_the_subscription_carries_the_same_access(world, read):
    world.add_vault("kv-north", subscription=PAYMENTS, location="northeurope")
    world.give("Owner", "anna", HERE)
    found = read()
    shards = [found.shard(region) for region in ("global", "westeurope", "northeurope")]
    assert len({str(shard.access.levels) for shard in shards}) == 1
    assert [shard.access.region for shard in shards] == ["global", "westeurope", "northeurope"]
    assert all(item.raw in found.raw("northeurope") for item in shards[2].access.evidence)


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("roleAssignments$", "Microsoft.Authorization/roleAssignments/read"),
        ("denyAssignments$", "Microsoft.Authorization/denyAssignments/read"),
        ("roleDefinitions/", "Microsoft.Authorization/roleDefinitions/read"),
    ],
)
def test_what_is_denied_is_unknown_with_its_own_permission(given, read, path, call):
    given.faults.append(Fault(effect=Effect.DENY, path=path))
    access = read().shard().access
    unread = Unknown(cause=Cause.DENIED, call=call)
    here = next(level for level in access.levels.items if level.id == HERE)
    told = {"roleAssignments$": here.bindings, "denyAssignments$": here.denials, "roleDefinitions/": access.roles}
    assert {name for name, value in told.items() if value == unread} == {path}


def test_members_of_groups_are_not_asked_for(read):
    access = read().shard().access
    assert isinstance(access.groups, OutOfScope)
    assert [level.id for level in access.levels.items] == ["/", HERE]
    assert access.levels.items[1].bindings == Bindings(items=())
    assert access.levels.items[1].denials == Denials(items=())
