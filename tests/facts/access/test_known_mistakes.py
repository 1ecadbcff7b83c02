"""Key policies that other tools are known to judge wrongly, one test each; what they do is in docs/access.md."""

import json

import msgspec
import pytest

import access_worlds as worlds
from access_worlds import HOME, OTHER, arn, delegation
from scanner.facts.access.aws_site import AwsSite
from scanner.facts.access.holders import derive_access
from scanner.facts.access.key_access import key_access
from scanner.facts.access.matrix import Matrices
from scanner.facts.policy_shape import derive_policy
from scanner.model.effective import ActionClass, PrincipalKind
from scanner.model.key import Policy
from scanner.model.unknown import Cause, Unknown

OURS = frozenset({HOME})
DECRYPT = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
VIA = {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}


def judged(*statements, people=(), grants=()):
    """What rules are told of a key with these statements beside the delegation to its account."""
    found = worlds.key(delegation(), *statements, grants=grants)
    return derive_access(found, Matrices([worlds.identities(*people)], [worlds.tree()]), OURS, worlds.MADE)


def everybody(condition=None, **more):
    return {**DECRYPT, "Principal": "*", **({"Condition": condition} if condition else {}), **more}


def outsiders(found):
    """The accounts of holders that are not ours; blank for anybody."""
    return sorted(one.account for one in found.holders if one.ours is False)


