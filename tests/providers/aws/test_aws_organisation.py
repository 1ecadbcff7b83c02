"""The organisation's tree and policies, as far as the hub may see them."""

import json

import pytest
from simulated import HUB, MEMBER, collected, refuse, world_of

from scanner.model.organisation import NodeKind, OrganisationPolicies
from scanner.model.unknown import Cause, Inapplicable, Unknown
from scanner.simulator.aws.estate import RESOURCE_CONTROL, SERVICE_CONTROL, ControlPolicy, Unit
from scanner.simulator.aws.faults import Effect
from scanner.simulator.aws.organisation import root_id

UNIT, BELOW = "ou-abcd-11111111", "ou-abcd-22222222"
TEXT = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.fixture
def world():
    """The hub right below the root, the member two units down, and a policy on the upper unit."""
    made = world_of(HUB, MEMBER, organisation=True)
    root = root_id(made.organisation)
    made.estate.units = {
        UNIT: Unit(id=UNIT, name="production", parent=root),
        BELOW: Unit(id=BELOW, name="payments", parent=UNIT),
    }
    made.estate.parents = {MEMBER: BELOW}
    policy = ControlPolicy(id="p-00000001", name="no-haste", kind=SERVICE_CONTROL, text=TEXT, targets=(UNIT,))
    made.estate.policies = {policy.id: policy}
    return made


def tree_of(world, monkeypatch):
    (given,) = collected(world, monkeypatch).collection.trees
    return given.tree


def test_every_node_knows_the_one_above(world, monkeypatch):
    world.page_limit = 1

    tree = tree_of(world, monkeypatch)

    root = root_id(world.organisation)
    above = {node.id: (node.level, node.parent) for node in tree.nodes.items}
    assert above == {
        root: (NodeKind.ROOT, None),
        HUB: (NodeKind.ACCOUNT, root),
        UNIT: (NodeKind.UNIT, root),
        BELOW: (NodeKind.UNIT, UNIT),
        MEMBER: (NodeKind.ACCOUNT, BELOW),
    }
    assert (tree.id, tree.management) == (world.organisation.id, HUB)


def test_policies_have_their_text_and_targets(world, monkeypatch):
    policies = {policy.id: policy for policy in tree_of(world, monkeypatch).service_control.items}

    assert policies["p-00000001"].text.document == TEXT
    assert policies["p-00000001"].targets.nodes == (UNIT,)
    assert set(policies["p-FullAWSAccess"].targets.nodes) == {root_id(world.organisation), HUB, MEMBER, UNIT, BELOW}
    assert policies["p-FullAWSAccess"].provider_managed


def test_a_type_that_is_switched_off_binds_nobody(world, monkeypatch):
    assert tree_of(world, monkeypatch).resource_control == OrganisationPolicies(enabled=False, items=())

    world.estate.policy_types.add(RESOURCE_CONTROL)

    assert [policy.id for policy in tree_of(world, monkeypatch).resource_control.items] == ["p-RCPFullAWSAccess"]


@pytest.mark.parametrize(
    ("operation", "resource", "groups"),
    [
        ("ListRoots", None, {"nodes", "service_control", "resource_control"}),
        ("ListOrganizationalUnitsForParent", UNIT, {"nodes"}),
        ("ListAccountsForParent", BELOW, {"nodes"}),
        ("ListPolicies", SERVICE_CONTROL, {"service_control"}),
    ],
)
def test_a_refusal_hides_what_rests_on_it_and_nothing_else(world, monkeypatch, operation, resource, groups):
    refuse(world, "organizations", operation, resource)

    tree = tree_of(world, monkeypatch)

    unknown = {name for name in tree.__struct_fields__ if isinstance(getattr(tree, name), Unknown)}
    assert unknown == groups
    assert {getattr(tree, name) for name in groups} == {Unknown(cause=Cause.DENIED, call=f"organizations:{operation}")}


def test_one_policy_that_is_refused_hides_no_other(world, monkeypatch):
    refuse(world, "organizations", "DescribePolicy", "p-00000001")
    refuse(world, "organizations", "ListTargetsForPolicy", "p-FullAWSAccess", Effect.MALFORMED)

    policies = {policy.id: policy for policy in tree_of(world, monkeypatch).service_control.items}

    assert policies["p-00000001"].text == Unknown(cause=Cause.DENIED, call="organizations:DescribePolicy")
    assert policies["p-00000001"].targets.nodes == (UNIT,)
    assert policies["p-FullAWSAccess"].targets == Unknown(cause=Cause.ERROR, call="organizations:ListTargetsForPolicy")
    assert policies["p-FullAWSAccess"].text.document


def test_who_manages_it_is_read_off_the_root_when_it_is_not_told(world, monkeypatch):
    refuse(world, "organizations", "DescribeOrganization")

    tree = tree_of(world, monkeypatch)

    assert (tree.id, tree.management) == (world.organisation.id, HUB)


def test_a_tree_that_may_not_be_seen_is_no_absence(world, monkeypatch):
    for operation in ("DescribeOrganization", "ListRoots"):
        refuse(world, "organizations", operation)

    tree = tree_of(world, monkeypatch)

    assert (tree.id, tree.management) == (None, None)
    assert tree.nodes == Unknown(cause=Cause.DENIED, call="organizations:ListRoots")


def test_an_account_of_no_organisation_is_bound_by_nobody(monkeypatch):
    (given,) = collected(world_of(), monkeypatch).collection.trees

    tree = given.tree
    assert (tree.id, tree.nodes.items) == (None, ())
    assert isinstance(tree.service_control, Inapplicable)
    assert isinstance(tree.resource_control, Inapplicable)
    assert [item.call for item in tree.evidence] == ["organizations:ListAccounts"]


def test_every_group_names_replies_that_are_there(world, monkeypatch):
    (given,) = collected(world, monkeypatch).collection.trees

    names = [response.id for response in given.raw]
    assert names == sorted(set(names))
    assert {item.raw for item in given.tree.evidence} <= set(names)
    assert {item.group for item in given.tree.evidence} == {"organisation", "nodes", "service_control"}
