"""Private ways from a network to the provider's services, and the policies on them. Judges nothing."""

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.organisation import PolicyText
from scanner.model.record import Record
from scanner.model.unknown import Unknown


class PrivateEndpoint(Record, frozen=True, kw_only=True, tag="private_endpoint"):
    """One way to a service (`service` and `type` in the provider's words); `policy` is None where it has none."""

    id: str
    service: str
    type: str | None
    state: str
    network: str | None
    private_names: bool
    policy: PolicyText | Unknown | None


class PrivateEndpoints(Record, frozen=True, kw_only=True, tag="private_endpoints"):
    """Every private endpoint of a region, sorted by id."""

    items: tuple[PrivateEndpoint, ...]


class Network(Record, frozen=True, kw_only=True, tag="network"):
    """What is known of the networks of one account and region."""

    provider: Provider
    account: str
    region: str
    endpoints: PrivateEndpoints | Unknown
    evidence: tuple[Evidence, ...]
