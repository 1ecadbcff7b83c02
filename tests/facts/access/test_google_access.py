"""Who may do what with a key of Google Cloud, from what was given at every level above it."""

import pytest
from msgspec.structs import replace

import role_worlds as worlds
from records import AS_OF, metadata
from role_worlds import DENIED, KEY, google, google_key, level, site, states
from scanner.facts.access.duties import access_facts
from scanner.facts.access.google_asking import has_run_out
from scanner.facts.access.google_callers import google_caller
from scanner.facts.access.key_access import key_access
from scanner.facts.access.questions import who_can
from scanner.facts.access.sites import sites_of
from scanner.facts.access.words import asked
from scanner.model.effective import ActionClass, PrincipalKind
from scanner.model.key import KeyUsage, Manager, Provider
from scanner.model.permission import Bindings, GroupMembers
from scanner.model.unknown import Unknown

ANN, BOB, APP = "user:ann@bank.example", "user:bob@bank.example", "serviceAccount:app@bank.iam.gserviceaccount.com"
TEAM = "group:keys@bank.example"
POOL = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s"
USER, ADMIN, OWNER = "roles/cloudkms.cryptoKeyDecrypter", "roles/cloudkms.admin", "roles/owner"
DECRYPT = "cloudkms.cryptoKeyVersions.useToDecrypt"
PROJECT = "projects/bank"


def facts(one, ours=frozenset({"bank"})):
    return access_facts(one.keys[0], sites_of(one, None), ours, AS_OF)


def holder(one, name):
    return next(found for found in facts(one).holders if found.principal == name)


def gives(one):
    (found,) = (found for found in site(one).found() if found.caller.id == ANN)
    return found.cells


@pytest.mark.parametrize("at", ["organizations/1", "folders/2", PROJECT, "ring", "key"])
def test_a_role_given_at_any_level_opens_the_key_and_the_way_names_role_and_level(at):
    bindings = ((USER, ANN),)
    above = [level(name, *(bindings if name == at else ())) for name in ("organizations/1", "folders/2", PROJECT)]
    within = worlds.ring(*(bindings if at == "ring" else ()))
    own = google_key(*(bindings if at == "key" else ()))
    cell = gives(google(*above, within=within, own=own))[ActionClass.USE_PLAINTEXT]
    assert cell.state == "always"
    assert [(step.layer, step.label) for step in cell.why] == [("key ring" if at == "ring" else at, USER)]
    assert cell.actions == (DECRYPT,)


def test_a_deny_policy_above_takes_it_back_and_spares_whom_it_excepts():
    rule = worlds.deny(
        "cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt",
        excepted=("principal://goog/subject/bob@bank.example",),
    )
    found = states(google(level(PROJECT, denials=(rule,)), own=google_key((USER, ANN), (USER, BOB))))
    assert "use_plaintext" not in found[ANN]
    assert found[BOB]["use_plaintext"] == "always"


def test_a_rule_that_names_nobody_takes_nothing_from_anybody():
    rule = worlds.deny("cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt", members=())
    found = states(google(level(PROJECT, denials=(rule,)), own=google_key((USER, ANN))))
    assert found[ANN]["use_plaintext"] == "always"


def test_whoever_denies_everything_denies_the_step_as_well():
    uses = ("useToDecrypt", "useToDecryptViaDelegation")
    rule = worlds.deny(*(f"cloudkms.googleapis.com/cryptoKeyVersions.{verb}" for verb in uses))
    found = states(google(level(PROJECT, (ADMIN, ANN), denials=(rule,))))
    assert "use_plaintext" not in found[ANN]
    assert found[ANN]["use_encrypt"] == "step"


def test_a_level_that_was_not_read_leaves_everybody_open_and_is_told():
    one = google(level("folders/2", bindings=DENIED), level(PROJECT, (USER, ANN)))
    found = states(one)
    assert found["folders/2"]["use_plaintext"] == "unknown"
    assert found[ANN] == {**dict.fromkeys(found["folders/2"], "unknown"), "use_plaintext": "always"}
    assert next(iter(site(one).gaps())) == "folders/2 (denied resourcemanager.projects.getIamPolicy)"
    assert isinstance(facts(one).users, Unknown)
    assert facts(one).users_seen == 1


def test_a_tree_that_was_not_read_leaves_everything_open():
    one = google(access=worlds.access(Provider.GCP, levels=DENIED))
    assert set(states(one)["the levels above"].values()) == {"unknown"}
    assert facts(one).public == DENIED


def test_deny_policies_that_were_not_read_leave_open_what_was_given():
    found = states(google(level(PROJECT, (USER, ANN), denials=DENIED)))
    assert found[ANN]["use_plaintext"] == "unknown"


