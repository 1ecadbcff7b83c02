"""Services of AWS that a key policy lets in without naming them."""

import pytest

from access_worlds import HOME, MADE, delegation, identities, key, tree
from scanner.facts.access.matrix import Matrices
from scanner.facts.access.site import Caller
from scanner.facts.access.sites import Sites
from scanner.model.effective import ActionClass, CellState, PrincipalKind

USE = ActionClass.USE_PLAINTEXT
EVERYBODY = {**delegation(), "Principal": "*", "Action": "kms:Decrypt"}
ANY_SERVICE = "*.amazonaws.com"
TO_SERVICES = {**EVERYBODY, "Principal": {"Service": "*"}}
AS_SERVICE = {"Bool": {"aws:PrincipalIsAWSService": "true"}}
FOR_US = {"StringEquals": {"aws:SourceAccount": HOME}}
OF_US = {"StringEquals": {"kms:CallerAccount": HOME, "kms:ViaService": "s3.eu-west-1.amazonaws.com"}}


def site(*statements):
    return Sites(None, {}, Matrices([identities()], [tree()])).at(key(delegation(), *statements), MADE)


def state(*statements):
    found = (one.cells[USE].state for one in site(*statements).found() if one.caller.id == ANY_SERVICE and one.cells)
    return next(found, CellState.NONE)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([TO_SERVICES], CellState.ALWAYS),
        ([{**TO_SERVICES, "Condition": FOR_US}], CellState.CONDITIONAL),
        (
            [{**TO_SERVICES, "Condition": {"StringEquals": {"aws:PrincipalServiceName": "s3.amazonaws.com"}}}],
            CellState.CONDITIONAL,
        ),
        ([TO_SERVICES, {**TO_SERVICES, "Effect": "Deny"}], CellState.NONE),
        ([{**EVERYBODY, "Condition": AS_SERVICE}], CellState.ALWAYS),
        ([{**EVERYBODY, "Condition": FOR_US}], CellState.CONDITIONAL),
        ([{**EVERYBODY, "Condition": OF_US}], CellState.NONE),
        ([{**EVERYBODY, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}], CellState.NONE),
        ([EVERYBODY], CellState.NONE),
    ],
)
def test_every_service_is_a_row_where_services_are_let_in_without_being_named(statements, expected):
    assert state(*statements) == expected


def test_a_service_that_nothing_names_may_what_every_service_may():
    assert USE in site(TO_SERVICES).cells(Caller(id="sns.amazonaws.com", kind=PrincipalKind.SERVICE, account=""))
