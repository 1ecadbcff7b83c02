"""Every condition operator of AWS, with the key there, absent, empty and of many values."""

import pytest

from access_cases import HOME, ROLE, policy, statement, verdict
from access_cases import KEY as KEY_ARN
from scanner.facts.access.context import context
from scanner.facts.access.policies import is_about

ARN = "arn:aws:iam::111122223333:role/ci/deploy"
KEY, OTHER = "aws:PrincipalTag/team", "aws:RequestTag/x"


def holds(operator, key, wanted, found):
    """Whether a request with these values is allowed under the one condition."""
    written = statement(whom={"AWS": ROLE}, condition={operator: {key: wanted}})
    return verdict(ROLE, written, values=found) == "allow"


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "expected"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", ["x", "a"], "a", True),
        ("StringEquals", [], "a", False),
        ("StringNotEquals", [], "a", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", ["a", "b"], "c", True),
        ("StringNotEquals", "a", ["a", "b"], False),
        ("StringEqualsIgnoreCase", "PAYMENTS", "payments", True),
        ("StringNotEqualsIgnoreCase", "PAYMENTS", "payments", False),
        ("StringLike", "p?y*", "payments", True),
        ("StringLike", "P*", "payments", False),
        ("StringLike", "a:*", "a:b:c", True),
        ("StringNotLike", ["x*", "p*"], "payments", False),
        ("stringequals", "a", "a", True),
        ("NumericEquals", "5", "5.0", True),
        ("NumericEquals", 5, "5", True),
        ("NumericNotEquals", "5", "6", True),
        ("NumericLessThan", "300", "60", True),
        ("NumericLessThan", "60", "60", False),
        ("NumericLessThanEquals", "60", "60", True),
        ("NumericGreaterThan", "7", "30", True),
        ("NumericGreaterThanEquals", "14", "7", False),
        ("NumericLessThan", "five", "4", False),
        ("DateLessThan", "2026-12-31T23:59:59Z", "2026-11-22T01:00:00Z", True),
        ("DateLessThan", "2026-12-31", "2026-11-22T01:00:00Z", True),
        ("DateLessThan", "1767225599", "2026-11-22T01:00:00Z", False),
        ("DateGreaterThan", "2026-06-01T00:00:00Z", "1795309200", True),
        ("DateEquals", "2026-11-22T01:00:00Z", "2026-11-22T02:00:00+01:00", True),
        ("DateNotEquals", "2026-11-22T01:00:00Z", "2026-11-22T01:00:01Z", True),
        ("DateLessThanEquals", "2026-11-22T01:00:00Z", "2026-11-22T01:00:00Z", True),
        ("DateGreaterThanEquals", "tomorrow", "2026-11-22T01:00:00Z", False),
        ("Bool", "true", "true", True),
        ("Bool", True, "true", True),
        ("Bool", False, "true", False),
        ("Bool", "True", "true", True),
        ("Bool", "false", False, True),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
        ("BinaryEquals", "QmluYXJ5", "qmluYXJ5", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
        ("IpAddress", "203.0.113.7", "203.0.113.7", True),
        ("IpAddress", "203.0.113.9/24", "203.0.113.7", True),
        ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", True),
        ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
        ("IpAddress", "nowhere", "203.0.113.7", False),
        ("NotIpAddress", "10.0.0.0/8", "10.1.2.3", False),
        ("NotIpAddress", ["10.0.0.0/8", "203.0.113.0/24"], "198.51.100.1", True),
        ("ArnEquals", ARN, ARN, True),
        ("ArnEquals", "arn:aws:iam::*:role/*", ARN, True),
        ("ArnLike", "arn:aws:iam::111122223333:role/*/deploy", ARN, True),
        ("ArnLike", "arn:aws:*:role/ci/deploy", ARN, False),
        ("StringLike", "arn:aws:*:role/ci/deploy", ARN, True),
        ("ArnLike", "arn:aws:iam::111122223333:role/CI/*", ARN, False),
        ("ArnNotLike", ["arn:aws:iam::*:user/*", "arn:aws:iam::*:role/*"], ARN, False),
        ("ArnNotEquals", "arn:aws:iam::*:user/*", ARN, True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["x", "b"], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["x"], False),
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "b"], True),
        ("ForAnyValue:StringNotEquals", ["a"], ["a"], False),
        ("ForAllValues:StringEquals", ["a", "b"], ["a"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "x"], False),
        ("ForAllValues:StringNotEquals", ["a"], ["b", "a"], False),
        ("ForAllValues:StringLike", ["app", "aws:*"], ["aws:s3:arn", "app"], True),
        ("ForAnyValue:StringLike", "alias/pay*", ["alias/x", "alias/payments"], True),
    ],
)
def test_a_value_that_is_there_is_compared_by_its_operator(operator, wanted, found, expected):
    assert holds(operator, KEY, wanted, {KEY: found}) is expected


