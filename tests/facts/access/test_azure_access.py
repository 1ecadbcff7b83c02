"""Who may do what with a key of Azure, from roles, denials, the vault's own list and its network."""

import pytest
from msgspec.structs import replace

import role_worlds as worlds
from records import AS_OF
from role_worlds import SUBSCRIPTION, VAULT, assigned, azure, azure_key, site, states, vault
from scanner.facts.access.duties import access_facts
from scanner.facts.access.key_access import key_access
from scanner.facts.access.questions import who_can, why
from scanner.facts.access.site import Caller
from scanner.facts.access.sites import sites_of
from scanner.facts.access.words import asked
from scanner.model.container import AccessMode, AccessModel, ContainerKind, NetworkRules, Recovery
from scanner.model.effective import ActionClass, PrincipalKind
from scanner.model.key import Provider
from scanner.model.permission import Denial, GroupMembers, PermissionBlock
from scanner.model.unknown import Cause, OutOfScope, Unknown

ANN, BOB, APP, TEAM = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abcd")
USER, OFFICER, ADMINISTRATOR = (
    "12338af0-0e69-4776-bea7-57ae8d297424",
    "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
    "00482a5a-887f-4fb3-b363-3b7fe8e74483",
)
OWNER, CONTRIBUTOR = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "b24988ac-6180-42a0-ab88-20f7382dd24c"
DENIED = Unknown(cause=Cause.DENIED, call="Microsoft.Authorization/roleAssignments/read")
DECRYPT = "Microsoft.KeyVault/vaults/keys/decrypt/action"
LOCAL = OutOfScope(reason="local", call="Microsoft.KeyVault/managedHsm/roleAssignments/read/action")
CLOSED = NetworkRules(
    public=False, default_allows=True, trusted_services=False, addresses=(), subnets=(), private_endpoints=("pe",)
)


def facts(one):
    return access_facts(one.keys[0], sites_of(one, None), frozenset({"bank"}), AS_OF)


def holder(one, name):
    return next(found for found in facts(one).holders if found.principal == name)


@pytest.mark.parametrize(
    "scope", ["/", "/providers/microsoft.management/managementgroups/top", SUBSCRIPTION, VAULT, f"{VAULT}/keys/k"]
)
def test_a_role_given_at_any_scope_opens_the_key_and_the_way_names_role_and_scope(scope):
    one = azure(assigned(scope, (USER, ANN, "User")))
    cell = next(iter(site(one).found())).cells[ActionClass.USE_PLAINTEXT]
    assert cell.state == "always"
    assert [(step.layer, step.label) for step in cell.why] == [("role", f"Key Vault Crypto User @ {scope}")]


def test_a_role_on_another_key_or_vault_gives_nothing_here():
    scopes = (f"{VAULT}/keys/other", f"{VAULT}-dev", f"{SUBSCRIPTION}/resourcegroups/rg-other")
    found = states(azure(*(assigned(scope, (USER, ANN, "User")) for scope in scopes)))
    assert found == {ANN: {}}


def test_an_owner_does_not_decrypt_by_roles_and_is_one_step_away():
    one = azure(assigned(SUBSCRIPTION, (OWNER, ANN, "User"), (CONTRIBUTOR, BOB, "User")))
    found = states(one)
    assert (found[ANN]["use_plaintext"], found[ANN]["policy"]) == ("step", "always")
    assert "use_plaintext" not in found[BOB]
    assert found[BOB]["destroy"] == "always"


def test_in_a_vault_with_its_own_list_the_list_decides_and_whoever_writes_the_vault_is_one_step_away():
    within = vault((APP, ("get", "decrypt")))
    one = azure(assigned(SUBSCRIPTION, (CONTRIBUTOR, BOB, "User"), (USER, APP, "ServicePrincipal")), within=within)
    found = {item.caller.id: item.cells for item in site(one).found()}
    app, bob = found[APP][ActionClass.USE_PLAINTEXT], found[BOB][ActionClass.USE_PLAINTEXT]
    assert [(step.layer, step.label) for step in app.why] == [("access policy", APP)]
    assert (bob.state, bob.step.by) == ("step", "Microsoft.KeyVault/vaults/accessPolicies/write")
    assert (holder(one, BOB).uses, holder(one, BOB).changes_policy) == (False, True)


