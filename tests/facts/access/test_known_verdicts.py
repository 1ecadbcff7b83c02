"""Verdicts on access that other tools are known to get wrong, from what was read to what the rule says."""

import json

import msgspec
import pytest

import access_worlds as worlds
import role_worlds as roles
from access_worlds import HOME, OTHER, arn, delegation
from records import AS_OF
from scanner.facts.access.duties import access_facts
from scanner.facts.access.holders import derive_access
from scanner.facts.access.matrix import Matrices
from scanner.facts.access.sites import sites_of
from scanner.model.finding import Verdict
from scanner.model.key import Policy, Provider
from scanner.model.permission import GroupMembers
from scanner.model.unknown import Cause, Unknown
from scanner.rules.evaluate import judge
from scanner.rules.healthy import default_key
from scanner.rules.load import load_rules
from scanner.rules.shipped import shipped_policies

RULES = {rule.id: rule for rule in load_rules([shipped_policies()], baseline="default", lists={}).rules}
PUBLIC, OUTSIDE, WIDELY, BROAD, DUTIES, GRANTS = (
    f"KEY-ACC-{number}" for number in ("004", "005", "006", "007", "008", "013")
)
DECRYPT = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
ANN, TEAM = "user:ann@bank.example", "group:keys@bank.example"
USER, ADMIN, BOTH = (
    "roles/cloudkms.cryptoKeyDecrypter",
    "roles/cloudkms.admin",
    "roles/cloudkms.cryptoKeyEncrypterDecrypter",
)
PROJECT = "projects/bank"


def of_aws(rule, *statements, people=(), **more):
    """What a rule says of a key with these statements."""
    found = worlds.key(*statements, **more)
    facts = derive_access(found, Matrices([worlds.identities(*people)], [worlds.tree()]), frozenset({HOME}), AS_OF)
    return judge(RULES[rule], msgspec.structs.replace(default_key(), access=facts))


def of_roles(rule, one):
    """What a rule says of the one key of a shard of Google Cloud or Azure."""
    facts = access_facts(one.keys[0], sites_of(one, None), frozenset({"bank"}), AS_OF)
    key = msgspec.structs.replace(default_key(), access=facts, provider=one.keys[0].provider)
    return judge(RULES[rule], key)


@pytest.mark.parametrize(
    "odd",
    [
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":{"x":1},"Resource":"*"}}',
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":[["*"]],"Action":"kms:*"}]}',
        '{"Statement":"all"}',
        '{"Statement":[null]}',
        "{}",
        "[]",
    ],
)
def test_an_odd_policy_leaves_that_key_unknown_and_the_others_judged(odd):
    assert of_aws(PUBLIC, policy=Policy(document=odd)) is Verdict.UNKNOWN
    assert of_aws(PUBLIC, delegation()) is Verdict.PASS


def test_policies_of_google_that_could_not_be_read_are_unknown_and_no_pass():
    own, ring = roles.google_key(policy=roles.DENIED), roles.ring(policy=roles.DENIED)
    for one in (
        roles.google(roles.level(PROJECT), own=own),
        roles.google(roles.level(PROJECT), within=ring),
        roles.google(roles.level(PROJECT, bindings=roles.DENIED)),
    ):
        assert {of_roles(rule, one) for rule in (PUBLIC, OUTSIDE, WIDELY, DUTIES)} == {Verdict.UNKNOWN}


def test_grants_that_could_not_be_read_are_unknown_and_no_fail():
    denied = Unknown(cause=Cause.DENIED, call="kms:ListGrants")
    found = worlds.key(delegation())
    for read, expected in ((found.grants, Verdict.PASS), (denied, Verdict.UNKNOWN)):
        facts = derive_access(
            msgspec.structs.replace(found, grants=read),
            Matrices([worlds.identities()], [worlds.tree()]),
            frozenset({HOME}),
            AS_OF,
        )
        assert judge(RULES[GRANTS], msgspec.structs.replace(default_key(), access=facts)) is expected


