"""Decisions of AWS made up for properties: layers, callers and requests with every element of the grammar."""

import json

from hypothesis import strategies as st

from scanner.facts.access.aws import Asked, Layers
from scanner.facts.access.context import context
from scanner.facts.access.endpoints import Endpoint
from scanner.facts.access.grants import Grant
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
    "aws:SourceVpce": ("vpce-1", "vpce-2"),
    "kms:EncryptionContext:app": ("a", "b"),
}
RESOURCES = ("*", KEY, f"{KEY}x", "arn:aws:kms:*:*:key/*", "arn:aws:kms:*:*:key/${aws:PrincipalTag/team}")
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
        draw(st.sampled_from(("Resource", "Resource", "NotResource"))): draw(st.sampled_from(RESOURCES)),
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
def grants(draw):
    context = draw(st.none() | st.just({"app": "a"}))
    return Grant(
        id="g",
        grantee=draw(st.sampled_from(CALLERS[:5])),
        to_service=False,
        operations=frozenset(draw(st.sets(st.sampled_from(("decrypt", "describekey", "creategrant")), max_size=2))),
        equals=context if draw(st.booleans()) else None,
        subset=context,
    )


@st.composite
def situations(draw):
    """Layers and a whole request: every layer there is, in every element that a statement can have."""
    layers = Layers(
        key_policy=draw(policies(of_key=True)),
        identity=tuple(draw(st.lists(policies(), max_size=2))),
        boundary=(boundary := draw(st.none() | policies())),
        has_boundary=boundary is not None,
        session=(session := draw(st.none() | policies())),
        has_session=session is not None,
        grants=tuple(draw(st.lists(grants(), max_size=2))),
        endpoints=tuple(Endpoint(id="vpce-1", policy=policy) for policy in draw(st.lists(policies(), max_size=1))),
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
