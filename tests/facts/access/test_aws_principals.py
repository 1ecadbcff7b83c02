"""Whom a key policy means, in every form of a principal and of NotPrincipal."""

import pytest

from access_cases import (
    ALL,
    DELEGATION,
    HOME,
    OUTSIDER,
    PARTNER,
    PARTNER_ROLE,
    PATHED,
    ROLE,
    ROOT,
    SERVICE_LINKED,
    SESSION,
    USER,
    statement,
    verdict,
)

DEPLOYED = f"arn:aws:sts::{HOME}:assumed-role/deploy/run"
FEDERATED = f"arn:aws:sts::{HOME}:federated-user/bob"


@pytest.mark.parametrize(
    ("caller", "whom", "expected"),
    [
        (ROLE, {"AWS": ROLE}, "allow"),
        (SESSION, {"AWS": ROLE}, "allow"),
        (SESSION, {"AWS": SESSION}, "allow"),
        (f"{SESSION}2", {"AWS": SESSION}, "deny"),
        (ROLE, {"AWS": SESSION}, "deny"),
        (PATHED, {"AWS": PATHED}, "allow"),
        (DEPLOYED, {"AWS": PATHED}, "allow"),
        (DEPLOYED, {"AWS": f"arn:aws:iam::{HOME}:role/deploy"}, "allow"),
        (PATHED, {"AWS": f"arn:aws:iam::{HOME}:role/deploy"}, "deny"),
        (USER, {"AWS": USER}, "allow"),
        (USER, {"AWS": [ROLE, USER]}, "allow"),
        (USER, {"AWS": f"{USER}2"}, "deny"),
        (USER, {"AWS": f"arn:aws:iam::{HOME}:user/*"}, "deny"),
        (ROLE, {"AWS": f"arn:aws:iam::{HOME}:role/*"}, "deny"),
        (ROLE, "*", "allow"),
        (ROLE, {"AWS": "*"}, "allow"),
        (ROLE, ["*"], "allow"),
        (ROLE, {"AWS": ROOT}, "deny"),
        (ROLE, {"AWS": HOME}, "deny"),
        (ROOT, {"AWS": ROOT}, "allow"),
        (ROOT, {"AWS": HOME}, "allow"),
        (ROOT, {"AWS": ROLE}, "deny"),
        (ROLE, {"AWS": "AROAEXAMPLEID"}, "deny"),
        (ROLE, {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}, "deny"),
        (ROLE, {"Federated": "cognito-identity.amazonaws.com"}, "deny"),
        (FEDERATED, {"AWS": FEDERATED}, "allow"),
        (FEDERATED, {"AWS": ROOT}, "deny"),
        ("sns.amazonaws.com", {"Service": "sns.amazonaws.com"}, "allow"),
        ("sns.amazonaws.com", {"Service": ["s3.amazonaws.com", "sns.amazonaws.com"]}, "allow"),
        ("sns.amazonaws.com", {"Service": "s3.amazonaws.com"}, "deny"),
        ("sns.amazonaws.com", {"AWS": ROOT}, "deny"),
        ("sns.amazonaws.com", "*", "allow"),
        ("sns.amazonaws.com", {"AWS": ROLE, "Service": "sns.amazonaws.com"}, "allow"),
        (SERVICE_LINKED, {"AWS": SERVICE_LINKED}, "allow"),
    ],
)
def test_a_principal_means_a_caller_without_policies_of_its_own(caller, whom, expected):
    assert verdict(caller, statement(whom=whom)) == expected


@pytest.mark.parametrize("whom", [{"AWS": ROOT}, {"AWS": HOME}, {"AWS": [HOME, PARTNER]}])
@pytest.mark.parametrize("caller", [ROLE, SESSION, USER, FEDERATED, SERVICE_LINKED])
def test_the_account_delegates_to_the_callers_own_policies(caller, whom):
    assert verdict(caller, statement(whom=whom), identity=[ALL]) == "allow"
    assert verdict(caller, statement(whom=whom), identity=[statement(action="s3:*")]) == "deny"
    assert verdict(caller, statement(whom=whom), identity=None) == "unknown"


def test_without_delegation_a_policy_of_the_caller_is_dead_text():
    assert verdict(ROLE, statement(whom={"AWS": USER}), identity=[ALL]) == "deny"


