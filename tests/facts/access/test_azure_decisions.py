"""Decisions of Azure: roles by scope, access policies, deny assignments, networks and conditions."""

import pytest

from scanner.facts.access.azure import (
    OPERATIONS,
    AccessPolicy,
    Asked,
    Assignment,
    DenyAssignment,
    Directory,
    Estate,
    Network,
    Permissions,
    Role,
    Vault,
    decide,
)
from scanner.facts.access.tables import azure_roles

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-sec"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"
ME = "u-me"
WRITTEN = "@request[microsoft.authorization/roleassignments:roledefinitionid]"


def assigned(role, scope=VAULT, whom=ME, condition=None):
    known = role if isinstance(role, Role) else azure_roles().get(role)
    return Assignment(principal=whom, role_name=str(role), role=known, scope=scope, condition=condition)


def custom(**blocks):
    return Role(name="custom", blocks=(Permissions(**blocks),))


def denial(scope=VAULT, principals=None, excluded=(), *, here_only=False, **blocks):
    blocks = blocks or {"data_actions": ("*",)}
    return DenyAssignment(
        name="d",
        scope=scope,
        principals=principals,
        excluded=excluded,
        here_only=here_only,
        blocks=(Permissions(**blocks),),
    )


def verdict(operation, *assignments, policies=None, denials=(), source="private-endpoint", groups=None, **more):
    attributes = more.pop("attributes", {})
    vault = Vault(
        id=VAULT,
        rbac=policies is None,
        purge_protection=more.pop("purge_protection", False),
        policies=tuple(AccessPolicy(principal=who, keys=frozenset(keys)) for who, keys in (policies or {}).items()),
        network=Network(**more),
        management_groups=("mg-root", "MG-Platform"),
    )
    directory = Directory(members={name: frozenset(members) for name, members in (groups or {}).items()}, complete=True)
    estate = Estate(vault=vault, assignments=assignments, denials=denials, directory=directory)
    asked = Asked(principal=ME, operation=OPERATIONS[operation], key="k", source=source, attributes=attributes)
    found = decide(estate, asked)
    return "explicit" if found.explicit else found.result.value


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("/", "allow"),
        ("/providers/Microsoft.Management/managementGroups/mg-root", "allow"),
        ("/providers/microsoft.management/managementgroups/mg-platform", "allow"),
        ("/providers/Microsoft.Management/managementGroups/mg-other", "deny"),
        (SUBSCRIPTION, "allow"),
        (GROUP.upper(), "allow"),
        (f"{GROUP}-dev", "deny"),
        (VAULT, "allow"),
        (f"{VAULT}/", "allow"),
        (f"{VAULT}-dev", "deny"),
        (f"{VAULT}/keys/k", "allow"),
        (f"{VAULT}/keys/k2", "deny"),
        ("/subscriptions/00000000-0000-0000-0000-000000000002", "deny"),
    ],
)
def test_an_assignment_covers_what_is_at_or_below_its_scope(scope, expected):
    assert verdict("decrypt", assigned("Key Vault Crypto User", scope)) == expected


@pytest.mark.parametrize(
    ("operation", "role", "expected"),
    [
        ("decrypt", "Owner", "deny"),
        ("decrypt", "Key Vault Administrator", "allow"),
        ("decrypt", "Key Vault Crypto Service Encryption User", "deny"),
        ("unwrap", "Key Vault Crypto Service Encryption User", "allow"),
        ("purge_key", "Key Vault Crypto Officer", "allow"),
        ("delete_vault", "Key Vault Contributor", "allow"),
        ("set_access_policy", "Key Vault Contributor", "allow"),
        ("assign_role", "Contributor", "deny"),
        ("assign_role", "User Access Administrator", "allow"),
        ("decrypt", custom(data_actions=("*",)), "allow"),
        ("decrypt", custom(actions=("*",)), "deny"),
        ("decrypt", custom(data_actions=("microsoft.keyvault/VAULTS/keys/*",)), "allow"),
        ("decrypt", custom(data_actions=("*",), not_data_actions=("*/keys/decrypt/action",)), "deny"),
        ("sign", custom(data_actions=("*",), not_data_actions=("*/keys/decrypt/action",)), "allow"),
        ("delete_vault", custom(actions=("*/delete",), not_actions=("Microsoft.Authorization/*",)), "allow"),
        ("assign_role", custom(actions=("*",), not_actions=("Microsoft.Authorization/*/write",)), "deny"),
    ],
)
def test_a_role_gives_what_it_names_less_what_it_takes_out(operation, role, expected):
    assert verdict(operation, assigned(role)) == expected


