"""Private endpoints and their policies."""

import json

from simulated import HUB, around, collected, refuse, world_of
from small_estate import REGION

from scanner.model.unknown import Cause, Unknown
from scanner.simulator.aws.estate import VpcEndpoint

CALL = "ec2:DescribeVpcEndpoints"
POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]})


def endpoints_of(world, monkeypatch):
    return collected(world, monkeypatch).shard(HUB, REGION).network.endpoints


def test_every_endpoint_is_read_with_its_policy(monkeypatch):
    world = world_of()
    world.page_limit = 1
    service = f"com.amazonaws.{REGION}"
    around(world).endpoints += [
        VpcEndpoint(id="vpce-2", service=f"{service}.s3", vpc="vpc-1", kind="Gateway"),
        VpcEndpoint(id="vpce-1", service=f"{service}.kms", vpc="vpc-1", policy=POLICY),
    ]

    first, second = endpoints_of(world, monkeypatch).items

    assert (first.id, first.service, first.type, first.private_names) == ("vpce-1", f"{service}.kms", "Interface", True)
    assert first.policy.document == POLICY
    assert (second.network, second.policy) == ("vpc-1", None)


def test_a_policy_that_does_not_parse_hides_itself_alone(monkeypatch):
    world = world_of()
    around(world).endpoints.append(VpcEndpoint(id="vpce-1", service="kms", vpc="vpc-1", policy="{"))

    (found,) = endpoints_of(world, monkeypatch).items

    assert found.policy == Unknown(cause=Cause.ERROR, call=CALL)


def test_a_refusal_is_no_region_without_endpoints(monkeypatch):
    world = world_of()
    refuse(world, "ec2", "DescribeVpcEndpoints")

    assert endpoints_of(world, monkeypatch) == Unknown(cause=Cause.DENIED, call=CALL)
    assert endpoints_of(world_of(), monkeypatch).items == ()