@pytest.mark.parametrize("whom", ["*", {"AWS": "*"}, {"AWS": ["*"]}])
def test_everybody_in_every_form_of_a_principal_is_public(whom):
    assert judged(everybody(Principal=whom)).public is True


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": VIA},
        {"ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt"]}},
        {"ForAnyValue:StringEquals": {"kms:GrantOperations": ["Decrypt"]}},
        {"Bool": {"kms:GrantIsForAWSResource": True}},
        {"StringEquals": VIA, "StringNotEquals": {"kms:CallerAccount": HOME}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
        {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        {"StringLike": {"aws:userid": "*"}},
        {"StringLike": {"aws:PrincipalArn": "*"}},
        {"StringLike": {"kms:CallerAccount": "*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}},
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-example001"}},
        {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-example001/*"}},
        {"StringEquals": {"aws:PrincipalTag/team": "payments"}},
        {"StringEquals": {"kms:EncryptionContext:app": "ledger"}},
    ],
)
def test_a_condition_that_does_not_bound_the_caller_leaves_the_key_public(condition):
    assert judged(everybody(condition)).public is True


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"kms:CallerAccount": HOME}},
        {"StringEqualsIgnoreCase": {"kms:CallerAccount": HOME}},
        {"StringEquals": {"kms:CallerAccount": HOME, **VIA}},
        {"StringEquals": {"aws:PrincipalAccount": HOME}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:role/*"}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-example001"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-example001/*"}},
    ],
)
def test_everybody_bound_to_the_own_account_or_organisation_lets_no_outsider_in(condition):
    found = judged(everybody(condition))
    assert (found.public, outsiders(found)) == (False, [])


@pytest.mark.parametrize("key", ["aws:SourceVpc", "aws:SourceVpce"])
def test_a_network_bounds_no_account_so_that_strangers_come_under_a_condition(key):
    found = judged(everybody({"StringEquals": {key: "vpc-1"}}))
    assert (found.public, outsiders(found)) == (False, ["vpc-1"])
    (holder,) = (one for one in found.holders if one.ours is False)
    assert f"under conditions (StringEquals {key} vpc-1)" in holder.way


@pytest.mark.parametrize(
    "condition",
    [
        {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}},
        {"Null": {"aws:SourceVpc": "false"}},
        {"StringLike": {"aws:SourceVpc": "vpc-*"}},
        {"StringLike": {"aws:SourceVpc": "vpc-0a*"}},
        {"StringLike": {"aws:SourceVpce": "vpce-0a?"}},
        {"StringEqualsIgnoreCase": {"aws:SourceVpc": "VPC-2"}},
        {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}},
    ],
)
def test_networks_are_named_where_nobody_comes_through_another(condition):
    named = ["vpc-1", "vpc-2"] if "StringEquals" in condition else [""]
    assert outsiders(judged(everybody(condition))) == named
    open_too = judged(everybody({"StringEquals": {"aws:SourceVpc": "vpc-1"}}), everybody(condition))
    assert outsiders(open_too) == named


@pytest.mark.parametrize(
    "statement",
    [
        everybody({"StringEquals": {"kms:CallerAccount": OTHER}}),
        {**delegation(OTHER)},
        everybody(Principal={"AWS": OTHER}),
        everybody({"StringEquals": VIA}, Principal={"AWS": OTHER}),
    ],
)
def test_another_account_is_an_outsider_however_it_is_named(statement):
    found = judged(statement)
    assert (found.public, {*outsiders(found)}) == (False, {OTHER})


@pytest.mark.parametrize(
    "closing",
    [
        {"StringNotEquals": {"aws:PrincipalAccount": HOME}},
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-example001"}},
        {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example001"}},
    ],
)
def test_a_deny_for_everybody_else_closes_what_is_open(closing):
    found = judged(everybody(), everybody(closing, Effect="Deny", Action="kms:*"))
    assert (found.public, outsiders(found)) == (False, [])


def test_a_deny_for_everybody_is_no_opening():
    found = judged(everybody(Effect="Deny", Action="kms:ScheduleKeyDeletion"))
    assert (found.public, outsiders(found)) == (False, [])


def test_an_allow_for_all_but_some_is_public():
    statement = {**DECRYPT, "NotPrincipal": {"AWS": arn("role", "app")}}
    assert judged(statement).public is True


def test_a_service_without_a_source_may_act_for_anybody():
    service = everybody(Principal={"Service": "sns.amazonaws.com"})
    assert judged(service).unbound_services == ("sns.amazonaws.com",)
    assert judged({**service, "Condition": {"StringEquals": {"aws:SourceAccount": HOME}}}).unbound_services == ()


def test_the_root_of_the_own_account_lets_in_whom_its_policies_let_in():
    found = judged(people=(worlds.role("app", DECRYPT), worlds.role("idle")))
    assert [one.principal for one in found.holders if one.kind is PrincipalKind.ROLE] == [arn("role", "app")]


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "KMS:decrypt"},
        {"Action": ["kms:Decrypt"]},
        {"NotAction": "kms:Encrypt", "Action": None},
        {"Resource": "*"},
    ],
)
def test_every_legal_form_of_a_statement_is_evaluated(statement):
    written = {name: value for name, value in everybody(**statement).items() if value is not None}
    document = json.dumps({"Version": "2012-10-17", "Statement": written})
    found = msgspec.structs.replace(worlds.key(), policy=Policy(document=document))
    assert derive_access(found, Matrices([], [worlds.tree()]), OURS, worlds.MADE).public is True


def test_a_grant_to_another_account_is_an_outsiders_access():
    theirs = worlds.grant("g1", arn("role", "x", OTHER), "Decrypt")
    assert outsiders(judged(grants=[theirs])) == [OTHER]


def test_deleted_principals_hold_nothing_and_are_named():
    gone = "AROAEXAMPLEEXAMPLE123"
    statement = everybody(Principal={"AWS": gone})
    assert outsiders(judged(statement)) == []
    assert derive_policy(worlds.key(delegation(), statement)).unresolved_principals == (gone,)


@pytest.mark.parametrize("action", ["kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:DisableKey"])
def test_administration_for_another_account_is_dead_text_and_no_access(action):
    found = judged({**delegation(OTHER), "Sid": "theirs", "Action": action})
    assert outsiders(found) == []
    assert found.without_effect == ("theirs",)


def test_a_denial_that_long_term_keys_slip_through_is_told():
    hole = everybody({"Bool": {"aws:MultiFactorAuthPresent": "false"}}, Effect="Deny", Sid="hole")
    assert judged(hole).mfa_holes == ("hole",)


def test_an_alias_in_a_resource_covers_no_key():
    alias = {**DECRYPT, "Resource": f"arn:aws:kms:eu-west-1:{HOME}:alias/payments"}
    found = judged(people=(worlds.role("app", alias),))
    assert [one.principal for one in found.holders if one.kind is PrincipalKind.ROLE] == []


def test_a_policy_that_could_not_be_read_leaves_that_key_open_and_no_other():
    denied = Unknown(cause=Cause.DENIED, call="kms:GetKeyPolicy")
    matrices = Matrices([worlds.identities(worlds.role("app", DECRYPT))], [worlds.tree()])
    blind = derive_access(worlds.key(policy=denied), matrices, OURS, worlds.MADE)
    seen = derive_access(worlds.key(delegation(), name="k2"), matrices, OURS, worlds.MADE)
    assert (blind.public, blind.holders, seen.public) == (denied, denied, False)


def test_decrypting_and_making_data_keys_are_not_administration():
    key = worlds.key(delegation())
    matrices = Matrices([worlds.identities(worlds.role("app", DECRYPT))], [worlds.tree()])
    access = key_access(key, AwsSite(key, matrices))
    (row,) = (row for row in access.rows if row.kind is PrincipalKind.ROLE)
    assert {*row.cells} == {ActionClass.USE_PLAINTEXT}