@pytest.mark.parametrize("gone", [{}, {KEY: []}])
@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("StringEqualsIfExists", True),
        ("StringNotEquals", True),
        ("StringNotEqualsIfExists", True),
        ("NumericLessThan", False),
        ("DateGreaterThan", False),
        ("Bool", False),
        ("BoolIfExists", True),
        ("IpAddress", False),
        ("NotIpAddress", True),
        ("ArnLike", False),
        ("ArnNotLike", True),
        ("ArnLikeIfExists", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("ForAllValues:StringEquals", True),
        ("ForAllValues:StringNotEquals", True),
    ],
)
def test_a_key_that_is_absent_or_empty_decides_by_its_operator(operator, expected, gone):
    assert holds(operator, KEY, "1", gone) is expected


@pytest.mark.parametrize(
    ("wanted", "found", "expected"),
    [
        ("true", None, True),
        ("false", None, False),
        ("true", "x", False),
        ("false", "x", True),
        (True, None, True),
        (False, "x", True),
        (["true", "false"], "x", True),
        ("true", [], True),
    ],
)
def test_null_asks_whether_the_key_is_absent(wanted, found, expected):
    assert holds("Null", KEY, wanted, {} if found is None else {KEY: found}) is expected


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "expected"),
    [
        ("StringEquals", "${aws:ResourceTag/team}", {KEY: "a", "aws:ResourceTag/team": "a"}, True),
        ("StringEquals", "${aws:ResourceTag/team}", {KEY: "a"}, False),
        ("StringEquals", "${AWS:resourcetag/TEAM}", {KEY: "a", "aws:ResourceTag/team": "a"}, True),
        ("StringNotEquals", "${aws:ResourceTag/team}", {KEY: "a"}, False),
        ("StringNotEquals", ["b", "${aws:ResourceTag/team}"], {KEY: "a"}, False),
        ("StringNotEquals", "${aws:ResourceTag/team}", {KEY: "a", "aws:ResourceTag/team": ["a", "b"]}, False),
        ("StringNotEquals", "${aws:ResourceTag/team}", {KEY: "a", "aws:ResourceTag/team": "b"}, True),
        ("StringEquals", "${aws:username, 'nobody'}", {KEY: "nobody"}, True),
        ("StringEquals", "${aws:username,'nobody'}", {KEY: "alice", "aws:username": "alice"}, True),
        ("StringEquals", "${aws:username, 'nobody'}", {KEY: "nobody", "aws:username": "alice"}, False),
        ("StringLike", "x-${aws:username}-*", {KEY: "x-alice-1", "aws:username": "alice"}, True),
        ("StringLike", "${aws:username}", {KEY: "alice", "aws:username": "*"}, False),
        ("StringLike", "a${*}c", {KEY: "a*c"}, True),
        ("StringLike", "a${*}c", {KEY: "abc"}, False),
        ("StringLike", "a${?}c", {KEY: "a?c"}, True),
        ("StringLike", "a${?}c", {KEY: "abc"}, False),
        ("StringEquals", "a${$}c", {KEY: "a$c"}, True),
        ("StringEquals", "a${*}c", {KEY: "a*c"}, True),
        ("StringNotLikeIfExists", "${aws:username}", {KEY: "bob", "aws:username": "alice"}, True),
        ("StringEqualsIgnoreCase", "${aws:username}", {KEY: "ALICE", "aws:username": "alice"}, True),
        ("ForAnyValue:StringLike", "${aws:username}", {KEY: ["x", "alice"], "aws:username": "alice"}, True),
        ("ArnLike", "arn:aws:iam::*:user/${aws:username}", {KEY: "arn:aws:iam::1:user/a", "aws:username": "a"}, True),
        ("ArnNotEquals", "arn:aws:iam::*:user/${aws:username}", {KEY: ARN, "aws:username": "a"}, True),
    ],
)
def test_variables_stand_for_values_of_the_request(operator, wanted, found, expected):
    assert holds(operator, KEY, wanted, found) is expected


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "value"),
    [
        ("NumericLessThan", "${aws:Bound}", "3", "4"),
        ("NumericEquals", "${aws:Bound}", "4", "4"),
        ("DateLessThan", "${aws:Bound}", "2026-11-22T01:00:00Z", "2026-12-31T00:00:00Z"),
        ("DateGreaterThanIfExists", "${aws:Bound}", "1795309200", "0"),
        ("IpAddress", "${aws:Bound}", "203.0.113.7", "203.0.113.7"),
        ("ForAnyValue:IpAddress", "${aws:Bound}/24", "203.0.113.7", "203.0.113.0"),
        ("Bool", "${aws:Bound}", "true", "true"),
        ("BinaryEquals", "${aws:Bound}", "QmluYXJ5", "QmluYXJ5"),
    ],
)
def test_variables_are_replaced_for_texts_and_arns_alone(operator, wanted, found, value):
    assert not holds(operator, KEY, wanted, {KEY: found, "aws:Bound": value})
    assert holds(operator, KEY, [wanted, value + ("/24" if "/24" in wanted else "")], {KEY: found, "aws:Bound": value})


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
@pytest.mark.parametrize(
    ("operator", "wanted", "found"),
    [
        ("NumericNotEquals", "${aws:Bound}", "3"),
        ("NumericNotEquals", "many", "3"),
        ("NumericNotEquals", "nan", "3"),
        ("DateNotEquals", "${aws:Bound}", "2026-11-22T01:00:00Z"),
        ("NotIpAddress", "${aws:Bound}", "203.0.113.7"),
        ("NotIpAddressIfExists", ["10.0.0.0/8", "${aws:Bound}"], "203.0.113.7"),
        ("NotIpAddress", "10.0.0.0/8", "nowhere"),
    ],
)
def test_what_a_negated_operator_makes_of_an_unreadable_value_stays_unknown(effect, operator, wanted, found):
    written = statement(effect, whom={"AWS": ROLE}, condition={operator: {KEY: wanted}})
    always = statement(whom={"AWS": ROLE}) if effect == "Deny" else written
    assert verdict(ROLE, written, always, values={KEY: found, "aws:Bound": "1"}) == "unknown"


