"""What requests to KMS say of themselves: condition keys of the service, and operations with rules of their own."""

import pytest

from access_cases import (
    ALL,
    DELEGATION,
    HOME,
    PARTNER,
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


def asked(operator, key, wanted, values, action="kms:Decrypt"):
    """Whether a role is allowed under the one condition."""
    written = statement(whom={"AWS": ROLE}, condition={operator: {key: wanted}})
    return verdict(ROLE, written, action=action, values=values)


CONTEXT = {"kms:EncryptionContext:App": "ledger", "kms:EncryptionContextKeys": ["App", "aws:s3:arn"]}


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "values", "expected"),
    [
        ("StringEquals", "kms:EncryptionContext:app", "ledger", CONTEXT, "allow"),
        ("StringEquals", "kms:EncryptionContext:app", "Ledger", CONTEXT, "deny"),
        ("ForAllValues:StringEquals", "kms:EncryptionContextKeys", ["App"], CONTEXT, "deny"),
        ("ForAllValues:StringEquals", "kms:EncryptionContextKeys", ["App"], {}, "allow"),
        ("ForAnyValue:StringEquals", "kms:EncryptionContextKeys", ["App"], CONTEXT, "allow"),
        ("ForAnyValue:StringEquals", "kms:EncryptionContextKeys", ["app"], CONTEXT, "deny"),
        ("Null", "kms:EncryptionContextKeys", "true", {}, "allow"),
        ("Null", "kms:EncryptionContextKeys", "false", CONTEXT, "allow"),
        ("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com", {}, "deny"),
        (
            "StringLike",
            "kms:ViaService",
            "*.amazonaws.com",
            {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
            "allow",
        ),
        ("StringEquals", "kms:CallerAccount", HOME, {"kms:CallerAccount": HOME}, "allow"),
        ("StringEquals", "kms:RequestAlias", "alias/payments", {}, "deny"),
        ("StringEquals", "kms:RequestAlias", "alias/payments", {"kms:RequestAlias": "alias/payments"}, "allow"),
        (
            "ForAnyValue:StringEquals",
            "kms:ResourceAliases",
            "alias/payments",
            {"kms:ResourceAliases": ["alias/old", "alias/payments"]},
            "allow",
        ),
        ("ForAllValues:StringEquals", "kms:ResourceAliases", "alias/payments", {}, "allow"),
        (
            "StringEqualsIgnoreCase",
            "kms:RecipientAttestation:ImageSha384",
            "ABCDEF",
            {"kms:RecipientAttestation:ImageSha384": "abcdef"},
            "allow",
        ),
        ("StringEqualsIgnoreCase", "kms:RecipientAttestation:PCR0", "ABCDEF", {}, "deny"),
    ],
)
def test_keys_of_a_request_to_use_the_key(operator, key, wanted, values, expected):
    assert asked(operator, key, wanted, values) == expected


WINDOW, BYPASS = "kms:ScheduleKeyDeletionPendingWindowInDays", "kms:BypassPolicyLockoutSafetyCheck"
FOR_SERVICES, GRANTEE, REPLICA = "kms:GrantIsForAWSResource", "kms:GranteePrincipal", "kms:ReplicaRegion"
OPERATIONS = ("ForAllValues:StringEquals", "kms:GrantOperations", ["Decrypt", "Encrypt"])


