"""Policies of VPC endpoints: a condition on what comes through them, and never a way to be allowed."""

import msgspec
import pytest

import access_worlds as worlds
from access_cases import ALL, DELEGATION, HOME, PARTNER_ROLE, ROLE, ROOT, policy, statement, verdict
from scanner.facts.access.aws_site import AwsSite
from scanner.facts.access.endpoints import Endpoint, gates_of
from scanner.facts.access.key_access import key_access
from scanner.facts.access.matrix import Matrices
from scanner.model.effective import ActionClass, CellState
from scanner.model.key import Provider
from scanner.model.network import Network, PrivateEndpoint, PrivateEndpoints
from scanner.model.unknown import Cause, Unknown

THROUGH = {"aws:SourceVpce": "vpce-1"}
OPEN = statement(action="*", whom="*")
DECRYPT = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
DENIED = Unknown(cause=Cause.DENIED, call="ec2:DescribeVpcEndpoints")


def by(*statements):
    return (Endpoint(id="vpce-1", policy=policy(*statements)),)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([OPEN], "allow"),
        ([statement(action="kms:Encrypt", whom="*")], "deny"),
        ([OPEN, statement("Deny", whom="*")], "deny"),
        ([statement(whom={"AWS": ROLE})], "allow"),
        ([statement(whom={"AWS": f"{ROLE}2"})], "deny"),
        ([statement(whom={"AWS": HOME})], "unknown"),
        ([statement(whom="*", condition={"StringEquals": {"aws:PrincipalAccount": HOME}})], "deny"),
        ([], "deny"),
    ],
)
def test_what_comes_through_an_endpoint_is_what_its_policy_lets_through(written, expected):
    assert verdict(ROLE, DELEGATION, identity=[ALL], values=THROUGH, endpoints=by(*written)) == expected
    around = {"aws:SourceVpce": "vpce-2"}
    assert verdict(ROLE, DELEGATION, identity=[ALL], values=around, endpoints=by(*written)) == "allow"
    assert verdict(ROLE, DELEGATION, identity=[ALL], endpoints=by(*written)) == "allow"


def test_an_endpoint_never_allows_what_nothing_else_does():
    assert verdict(ROLE, DELEGATION, identity=[statement(action="s3:*")], values=THROUGH, endpoints=by(OPEN)) == "deny"
    assert verdict(PARTNER_ROLE, DELEGATION, identity=[ALL], values=THROUGH, endpoints=by(OPEN)) == "deny"


def test_not_principal_names_whom_an_endpoint_stops():
    spared = {"Effect": "Deny", "NotPrincipal": {"AWS": [ROLE, ROOT]}, "Action": "*", "Resource": "*"}
    assert verdict(ROLE, DELEGATION, identity=[ALL], values=THROUGH, endpoints=by(OPEN, spared)) == "allow"
    assert verdict(f"{ROLE}2", DELEGATION, identity=[ALL], values=THROUGH, endpoints=by(OPEN, spared)) == "deny"


def test_services_come_through_no_endpoint_of_ours():
    service = statement(whom={"Service": "sns.amazonaws.com"})
    assert verdict("sns.amazonaws.com", service, values=THROUGH, endpoints=by()) == "allow"


def test_a_policy_that_was_not_read_leaves_open_what_comes_through():
    unread = (Endpoint(id="vpce-1", policy=None),)
    assert verdict(ROLE, DELEGATION, identity=[ALL], values=THROUGH, endpoints=unread) == "unknown"
    assert verdict(ROLE, DELEGATION, identity=[ALL], endpoints=unread, complete=False) == "conditional"


def network(*statements, region="eu-west-1", service="com.amazonaws.eu-west-1.kms", **more):
    endpoint = PrivateEndpoint(
        id="vpce-1",
        service=service,
        type="Interface",
        state="available",
        network="vpc-1",
        private_names=True,
        policy=worlds.text(*statements),
    )
    return Network(
        provider=Provider.AWS,
        account=HOME,
        region=region,
        endpoints=PrivateEndpoints(items=(msgspec.structs.replace(endpoint, **more),)),
        evidence=(),
    )


def matrix(*networks):
    matrices = Matrices([worlds.identities(worlds.role("app", DECRYPT))], [worlds.tree()], networks)
    key = worlds.key(worlds.delegation())
    return key_access(key, AwsSite(key, matrices))


def cell(access):
    (row,) = (row for row in access.rows if worlds.arn("role", "app") in row.principals)
    return row.cells[ActionClass.USE_PLAINTEXT]


def test_an_endpoint_that_stops_a_caller_is_a_condition_in_the_matrix():
    found = cell(matrix(network(statement(action="kms:Encrypt", whom="*"))))
    assert (found.state, found.conditions) == (CellState.CONDITIONAL, ("not through VPC endpoint vpce-1",))
    asked = statement(whom="*", condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    assert cell(matrix(network(asked))).conditions == ("not through VPC endpoint vpce-1, or as its policy allows",)


@pytest.mark.parametrize(
    "one",
    [
        network(OPEN),
        network(policy=None),
        network(statement(action="kms:Encrypt", whom="*"), region="eu-west-2"),
        network(statement(action="kms:Encrypt", whom="*"), service="com.amazonaws.eu-west-1.s3"),
        network(statement(whom="*", condition={"StringEquals": {"aws:PrincipalAccount": HOME}})),
    ],
)
def test_an_endpoint_that_lets_the_caller_through_or_leads_elsewhere_changes_nothing(one):
    assert cell(matrix(one)).state is CellState.ALWAYS


def test_endpoints_that_were_not_read_are_told_as_a_note():
    unread = msgspec.structs.replace(network(OPEN), endpoints=DENIED)
    access = matrix(unread)
    assert cell(access).state is CellState.ALWAYS
    assert access.notes == (
        (
            "not read, and may stop requests that come through: "
            f"the VPC endpoints of {HOME} in eu-west-1 (denied ec2:DescribeVpcEndpoints)"
        ),
    )
    access = matrix(network(policy=DENIED))
    assert cell(access).state is CellState.CONDITIONAL
    assert access.notes[0].endswith("the policy of VPC endpoint vpce-1")


def test_a_policy_outside_the_grammar_and_networks_of_other_clouds():
    broken = network(policy=msgspec.structs.replace(worlds.text(), document="{"))
    assert gates_of([broken])["eu-west-1"].endpoints == (Endpoint(id="vpce-1", policy=None),)
    assert gates_of([msgspec.structs.replace(broken, provider=Provider.GCP)]) == {}
