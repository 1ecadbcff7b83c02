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
    ],
)
def test_what_bounds_the_reach_is_told(statements, expected):
    assert of(*statements) == expected