def test_a_key_without_an_alias_is_asked_for_its_grants_all_the_same():
    theirs = worlds.grant("g1", arn("role", "x", OTHER), "Decrypt")
    assert of_aws(OUTSIDE, delegation(), grants=[theirs], aliases=()) is Verdict.FAIL


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({**DECRYPT, "Action": "kms:*"}, Verdict.FAIL),
        (DECRYPT, Verdict.FAIL),
        ({"Effect": "Allow", "NotAction": "kms:ScheduleKeyDeletion", "Resource": "*"}, Verdict.FAIL),
        ({**DECRYPT, "Action": ["kms:D*", "kms:G*", "kms:E*"]}, Verdict.FAIL),
        ({**DECRYPT, "Resource": f"arn:aws:kms:*:{HOME}:key/*"}, Verdict.FAIL),
        ({**DECRYPT, "Resource": f"arn:aws:kms:eu-west-1:{HOME}:key/k1"}, Verdict.PASS),
        ({**DECRYPT, "Action": "kms:Encrypt"}, Verdict.PASS),
    ],
)
def test_the_use_of_every_key_is_broad_however_it_is_written(given, expected):
    assert of_aws(BROAD, delegation(), people=(worlds.role("app", given),)) is expected


def test_everything_but_one_action_is_broad_as_well():
    less = {"Effect": "Deny", "Action": "kms:ScheduleKeyDeletion", "Resource": "*"}
    assert (
        of_aws(BROAD, delegation(), people=(worlds.role("app", {**DECRYPT, "Action": "kms:*"}, less),)) is Verdict.FAIL
    )


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (("kms:Decrypt", "kms:ScheduleKeyDeletion"), Verdict.FAIL),
        (("kms:Decrypt", "kms:PutKeyPolicy"), Verdict.FAIL),
        (("kms:Decrypt",), Verdict.PASS),
        (("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"), Verdict.PASS),
    ],
)
def test_use_and_decision_in_one_hand_fail(actions, expected):
    one = worlds.role("app", {**DECRYPT, "Action": list(actions)})
    assert of_aws(DUTIES, delegation(), people=(one,)) is expected


@pytest.mark.parametrize("bindings", [((BOTH, ANN), (ADMIN, ANN)), ((ADMIN, ANN), (BOTH, ANN))])
@pytest.mark.parametrize("place", ["project", "ring", "key", "apart"])
def test_use_and_decision_are_found_in_whatever_order_and_wherever_they_were_given(bindings, place):
    here = {"project": (), "ring": (), "key": (), **({place: bindings} if place != "apart" else {})}
    if place == "apart":
        here = {"project": bindings[:1], "ring": (), "key": bindings[1:]}
    one = roles.google(
        roles.level(PROJECT, *here["project"]),
        within=roles.ring(*here["ring"]),
        own=roles.google_key(*here["key"]),
    )
    assert of_roles(DUTIES, one) is Verdict.FAIL


def test_use_by_a_group_and_decision_by_name_meet_in_whoever_is_in_both():
    levels = roles.level(PROJECT, (BOTH, TEAM), (ADMIN, ANN))
    assert of_roles(DUTIES, roles.google(levels)) is Verdict.UNKNOWN
    inside, beside = (GroupMembers(items={TEAM: (name,)}) for name in (ANN, "user:bob@bank.example"))
    assert of_roles(DUTIES, roles.google(levels, groups=inside)) is Verdict.FAIL
    assert of_roles(DUTIES, roles.google(levels, groups=beside)) is Verdict.PASS


@pytest.mark.parametrize("member", ["allUsers", "allAuthenticatedUsers"])
@pytest.mark.parametrize("place", ["project", "ring", "key"])
def test_everybody_on_ring_or_project_opens_its_keys(member, place):
    given = {name: ((USER, member),) if name == place else () for name in ("project", "ring", "key")}
    one = roles.google(
        roles.level(PROJECT, *given["project"]),
        within=roles.ring(*given["ring"]),
        own=roles.google_key(*given["key"]),
    )
    assert of_roles(PUBLIC, one) is Verdict.FAIL


def test_where_roles_decide_a_vaults_own_list_is_ignored():
    who = "aaaaaaaa-0000-4000-8000-000000000000"
    listed = roles.vault((who, ("decrypt", "purge")))
    by_roles = msgspec.structs.replace(roles.vault(), policy=listed.policy)
    assert roles.states(roles.azure(roles.assigned("/"), within=listed))[who]["use_plaintext"] == "always"
    assert roles.states(roles.azure(roles.assigned("/"), within=by_roles)) == {}


def test_a_statement_that_is_not_in_a_list_is_one_all_the_same():
    written = {"Effect": "Allow", "Principal": "*", "Action": "KMS:decrypt", "Resource": "*"}
    for statements in (written, [written]):
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        assert of_aws(PUBLIC, policy=Policy(document=document)) is Verdict.FAIL


def test_azure_is_never_public_and_says_so():
    assert of_roles(PUBLIC, roles.azure(roles.assigned("/"))) is Verdict.NOT_APPLICABLE
    assert roles.azure(roles.assigned("/")).keys[0].provider is Provider.AZURE