def test_roles_on_keys_are_dead_text_where_the_list_decides():
    own = vault((APP, ("decrypt",)))
    one = azure(assigned(VAULT, (USER, ANN, "User"), (ADMINISTRATOR, BOB, "User")), within=own)
    assert f"Key Vault Crypto User of {ANN}" in facts(one).without_effect
    assert facts(azure(assigned(VAULT, (USER, ANN, "User")))).without_effect == ()


def test_a_list_that_lets_in_through_an_application_is_a_condition():
    own = vault((ANN, ("decrypt",)))
    grant = replace(own.policy.items[0], application=APP)
    own = replace(own, policy=replace(own.policy, items=(grant,)))
    cell = next(iter(site(azure(assigned("/"), within=own)).found())).cells[ActionClass.USE_PLAINTEXT]
    assert (cell.state, cell.conditions) == ("conditional", (f"it is made through {APP}",))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (CLOSED, "the request comes through a private endpoint"),
        (
            replace(CLOSED, public=True, default_allows=False, addresses=("203.0.113.0/24",), trusted_services=True),
            "the request comes from a private endpoint, 203.0.113.0/24 or a trusted service",
        ),
    ],
)
def test_network_rules_are_a_condition_on_what_is_done_with_keys(rules, expected):
    one = azure(assigned(SUBSCRIPTION, (OFFICER, ANN, "User"), (OWNER, BOB, "User")), within=vault(network=rules))
    found = {item.caller.id: item.cells for item in site(one).found()}
    assert found[ANN][ActionClass.USE_PLAINTEXT].conditions == (expected,)
    assert found[BOB][ActionClass.POLICY].state == "always"
    assert holder(one, ANN).outside_endpoint is rules.public


def test_why_can_suppose_where_the_request_comes_from():
    one = azure(assigned(SUBSCRIPTION, (USER, ANN, "User")), within=vault(network=CLOSED))
    for source, expected in (("private-endpoint", "allow"), ("203.0.113.5", "deny")):
        assert why(caller(one, ANN), site(one), {"source": (source,)})[0][DECRYPT].result == expected


def caller(one, name):
    return next(item.caller for item in site(one).found() if item.caller.id == name)


def test_a_managed_hsm_is_unknown_and_says_why():
    hsm = vault(
        type=ContainerKind.MANAGED_HSM, access=AccessModel(mode=AccessMode.LOCAL_ROLES), policy=LOCAL, name="hsm"
    )
    one = azure(assigned(SUBSCRIPTION, (OWNER, ANN, "User")), within=hsm)
    access = key_access(one.keys[0], site(one))
    assert {cell.state for row in access.rows for cell in row.cells.values()} == {"unknown"}
    assert access.gaps[0] == "the roles of the managed HSM itself (local RBAC not modelled)"
    assert access.nobody == 0
    assert facts(one).holders == Unknown(cause=Cause.NOT_COLLECTED, call=LOCAL.call)
    assert why(caller(one, VAULT), site(one), {})[0] == {}


@pytest.mark.parametrize("group", ["access", "network", "recovery"])
def test_settings_of_a_vault_that_were_not_read_leave_everything_open(group):
    unread = Unknown(cause=Cause.DENIED, call="Microsoft.KeyVault/vaults/read")
    one = azure(assigned(SUBSCRIPTION, (USER, ANN, "User")), within=vault(**{group: unread}))
    assert set(states(one)[VAULT].values()) == {"unknown"}
    assert facts(one).users == unread


def test_a_vault_that_was_not_listed_leaves_everything_open():
    one = replace(azure(assigned("/")), containers=())
    assert set(states(one)[VAULT].values()) == {"unknown"}
    assert isinstance(facts(one).holders, Unknown)


@pytest.mark.parametrize(("protected", "expected"), [(False, True), (True, False)])
def test_purge_holders_are_told_unless_nobody_can_purge(protected, expected):
    kept = Recovery(soft_delete=True, retention_days=90, purge_protection=protected)
    one = azure(assigned(SUBSCRIPTION, (OFFICER, ANN, "User"), (USER, BOB, "User")), within=vault(recovery=kept))
    assert {found.purges for found in facts(one).holders} == {expected, False}


