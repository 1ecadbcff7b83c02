"""Powers of which it is not known whether somebody has them, where roles decide: a step that may be there is shown."""

import pytest
from msgspec.structs import replace

import role_worlds as worlds
from records import AS_OF
from role_worlds import DENIED, SUBSCRIPTION, assigned, azure, google, google_key, level, site, vault
from scanner.facts.access.duties import access_facts
from scanner.facts.access.sites import sites_of
from scanner.model.effective import ActionClass
from scanner.model.permission import Denial, GroupMembers, PermissionBlock
from scanner.model.unknown import Cause, Unknown

ANN, BOB, TEAM = "user:ann@bank.example", "user:bob@bank.example", "group:keys@bank.example"
APP, TASK = "serviceAccount:app@bank.iam.gserviceaccount.com", "serviceAccount:task@bank.iam.gserviceaccount.com"
USER, ADMIN, VIEWER = "roles/cloudkms.cryptoKeyDecrypter", "roles/cloudkms.admin", "roles/cloudkms.viewer"
CREATOR = "roles/iam.serviceAccountTokenCreator"
PROJECT = "projects/bank"
DECRYPT, ENCRYPT = ActionClass.USE_PLAINTEXT, ActionClass.USE_ENCRYPT

CAROL, DAVE, CREW = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abc")
OWNER, READER, UNHEARD = (
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "12338af0-0e69-4776-bea7-57ae8d297424",
    "11111111-2222-4333-8444-555555555555",
)
LISTS = Unknown(cause=Cause.DENIED, call="Microsoft.Authorization/roleAssignments/read")


def cell(one, who, kind=DECRYPT):
    return next(found for found in site(one).found() if found.caller.id == who).cells.get(kind)


def holder(one, who):
    facts = access_facts(one.keys[0], sites_of(one, None), frozenset({"bank"}), AS_OF)
    return next(found for found in facts.holders if found.principal == who)


def test_a_power_of_a_group_whose_members_were_not_read_may_be_anybodys():
    one = google(level(PROJECT, (ADMIN, TEAM), (VIEWER, ANN)))
    found = cell(one, ANN)
    assert (found.state, found.step.by) == ("unknown", "cloudkms.cryptoKeys.setIamPolicy")
    assert found.missing == found.step.missing == (f"the members of {TEAM}",)
    read = google(level(PROJECT, (ADMIN, TEAM), (VIEWER, ANN)), groups=GroupMembers(items={TEAM: (BOB,)}))
    assert cell(read, ANN) is None
    assert cell(read, BOB).state == "step"


@pytest.mark.parametrize("role", ["projects/bank/roles/own", "roles/madeup.tomorrow"])
def test_a_power_of_a_role_that_was_not_read_names_the_role(role):
    one = google(level("folders/2", (role, ANN)), level(PROJECT), own=google_key((USER, APP)))
    assert cell(one, ANN).state == "unknown"
    assert f"the permissions of {role}" in cell(one, ANN).missing


def test_a_step_that_an_unread_deny_policy_may_stop_is_unknown():
    one = google(level(PROJECT, ("roles/resourcemanager.projectIamAdmin", ANN), denials=DENIED))
    found = cell(one, ANN)
    assert (found.state, found.step.by) == ("unknown", "resourcemanager.projects.setIamPolicy")
    assert found.missing == (f"the deny policies of {PROJECT}",)
    assert isinstance(holder(one, ANN).steps_to_use, Unknown)


def test_a_sure_way_comes_before_one_that_may_be_there():
    one = google(level("folders/2", (ADMIN, TEAM)), level(PROJECT, (CREATOR, ANN)), own=google_key((USER, APP)))
    found = cell(one, ANN)
    assert (found.state, found.step.by, found.step.missing) == ("step", "iam.serviceAccounts.getAccessToken", ())
    assert cell(one, ANN, ENCRYPT).step.by == "cloudkms.cryptoKeys.setIamPolicy"
    assert cell(one, ANN, ENCRYPT).state == "unknown"


def test_to_act_as_an_account_that_may_be_able_to_is_a_step_that_may_be_there():
    one = google(level(PROJECT, (CREATOR, ANN)), own=google_key(("roles/madeup.tomorrow", TASK)))
    found = cell(one, ANN)
    assert (found.state, found.step.target) == ("unknown", TASK)
    assert found.missing == (f"whether {TASK} can",)
    sure = google(level(PROJECT, (CREATOR, ANN)), own=google_key(("roles/madeup.tomorrow", TASK), (USER, APP)))
    assert (cell(sure, ANN).state, cell(sure, ANN).step.target) == ("step", APP)


def test_what_is_held_stays_held_beside_a_step_that_may_be_there():
    until = 'request.time < timestamp("2099-01-01T00:00:00Z")'
    own = google_key(policy=worlds.given((USER, ANN), condition=until))
    found = cell(google(level(PROJECT, (ADMIN, TEAM)), own=own), ANN)
    assert (found.state, found.step) == ("conditional", None)


def test_a_stranger_who_may_have_a_step_is_not_said_to_have_access():
    stranger = "user:x@gmail.com"
    one = google(level(PROJECT, (ADMIN, TEAM), ("roles/browser", stranger)))
    assert cell(one, stranger).state == "unknown"
    assert isinstance(holder(one, stranger).ours, Unknown)


def test_a_role_of_azure_that_was_not_read_may_give_itself_everything():
    one = azure(assigned(SUBSCRIPTION, (UNHEARD, CAROL, "User"), (READER, DAVE, "User")))
    found = cell(one, CAROL, ActionClass.RESTORE)
    assert found.state == "unknown"
    assert any(UNHEARD in text for text in found.missing)
    assert cell(one, DAVE, ActionClass.RESTORE) is None


def test_a_group_of_azure_with_the_power_may_hold_any_user():
    given = assigned(SUBSCRIPTION, (OWNER, CREW, "Group"), (READER, DAVE, "User"))
    step = cell(azure(given), DAVE, ActionClass.RESTORE)
    assert (step.state, step.step.by) == ("unknown", "Microsoft.Authorization/roleAssignments/write")
    assert step.missing == (f"whether {CREW} is a group of {DAVE}",)
    read = azure(given, groups=GroupMembers(items={CREW: (CAROL,)}))
    assert cell(read, DAVE, ActionClass.RESTORE) is None
    assert cell(read, CAROL, ActionClass.RESTORE).state == "step"


def test_assignments_that_were_not_read_leave_open_who_may_write_the_list_of_a_vault():
    one = azure(assigned(SUBSCRIPTION, bindings=LISTS), within=vault((CAROL, ("get",))))
    for who in (CAROL, worlds.VAULT):
        assert cell(one, who).state == "unknown"
        assert "the role assignments" in cell(one, who).missing


def test_a_step_that_an_unread_deny_assignment_may_stop_is_unknown():
    given = assigned(SUBSCRIPTION, (OWNER, CAROL, "User"))
    one = azure(replace(given, denials=LISTS))
    assert (cell(one, CAROL).state, cell(one, CAROL).missing) == ("unknown", ("the deny assignments",))


def test_a_step_that_a_denial_with_exceptions_may_stop_for_a_group_is_unknown():
    denial = Denial(name="d", members=None, excepted=(DAVE,), blocks=(PermissionBlock(data_actions=("*",)),))
    one = azure(assigned(SUBSCRIPTION, (OWNER, CREW, "Group"), (READER, DAVE, "User"), denials=(denial,)))
    found = cell(one, CREW)
    assert (found.state, found.missing) == ("unknown", ("whether a denial spares somebody in it",))
    assert found.step.by == "Microsoft.Authorization/roleAssignments/write"