def test_a_group_is_a_row_and_may_hold_any_user_until_its_members_are_read():
    one = google(level(PROJECT, (USER, TEAM), (ADMIN, ANN)))
    assert states(one)[TEAM]["use_plaintext"] == "always"
    assert states(one)[ANN]["use_plaintext"] == "unknown"
    assert f"the members of {TEAM} (not collected)" in tuple(site(one).gaps())
    assert isinstance(facts(one).users, Unknown)
    read = google(level(PROJECT, (USER, TEAM), (ADMIN, ANN)), groups=GroupMembers(items={TEAM: (BOB,)}))
    assert states(read)[ANN]["use_plaintext"] == "step"


def test_a_role_that_nobody_knows_is_open_and_one_that_gives_nothing_is_not():
    new, own = "roles/madeup.tomorrow", "projects/bank/roles/own"
    assert states(google(level(PROJECT, (new, ANN))))[ANN]["use_plaintext"] == "unknown"
    assert states(google(level(PROJECT, (own, ANN))))[ANN]["use_plaintext"] == "unknown"
    assert states(google(level(PROJECT, ("roles/browser", ANN))))[ANN] == {}
    read = google(level(PROJECT, (own, ANN)), roles=(worlds.role(own, DECRYPT),))
    assert states(read)[ANN] == {"use_plaintext": "always"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (f'resource.name == "{KEY}"', "always"),
        ('resource.name.startsWith("projects/other")', None),
        ('request.time < timestamp("2020-01-01T00:00:00Z")', None),
        ('request.time < timestamp("2099-01-01T00:00:00Z")', "conditional"),
        ("request.time.getHours() < 1", "conditional"),
        ("resource.matchTag('bank/env', 'prod')", "unknown"),
    ],
)
def test_a_condition_is_weighed_as_far_as_it_is_known(condition, expected):
    own = google_key(policy=worlds.given((USER, ANN), condition=condition))
    assert states(google(level(PROJECT), own=own)).get(ANN, {}).get("use_plaintext") == expected


@pytest.mark.parametrize(
    "condition",
    [
        'request.time > timestamp("2099-01-01T00:00:00Z")',
        '!(request.time < timestamp("2099-01-01T00:00:00Z"))',
        'request.time > timestamp("2027-01-01T00:00:00Z") && request.time < timestamp("2028-01-01T00:00:00Z")',
    ],
)
def test_what_is_yet_to_come_has_not_run_out(condition):
    assert not has_run_out(condition, AS_OF)


VERSIONS = 'resource.type == "cloudkms.googleapis.com/CryptoKeyVersion"'


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (VERSIONS, "conditional"),
        (f'resource.name.startsWith("{KEY}/cryptoKeyVersions/")', "conditional"),
        (f'resource.name.startsWith("{KEY}/")', "conditional"),
        ('resource.name.endsWith("/cryptoKeyVersions/7")', "conditional"),
        ('resource.name.endsWith("7")', "conditional"),
        ('resource.type != "cloudkms.googleapis.com/CryptoKey"', "conditional"),
        (f'resource.name.startsWith("{KEY}2/")', None),
        (f'{VERSIONS} && resource.name.startsWith("projects/other/")', None),
        ('resource.type == "cloudkms.googleapis.com/CryptoKey"', "always"),
        (f"{VERSIONS} || true", "always"),
    ],
)
def test_a_condition_on_versions_gives_what_is_asked_of_them(condition, expected):
    own = google_key(policy=worlds.given((OWNER, ANN), condition=condition))
    one = google(level(PROJECT), own=own)
    assert states(one).get(ANN, {}).get("destroy") == expected
    (row,) = site(one).found()
    if expected == "conditional":
        need = "the request names a version of the key, and one that the condition means"
        assert row.cells[ActionClass.DESTROY].conditions == (need,)
        assert row.cells.get(ActionClass.POLICY) is None


def test_a_denial_of_a_power_over_the_project_is_called_otherwise_than_the_power():
    rule = worlds.deny("cloudresourcemanager.googleapis.com/projects.setIamPolicy")
    given = ("roles/resourcemanager.projectIamAdmin", ANN)
    assert states(google(level(PROJECT, given)))[ANN]["use_plaintext"] == "step"
    assert states(google(level(PROJECT, given, denials=(rule,)))) == {ANN: {}}


def test_one_address_in_two_spellings_is_one_caller():
    one = google(level(PROJECT, (USER, "user:Ann@Bank.example"), ("roles/browser", ANN)))
    assert states(one) == {"user:Ann@Bank.example": {"use_plaintext": "always"}}
    assert facts(one).users == 1