@pytest.mark.parametrize(
    ("action", "condition", "values", "expected"),
    [
        ("ScheduleKeyDeletion", ("NumericGreaterThanEquals", WINDOW, "30"), {WINDOW: "30"}, "allow"),
        ("ScheduleKeyDeletion", ("NumericGreaterThanEquals", WINDOW, "30"), {WINDOW: "7"}, "deny"),
        ("ScheduleKeyDeletion", ("NumericLessThanIfExists", WINDOW, "30"), {}, "allow"),
        ("PutKeyPolicy", ("Bool", BYPASS, "false"), {}, "deny"),
        ("PutKeyPolicy", ("BoolIfExists", BYPASS, False), {BYPASS: True}, "deny"),
        ("CreateGrant", OPERATIONS, {"kms:GrantOperations": ["Decrypt", "CreateGrant"]}, "deny"),
        ("CreateGrant", OPERATIONS, {"kms:GrantOperations": ["Decrypt"]}, "allow"),
        ("CreateGrant", ("Bool", FOR_SERVICES, True), {FOR_SERVICES: "true"}, "allow"),
        ("CreateGrant", ("Bool", FOR_SERVICES, "true"), {}, "deny"),
        ("CreateGrant", ("StringEquals", GRANTEE, ROLE), {GRANTEE: ROLE}, "allow"),
        ("ReplicateKey", ("StringEquals", REPLICA, "eu-central-1"), {}, "deny"),
        ("ReplicateKey", ("StringEquals", REPLICA, ["eu-central-1"]), {REPLICA: "eu-central-1"}, "allow"),
    ],
)
def test_keys_of_a_request_to_administer_the_key(action, condition, values, expected):
    assert asked(*condition, values, f"kms:{action}") == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (f"arn:aws:iam::{HOME}:role/app", "allow"),
        ("arn:aws:iam::*:role/app", "allow"),
        ("arn:aws:iam::1111????3333:role/*", "allow"),
        ("arn:aws:iam:*:role/app", "deny"),
        (f"arn:aws:sts::{HOME}:assumed-role/app/*", "deny"),
        (f"arn:aws:iam::{PARTNER}:role/app", "deny"),
    ],
)
def test_a_session_is_told_by_the_arn_of_its_role(pattern, expected):
    written = statement(whom="*", condition={"ArnLike": {"aws:PrincipalArn": pattern}})
    assert verdict(SESSION, written, values={"aws:PrincipalArn": ROLE}) == expected


@pytest.mark.parametrize("caller", [ROLE, SESSION, USER, ROOT])
def test_nobody_of_another_account_administers_whatever_both_sides_say(caller):
    theirs = caller.replace(HOME, PARTNER)
    for action in ("ReplicateKey", "UpdatePrimaryRegion", "EnableKeyRotation", "CreateAlias", "ImportKeyMaterial"):
        written = statement(whom={"AWS": [theirs, PARTNER]})
        assert verdict(theirs, written, identity=[ALL], action=f"kms:{action}") == "deny"
        assert verdict(theirs, written, statement("Deny", whom="*"), identity=[ALL], action=f"kms:{action}") == "deny"


def test_a_resource_control_policy_stops_callers_of_other_accounts_too():
    only_ours = statement("Deny", whom="*", condition={"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-ours"}})
    levels = ((policy(only_ours),),)
    written, theirs = statement(whom={"AWS": PARTNER}), {"aws:PrincipalOrgID": "o-theirs"}
    within = {"aws:PrincipalOrgID": "o-ours"}
    assert verdict(PARTNER_ROLE, written, identity=[ALL], values=theirs, resource_control=levels) == "explicit"
    assert verdict(PARTNER_ROLE, written, identity=[ALL], values={}, resource_control=levels) == "explicit"
    assert verdict(PARTNER_ROLE, written, identity=[ALL], values=within, resource_control=levels) == "allow"


def test_no_policy_of_the_organisation_binds_what_only_a_service_acts_as():
    session = f"arn:aws:sts::{HOME}:assumed-role/AWSServiceRoleForRDS/run"
    bound = ((policy(statement("Deny")),),)
    for caller in (SERVICE_LINKED, session):
        found = verdict(caller, DELEGATION, identity=[ALL], service_control=bound, resource_control=bound)
        assert found == "allow"


def test_a_denial_spares_the_root_user_no_more_than_the_account_it_stands_for():
    spared = {"Effect": "Deny", "NotPrincipal": {"AWS": [ROLE, ROOT]}, "Action": "kms:*", "Resource": "*"}
    assert verdict(ROOT, DELEGATION, spared) == "explicit"
    assert verdict(ROLE, DELEGATION, spared, identity=[ALL]) == "allow"
    assert verdict("sns.amazonaws.com", statement(whom={"Service": "sns.amazonaws.com"}), spared) == "explicit"


def test_a_boundary_binds_in_another_account_however_the_caller_is_named():
    for whom in ({"AWS": PARTNER}, {"AWS": PARTNER_ROLE}):
        for name in ("boundary", "session"):
            layers = {"identity": [ALL], name: [statement(action="s3:*")]}
            assert verdict(PARTNER_ROLE, statement(whom=whom), **layers) == "deny"
