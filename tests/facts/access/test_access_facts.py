"""What rules may ask of access: duties, second factors, endpoints, services, grants and dead text."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

import access_worlds as worlds
from scanner.facts.access.holders import IDENTITIES, derive_access
from scanner.facts.access.matrix import Matrices
from scanner.model.effective import PrincipalKind
from scanner.model.key import Provider
from scanner.model.unknown import Cause, Unknown

AS_OF = datetime(2026, 11, 24, tzinfo=UTC)
OURS = frozenset({worlds.HOME})
DECRYPT = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
DELETE = {**DECRYPT, "Action": "kms:ScheduleKeyDeletion"}
NO_MFA = {"aws:MultiFactorAuthPresent": "false"}
DENY = {"Sid": "mfa", "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}
SERVICE = {"Sid": "sns", "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:Decrypt"}
FOR_SERVICE = {**SERVICE, "Resource": "*"}


def facts(key, *people, accounts=()):
    matrices = Matrices([worlds.identities(*people), *accounts], [worlds.tree()])
    return derive_access(key, matrices, OURS, AS_OF)


def holder(found, name):
    (one,) = (item for item in found.holders if item.principal == worlds.arn("role", name))
    return one


def test_each_role_has_its_duties():
    found = facts(worlds.key(worlds.delegation()), worlds.role("app", DECRYPT), worlds.role("admin", DELETE))
    assert (holder(found, "app").uses, holder(found, "app").decides) == (True, False)
    assert (holder(found, "admin").uses, holder(found, "admin").decides) == (False, True)
    assert (found.users, found.administrators) == (1, 0)


def test_like_roles_are_one_holder():
    found = facts(worlds.key(worlds.delegation()), *(worlds.role(f"app{number}", DECRYPT) for number in range(3)))
    assert [one.size for one in found.holders if one.kind is PrincipalKind.ROLE] == [3]
    assert found.users == 3


def test_a_step_through_iam_counts_and_the_power_over_the_key_does_not():
    writer = worlds.role("writer", DECRYPT, {**DECRYPT, "Action": "iam:PutRolePolicy"})
    owner = worlds.role("owner", {**DECRYPT, "Action": "kms:PutKeyPolicy"})
    found = facts(worlds.key(worlds.delegation()), writer, owner)
    assert holder(found, "writer").steps_to_decide
    assert not holder(found, "owner").steps_to_use


def test_a_policy_for_all_keys_is_broad_and_one_for_this_key_is_not():
    key = worlds.key(worlds.delegation())
    found = facts(key, worlds.role("wide", DECRYPT), worlds.role("narrow", {**DECRYPT, "Resource": key.id}))
    assert holder(found, "wide").broad is True
    assert holder(found, "narrow").broad is False


@pytest.mark.parametrize(
    ("operator", "expected", "holes"),
    [
        ("BoolIfExists", False, ()),
        ("Bool", True, ("mfa",)),
        ("StringEquals", True, ("mfa",)),
        ("ForAnyValue:Bool", True, ("mfa",)),
        ("ForAllValues:Bool", False, ()),
    ],
)
def test_the_second_factor_is_asked_for_or_slipped_past(operator, expected, holes):
    key = worlds.key(worlds.delegation(), {**DENY, "Condition": {operator: NO_MFA}})
    found = facts(key, worlds.role("admin", DELETE))
    assert holder(found, "admin").without_mfa is expected
    assert found.mfa_holes == holes


@pytest.mark.parametrize(
    ("more", "holes"),
    [
        ({}, ()),
        ({"Action": "kms:DisableKey"}, ("mfa",)),
        ({"Condition": {"Null": {"aws:MultiFactorAuthPresent": "false"}}}, ("mfa",)),
    ],
)
def test_a_denial_of_the_same_to_those_who_carry_no_second_factor_closes_the_hole(more, holes):
    beside = {**DENY, "Sid": "beside", "Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}}, **more}
    key = worlds.key(worlds.delegation(), {**DENY, "Condition": {"Bool": NO_MFA}}, beside)
    assert facts(key, worlds.role("admin", DELETE)).mfa_holes == holes


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, False),
        ({"Bool": NO_MFA}, True),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"Null": NO_MFA}, True),
        ({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}, False),
        ({"NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}, True),
    ],
)
def test_a_role_that_takes_a_second_factor_to_assume_has_one(condition, expected):
    trust = {"Effect": "Allow", "Principal": {"AWS": worlds.HOME}, "Action": "sts:AssumeRole", "Condition": condition}
    found = facts(worlds.key(worlds.delegation()), worlds.role("admin", DELETE, trust=(trust,)))
    assert holder(found, "admin").without_mfa is expected


def test_use_past_every_endpoint_is_told():
    at = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    people = worlds.role("inside", {**DECRYPT, "Condition": at}), worlds.role("outside", DECRYPT)
    found = facts(worlds.key(worlds.delegation()), *people)
    assert holder(found, "inside").outside_endpoint is False
    assert holder(found, "outside").outside_endpoint is True


@pytest.mark.parametrize(
    "spared",
    [
        {"StringNotEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
        {"StringNotEqualsIfExists": {"kms:ViaService": ["s3.eu-west-1.amazonaws.com"]}},
        {"BoolIfExists": {"aws:ViaAWSService": "false"}},
        {"Bool": {"aws:ViaAWSService": "false"}},
        {"Null": {"aws:CalledVia": "true"}},
    ],
)
def test_what_services_do_for_somebody_does_not_count_as_past_every_endpoint(spared):
    condition = {"StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}
    condition = {name: condition.get(name, {}) | spared.get(name, {}) for name in (*condition, *spared)}
    key = worlds.key(worlds.delegation(), {**DENY, "Action": "kms:Decrypt", "Condition": condition})
    assert holder(facts(key, worlds.role("app", DECRYPT)), "app").outside_endpoint is False


def test_use_through_services_alone_is_not_past_every_endpoint_and_any_other_is():
    via = {**DECRYPT, "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}
    network = {**DECRYPT, "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
    found = facts(worlds.key(worlds.delegation()), worlds.role("via", via), worlds.role("office", network))
    assert holder(found, "via").outside_endpoint is False
    assert holder(found, "office").outside_endpoint is True


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, ("sns.amazonaws.com",)),
        ({"StringEquals": {"aws:SourceAccount": worlds.HOME}}, ()),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{worlds.HOME}:*"}}, ()),
        ({"StringLike": {"kms:EncryptionContext:arn": f"arn:aws:sns:eu-west-1:{worlds.HOME}:*"}}, ()),
        ({"StringEqualsIfExists": {"aws:SourceAccount": worlds.HOME}}, ()),
        ({"Bool": {"aws:SecureTransport": "true"}}, ("sns.amazonaws.com",)),
        ({"StringNotLike": {"kms:EncryptionContext:arn": f"*:{worlds.HOME}:*"}}, ("sns.amazonaws.com",)),
        ({"StringLikeIfExists": {"kms:EncryptionContext:arn": f"*:{worlds.HOME}:*"}}, ("sns.amazonaws.com",)),
        ({"ForAllValues:StringLike": {"kms:EncryptionContext:arn": f"*:{worlds.HOME}:*"}}, ("sns.amazonaws.com",)),
    ],
)
def test_a_service_is_bound_by_its_source(condition, expected):
    statement = {**FOR_SERVICE, **({"Condition": condition} if condition else {})}
    assert facts(worlds.key(worlds.delegation(), statement)).unbound_services == expected


def test_services_that_are_let_in_all_at_once_are_bound_by_their_source():
    every = {**FOR_SERVICE, "Principal": {"Service": "*"}}
    bound = {**every, "Condition": {"StringEquals": {"aws:SourceAccount": worlds.HOME}}}
    assert facts(worlds.key(worlds.delegation(), every)).unbound_services == ("*.amazonaws.com",)
    assert facts(worlds.key(worlds.delegation(), bound)).unbound_services == ()


def test_everybody_and_other_accounts_are_told_from_ours():
    assert facts(worlds.key(worlds.delegation(), {**worlds.delegation(), "Principal": "*"})).public is True
    found = facts(worlds.key(worlds.delegation(), worlds.delegation(worlds.OTHER)))
    assert found.public is False
    assert {one.account for one in found.holders if not one.ours} == {worlds.OTHER}
    assert isinstance(found.users, Unknown)


def test_grants_are_weighed_apart():
    theirs = worlds.grant("g1", worlds.arn("role", "x", worlds.OTHER), "Decrypt", context_equals={"a": "b"})
    loose = worlds.grant("g2", worlds.arn("role", "app"), "Decrypt")
    found = facts(worlds.key(worlds.delegation(), grants=[theirs, loose]), worlds.role("app"))
    assert {one.principal for one in found.holders if one.ours is False} == {worlds.arn("role", "x", worlds.OTHER)}
    assert found.unbound_grants == ("g2",)
    assert found.oldest_grant == AS_OF - worlds.MADE


def test_statements_that_allow_nothing_are_named():
    elsewhere = {**worlds.delegation(), "Sid": "elsewhere", "Resource": "arn:aws:kms:eu-west-1:111122223333:key/other"}
    theirs = {**worlds.delegation(worlds.OTHER), "Sid": "theirs", "Action": "kms:PutKeyPolicy"}
    found = facts(worlds.key(worlds.delegation(), elsewhere, theirs))
    assert found.without_effect == ("elsewhere", "theirs")


def test_idle_time_comes_from_the_last_use_of_the_role():
    found = facts(
        worlds.key(worlds.delegation()), worlds.role("app", DECRYPT, last_used_at=AS_OF - timedelta(days=200))
    )
    assert holder(found, "app").idle == timedelta(days=200)


def test_what_was_not_read_is_unknown_and_another_cloud_has_none():
    denied = Unknown(cause=Cause.DENIED, call="kms:GetKeyPolicy")
    found = facts(worlds.key(policy=denied), worlds.role("app", DECRYPT))
    assert found.public == denied
    assert found.users == denied
    assert found.holders == denied
    key = worlds.key(worlds.delegation())
    assert derive_access(key, None, OURS, AS_OF).users == Unknown(cause=Cause.NOT_COLLECTED, call=IDENTITIES)
    assert derive_access(msgspec.structs.replace(key, provider=Provider.GCP), None, OURS, AS_OF).users is None


def test_a_holder_is_called_by_name_and_way():
    found = facts(worlds.key(worlds.delegation()), *(worlds.role(f"app{number}", DECRYPT) for number in range(3)))
    (app,) = (one for one in found.holders if one.kind is PrincipalKind.ROLE)
    way = "use_plaintext by key policy account -> identity policy inline[0]"
    assert app.said == f"{worlds.arn('role', 'app0')} and 2 more, {way}"


def test_the_way_tells_conditions_steps_and_what_was_not_read():
    at = {**DECRYPT, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
    writer = worlds.role("writer", {**DECRYPT, "Action": "iam:PutRolePolicy"})
    found = facts(worlds.key(worlds.delegation()), worlds.role("inside", at), writer)
    assert "under conditions (StringEquals aws:SourceVpce vpce-1)" in holder(found, "inside").way
    assert "use_plaintext in one step by iam:PutRolePolicy on itself" in holder(found, "writer").way
    unread = msgspec.structs.replace(worlds.tree(), service_control=Unknown(cause=Cause.DENIED, call="x"))
    matrices = Matrices([worlds.identities(writer)], [unread])
    doubted = derive_access(worlds.key(worlds.delegation()), matrices, OURS, AS_OF)
    assert (holder(doubted, "writer").uses, holder(doubted, "writer").decides) == (False, False)
    assert isinstance(holder(doubted, "writer").steps_to_use, Unknown)
    assert "if it may (not read: the service control policies)" in holder(doubted, "writer").way


def outsider(condition, trees):
    statement = {**worlds.delegation(), "Principal": "*", "Action": "kms:Decrypt", "Condition": condition}
    found = derive_access(
        worlds.key(worlds.delegation(), statement), Matrices([worlds.identities()], trees), OURS, AS_OF
    )
    return found.public, [one.ours for one in found.holders if one.kind is PrincipalKind.PUBLIC]


def test_strangers_are_not_ours_and_an_organisation_may_be():
    theirs = {"StringEquals": {"aws:PrincipalOrgID": "o-theirs0000"}}
    assert outsider({"StringLike": {"kms:CallerAccount": "9999*"}}, [worlds.tree()]) == (False, [False])
    assert outsider(theirs, [worlds.tree()]) == (False, [False])
    public, (ours,) = outsider(theirs, [])
    assert (public, isinstance(ours, Unknown)) == (False, True)
    assert outsider({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}, [worlds.tree()]) == (True, [False])