def test_what_one_role_takes_out_another_may_give_back():
    taken = custom(data_actions=("*",), not_data_actions=("*/keys/decrypt/action",))
    assert verdict("decrypt", assigned(taken), assigned("Key Vault Crypto User")) == "allow"


def test_a_role_nobody_has_read_leaves_the_decision_open():
    assert verdict("decrypt", assigned("No Such Role")) == "unknown"


def test_members_of_groups_count_through_groups_within_them():
    groups = {"g-all": ["G-devs"], "g-devs": ["U-ME"]}
    assert verdict("decrypt", assigned("Key Vault Crypto User", whom="g-all"), groups=groups) == "allow"
    assert verdict("decrypt", assigned("Key Vault Crypto User", whom="g-other"), groups=groups) == "deny"


@pytest.mark.parametrize(
    ("operation", "keys", "expected"),
    [
        ("decrypt", {"decrypt"}, "allow"),
        ("decrypt", {"all"}, "allow"),
        ("purge_key", {"all"}, "deny"),
        ("purge_key", {"purge"}, "allow"),
        ("read_key", {"list"}, "deny"),
        ("read_key", {"get"}, "allow"),
        ("unwrap", {"unwrapkey"}, "allow"),
    ],
)
def test_a_vault_in_access_policy_mode_asks_its_policies(operation, keys, expected):
    assert verdict(operation, policies={ME: keys}) == expected
    assert verdict(operation, assigned("Key Vault Administrator"), policies={}) == "deny"


def test_the_management_plane_asks_roles_in_either_mode():
    assert verdict("set_access_policy", assigned("Owner"), policies={}) == "allow"
    assert verdict("set_access_policy", policies={ME: {"all"}}) == "deny"


@pytest.mark.parametrize(
    ("denials", "expected"),
    [
        ([denial()], "explicit"),
        ([denial(scope=f"{VAULT}/keys/k", here_only=True)], "explicit"),
        ([denial(here_only=True)], "allow"),
        ([denial(scope=f"{VAULT}2")], "allow"),
        ([denial(excluded=(ME,))], "allow"),
        ([denial(excluded=("g",))], "allow"),
        ([denial(principals=("U-me",))], "explicit"),
        ([denial(principals=("g",))], "explicit"),
        ([denial(principals=("other",))], "allow"),
        ([denial(principals=("00000000-0000-0000-0000-000000000000",))], "explicit"),
        ([denial(actions=("*",))], "allow"),
        ([denial(data_actions=("*",), not_data_actions=("*/decrypt/action",))], "allow"),
    ],
)
@pytest.mark.parametrize("policies", [None, {ME: {"decrypt"}}])
def test_a_deny_assignment_wins_in_either_mode(denials, expected, policies):
    found = verdict(
        "decrypt", assigned("Key Vault Crypto User"), denials=denials, groups={"g": [ME]}, policies=policies
    )
    assert found == expected


@pytest.mark.parametrize("operation", ["purge_key", "purge_vault"])
def test_purge_protection_denies_whoever_asks(operation):
    everything = assigned(custom(actions=("*",), data_actions=("*",)), scope=SUBSCRIPTION)
    assert verdict(operation, everything) == "allow"
    assert verdict(operation, everything, purge_protection=True) == "explicit"


def test_a_vault_is_purged_from_its_subscription():
    assert verdict("purge_vault", assigned("Owner", GROUP)) == "deny"
    assert verdict("purge_vault", assigned("Owner", SUBSCRIPTION)) == "allow"


@pytest.mark.parametrize(
    ("network", "source", "expected"),
    [
        ({}, "198.51.100.9", "allow"),
        ({"public": False}, "198.51.100.9", "deny"),
        ({"public": False}, "trusted-service", "deny"),
        ({"public": False}, "private-endpoint", "allow"),
        ({"denies_by_default": True}, "private-endpoint", "allow"),
        ({"denies_by_default": True}, "trusted-service", "allow"),
        ({"denies_by_default": True, "trusts_services": False}, "trusted-service", "deny"),
        ({"denies_by_default": True, "addresses": ("203.0.113.0/24",)}, "203.0.113.7", "allow"),
        ({"denies_by_default": True, "addresses": ("203.0.113.7",)}, "203.0.113.7", "allow"),
        ({"denies_by_default": True, "addresses": ("203.0.113.7",)}, "203.0.113.8", "deny"),
        ({"denies_by_default": True}, None, "conditional"),
    ],
)
def test_the_network_gates_the_data_plane_alone(network, source, expected):
    assert verdict("decrypt", assigned("Key Vault Crypto User"), source=source, **network) == expected
    assert verdict("delete_vault", assigned("Owner"), source=source, **network) == "allow"


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (None, "conditional"),
        ({}, "deny"),
        ({WRITTEN: ("12338AF0-0E69-4776-BEA7-57AE8D297424",)}, "allow"),
        ({WRITTEN: ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635",)}, "deny"),
    ],
)
def test_the_condition_of_a_role_bounds_which_roles_it_assigns(attributes, expected):
    role = assigned("Key Vault Data Access Administrator")
    assert verdict("assign_role", role, attributes=attributes) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("!(ActionMatches{'Microsoft.KeyVault/vaults/delete'})", "deny"),
        ("ActionMatches{'microsoft.keyvault/vaults/*'}", "allow"),
        ("NOT (ActionMatches{'a'} || ActionMatches{'b'})", "allow"),
        ("ActionMatches{'a'} OR ActionMatches{'Microsoft.KeyVault/vaults/delete'} AND ActionMatches{'b'}", "deny"),
        ("@Resource[x] StringSounds 'a'", "unknown"),
        ("ActionMatches{'a'", "unknown"),
        ("(((", "unknown"),
        ("", "allow"),
    ],
)
def test_the_condition_of_an_assignment_is_evaluated(condition, expected):
    assert verdict("delete_vault", assigned("Owner", condition=condition)) == expected


