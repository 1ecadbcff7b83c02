"""What is kept of the replies about private endpoints. Holds no logic and imports no SDK."""

import msgspec


class VpcEndpoint(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A private endpoint."""

    vpc_endpoint_id: str
    service_name: str
    state: str
    vpc_endpoint_type: str | None = None
    vpc_id: str | None = None
    policy_document: str | None = None
    private_dns_enabled: bool | None = None


class DescribeVpcEndpoints(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the private endpoints of a region; AWS leaves out an empty list."""

    vpc_endpoints: tuple[VpcEndpoint, ...] = ()