def test_an_unreadable_value_beside_one_that_matches_leaves_no_doubt():
    wanted = ["${aws:Bound}", "203.0.113.0/24"]
    assert not holds("NotIpAddress", KEY, wanted, {KEY: "203.0.113.7", "aws:Bound": "x"})
    assert not holds("NumericNotEquals", KEY, ["many", "3"], {KEY: "3.0"})


def test_a_variable_without_a_value_names_nothing_in_a_resource_and_leaves_a_not_resource_open():
    named = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "kms:*"}
    spare = "arn:aws:kms:*:*:key/${aws:username}"
    assert verdict(ROLE, {**named, "Resource": spare}) == "deny"
    assert verdict(ROLE, {**named, "NotResource": spare}) == "unknown"
    assert verdict(ROLE, {**named, "NotResource": [spare, "*"]}) == "deny"
    assert verdict(ROLE, {**named, "NotResource": spare}, values={"aws:username": "x"}) == "allow"


def test_variables_are_plain_text_in_policies_of_the_old_version():
    written = statement(whom={"AWS": HOME}, condition={"StringEquals": {KEY: "${aws:username}"}})
    old = policy(written, version="2008-10-17").statements[0]
    request = context({KEY: "${aws:username}", "aws:username": "alice"}, complete=True)
    assert is_about(old, "kms:Decrypt", KEY_ARN, request) is True


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("kms:EncryptionContext:App", "kms:encryptioncontext:app"),
        ("KMS:ViaService", "kms:ViaService"),
        ("kms:EncryptionContext:aws:s3:arn", "kms:EncryptionContext:aws:s3:arn"),
    ],
)
def test_names_of_keys_compare_without_regard_to_case(key, name):
    assert holds("StringEquals", key, "v", {name: "v"})


@pytest.mark.parametrize(
    ("operator", "wanted", "found"),
    [
        ("StringSounds", "a", {KEY: "a"}),
        ("ForSome:StringEquals", "a", {KEY: "a"}),
        ("ForAnyValue:StringEqualsIfExists", "a", {}),
        ("ArnLike", "*", {KEY: ARN}),
    ],
)
def test_what_is_not_documented_stays_unknown(operator, wanted, found):
    written = statement(whom={"AWS": ROLE}, condition={operator: {KEY: wanted}})
    assert verdict(ROLE, written, values=found) == "unknown"


def test_all_operators_and_keys_of_a_condition_must_hold():
    both = {"StringEquals": {KEY: "a", OTHER: "b"}, "Bool": {"aws:SecureTransport": "true"}}
    written = statement(whom={"AWS": ROLE}, condition=both)
    whole = {KEY: "a", OTHER: "b", "aws:SecureTransport": "true"}
    assert verdict(ROLE, written, values=whole) == "allow"
    assert all(
        verdict(ROLE, written, values={name: value for name, value in whole.items() if name != gone}) == "deny"
        for gone in whole
    )
