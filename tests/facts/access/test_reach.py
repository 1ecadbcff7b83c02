"""How far a key policy opens its key, with the holes that pattern matching misses."""

import json

import pytest

from scanner.facts.access.policies import read_policy
from scanner.facts.access.reach import Reach, ReachKind, reach

ACCOUNT, OTHER = "111122223333", "444455556666"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def of(*statements, effect="Allow"):
    default = {"Effect": effect, "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [{**default, **statement} for statement in statements]}
    return reach(read_policy(json.dumps(document), "key policy"), ACCOUNT, KEY)


@pytest.mark.parametrize(
    "statement",
    [
        {},
        {"Condition": {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}},
        {"Condition": {"IpAddress": {"aws:SourceIp": "::/0"}}},
        {"Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-ours000000"}}},
        {"Condition": {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-ours000000/*"}}},
        {"Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}},
        {"Principal": None, "NotPrincipal": {"AWS": f"arn:aws:iam::{OTHER}:root"}},
        {"Action": "*"},
        {"Principal": {"AWS": ["*"]}, "NotAction": "kms:ScheduleKeyDeletion", "Action": None},
    ],
)
def test_a_hole_for_everybody_is_public(statement):
    whole = {name: value for name, value in statement.items() if value is not None}
    gone = [name for name, value in statement.items() if value is None]
    default = {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", **whole}
    written = {name: value for name, value in default.items() if name not in gone}
    document = json.dumps({"Version": "2012-10-17", "Statement": [written]})
    assert reach(read_policy(document, "key policy"), ACCOUNT, KEY) == Reach(kind=ReachKind.PUBLIC)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([{"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}], Reach(kind=ReachKind.SAME_ACCOUNT)),
        ([{"Principal": {"AWS": OTHER}}], Reach(kind=ReachKind.CROSS_ACCOUNT, whom=(OTHER,))),
        ([{"Action": "kms:ScheduleKeyDeletion"}], Reach(kind=ReachKind.SAME_ACCOUNT)),
        ([{"Resource": KEY[:-1] + "x"}], Reach(kind=ReachKind.SAME_ACCOUNT)),
        (
            [{"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-ours000000"}}}],
            Reach(kind=ReachKind.ORGANISATION, whom=("o-ours000000",)),
        ),
        ([{"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}], Reach(kind=ReachKind.NETWORK)),
        (
            [{}, {"Effect": "Deny", "Condition": {"Null": {"aws:MultiFactorAuthAge": "false"}}}],
            Reach(kind=ReachKind.PUBLIC),
        ),
        ([{}, {"Effect": "Deny"}], Reach(kind=ReachKind.SAME_ACCOUNT)),
        ([{"Principal": {"Service": "*"}}], Reach(kind=ReachKind.SERVICE)),
    ],
)
def test_what_bounds_the_reach_is_told(statements, expected):
    assert of(*statements) == expected


ROOT_OF_OTHER = f"arn:aws:iam::{OTHER}:root"


def under(operator, key, value):
    return {"Condition": {operator: {key: value}}}


@pytest.mark.parametrize(
    "statement",
    [
        under("IpAddress", "aws:SourceIp", "0.0.0.0/0"),
        under("IpAddress", "aws:SourceIp", ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/1"]),
        under("IpAddress", "aws:SourceIp", ["::/1", "8000::/1"]),
        under("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"),
        under("Bool", "aws:SecureTransport", "true"),
        under("Bool", "aws:MultiFactorAuthPresent", "true"),
        under("Bool", "aws:ViaAWSService", "true"),
        under("Bool", "kms:GrantIsForAWSResource", [True]),
        under("StringNotEquals", "kms:CallerAccount", ACCOUNT),
        under("StringLike", "kms:CallerAccount", "*"),
        under("StringEqualsIfExists", "aws:SourceVpce", "vpce-1"),
        under("StringLike", "aws:PrincipalOrgID", "o-*"),
        under("Null", "aws:PrincipalOrgID", "false"),
        under("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-*/*"),
        under("ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-ours000000"),
        under("StringNotEquals", "aws:PrincipalOrgID", "o-theirs0000"),
        under("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin"),
        under("ArnLike", "aws:PrincipalArn", "*"),
        under("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"),
        under("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:*"),
        under("StringEquals", "aws:PrincipalTag/team", "payments"),
        under("StringEquals", "aws:PrincipalTag/team", "${aws:ResourceTag/team}"),
        under("StringEquals", "kms:EncryptionContext:app", "a"),
        under("StringLike", "kms:ViaService", "*"),
        under("DateLessThan", "aws:CurrentTime", "2030-01-01T00:00:00Z"),
        {"Principal": {"AWS": "*", "Service": "s3.amazonaws.com"}},
        {"Principal": {"AWS": [OTHER, "*"]}},
        {"Action": ["kms:PutKeyPolicy", "kms:CreateGrant"]},
        {"Action": "kms:Decapsulate"},
    ],
)
def test_what_does_not_bound_the_caller_leaves_the_key_public(statement):
    assert of(statement) == Reach(kind=ReachKind.PUBLIC)


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        (under("StringNotEquals", "aws:PrincipalOrgID", "o-ours000000"), "org:o-ours000000"),
        (under("StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-ours000000"), "org:o-ours000000"),
        (under("ForAnyValue:StringNotLike", "aws:PrincipalOrgPaths", "o-ours000000/*"), "public"),
        (under("StringNotEquals", "kms:CallerAccount", ACCOUNT), "same-account"),
        (under("StringNotEquals", "kms:CallerAccount", [ACCOUNT, OTHER]), f"cross-account:{OTHER}"),
        (under("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:*"), "same-account"),
        (under("StringNotEquals", "aws:SourceVpce", "vpce-1"), "network-only-limited"),
        (under("NotIpAddress", "aws:SourceIp", "192.0.2.0/24"), "network-only-limited"),
        (under("Bool", "aws:SecureTransport", "false"), "public"),
        ({"Action": "kms:Decrypt"}, "same-account"),
        ({"Action": "kms:Encrypt"}, "public"),
        ({"Principal": {"AWS": ROOT_OF_OTHER}}, "public"),
    ],
)
def test_a_deny_closes_what_it_covers_and_no_more(closing, expected):
    found = of({}, {"Effect": "Deny", **closing})
    assert ":".join((found.kind, *found.whom)) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Principal": {"AWS": ROOT_OF_OTHER}}, f"cross-account:{OTHER}"),
        ({"Principal": {"AWS": f"arn:aws:sts::{OTHER}:assumed-role/r/s"}}, f"cross-account:{OTHER}"),
        ({"Principal": {"AWS": f"arn:aws:iam::{OTHER}:user/path/bob"}}, f"cross-account:{OTHER}"),
        (under("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:role/*"), f"cross-account:{OTHER}"),
        (under("StringLike", "kms:CallerAccount", "4444*"), "cross-account:unknown"),
        (under("StringEquals", "aws:PrincipalAccount", [ACCOUNT, OTHER]), f"cross-account:{OTHER}"),
        ({"Principal": {"AWS": ROOT_OF_OTHER}, "Action": "kms:PutKeyPolicy"}, "same-account"),
        ({"Principal": {"AWS": ROOT_OF_OTHER}, **under("StringEquals", "kms:CallerAccount", ACCOUNT)}, "same-account"),
        (under("StringEquals", "aws:SourceAccount", ACCOUNT), "service"),
        (under("StringEquals", "aws:SourceOrgID", "o-ours000000"), "service"),
        (under("Bool", "aws:PrincipalIsAWSService", "true"), "service"),
        ({"Principal": {"Service": "s3.amazonaws.com"}}, "service"),
        ({"Principal": {"AWS": "AROAEXAMPLEEXAMPLE"}}, "same-account"),
        ({"Principal": {"AWS": "arn:aws:iam::*:role/x"}}, "same-account"),
        ({"Principal": {"Federated": "cognito-identity.amazonaws.com"}}, "same-account"),
        (under("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-ours000000/r-1/ou-2/*"), "org:o-ours000000"),
        (
            {**under("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com"), "Principal": {"AWS": OTHER}},
            f"cross-account:{OTHER}",
        ),
    ],
)
def test_who_is_bounded_is_told_by_account_or_organisation(statement, expected):
    found = of(statement)
    assert ":".join((found.kind, *found.whom)) == expected
