"""What bounds a caller besides the key policy: boundary, session, organisation, and what grants add."""

import pytest

from access_cases import (
    ALL,
    DELEGATION,
    HOME,
    KEY,
    PARTNER_ROLE,
    ROLE,
    ROOT,
    SERVICE_LINKED,
    SESSION,
    USER,
    policy,
    statement,
    verdict,
)
from scanner.facts.access.grants import Grant

NOTHING = statement(action="s3:*")
DENY = statement("Deny")


def given(*operations, grantee=ROLE, to_service=False, **constraints):
    operations = frozenset(name.lower() for name in operations)
    return (Grant(id="g", grantee=grantee, to_service=to_service, operations=operations, **constraints),)


@pytest.mark.parametrize(
    ("caller", "whom", "boundary", "session"),
    [
        (ROLE, {"AWS": ROOT}, "deny", "deny"),
        (ROLE, {"AWS": ROLE}, "deny", "deny"),
        (SESSION, {"AWS": ROLE}, "deny", "deny"),
        (SESSION, {"AWS": SESSION}, "allow", "allow"),
        (USER, {"AWS": USER}, "allow", "allow"),
        (USER, {"AWS": ROOT}, "deny", "deny"),
        (ROLE, "*", "unknown", "unknown"),
        (PARTNER_ROLE, {"AWS": PARTNER_ROLE}, "deny", "deny"),
    ],
)
def test_a_limit_that_does_not_allow_binds_by_the_way_of_the_allow(caller, whom, boundary, session):
    written = statement(whom=whom)
    assert verdict(caller, written, identity=[ALL], boundary=[NOTHING]) == boundary
    assert verdict(caller, written, identity=[ALL], session=[NOTHING]) == session
    assert verdict(caller, written, identity=[ALL], boundary=[ALL], session=[ALL]) == "allow"


@pytest.mark.parametrize("layer", ["identity", "boundary", "session"])
@pytest.mark.parametrize("whom", [{"AWS": SESSION}, {"AWS": ROLE}, "*"])
def test_a_deny_of_the_callers_own_side_always_hits(layer, whom):
    layers = {"identity": [ALL], layer: [ALL, DENY]}
    assert verdict(SESSION, statement(whom=whom), **layers) == "explicit"


def test_a_deny_under_a_condition_hits_when_the_condition_holds():
    deny = statement("Deny", whom="*", condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
    assert verdict(ROLE, DELEGATION, deny, identity=[ALL]) == "explicit"
    assert verdict(ROLE, DELEGATION, deny, identity=[ALL], values={"aws:MultiFactorAuthPresent": "true"}) == "allow"
    hole = statement("Deny", whom="*", condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})
    assert verdict(ROLE, DELEGATION, hole, identity=[ALL]) == "allow"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((), "allow"),
        (((policy(ALL),), (policy(ALL),)), "allow"),
        (((policy(ALL),), (policy(NOTHING),)), "deny"),
        (((policy(ALL),), (policy(NOTHING), policy(ALL))), "allow"),
        (((policy(ALL), policy(DENY)), (policy(ALL),)), "explicit"),
        (None, "unknown"),
    ],
)
def test_every_level_of_the_organisation_must_allow_and_none_deny(levels, expected):
    assert verdict(ROLE, DELEGATION, identity=[ALL], service_control=levels) == expected
    assert verdict(ROOT, DELEGATION, service_control=levels) == expected


def test_service_control_policies_bind_neither_services_nor_service_linked_roles():
    bound = ((policy(DENY),),)
    assert verdict(SERVICE_LINKED, DELEGATION, identity=[ALL], service_control=bound) == "allow"
    service = statement(whom={"Service": "sns.amazonaws.com"})
    assert verdict("sns.amazonaws.com", service, service_control=bound) == "allow"
    assert verdict("sns.amazonaws.com", service, identity=None, service_control=None) == "allow"


@pytest.mark.parametrize(
    ("caller", "action", "expected"),
    [
        (ROLE, "kms:Decrypt", "explicit"),
        (PARTNER_ROLE, "kms:Decrypt", "explicit"),
        ("sns.amazonaws.com", "kms:Decrypt", "explicit"),
        (SERVICE_LINKED, "kms:Decrypt", "allow"),
        (ROLE, "kms:RetireGrant", "allow"),
        (ROLE, "KMS:retiregrant", "allow"),
    ],
)
def test_resource_control_policies_bind_whoever_comes_but_service_linked_roles(caller, action, expected):
    levels = ((policy(statement("Deny", action="*", whom="*")),),)
    everybody = statement(whom="*")
    assert verdict(caller, everybody, identity=[ALL], action=action, resource_control=levels) == expected


def test_resource_control_policies_nobody_read_leave_the_decision_open():
    assert verdict(ROLE, DELEGATION, identity=[ALL], resource_control=None) == "unknown"
    assert verdict(SERVICE_LINKED, DELEGATION, identity=[ALL], resource_control=None) == "allow"


@pytest.mark.parametrize(
    ("caller", "grantee", "expected"),
    [
        (ROLE, ROLE, "allow"),
        (SESSION, ROLE, "allow"),
        (SESSION, SESSION, "allow"),
        (ROLE, SESSION, "deny"),
        (USER, ROLE, "deny"),
        (ROLE, ROOT, "deny"),
        (ROOT, ROOT, "allow"),
        (PARTNER_ROLE, PARTNER_ROLE, "unknown"),
    ],
)
def test_a_grant_lets_its_grantee_do_its_operations(caller, grantee, expected):
    assert verdict(caller, DELEGATION if caller != ROOT else statement(whom={"AWS": USER}),
                   grants=given("Decrypt", grantee=grantee)) == expected  # fmt: skip