def test_delegation_gives_only_its_actions_under_its_conditions():
    narrow = statement(action="kms:Describe*", whom={"AWS": ROOT})
    assert verdict(ROLE, narrow, identity=[ALL]) == "deny"
    vpce = statement(whom={"AWS": ROOT}, condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})
    assert verdict(ROLE, vpce, identity=[ALL]) == "deny"
    assert verdict(ROLE, vpce, identity=[ALL], values={"aws:SourceVpce": "vpce-1"}) == "allow"


@pytest.mark.parametrize(
    ("caller", "spared", "expected"),
    [
        (ROLE, [ROLE, ROOT], "allow"),
        (USER, [USER, ROOT], "allow"),
        (SESSION, [ROLE, SESSION, ROOT], "allow"),
        (SESSION, [ROLE, ROOT], "unknown"),
        (SESSION, [SESSION, ROOT], "unknown"),
        (ROLE, [ROLE], "unknown"),
        (USER, [USER], "unknown"),
        (ROLE, [USER, ROOT], "explicit"),
        (ROLE, [ROOT], "explicit"),
        (ROLE, ["*"], "allow"),
    ],
)
def test_a_deny_with_not_principal_spares_those_it_names(caller, spared, expected):
    deny = {"Effect": "Deny", "NotPrincipal": {"AWS": spared}, "Action": "kms:Decrypt", "Resource": "*"}
    assert verdict(caller, DELEGATION, deny, identity=[ALL]) == expected


def test_a_deny_with_not_principal_spares_nobody_with_a_boundary():
    deny = {"Effect": "Deny", "NotPrincipal": {"AWS": [ROLE, ROOT]}, "Action": "kms:Decrypt", "Resource": "*"}
    assert verdict(ROLE, DELEGATION, deny, identity=[ALL], boundary=[ALL]) == "explicit"


def test_an_allow_with_not_principal_is_for_everybody_else():
    allow = {"Effect": "Allow", "NotPrincipal": {"AWS": [USER, ROOT]}, "Action": "kms:Decrypt", "Resource": "*"}
    assert verdict(ROLE, allow) == "allow"
    assert verdict(USER, allow) == "deny"
    assert verdict(PARTNER_ROLE, allow, identity=[ALL]) == "allow"


@pytest.mark.parametrize(
    "whom", ["*", {"AWS": PARTNER_ROLE}, {"AWS": PARTNER}, {"AWS": f"arn:aws:iam::{PARTNER}:root"}]
)
def test_across_accounts_both_sides_must_allow(whom):
    assert verdict(PARTNER_ROLE, statement(whom=whom), identity=[ALL]) == "allow"
    assert verdict(PARTNER_ROLE, statement(whom=whom), identity=[statement(action="s3:*")]) == "deny"
    assert verdict(PARTNER_ROLE, statement(whom=whom), identity=None) == "unknown"
    assert verdict(PARTNER_ROLE, DELEGATION, identity=[ALL]) == "deny"


def test_a_foreign_root_user_has_all_rights_of_its_account():
    root = f"arn:aws:iam::{PARTNER}:root"
    assert verdict(root, statement(whom={"AWS": PARTNER})) == "allow"
    assert verdict(root, statement(whom={"AWS": OUTSIDER})) == "deny"


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        *((f"kms:{name}", "allow") for name in ("Decrypt", "ReEncryptFrom", "ReEncryptTo", "Sign", "VerifyMac")),
        *((f"kms:{name}", "allow") for name in ("GenerateDataKeyPairWithoutPlaintext", "CreateGrant", "Decapsulate")),
        *((f"kms:{name}", "allow") for name in ("DescribeKey", "GetPublicKey", "RetireGrant", "KMS:revokegrant"[4:])),
        *((f"kms:{name}", "deny") for name in ("PutKeyPolicy", "ScheduleKeyDeletion", "DisableKey", "TagResource")),
        *((f"kms:{name}", "deny") for name in ("GetKeyPolicy", "ListKeyPolicies", "ReplicateKey", "EnableKey")),
    ],
)
def test_only_some_operations_have_an_effect_across_accounts(action, expected):
    assert verdict(PARTNER_ROLE, statement(whom={"AWS": PARTNER}), identity=[ALL], action=action) == expected
