"""What is not known of a request may open a decision and never turn it: the law of the evaluator of access."""

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from scanner.facts.access.aws import Asked, Layers, Result, decide
from scanner.facts.access.context import Context, context
from scanner.facts.access.policies import read_policy
from scanner.facts.access.principals import principal

ACCOUNT, OTHER = "111122223333", "444455556666"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CALLERS = (
    f"arn:aws:iam::{ACCOUNT}:role/app",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/app/run-1",
    f"arn:aws:iam::{ACCOUNT}:user/alice",
    f"arn:aws:iam::{ACCOUNT}:root",
    f"arn:aws:iam::{OTHER}:role/partner",
    "cloudtrail.amazonaws.com",
)
VALUES = {
    "aws:PrincipalTag/team": ("payments", "orders"),
    "aws:MultiFactorAuthPresent": ("true", "false"),
    "kms:ViaService": ("s3.eu-west-1.amazonaws.com", "rds.eu-west-1.amazonaws.com"),
    "kms:CallerAccount": (ACCOUNT, OTHER),
    "aws:SourceIp": ("10.0.0.1", "198.51.100.9"),
    "kms:ResourceAliases": ("alias/a", "alias/b"),
}
OPERATORS = (
    *("StringEquals", "StringNotEquals", "StringLike", "StringEqualsIfExists", "ForAnyValue:StringEquals"),
    *("ForAllValues:StringLike", "Null", "Bool", "BoolIfExists", "ForAnyValue:StringNotEquals"),
)


@st.composite
def conditions(draw):
    key = draw(st.sampled_from(sorted(VALUES)))
    operator = draw(st.sampled_from(OPERATORS))
    values = ("true", "false") if operator == "Null" else (*VALUES[key], "${aws:PrincipalTag/team}", "*")
    return {operator: {key: draw(st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True))}}


@st.composite
def statements(draw, *, of_key):
    written = {
        "Effect": draw(st.sampled_from(("Allow", "Allow", "Deny"))),
        draw(st.sampled_from(("Action", "Action", "NotAction"))): draw(
            st.sampled_from(("kms:*", ["kms:Decrypt"], "kms:De*", "kms:PutKeyPolicy"))
        ),
        "Resource": draw(st.sampled_from(("*", KEY))),
    }
    if of_key:
        names = (*CALLERS[:5], ACCOUNT, "*")
        whom = {"AWS": draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))}
        written[draw(st.sampled_from(("Principal", "Principal", "Principal", "NotPrincipal")))] = whom
    if draw(st.booleans()):
        written["Condition"] = draw(conditions())
    return written


@st.composite
def policies(draw, *, of_key=False):
    found = draw(st.lists(statements(of_key=of_key), min_size=1, max_size=4))
    return read_policy(json.dumps({"Version": "2012-10-17", "Statement": found}), "p")


@st.composite
def situations(draw):
    layers = Layers(
        key_policy=draw(policies(of_key=True)),
        identity=tuple(draw(st.lists(policies(), max_size=2))),
        boundary=(boundary := draw(st.none() | policies())),
        has_boundary=boundary is not None,
        service_control=tuple((policy,) for policy in draw(st.lists(policies(), max_size=1))),
        resource_control=tuple((policy,) for policy in draw(st.lists(policies(), max_size=1))),
    )
    values = {key: draw(st.none() | st.sampled_from(options)) for key, options in VALUES.items()}
    request = context({key: value for key, value in values.items() if value is not None}, complete=True)
    asked = Asked(
        caller=principal(draw(st.sampled_from(CALLERS))),
        action=draw(st.sampled_from(("kms:Decrypt", "kms:PutKeyPolicy", "kms:DescribeKey"))),
        key=KEY,
        account=ACCOUNT,
        request=request,
    )
    return layers, asked


@given(situations(), st.data())
def test_a_forgotten_part_of_the_request_opens_a_decision_and_never_turns_it(situation, data):
    layers, asked = situation
    whole = decide(layers, asked)
    kept = {key: value for key, value in asked.request.values.items() if data.draw(st.booleans())}
    partial = decide(layers, msgspec.structs.replace(asked, request=Context(values=kept, complete=False)))
    assert partial.result in {whole.result, Result.CONDITIONAL, Result.UNKNOWN}


@given(situations(), st.sampled_from(("key_policy", "identity", "service_control", "resource_control", "grants")))
def test_an_unread_layer_opens_a_decision_and_never_turns_it(situation, layer):
    layers, asked = situation
    whole = decide(layers, asked)
    blind = decide(msgspec.structs.replace(layers, **{layer: None}), asked)
    assert blind.result in {whole.result, Result.UNKNOWN, Result.CONDITIONAL}


@given(situations())
def test_a_whole_request_leaves_nothing_to_the_request(situation):
    layers, asked = situation
    assert decide(layers, asked).result is not Result.CONDITIONAL