OTHERWISE, ALWAYS = "ActionMatches{'a'}", "ActionMatches{'Microsoft.KeyVault/vaults/delete'}"


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ((None, OTHERWISE), "allow"),
        ((ALWAYS, OTHERWISE), "allow"),
        ((OTHERWISE, OTHERWISE), "deny"),
        (("@Request[x] StringEquals 'a'", OTHERWISE), "conditional"),
        (("@Request[x] StringEquals 'a'", None), "allow"),
    ],
)
def test_each_block_of_a_role_holds_under_its_own_condition_alone(conditions, expected):
    blocks = tuple(Permissions(actions=("Microsoft.KeyVault/*",), condition=text) for text in conditions)
    role = assigned(Role(name="custom", blocks=blocks))
    assert verdict("delete_vault", role, attributes=None) == expected


@pytest.mark.parametrize(("condition", "expected"), [(None, "explicit"), (ALWAYS, "explicit"), (OTHERWISE, "allow")])
def test_a_block_of_a_deny_assignment_denies_under_its_own_condition(condition, expected):
    denied = denial(actions=("*",), condition=condition)
    assert verdict("delete_vault", assigned("Owner"), denials=(denied,)) == expected


ROLE = "Microsoft.Authorization/roleAssignments:RoleDefinitionId"


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "expected"),
    [
        ("ForAnyOfAnyValues:GuidEquals", "{a-1, b-2}", ("B2",), "allow"),
        ("ForAnyOfAnyValues:GuidEquals", "{a, b}", ("c",), "deny"),
        ("ForAnyOfAllValues:GuidNotEquals", "{a, b}", ("c",), "allow"),
        ("ForAnyOfAllValues:GuidNotEquals", "{a, b}", ("b",), "deny"),
        ("ForAnyOfAllValues:StringEquals", "{'a', 'b'}", ("a",), "deny"),
        ("ForAnyOfAnyValues:StringNotEquals", "{'a', 'b'}", ("a",), "allow"),
        ("ForAllOfAnyValues:StringEquals", "{'a', 'b'}", ("a", "b"), "allow"),
        ("ForAllOfAnyValues:StringEquals", "{'a', 'b'}", ("a", "c"), "deny"),
        ("ForAllOfAllValues:StringNotEqualsIgnoreCase", "{'a', 'b'}", ("c", "B"), "deny"),
        ("StringNotEquals", "'a'", ("b",), "allow"),
        ("StringNotEquals", "'a'", ("a",), "deny"),
        ("StringLike", "'pay*'", ("payments",), "allow"),
        ("StringNotStartsWith", "'pay'", ("payments",), "deny"),
        ("ForAnyOfAllValues:GuidNotEquals", "{a, b}", None, "conditional"),
        ("ForAnyOfAllValues:GuidNotEquals", "{a, b}", (), "unknown"),
        ("ForAnyOfAllValues:GuidEquals", "{a, b}", (), "deny"),
        ("StringNotEquals", "{'a', 'b'}", ("c",), "unknown"),
        ("ForSomeOfAnyValues:GuidEquals", "{a}", ("a",), "unknown"),
        ("DateTimeEquals", "'2026'", ("2026",), "unknown"),
    ],
)
def test_values_compare_with_those_of_a_condition_as_its_words_say(operator, wanted, found, expected):
    condition = f"@Request[{ROLE}] {operator} {wanted}"
    attributes = None if found is None else {f"@request[{ROLE}]".lower(): found}
    owner = assigned("Owner", condition=condition)
    assert verdict("delete_vault", owner, attributes=attributes) == expected
