"""The read operation of EC2 about private endpoints, as a plain function. Changes nothing."""

from collections.abc import Mapping

from scanner.simulator.aws.estate import VpcEndpoint
from scanner.simulator.aws.paging import Paging, number, page, text
from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]

_ENDPOINTS = Paging("DescribeVpcEndpoints", 1000, 1000, "InvalidNextToken")


def describe_vpc_endpoints(world: World, caller: Caller, params: Params) -> Reply:
    """The private endpoints of the account and region."""
    rows = [_endpoint(one, caller) for one in world.estate.around(caller.account, caller.region).endpoints]
    size, token = number(params, "MaxResults"), text(params, "NextToken")
    found = page(rows, _ENDPOINTS, size=size, token=token, cap=world.page_limit)
    return {"VpcEndpoints": list(found.items)} | ({"NextToken": found.token} if found.token else {})


def _endpoint(one: VpcEndpoint, caller: Caller) -> Reply:
    row: Reply = {
        "VpcEndpointId": one.id,
        "VpcEndpointType": one.kind,
        "VpcId": one.vpc,
        "ServiceName": one.service,
        "State": "available",
        "PrivateDnsEnabled": one.kind == "Interface",
        "OwnerId": caller.account,
    }
    return row | ({"PolicyDocument": one.policy} if one.policy else {})