def test_everybody_is_a_row_of_its_own():
    one = google(level(PROJECT), own=google_key((USER, "allAuthenticatedUsers")))
    access = key_access(one.keys[0], site(one))
    assert (access.reach, access.rows[0].kind) == ("public", PrincipalKind.PUBLIC)
    assert access.rows[0].cells[ActionClass.USE_PLAINTEXT].state == "always"
    assert facts(one).public is True
    assert facts(google(level(PROJECT), own=google_key((USER, ANN)))).public is False


def test_whoever_stands_for_people_with_accounts_may_what_everybody_signed_in_may():
    own = google_key((USER, "allAuthenticatedUsers"), ("roles/cloudkms.viewer", TEAM))
    levels = level(PROJECT, ("roles/browser", "domain:bank.example"), ("roles/browser", POOL))
    found = states(google(levels, own=own))
    assert (found[TEAM]["use_plaintext"], found["domain:bank.example"]["use_plaintext"]) == ("always", "always")
    assert "use_plaintext" not in found[POOL]


def test_a_denial_closes_what_everybody_was_given():
    rule = worlds.deny("cloudkms.googleapis.com/*.*", members=("principalSet://goog/public:all",))
    one = google(level(PROJECT, denials=(rule,)), own=google_key((USER, "allUsers")))
    assert facts(one).public is False


def test_a_key_has_no_use_that_its_purpose_rules_out():
    sign = google_key(metadata=metadata(usage=KeyUsage.SIGN_VERIFY))
    found = site(google(level(PROJECT, (OWNER, ANN)), own=sign)).decisions(google_caller(ANN), {})
    assert "cloudkms.cryptoKeyVersions.useToSign" in found
    assert DECRYPT not in found


def test_rights_on_rings_do_not_come_from_the_key():
    cells = gives(google(level(PROJECT), own=google_key((ADMIN, ANN))))
    assert cells[ActionClass.POLICY].actions == ("cloudkms.cryptoKeys.setIamPolicy",)


@pytest.mark.parametrize(
    ("role", "by", "target"),
    [
        (ADMIN, "cloudkms.cryptoKeys.setIamPolicy", "the key itself"),
        ("roles/resourcemanager.projectIamAdmin", "resourcemanager.projects.setIamPolicy", PROJECT),
        ("roles/iam.serviceAccountTokenCreator", "iam.serviceAccounts.getAccessToken", APP),
        ("roles/editor", "iam.serviceAccountKeys.create", APP),
        (
            "roles/cloudkms.cryptoKeyDecrypterViaDelegation",
            "cloudkms.cryptoKeyVersions.useToDecryptViaDelegation",
            "data under the key, through services of Google",
        ),
    ],
)
def test_a_step_is_told_with_what_it_is_on(role, by, target):
    cell = gives(google(level(PROJECT, (role, ANN)), own=google_key((USER, APP))))[ActionClass.USE_PLAINTEXT]
    assert (cell.state, cell.step.by, cell.step.target) == ("step", by, target)


@pytest.mark.parametrize(
    ("member", "aliases", "expected"),
    [
        ("1234-compute@developer.gserviceaccount.com", ("1234",), "step"),
        ("1234-compute@developer.gserviceaccount.com", ("99",), None),
        ("1234-compute@developer.gserviceaccount.com", (), "unknown"),
        ("bank@appspot.gserviceaccount.com", (), "step"),
        ("bank.svc.id.goog[pay/app]", (), None),
        ("service-1234@compute-system.iam.gserviceaccount.com", ("1234",), None),
    ],
)
def test_accounts_that_a_project_has_by_default_can_be_acted_as(member, aliases, expected):
    above = level(PROJECT, ("roles/iam.serviceAccountTokenCreator", ANN), aliases=aliases)
    one = google(above, own=google_key((USER, f"serviceAccount:{member}")))
    assert states(one)[ANN].get("use_plaintext") == expected


def test_a_role_of_ones_own_can_be_widened_by_whoever_may_change_it():
    own = "projects/bank/roles/own"
    read = (worlds.role(own, "cloudkms.cryptoKeys.get", "iam.roles.update"),)
    cell = gives(google(level(PROJECT, (own, ANN)), roles=read))[ActionClass.USE_PLAINTEXT]
    assert (cell.step.by, cell.step.target) == ("iam.roles.update", own)


def test_whoever_administers_the_key_is_no_step_from_it_but_whoever_administers_the_project_is():
    admin = google(level(PROJECT, (ADMIN, ANN)))
    project = google(level(PROJECT, ("roles/resourcemanager.projectIamAdmin", ANN)))
    assert (holder(admin, ANN).decides, holder(admin, ANN).steps_to_use) == (True, False)
    assert (holder(project, ANN).decides, holder(project, ANN).steps_to_use) == (False, True)


