"""Callers that a key policy lets in many at once: services it does not name, and who comes by a provider."""

import pytest

from access_worlds import HOME, MADE, OTHER, delegation, identities, key, tree
from scanner.facts.access.holders import derive_access
from scanner.facts.access.matrix import Matrices
from scanner.facts.access.site import Caller
from scanner.facts.access.sites import Sites
from scanner.model.effective import ActionClass, CellState, PrincipalKind
from scanner.model.unknown import Unknown

USE = ActionClass.USE_PLAINTEXT
EVERYBODY = {**delegation(), "Principal": "*", "Action": "kms:Decrypt"}
ANY_SERVICE = "*.amazonaws.com"
TO_SERVICES = {**EVERYBODY, "Principal": {"Service": "*"}}
AS_SERVICE = {"Bool": {"aws:PrincipalIsAWSService": "true"}}
FOR_US = {"StringEquals": {"aws:SourceAccount": HOME}}
OF_US = {"StringEquals": {"kms:CallerAccount": HOME, "kms:ViaService": "s3.eu-west-1.amazonaws.com"}}


def site(*statements):
    return Sites(None, {}, Matrices([identities()], [tree()])).at(key(delegation(), *statements), MADE)


def state(*statements, of=ANY_SERVICE, kind=USE):
    (found,) = [one.cells for one in site(*statements).found() if one.caller.id == of] or [{}]
    return found[kind].state if kind in found else CellState.NONE


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


SAML, COGNITO = f"arn:aws:iam::{HOME}:saml-provider/people", "cognito-identity.amazonaws.com"


@pytest.mark.parametrize("provider", [SAML, COGNITO])
def test_whoever_comes_by_a_provider_that_the_policy_names_is_a_row_and_never_none(provider):
    named = {**EVERYBODY, "Principal": {"Federated": provider}}
    assert state(named, of=provider) is CellState.UNKNOWN
    assert state(named, of=provider, kind=ActionClass.DESTROY) is CellState.NONE
    assert state({**named, "Action": "kms:PutKeyPolicy"}, of=provider, kind=ActionClass.POLICY) is CellState.UNKNOWN
    assert state(named, {**named, "Effect": "Deny"}, of=provider) is CellState.NONE
    assert state(of=provider) is CellState.NONE


@pytest.mark.parametrize(
    ("provider", "expected"), [(SAML, True), (SAML.replace(HOME, OTHER), False), (COGNITO, None), ("x.example", None)]
)
def test_a_provider_is_ours_where_its_name_tells_the_account(provider, expected):
    named = key(delegation(), {**EVERYBODY, "Principal": {"Federated": provider}})
    found = derive_access(named, Matrices([identities()], [tree()]), frozenset({HOME}), MADE)
    (ours,) = (one.ours for one in found.holders if one.principal == provider)
    assert ours is expected or (expected is None and isinstance(ours, Unknown))
