"""Reads the private endpoints of an account-region with their policies. Judges nothing."""

from collections.abc import Sequence

import msgspec

from scanner.model.key import Provider
from scanner.model.network import Network, PrivateEndpoint, PrivateEndpoints
from scanner.model.raw import RawResponse
from scanner.providers.aws import replies_network as replies
from scanner.providers.aws.documents import policy_text
from scanner.providers.aws.operations_estate import DESCRIBE_VPC_ENDPOINTS
from scanner.providers.aws.reader import Reader

_PAGE = 1000


class RegionNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """The network of an account-region, and the replies behind it."""

    network: Network
    raw: tuple[RawResponse, ...]


def read_network(reader: Reader) -> RegionNetwork:
    """Every private endpoint of the region, to whatever service."""
    listed = reader.ask(DESCRIBE_VPC_ENDPOINTS, {"MaxResults": _PAGE})
    network = Network(
        provider=Provider.AWS,
        account=reader.account,
        region=reader.region,
        endpoints=listed.group(_endpoints),
        evidence=listed.evidence("endpoints"),
    )
    return RegionNetwork(network=network, raw=listed.raw)


def _endpoints(pages: Sequence[replies.DescribeVpcEndpoints]) -> PrivateEndpoints:
    found = {endpoint.vpc_endpoint_id: endpoint for page in pages for endpoint in page.vpc_endpoints}
    return PrivateEndpoints(items=tuple(_endpoint(found[name]) for name in sorted(found)))


def _endpoint(endpoint: replies.VpcEndpoint) -> PrivateEndpoint:
    document = endpoint.policy_document
    return PrivateEndpoint(
        id=endpoint.vpc_endpoint_id,
        service=endpoint.service_name,
        type=endpoint.vpc_endpoint_type,
        state=endpoint.state,
        network=endpoint.vpc_id,
        private_names=bool(endpoint.private_dns_enabled),
        policy=policy_text(document, DESCRIBE_VPC_ENDPOINTS.action) if document else None,
    )
