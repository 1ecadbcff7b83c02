"""What callers of AWS may make of themselves: one more of a group, rid of a boundary, the caller of a service."""

import pytest

from access_worlds import HOME, MADE, arn, delegation, group, identities, key, managed, role, tree, user
from scanner.facts.access.matrix import Matrices
from scanner.facts.access.questions import who_can
from scanner.facts.access.sites import Sites
from scanner.facts.access.words import asked
from scanner.model.effective import ActionClass
from scanner.model.key import Provider

DECRYPT = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
OTHERS = {**DECRYPT, "Action": "s3:*"}


def allow(action, on="*"):
    return {"Effect": "Allow", "Action": action, "Resource": on}


def use(name, *found):
    matrices = Matrices([identities(*found)], [tree()])
    site = Sites(None, {}, matrices).at(key(delegation()), MADE)
    cells = next(one.cells for one in site.found() if one.caller.id == name)
    cell = cells.get(ActionClass.USE_PLAINTEXT)
    return (cell.state, cell.step and (cell.step.by, cell.step.target)) if cell else None


@pytest.mark.parametrize(
    ("own", "given", "joins"),
    [
        (allow("iam:AddUserToGroup"), DECRYPT, True),
        (allow("iam:AddUserToGroup", arn("group", "readers")), DECRYPT, True),
        (allow("iam:AddUserToGroup", arn("group", "else")), DECRYPT, False),
        (allow("iam:AddUserToGroup"), OTHERS, False),
        (OTHERS, DECRYPT, False),
    ],
)
def test_whoever_may_join_a_group_that_can_is_one_step_away(own, given, joins):
    expected = ("step", ("iam:AddUserToGroup", arn("group", "readers"))) if joins else None
    assert use(arn("user", "ann"), user("ann", own), group("readers", given)) == expected
    assert use(arn("user", "bob"), user("ann", own), user("bob", OTHERS), group("readers", given)) is None


@pytest.mark.parametrize(
    ("name", "made", "by"),
    [("user", user, "iam:DeleteUserPermissionsBoundary"), ("role", role, "iam:PutRolePermissionsBoundary")],
)
def test_whoever_may_rid_itself_of_its_boundary_is_one_step_away(name, made, by):
    bound = managed("b", allow("iam:*"))
    one = made("ann", allow(["kms:Decrypt", by]), boundary=arn("policy", "b"))
    held = made("ann", DECRYPT, boundary=arn("policy", "b"))
    assert use(arn(name, "ann"), one, bound) == ("step", (by, "itself"))
    assert use(arn(name, "ann"), held, bound) is None


@pytest.mark.parametrize(
    ("service", "starts"),
    [("states.amazonaws.com", "states:CreateStateMachine"), ("ssm.amazonaws.com", "ssm:StartAutomationExecution")],
)
def test_whoever_may_hand_a_role_to_a_service_that_calls_for_it_is_one_step_away(service, starts):
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    app = role("app", DECRYPT, trust=(trust,))
    found = use(arn("role", "dev"), app, role("dev", allow(["iam:PassRole", starts])))
    assert found == ("step", (f"iam:PassRole and {starts}", arn("role", "app")))


def decrypting(*found):
    matrices = Matrices([identities(*found)], [tree()])
    site = Sites(None, {}, matrices).at(key(delegation()), MADE)
    told, _ = who_can(site, asked("kms:Decrypt", Provider.AWS))
    return {name: one.cell.state for one in told for name in one.principals if not name.endswith(":root")}


def test_a_step_to_an_action_is_told_of_whoever_has_another_of_its_class():
    making = allow("kms:GenerateDataKey")
    writer = role("writer", making, allow("iam:PutRolePolicy"))
    assert decrypting(writer, role("maker", making)) == {arn("role", "writer"): "step"}
    assert decrypting(role("maker", making), role("dev", allow("sts:AssumeRole"))) == {}


def test_a_step_to_an_action_leads_to_somebody_who_has_it():
    trust = {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "sts:AssumeRole"}
    maker = role("maker", allow("kms:GenerateDataKey"), trust=(trust,))
    assert decrypting(maker, role("dev", allow("sts:AssumeRole"))) == {}
    reader = role("reader", DECRYPT, trust=(trust,))
    assert decrypting(reader, role("dev", allow("sts:AssumeRole"))) == {
        reader.id: "always",
        arn("role", "dev"): "step",
    }