def test_all_permissions_of_a_list_do_not_purge():
    one = azure(assigned("/"), within=vault((ANN, ("all",)), (BOB, ("purge",))))
    found = {item.principal: item.purges for item in facts(one).holders}
    assert (found[ANN] is True, found[BOB]) == (False, True)


def test_a_deny_assignment_closes_the_key_and_the_step():
    block = PermissionBlock(data_actions=("*",))
    denial = Denial(name="keep out", members=None, excepted=(BOB,), blocks=(block,))
    given = (OFFICER, ANN, "User"), (OWNER, ANN, "User"), (USER, BOB, "User")
    found = states(azure(assigned(SUBSCRIPTION, *given, denials=(denial,))))
    assert "use_plaintext" not in found[ANN]
    assert found[BOB]["use_plaintext"] == "always"


def test_a_denial_under_a_condition_is_weighed():
    block = PermissionBlock(data_actions=("*",))
    denial = Denial(name="d", members=None, excepted=(), blocks=(block,), condition="@Request[x] StringEquals 'y'")
    found = states(azure(assigned(SUBSCRIPTION, (USER, ANN, "User"), denials=(denial,))))
    assert found[ANN]["use_plaintext"] == "conditional"


def test_a_group_is_a_row_and_may_hold_any_user_until_its_members_are_read():
    given = assigned(SUBSCRIPTION, (USER, TEAM, "Group"), (OWNER, ANN, "User"))
    one = azure(given)
    assert states(one)[TEAM]["use_plaintext"] == "always"
    assert states(one)[ANN]["use_plaintext"] == "unknown"
    assert f"the members of {TEAM} (not collected)" in tuple(site(one).gaps())
    assert isinstance(facts(one).users, Unknown)
    read = azure(given, groups=GroupMembers(items={TEAM: (BOB,)}))
    assert states(read)[ANN]["use_plaintext"] == "step"


def test_roles_that_could_not_be_listed_leave_everybody_open():
    one = azure(assigned("/", bindings=DENIED), assigned(SUBSCRIPTION, bindings=DENIED))
    assert states(one)[VAULT]["use_plaintext"] == "unknown"
    assert facts(one).users == DENIED
    assert facts(one).without_effect == DENIED
    assert "the role assignments (denied Microsoft.Authorization/roleAssignments/read)" in tuple(site(one).gaps())


def test_a_role_whose_definition_nobody_read_is_open():
    one = azure(assigned(SUBSCRIPTION, ("11111111-2222-4333-8444-555555555555", ANN, "User")))
    assert states(one)[ANN]["use_plaintext"] == "unknown"
    assert any("(not read)" in gap for gap in site(one).gaps())


def test_a_role_read_live_comes_before_the_table():
    narrow = worlds.role(f"{SUBSCRIPTION}/providers/microsoft.authorization/roledefinitions/{USER}")
    found = states(azure(assigned(SUBSCRIPTION, (USER, ANN, "User")), roles=(narrow,)))
    assert found == {ANN: {}}


@pytest.mark.parametrize(
    ("given", "kind", "custom", "expected"),
    [
        (ANN, "User", True, "step"),
        (ANN, "User", False, None),
        (BOB, "User", True, None),
        (TEAM, "Group", True, "unknown"),
    ],
)
def test_whoever_may_change_a_role_of_ones_own_that_it_holds_is_a_step_away(given, kind, custom, expected):
    own, editor = "11111111-2222-4333-8444-555555555555", "22222222-2222-4333-8444-555555555555"
    at = f"{SUBSCRIPTION}/providers/microsoft.authorization/roledefinitions"
    roles = (
        worlds.role(f"{at}/{own}", "Microsoft.KeyVault/vaults/read", custom=custom),
        worlds.role(f"{at}/{editor}", "Microsoft.Authorization/roleDefinitions/write", custom=False),
    )
    one = azure(assigned(SUBSCRIPTION, (own, given, kind), (editor, ANN, "User")), roles=roles)
    assert states(one)[ANN].get("use_plaintext") == expected
    if expected == "step":
        cell = next(item.cells for item in site(one).found())[ActionClass.USE_PLAINTEXT]
        assert (cell.step.by, cell.step.target) == ("Microsoft.Authorization/roleDefinitions/write", f"{at}/{own}")


