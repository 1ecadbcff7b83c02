"""The matrix of a key: who is in it, with which cells, and what is one step away."""

import msgspec
import pytest

from access_worlds import (
    FULL,
    HOME,
    MADE,
    NOT_COLLECTED,
    OTHER,
    arn,
    delegation,
    grant,
    group,
    identities,
    key,
    managed,
    role,
    tree,
    user,
)
from scanner.facts.access.aws_site import AwsSite
from scanner.facts.access.key_access import key_access
from scanner.facts.access.matrix import Matrices
from scanner.facts.access.parties import fixed_by
from scanner.facts.access.principals import principal
from scanner.facts.access.sites import Sites
from scanner.model.effective import ActionClass, CellState, PrincipalKind
from scanner.model.identity import AccountIdentities
from scanner.model.key import KeyState, Manager, Provider
from scanner.model.organisation import OrganisationPolicies
from scanner.model.unknown import Cause, Unknown

USE, POLICY = ActionClass.USE_PLAINTEXT, ActionClass.POLICY
DECRYPT = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
PUT = {"Effect": "Allow", "Action": "kms:PutKeyPolicy", "Resource": "*"}
TRUSTED = {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "sts:AssumeRole"}
DENIED = Unknown(cause=Cause.DENIED, call="iam:GetAccountAuthorizationDetails")


def matrix(found_key, *found, trees=None, **more):
    accounts = [identities(*found), *more.get("accounts", ())]
    matrices = Matrices(accounts, [tree()] if trees is None else trees)
    site = Sites(None, {}, matrices).at(found_key, MADE)
    return None if site is None else key_access(found_key, site)


def cell(access, name, kind=USE):
    rows = [row for row in access.rows if name in row.principals]
    return rows[0].cells.get(kind) if rows else None


def state(access, name, kind=USE):
    found = cell(access, name, kind)
    return CellState.NONE if found is None else found.state


def test_a_role_that_the_account_lets_decrypt_always_can():
    access = matrix(key(delegation()), role("app", DECRYPT), role("idle"))
    assert state(access, arn("role", "app")) is CellState.ALWAYS
    assert cell(access, arn("role", "app")).actions == ("Decrypt",)
    assert [step.layer for step in cell(access, arn("role", "app")).why] == ["key policy", "identity policy"]
    assert access.nobody == 1