def test_a_grant_to_an_account_delegates_to_its_policies():
    assert (
        verdict(ROLE, statement(whom={"AWS": USER}), identity=[ALL], grants=given("Decrypt", grantee=ROOT)) == "allow"
    )


def test_a_grant_across_accounts_counts_with_an_allow_of_the_callers_own():
    assert verdict(PARTNER_ROLE, identity=[ALL], grants=given("Decrypt", grantee=PARTNER_ROLE)) == "allow"


def test_a_grant_gives_no_other_operation_and_beats_no_deny():
    assert verdict(ROLE, grants=given("Decrypt"), action="kms:Encrypt") == "deny"
    assert verdict(ROLE, statement("Deny", whom="*"), grants=given("Decrypt")) == "explicit"
    assert verdict(ROLE, grants=given("GenerateDataKey"), action="KMS:generatedatakey") == "allow"


def test_what_a_boundary_does_to_a_grant_is_not_known():
    assert verdict(ROLE, grants=given("Decrypt"), boundary=[NOTHING]) == "unknown"
    assert verdict(ROLE, grants=given("Decrypt"), boundary=[ALL]) == "allow"


APP = {"kms:EncryptionContext:app": "a", "kms:EncryptionContextKeys": ["app"]}
MORE = {**APP, "kms:EncryptionContext:x": "y", "kms:EncryptionContextKeys": ["app", "x"]}


@pytest.mark.parametrize(
    ("constraint", "values", "expected"),
    [
        ({"equals": {"app": "a"}}, APP, "allow"),
        ({"equals": {"APP": "a"}}, APP, "allow"),
        ({"equals": {"app": "A"}}, APP, "deny"),
        ({"equals": {"app": "a"}}, MORE, "deny"),
        ({"equals": {"app": "a"}}, {}, "deny"),
        ({"subset": {"app": "a"}}, APP, "allow"),
        ({"subset": {"app": "a"}}, MORE, "allow"),
        ({"subset": {"app": "a"}}, {}, "deny"),
        ({"subset": {"app": "a", "x": "y"}}, APP, "deny"),
        ({"source_arn": "arn:aws:s3:::b"}, {"aws:SourceArn": "arn:aws:s3:::b"}, "allow"),
        ({"source_arn": "arn:aws:s3:::b"}, {}, "deny"),
    ],
)
def test_a_grants_constraints_must_hold(constraint, values, expected):
    assert verdict(ROLE, grants=given("Decrypt", **constraint), values=values) == expected


@pytest.mark.parametrize("action", ["DescribeKey", "GetPublicKey", "RetireGrant", "CreateGrant", "Sign"])
def test_an_encryption_context_constrains_operations_that_have_one(action):
    assert verdict(ROLE, grants=given(action, equals={"app": "a"}), action=f"kms:{action}") == "allow"


def test_a_retiring_principal_may_retire_and_nothing_else():
    grants = given("Decrypt", grantee=USER, retiring=ROLE)
    assert verdict(ROLE, grants=grants, action="kms:RetireGrant") == "allow"
    assert verdict(ROLE, grants=grants) == "deny"


def test_a_grant_to_a_service_is_for_that_service():
    grants = given("Decrypt", grantee="sns.amazonaws.com", to_service=True)
    assert verdict("sns.amazonaws.com", grants=grants) == "allow"
    assert verdict("s3.amazonaws.com", grants=grants) == "deny"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("*", "allow"),
        (KEY, "allow"),
        (f"arn:aws:kms:*:{HOME}:key/*", "allow"),
        (f"arn:aws:kms:eu-west-1:{HOME}:alias/app", "deny"),
        (f"{KEY[:-1]}?", "allow"),
        (KEY.upper(), "deny"),
        ("arn:aws:kms:us-east-1:*:key/*", "deny"),
        (["arn:aws:s3:::x", KEY], "allow"),
    ],
)
def test_a_resource_covers_the_key_by_its_own_name(resource, expected):
    assert verdict(ROLE, DELEGATION, identity=[statement(Resource=resource)]) == expected
    assert verdict(ROLE, statement(whom={"AWS": ROLE}, Resource=resource)) == expected


@pytest.mark.parametrize("gone", ["Resource", "Action"])
def test_a_statement_without_resource_or_action_has_no_effect(gone):
    written = {name: value for name, value in statement(whom={"AWS": ROLE}).items() if name != gone}
    assert verdict(ROLE, written) == "deny"
    assert verdict(ROLE, statement(whom={"AWS": ROLE}), {**written, "Effect": "Deny"}) == "allow"


def test_the_inverse_elements_cover_everything_else():
    assert verdict(ROLE, statement(whom={"AWS": ROLE}, NotAction=["kms:Encrypt"])) == "allow"
    assert verdict(ROLE, statement(whom={"AWS": ROLE}, NotAction=["KMS:dec*"])) == "deny"
    other = {"Effect": "Allow", "Action": "kms:*", "NotResource": KEY}
    assert verdict(ROLE, DELEGATION, identity=[other]) == "deny"
    assert verdict(ROLE, DELEGATION, identity=[{**other, "NotResource": f"{KEY}x"}]) == "allow"


@pytest.mark.parametrize("action", ["kms:decrypt", "KMS:Decrypt", "kms:D*t", "kms:Decryp?", "*", "*:*", "kms:*crypt"])
def test_actions_are_patterns_without_regard_to_case(action):
    assert verdict(ROLE, statement(action=action, whom={"AWS": ROLE})) == "allow"
    assert verdict(ROLE, statement(action=action, whom={"AWS": ROLE}), action="kms:DECRYPT") == "allow"
