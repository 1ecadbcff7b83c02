"""A service that a region does not have holds nothing there; one that is only out of reach stays unknown."""

import socket

import boto3
import pytest
from collecting import NOW, collect
from store_reading import ACCOUNT, HOME

from scanner.model.scope import Listing
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.offered import is_missing
from scanner.simulator.aws.server import serve
from scanner.simulator.aws.world import World

SERVING = boto3.Session(region_name=HOME).get_available_regions("opensearchserverless")
KNOWN = boto3.Session(region_name=HOME).get_available_regions("kms")
WITHOUT = min(set(KNOWN) - set(SERVING))
NOWHERE = "https://aoss.invalid"


def refused(errno):
    """An error as the SDK raises it over what the transport made of the resolver's word."""
    transport, sdk = ConnectionError("the transport"), ValueError("the SDK")
    transport.__cause__, sdk.__context__ = socket.gaierror(errno, "said the resolver"), transport
    return sdk


@pytest.mark.parametrize(
    ("errno", "region", "missing"),
    [
        (socket.EAI_NONAME, WITHOUT, True),
        (socket.EAI_NONAME, HOME, False),
        (socket.EAI_NONAME, "eu-newest-1", False),
        (socket.EAI_AGAIN, WITHOUT, False),
    ],
    ids=["no name and not listed", "listed", "a region the SDK does not know", "no answer from the resolver"],
)
def test_a_service_is_missing_only_where_all_signs_agree(errno, region, missing):
    assert is_missing(refused(errno), region, serving=SERVING, known=KNOWN) is missing


def test_an_endpoint_that_refuses_is_there():
    assert not is_missing(ConnectionRefusedError(), WITHOUT, serving=SERVING, known=KNOWN)


def listings(monkeypatch, region, **environment):
    world = World(NOW)
    world.regions[region] = False
    world.add_account(ACCOUNT)
    access, secret = world.credentials(ACCOUNT)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", access)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with serve(world) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        shard = collect(endpoint, regions=(region,), endpoint_url=None).shard(ACCOUNT, region)
    return {listing.call: listing.stores for listing in shard.inventory.listings}


def test_a_region_without_the_service_has_no_collection(monkeypatch):
    found = listings(monkeypatch, WITHOUT, AWS_ENDPOINT_URL_OPENSEARCHSERVERLESS=NOWHERE)
    assert found["aoss:ListCollections"] == Listing(listed=0, pages=0)
    assert isinstance(found["es:ListDomainNames"], Listing)


def test_where_the_service_is_offered_an_endpoint_out_of_reach_stays_unknown(monkeypatch):
    found = listings(monkeypatch, HOME, AWS_ENDPOINT_URL_OPENSEARCHSERVERLESS=NOWHERE)
    assert found["aoss:ListCollections"] == Unknown(cause=Cause.ERROR, call="aoss:ListCollections")


def test_another_service_out_of_reach_stays_unknown_wherever_it_is(monkeypatch):
    found = listings(monkeypatch, WITHOUT, AWS_ENDPOINT_URL_OPENSEARCH=NOWHERE)
    assert found["es:ListDomainNames"] == Unknown(cause=Cause.ERROR, call="es:ListDomainNames")