def test_whom_a_foreign_directory_sends_is_not_ours():
    one = azure(assigned(SUBSCRIPTION, (USER, TEAM, "ForeignGroup"), (USER, APP, "ServicePrincipal")))
    assert (holder(one, TEAM).ours, holder(one, TEAM).kind) == (False, PrincipalKind.GROUP)
    assert (holder(one, APP).ours, holder(one, APP).kind) == (True, PrincipalKind.WORKLOAD)


def test_a_role_above_the_vault_is_broad():
    one = azure(assigned(SUBSCRIPTION, (USER, ANN, "User")), assigned(VAULT, (USER, BOB, "User")))
    assert (holder(one, ANN).broad, holder(one, BOB).broad) == (True, False)


def test_who_can_is_asked_in_azures_words():
    one = azure(assigned(SUBSCRIPTION, (USER, ANN, "User"), (OWNER, BOB, "User")))
    for words in ("decrypt", DECRYPT, DECRYPT.upper()):
        answers, _ = who_can(site(one), asked(words, Provider.AZURE))
        assert [(answer.cell.state, answer.principals) for answer in answers] == [("always", (ANN,)), ("step", (BOB,))]


def test_an_elliptic_key_encrypts_nothing():
    elliptic = azure_key(metadata=replace(azure_key().metadata, spec="EC-HSM-P-256"))
    found = site(azure(assigned("/"), own=elliptic)).decisions(Caller(id=ANN, kind=PrincipalKind.USER, account=""), {})
    assert DECRYPT not in found
    assert "Microsoft.KeyVault/vaults/keys/sign/action" in found


RULES = replace(CLOSED, public=True, default_allows=False, private_endpoints=())
NET = f"{SUBSCRIPTION}/resourcegroups/rg/providers/microsoft.network/virtualnetworks/n/subnets/s"
END = "the request comes from a private endpoint"


@pytest.mark.parametrize(
    ("rules", "outside", "words"),
    [
        (replace(RULES, default_allows=True), True, "; the vault answers every address"),
        (replace(RULES, default_allows=True, addresses=("203.0.113.7",), subnets=(NET,)), True, "every address"),
        (replace(RULES, addresses=("203.0.113.0/24",)), True, f"({END}, 203.0.113.0/24)"),
        (replace(RULES, addresses=("0.0.0.0/1", "128.0.0.0/1")), True, f"({END}, 0.0.0.0/1, 128.0.0.0/1)"),
        (replace(RULES, addresses=("garbled",)), True, f"({END}, garbled)"),
        (replace(RULES, addresses=("10.0.0.0/8",)), False, f"({END}, 10.0.0.0/8)"),
        (RULES, False, f"({END})"),
        (replace(RULES, subnets=(NET,)), False, f"({END}, the network {NET})"),
        (replace(RULES, subnets=(NET,), trusted_services=True), False, f"the network {NET} or a trusted service)"),
        (replace(RULES, trusted_services=True), False, f"({END} or a trusted service)"),
        (replace(CLOSED, addresses=("203.0.113.0/24",)), False, "(the request comes through a private endpoint)"),
        (replace(CLOSED, trusted_services=True), False, "(or from a trusted service, of which Microsoft says both)"),
    ],
)
def test_past_every_endpoint_is_who_comes_from_the_internet_and_the_way_says_from_where(rules, outside, words):
    one = azure(assigned(SUBSCRIPTION, (USER, ANN, "User"), (OWNER, BOB, "User")), within=vault(network=rules))
    assert holder(one, ANN).outside_endpoint is outside
    assert words in holder(one, ANN).way
    assert holder(one, BOB).outside_endpoint is False


def test_where_the_network_lets_nobody_in_it_does_not_matter_who_may_use_the_key():
    given = assigned(SUBSCRIPTION, (USER, TEAM, "Group"), (OWNER, ANN, "User"))
    assert holder(azure(given, within=vault(network=RULES)), ANN).outside_endpoint is False
    assert isinstance(holder(azure(given), ANN).outside_endpoint, Unknown)


def test_to_create_a_key_of_the_same_name_makes_a_new_version():
    one = azure(assigned("/"), within=vault((ANN, ("create",)), (BOB, ("get",))))
    found = states(one)
    assert (found[ANN]["rotate"], found[BOB]["rotate"]) == ("always", "unknown")