def test_a_condition_on_the_request_makes_it_conditional_and_is_told():
    asked = {**DECRYPT, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
    access = matrix(key(delegation()), role("app", asked))
    assert state(access, arn("role", "app")) is CellState.CONDITIONAL
    assert cell(access, arn("role", "app")).conditions == ("StringEquals aws:SourceVpce vpce-1",)


def test_what_a_deny_hangs_on_must_not_hold():
    deny = {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    mfa = {**deny, "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}
    access = matrix(key(delegation(), mfa), role("app", DECRYPT))
    assert cell(access, arn("role", "app")).conditions == ("unless BoolIfExists aws:MultiFactorAuthPresent false",)


def test_conditions_on_the_key_and_its_organisation_are_settled():
    tagged = {"StringEquals": {"aws:ResourceTag/env": "prod", "aws:PrincipalOrgID": "o-example001"}}
    asked = role("app", {**DECRYPT, "Condition": tagged})
    assert state(matrix(key(delegation(), tags={"Env": "prod"}), asked), asked.id) is CellState.ALWAYS
    assert state(matrix(key(delegation(), tags={"env": "dev"}), asked), asked.id) is CellState.NONE
    unread = matrix(key(delegation(), tags=None), asked)
    assert state(unread, asked.id) is CellState.NONE
    unread = matrix(msgspec.structs.replace(key(delegation()), tags=DENIED), asked)
    assert cell(unread, asked.id).missing == ("aws:ResourceTag/env",)


def test_policies_of_groups_boundaries_and_the_organisation_count():
    member = user("alice", groups=("g",), boundary=arn("policy", "b"))
    narrow = managed("b", {"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    found = (member, group("g", DECRYPT))
    assert state(matrix(key(delegation()), *found, managed("b", FULL)), member.id) is CellState.ALWAYS
    assert state(matrix(key(delegation()), *found, narrow), member.id) is CellState.NONE
    assert state(matrix(key(delegation()), *found), member.id) is CellState.UNKNOWN
    bound = tree({"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"})
    assert state(matrix(key(delegation()), *found, managed("b", FULL), trees=[bound]), member.id) is CellState.NONE


def test_what_was_not_read_is_unknown_and_never_none():
    app = role("app")
    assert state(matrix(key(delegation()), role("app", DECRYPT), trees=[]), app.id) is CellState.UNKNOWN
    unread_scp = msgspec.structs.replace(tree(), service_control=DENIED)
    assert state(matrix(key(delegation()), role("app", DECRYPT), trees=[unread_scp]), app.id) is CellState.UNKNOWN
    unread = matrix(key(policy=DENIED), app)
    assert state(unread, app.id) is CellState.UNKNOWN
    assert unread.gaps == (f"the key policy (denied {DENIED.call})",)
    no_grants = matrix(key(delegation(), grants=()), app)
    assert state(no_grants, app.id) is CellState.NONE
    no_grants = matrix(msgspec.structs.replace(key(delegation()), grants=DENIED), app)
    assert cell(no_grants, app.id).missing == ("the grants",)


def test_an_account_whose_identities_were_not_read_stands_as_a_whole():
    unread = AccountIdentities(provider=Provider.AWS, account=HOME, principals=DENIED, evidence=())
    found = key(delegation())
    access = key_access(found, AwsSite(found, Matrices([unread], [tree()])))
    assert [(row.kind, row.principals) for row in access.rows] == [
        (PrincipalKind.ROOT, (f"arn:aws:iam::{HOME}:root",)),
        (PrincipalKind.ACCOUNT, (HOME,)),
    ]
    assert state(access, HOME) is CellState.UNKNOWN
    assert access.gaps == (f"the identities of {HOME} (denied iam:GetAccountAuthorizationDetails)",)


def test_another_account_that_is_let_in_is_unknown_until_it_is_read():
    opened = key(delegation(), delegation(OTHER))
    access = matrix(opened)
    assert state(access, OTHER) is CellState.UNKNOWN
    assert f"the identities of {OTHER} (not collected)" in access.gaps
    partner = role("etl", DECRYPT, account=OTHER)
    access = matrix(opened, accounts=[identities(partner, account=OTHER)])
    assert state(access, partner.id) is CellState.ALWAYS
    assert state(access, partner.id, POLICY) is CellState.NONE


def test_everybody_is_a_row_of_its_own():
    access = matrix(key(delegation(), {**delegation(), "Principal": "*", "Action": "kms:Decrypt"}), role("idle"))
    assert access.reach == "public"
    assert state(access, "*") is CellState.ALWAYS
    assert state(access, arn("role", "idle")) is CellState.ALWAYS
    assert state(access, arn("role", "idle"), POLICY) is CellState.NONE


def test_named_services_sessions_and_deleted_principals():
    named = {
        "Service": "sns.amazonaws.com",
        "AWS": [f"arn:aws:sts::{HOME}:assumed-role/app/run", "AROAGONEGONEGONEGONE", arn("role", "gone")],
    }
    access = matrix(key({**delegation(), "Principal": named}), role("app"))
    assert {name for row in access.rows for name in row.principals} == {
        "sns.amazonaws.com",
        f"arn:aws:sts::{HOME}:assumed-role/app/run",
    }


def test_grants_count_with_their_constraints():
    granted = key(delegation(), grants=[grant("g1", arn("role", "app"), "Decrypt", context_equals={"app": "a"})])
    access = matrix(granted, role("app"))
    assert state(access, arn("role", "app")) is CellState.CONDITIONAL
    assert cell(access, arn("role", "app")).why[0].label == "g1"


def test_operations_that_the_key_cannot_do_are_left_out():
    access = matrix(key(delegation()), role("app", {**DECRYPT, "Action": ["kms:Sign", "kms:GenerateMac"]}))
    assert state(access, arn("role", "app")) is CellState.NONE


def test_keys_of_the_provider_have_no_matrix():
    theirs = key(delegation())
    theirs = msgspec.structs.replace(
        theirs, metadata=msgspec.structs.replace(theirs.metadata, manager=Manager.PROVIDER)
    )
    assert matrix(theirs) is None


def test_whoever_may_write_the_policy_is_one_step_from_everything():
    access = matrix(key(delegation()), role("admin", PUT))
    assert state(access, arn("role", "admin")) is CellState.STEP
    assert cell(access, arn("role", "admin")).step.by == "kms:PutKeyPolicy"
    assert state(access, arn("role", "admin"), POLICY) is CellState.ALWAYS


def test_whoever_may_make_grants_is_one_step_from_use_and_not_from_the_policy():
    access = matrix(key(delegation()), role("maker", {**DECRYPT, "Action": "kms:CreateGrant"}))
    assert cell(access, arn("role", "maker")).step.by == "kms:CreateGrant"
    assert state(access, arn("role", "maker"), POLICY) is CellState.NONE


def test_a_right_to_make_grants_that_comes_from_a_grant_hands_on_nothing_else():
    granted = key(delegation(), grants=[grant("g1", arn("role", "app"), "CreateGrant", "Encrypt")])
    assert state(matrix(granted, role("app")), arn("role", "app")) is CellState.NONE


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:PutRolePolicy", arn("role", "dev")),
        ("iam:AttachRolePolicy", "*"),
        ("iam:CreatePolicyVersion", arn("policy", "own")),
        ("iam:*", "*"),
    ],
)
def test_whoever_may_write_its_own_policies_is_one_step_from_what_the_account_may(action, resource):
    allow = {"Effect": "Allow", "Action": action, "Resource": resource}
    found = (role("dev", allow, attached=(arn("policy", "own"),)), managed("own", {**DECRYPT, "Action": "s3:*"}))
    access = matrix(key(delegation()), *found)
    assert state(access, arn("role", "dev")) is CellState.STEP
    assert cell(access, arn("role", "dev")).step.target in {"itself", arn("policy", "own")}
    undelegated = key({**delegation(), "Principal": {"AWS": arn("role", "other")}})
    assert state(matrix(undelegated, *found, role("other")), arn("role", "dev")) is not CellState.ALWAYS


def test_a_boundary_stops_what_somebody_writes_for_itself():
    allow = {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}
    bound = managed("b", allow)
    access = matrix(key(delegation()), role("dev", allow, boundary=arn("policy", "b")), bound)
    assert state(access, arn("role", "dev")) is CellState.NONE


@pytest.mark.parametrize(
    ("trust", "own", "expected"),
    [
        (TRUSTED, {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}, CellState.STEP),
        (TRUSTED, {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, CellState.NONE),
        ({**TRUSTED, "Principal": {"AWS": arn("role", "dev")}}, None, CellState.STEP),
        ({**TRUSTED, "Principal": {"AWS": arn("role", "else")}}, None, CellState.NONE),
        ({**TRUSTED, "Principal": {"Service": "ec2.amazonaws.com"}}, None, CellState.NONE),
    ],
)
def test_whoever_may_become_a_role_that_can_is_one_step_away(trust, own, expected):
    access = matrix(key(delegation()), role("app", DECRYPT, trust=(trust,)), role("dev", *([own] if own else [])))
    assert state(access, arn("role", "dev")) is expected


def test_a_role_may_be_opened_handed_to_a_service_or_a_user_taken_over():
    service = {**TRUSTED, "Principal": {"Service": "lambda.amazonaws.com"}}
    app, alice = role("app", DECRYPT, trust=(service,)), user("alice", DECRYPT)
    ways = {
        "iam:UpdateAssumeRolePolicy": app.id,
        "iam:CreateAccessKey": alice.id,
        "iam:PassRole and lambda:CreateFunction": app.id,
    }
    for by, target in ways.items():
        dev = role("dev", {"Effect": "Allow", "Action": by.split(" and "), "Resource": "*"})
        step = cell(matrix(key(delegation()), app, alice, dev), dev.id).step
        assert (step.by, step.target) == (by, target)


def test_callers_to_whom_the_same_applies_share_a_row():
    access = matrix(key(delegation()), *(role(f"app{number}", DECRYPT) for number in range(5)))
    assert [len(row.principals) for row in access.rows if row.kind is PrincipalKind.ROLE] == [5]


def test_an_action_without_a_class_is_told():
    named = {**delegation(), "Action": ["kms:FoldKey", "kms:Decrypt", "kms:Fold*", "s3:GetObject"]}
    assert matrix(key(named)).unclassified == ("kms:foldkey",)


def test_resource_control_policies_that_were_not_read_leave_everything_open():
    unread = msgspec.structs.replace(tree(), resource_control=NOT_COLLECTED)
    access = matrix(key(delegation()), role("app", DECRYPT), trees=[unread])
    assert state(access, arn("role", "app")) is CellState.UNKNOWN
    off = msgspec.structs.replace(tree(), resource_control=OrganisationPolicies(enabled=False, items=()))
    assert state(matrix(key(delegation()), role("app", DECRYPT), trees=[off]), arn("role", "app")) is CellState.ALWAYS


@pytest.mark.parametrize("asleep", [KeyState.DISABLED, KeyState.PENDING_IMPORT, KeyState.PENDING_DELETION])
def test_a_key_that_is_not_enabled_is_used_on_that_condition_and_administered_as_before(asleep):
    found = key(delegation())
    found = msgspec.structs.replace(found, metadata=msgspec.structs.replace(found.metadata, state=asleep))
    access = matrix(found, role("app", {**DECRYPT, "Action": ["kms:Decrypt", "kms:PutKeyPolicy"]}))
    words = asleep.value.replace("_", " ")
    assert cell(access, arn("role", "app")).state is CellState.CONDITIONAL
    assert cell(access, arn("role", "app")).conditions == (f"the key is enabled again (it is {words})",)
    assert state(access, arn("role", "app"), POLICY) is CellState.ALWAYS
    assert access.notes[0].startswith(f"the key is {words}")
    assert matrix(key(delegation())).notes == ()


WRITER = {"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": "*"}
ASSUMER = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
ONLY_APP = {**delegation(), "Principal": {"AWS": arn("role", "app")}}


def test_a_step_that_an_unread_policy_of_the_organisation_may_stop_is_unknown():
    unread = msgspec.structs.replace(tree(), service_control=DENIED)
    step = cell(matrix(key(delegation()), role("dev", WRITER), trees=[unread]), arn("role", "dev"))
    assert (step.state, step.step.by) == (CellState.UNKNOWN, "iam:PutRolePolicy")
    assert "the service control policies" in step.missing


def test_a_step_to_somebody_of_whom_it_is_not_known_is_unknown():
    bound = role("app", boundary=arn("policy", "gone"), trust=(TRUSTED,))
    access = matrix(key(ONLY_APP), bound, role("dev", ASSUMER))
    assert state(access, bound.id) is CellState.UNKNOWN
    step = cell(access, arn("role", "dev"))
    assert (step.state, step.missing) == (CellState.UNKNOWN, (f"whether {bound.id} can",))


def test_a_step_by_a_policy_that_was_not_read_is_unknown():
    gone = role("dev", attached=(arn("policy", "gone"),))
    step = cell(matrix(key(ONLY_APP), role("app", trust=(TRUSTED,)), gone), gone.id)
    assert step.state is CellState.UNKNOWN
    assert any("the policy" in text for text in step.missing)


def test_a_step_into_a_role_whose_trust_was_not_read_is_unknown():
    closed = msgspec.structs.replace(role("app"), trust=DENIED)
    step = cell(matrix(key(ONLY_APP), closed, role("dev", ASSUMER)), arn("role", "dev"))
    assert (step.state, step.missing) == (CellState.UNKNOWN, ("the trust policy of app",))


def test_whoever_was_not_read_may_be_a_step_from_a_holder_of_its_account():
    names = {"AWS": [arn("role", "app", OTHER), arn("role", "idle", OTHER)]}
    allow = {**delegation(), "Principal": {"AWS": arn("role", "app", OTHER)}, "Action": "kms:Decrypt"}
    deny = {**allow, "Principal": names, "Effect": "Deny", "Action": "kms:Encrypt"}
    access = matrix(key(delegation(), allow, deny), accounts=[])
    assert state(access, arn("role", "idle", OTHER)) is CellState.NONE
    held = {**delegation(), "Principal": {"AWS": arn("role", "app")}}
    unread = AccountIdentities(provider=Provider.AWS, account=HOME, principals=DENIED, evidence=())
    found = key(held)
    access = key_access(found, AwsSite(found, Matrices([unread], [tree()])))
    assert state(access, arn("role", "app")) is CellState.UNKNOWN


def test_a_sure_step_comes_before_one_in_doubt_and_a_right_before_both():
    unread = role("locked", boundary=arn("policy", "gone"), trust=(TRUSTED,))
    both = {**ONLY_APP, "Principal": {"AWS": [arn("role", "locked"), arn("role", "sure")]}}
    found = matrix(key(both), unread, role("sure", trust=(TRUSTED,)), role("dev", ASSUMER))
    step = cell(found, arn("role", "dev"))
    assert (step.state, step.step.target, step.step.missing) == (CellState.STEP, arn("role", "sure"), ())
    assert state(found, arn("role", "sure")) is CellState.ALWAYS


def test_grants_that_were_not_read_hide_nothing_that_no_grant_can_give():
    unread = msgspec.structs.replace(key(delegation()), grants=DENIED)
    assert state(matrix(unread, role("app")), arn("role", "app"), POLICY) is CellState.NONE
    assert state(matrix(unread, role("app")), arn("role", "app")) is CellState.UNKNOWN


EVERYBODY = {**delegation(), "Principal": "*", "Action": "kms:Decrypt"}


def outsiders(access):
    return [name for row in access.rows if row.kind is PrincipalKind.PUBLIC for name in row.principals]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, ["*"]),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}, ["*"]),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, ["*"]),
        ({"StringLike": {"kms:CallerAccount": "9999*"}}, ["an account like 999977777777"]),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-theirs0000"}}, ["o-theirs0000"]),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-example001"}}, []),
        ({"StringEquals": {"kms:CallerAccount": HOME}}, []),
    ],
)
def test_whoever_is_let_in_without_being_named_has_a_row(condition, expected):
    assert outsiders(matrix(key(delegation(), {**EVERYBODY, "Condition": condition}))) == expected


def test_an_organisation_is_told_beside_accounts():
    theirs = {**EVERYBODY, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-theirs0000"}}}
    assert outsiders(matrix(key(delegation(), delegation(OTHER), theirs))) == ["o-theirs0000"]


def test_the_region_of_a_key_is_the_region_that_is_asked():
    elsewhere = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    abroad = {**elsewhere, "Condition": {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}}
    home = {**elsewhere, "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}
    app = role("app", DECRYPT)
    assert state(matrix(key(delegation()), app, trees=[tree(abroad)]), app.id) is CellState.NONE
    assert state(matrix(key(delegation()), app, trees=[tree(home)]), app.id) is CellState.ALWAYS


def test_the_name_of_a_session_does_not_tell_the_path_of_its_role():
    assert "aws:principalarn" not in fixed_by(principal(f"arn:aws:sts::{OTHER}:assumed-role/etl/run"))
    assert fixed_by(principal(arn("role", "ci/etl")))["aws:principalarn"] == (arn("role", "ci/etl"),)