def test_use_from_above_the_ring_is_broad_and_by_another_role_hidden():
    above = google(level(PROJECT, (OWNER, ANN)))
    near = google(level(PROJECT), within=worlds.ring((USER, ANN)))
    assert (holder(above, ANN).broad, holder(above, ANN).hidden) == (True, True)
    assert (holder(near, ANN).broad, holder(near, ANN).hidden) == (False, False)


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (APP, True),
        ("projectOwner:bank", True),
        ("serviceAccount:app@partner.iam.gserviceaccount.com", False),
        ("serviceAccount:bank@appspot.gserviceaccount.com", True),
        ("serviceAccount:partner@appspot.gserviceaccount.com", False),
        ("serviceAccount:bank.svc.id.goog[pay/app]", True),
        ("serviceAccount:partner.svc.id.goog[pay/app]", False),
        ("serviceAccount:p99-ab1@gcp-sa-cloud-sql.iam.gserviceaccount.com", None),
        ("serviceAccount:service-org-99@security-center-api.iam.gserviceaccount.com", None),
        ("serviceAccount:p99@partner.iam.gserviceaccount.com", False),
        ("user:ann@gmail.com", False),
        ("serviceAccount:service-1234@gcp-sa-pubsub.iam.gserviceaccount.com", None),
        (ANN, None),
    ],
)
def test_whose_somebody_is(member, expected):
    found = holder(google(level(PROJECT), own=google_key((USER, member))), member).ours
    assert isinstance(found, Unknown) if expected is None else found is expected


def test_numbers_of_projects_and_the_domain_of_the_organisation_are_ours():
    agent = "serviceAccount:service-1234@gcp-sa-pubsub.iam.gserviceaccount.com"
    named_alike = "serviceAccount:service-1234@partner.iam.gserviceaccount.com"
    levels = level("organizations/1", aliases=("bank.example",)), level(PROJECT, aliases=("1234",))
    assert isinstance(holder(google(*levels, own=google_key((USER, named_alike))), named_alike).ours, Unknown)
    one = google(*levels, own=google_key((USER, agent), (USER, ANN), (USER, "user:x@partner.example")))
    assert {found.account: found.ours is True for found in facts(one).holders} == {
        "1234": True,
        "bank.example": True,
        "partner.example": False,
    }


def test_bindings_that_give_nothing_are_told():
    past = 'request.time < timestamp("2020-01-01T00:00:00Z")'
    own = google_key(policy=worlds.given((USER, ANN), condition=past))
    gone = worlds.ring((USER, "deleted:user:x@bank.example?uid=1"), ("roles/browser", ANN), (ADMIN, BOB))
    assert facts(google(level(PROJECT), own=own, within=gone)).without_effect == (
        f"{USER} on the key ring",
        "roles/browser on the key ring",
        f"{USER} on the key",
    )
    assert facts(google(level(PROJECT), within=worlds.ring(policy=DENIED))).without_effect == DENIED


def test_who_can_is_asked_in_googles_words():
    one = google(level(PROJECT, (USER, ANN), ("roles/viewer", BOB)))
    for words in ("decrypt", DECRYPT, DECRYPT.lower(), "use-plaintext"):
        answers, _ = who_can(site(one), asked(words, Provider.GCP))
        assert [answer.principals for answer in answers] == [(ANN,)]
    assert asked("kms:Decrypt", Provider.GCP) is None


def test_keys_alike_are_worked_out_once_and_told_apart_by_name_where_a_condition_asks():
    other = google_key(id=f"{KEY}2")
    one = google(level(PROJECT, (USER, ANN)))
    sites = sites_of(one, None)
    first, second = sites.at(one.keys[0], AS_OF), sites.at(other, AS_OF)
    assert first.standings() is second.standings()
    binding = replace(worlds.given((USER, ANN)).items[0], condition=f'resource.name == "{KEY}"')
    told = google(level(PROJECT, bindings=Bindings(items=(binding,))))
    sites = sites_of(told, None)
    assert [bool(next(sites.at(key, AS_OF).found()).cells) for key in (told.keys[0], other)] == [True, False]


def test_a_shard_without_what_decides_is_unknown_and_a_providers_key_has_none():
    bare = replace(google(level(PROJECT)), access=None)
    theirs = google(level(PROJECT), own=google_key(metadata=metadata(manager=Manager.PROVIDER)))
    assert isinstance(facts(bare).holders, Unknown)
    assert facts(theirs).holders is None


def test_facts_and_rows_of_a_key_share_one_site_and_no_other_key_gets_it():
    one = google(level(PROJECT, (USER, ANN)), own=google_key((USER, BOB)))
    key, sites = one.keys[0], sites_of(one, None)
    found = sites.at(key, AS_OF)
    assert sites.at(key, AS_OF) is found
    other = replace(key, policy=Bindings(items=()))
    assert [one.caller.id for one in sites.at(other, AS_OF).found()] == [ANN]
    assert [one.caller.id for one in sites.at(key, AS_OF).found()] == [ANN, BOB]
