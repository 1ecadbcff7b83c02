"""Every guard is tried with the requests it must stop, and with the ones that get around it."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from records import ACCOUNT, KEY_ID, key, policy, provider_key, statement, unread
from scanner.facts.windows import Guard, Layers, bounds, derive_guard
from scanner.model.key import Key, Policy, Provider
from scanner.model.organisation import (
    NodeKind,
    OrganisationNode,
    OrganisationNodes,
    OrganisationPolicies,
    OrganisationPolicy,
    OrganisationTree,
    PolicyTargets,
    PolicyText,
)
from scanner.model.unknown import Cause, Unknown

WINDOW = "kms:ScheduleKeyDeletionPendingWindowInDays"
OWN_OPEN = unread("policy", Cause.UNSUPPORTED)
ORG_OPEN = unread("service_control", Cause.UNSUPPORTED)
UNPLACED = unread("service_control", Cause.NOT_COLLECTED)
MANAGEMENT = "000011112222"


def deny(operator: str = "NumericLessThan", days: object = "30", **changes: object) -> dict[str, object]:
    default = {"Sid": None, "Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion"}
    return statement(**{**default, "Condition": {operator: {WINDOW: days}}, **changes})


def own(*denials: dict[str, object]) -> Key:
    return key(policy=policy(statement(), *denials))


def guard(*denials: dict[str, object], layers: Layers = ()) -> tuple[object, object]:
    found = derive_guard(own(*denials), layers)
    return found.denied, found.least.days if isinstance(found.least, timedelta) else found.least


@pytest.mark.parametrize(
    ("denial", "expected"),
    [
        (deny(), (True, 30)),
        (deny(days=14), (True, 14)),
        (deny(days=["14", "21"]), (True, 21)),
        (deny("NumericLessThanEquals", "29"), (True, 30)),
        (deny("NumericLessThanIfExists", "30"), (True, 30)),
        (deny("NumericNotEquals", "30"), (True, 30)),
        (deny("NumericNotEquals", ["10", "30"]), (True, 10)),
        (deny("NumericEquals", "7"), (True, 8)),
        (deny(days="99"), (True, 30)),
        (deny(Condition=None), (True, 30)),
        (deny(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), (True, 30)),
        (deny(Action="kms:Schedule*"), (True, 30)),
        (deny(Action=None, NotAction="kms:Decrypt"), (True, 30)),
        (deny(Resource=KEY_ID), (True, 30)),
        (deny(Condition={"NumericLessThan": {WINDOW.lower(): "30"}}), (True, 30)),
    ],
)
def test_a_denial_to_everybody_leaves_only_the_longer_waiting_times(denial, expected) -> None:
    assert guard(denial) == expected


@pytest.mark.parametrize(
    "denial",
    [
        deny(days="7"),
        deny("NumericGreaterThan", "14"),
        deny(days="soon"),
        deny(days="${aws:PrincipalTag/days}"),
        deny(Action="kms:CancelKeyDeletion"),
        deny(Action=None, NotAction="kms:*"),
        deny(Resource=KEY_ID + "0"),
        deny(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/intern"}),
        deny(Principal={"AWS": "arn:aws:iam::999988887777:root"}),
        deny(Principal={"Service": "rds.amazonaws.com"}),
        deny(Effect="Allow"),
        deny("NumericGreaterThan", "30"),
    ],
)
def test_a_denial_of_something_else_or_to_somebody_else_guards_nothing(denial) -> None:
    assert guard(denial) == (False, None)


@pytest.mark.parametrize(
    "denial",
    [
        deny(Principal=None, NotPrincipal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/breakglass"}),
        deny(Condition={"NumericLessThan": {WINDOW: "30"}, "StringNotLike": {"aws:PrincipalArn": "*/admin"}}),
        deny(Condition={"NumericLessThan": {WINDOW: "30"}, "Bool": {"aws:MultiFactorAuthPresent": "false"}}),
        deny("NumericNotEquals", "${aws:PrincipalTag/days}"),
        deny(Condition={"NumericRoughly": {WINDOW: "30"}}),
    ],
)
def test_a_denial_that_may_spare_somebody_leaves_it_open(denial) -> None:
    assert guard(denial) == (OWN_OPEN, OWN_OPEN)


def test_conditions_that_the_own_account_always_meets_do_not_weaken_a_guard() -> None:
    same = {"NumericLessThan": {WINDOW: "30"}, "StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
    assert guard(deny(Condition=same)) == (True, 30)


def test_a_surer_denial_is_not_weakened_by_an_open_one_but_may_be_exceeded() -> None:
    spared = {"NumericLessThan": {WINDOW: "30"}, "ArnNotLike": {"aws:PrincipalArn": "*/admin"}}
    assert guard(deny(days="14"), deny(Condition=spared)) == (True, OWN_OPEN)
    assert guard(deny(), deny(Condition=spared)) == (True, 30)


def test_a_key_of_aws_cannot_be_deleted_and_what_was_not_read_stays_open() -> None:
    assert derive_guard(provider_key(), (UNPLACED,)) == Guard(denied=None, least=None)
    assert derive_guard(key(metadata=unread("metadata")), ()).denied == unread("metadata")
    assert derive_guard(key(policy=unread("policy")), ()) == Guard(denied=unread("policy"), least=unread("policy"))
    broken = derive_guard(key(policy=Policy(document="[]")), ())
    assert broken.denied == unread("policy", Cause.ERROR)
    assert isinstance(derive_guard(key(provider=Provider.GCP), ()).denied, Unknown)


def bound(document: object, *targets: str, **changes: object) -> OrganisationPolicy:
    default = OrganisationPolicy(
        id="p-1",
        name="guard",
        provider_managed=False,
        text=PolicyText(document=json.dumps({"Statement": document})),
        targets=PolicyTargets(nodes=targets),
    )
    return replace(default, **changes)


def tree(*scps: OrganisationPolicy, rcps: tuple[OrganisationPolicy, ...] = (), **changes: object) -> OrganisationTree:
    """The account in a unit below the root; another unit beside it; a management account at the root."""
    nodes = (
        OrganisationNode(id="r-1", level=NodeKind.ROOT, name="Root", parent=None),
        OrganisationNode(id="ou-1", level=NodeKind.UNIT, name="prod", parent="r-1"),
        OrganisationNode(id="ou-2", level=NodeKind.UNIT, name="test", parent="r-1"),
        OrganisationNode(id=ACCOUNT, level=NodeKind.ACCOUNT, name="bank", parent="ou-1"),
        OrganisationNode(id=MANAGEMENT, level=NodeKind.ACCOUNT, name="payer", parent="r-1"),
    )
    default = OrganisationTree(
        provider=Provider.AWS,
        id="o-1",
        management=MANAGEMENT,
        nodes=OrganisationNodes(items=nodes),
        service_control=OrganisationPolicies(enabled=True, items=scps),
        resource_control=OrganisationPolicies(enabled=True, items=rcps),
        evidence=(),
    )
    return replace(default, **changes)


def under(found: OrganisationTree, *denials: dict[str, object], account: str = ACCOUNT) -> tuple[object, object]:
    return guard(*denials, layers=bounds([found], [(Provider.AWS, account)])[Provider.AWS, account])


SCP, RCP = deny(Principal=None), deny(days="21")


@pytest.mark.parametrize("target", ["r-1", "ou-1", ACCOUNT])
def test_a_policy_on_the_account_or_above_it_binds(target: str) -> None:
    assert under(tree(bound(SCP, target))) == (True, 30)
    assert under(tree(rcps=(bound(RCP, target),))) == (True, 21)


def test_a_policy_beside_the_account_on_nothing_or_switched_off_does_not() -> None:
    assert under(tree(bound(SCP, "ou-2", MANAGEMENT), bound(SCP))) == (False, None)
    off = OrganisationPolicies(enabled=False, items=(bound(SCP, "r-1"),))
    assert under(tree(service_control=off)) == (False, None)


def test_the_management_account_is_bound_by_nothing() -> None:
    assert under(tree(bound(SCP, "r-1")), account=MANAGEMENT) == (False, None)
    assert under(tree(bound(SCP, "r-1"), management=None)) == (UNPLACED, UNPLACED)
    assert under(tree(management=None)) == (False, None)


def test_layers_add_up_and_the_strictest_holds() -> None:
    assert under(tree(bound(deny(days="14", Principal=None), "r-1"), rcps=(bound(RCP, "ou-1"),)), deny(days="9")) == (
        True,
        21,
    )


def test_a_service_control_policy_that_spares_a_role_leaves_it_open() -> None:
    spared = {"NumericLessThan": {WINDOW: "30"}, "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/breakglass"}}
    assert under(tree(bound(deny(Principal=None, Condition=spared), "r-1"))) == (ORG_OPEN, ORG_OPEN)


def test_what_was_not_read_of_the_organisation_is_open_unless_the_key_guards_itself() -> None:
    denied = unread("service_control")
    for found in (
        tree(service_control=denied),
        tree(bound(SCP, "r-1", text=denied)),
        tree(bound(SCP, targets=denied)),
        tree(bound(SCP, "ou-1"), nodes=denied),
    ):
        assert under(found) == (denied, denied)
        assert under(found, deny()) == (True, 30)
        assert under(found, deny(days="14")) == (True, denied)


def test_an_account_may_be_in_another_organisation_while_the_tree_was_not_read() -> None:
    denied = unread("nodes")
    assert under(tree(nodes=denied)) == (denied, denied)


def test_an_unread_policy_that_hangs_elsewhere_says_nothing() -> None:
    assert under(tree(bound(SCP, "ou-2", text=unread("service_control")))) == (False, None)


def test_an_account_that_no_organisation_names_may_be_in_one_that_was_not_read() -> None:
    assert under(tree(), account="999988887777") == (UNPLACED, UNPLACED)
    assert bounds([], [(Provider.AWS, ACCOUNT)]) == {(Provider.AWS, ACCOUNT): (UNPLACED,)}


def test_a_loop_in_the_tree_ends() -> None:
    nodes = (
        OrganisationNode(id="ou-1", level=NodeKind.UNIT, name="a", parent=ACCOUNT),
        OrganisationNode(id=ACCOUNT, level=NodeKind.ACCOUNT, name="b", parent="ou-1"),
    )
    assert under(tree(bound(SCP, "r-1"), nodes=OrganisationNodes(items=nodes))) == (False, None)
