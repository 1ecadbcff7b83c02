"""VPC endpoints for KMS: an endpoint's policy may stop requests that come through it, and never allows anything.

https://docs.aws.amazon.com/kms/latest/developerguide/vpce-policy.html
"""

from collections.abc import Iterable, Mapping

import msgspec

from scanner.facts.access.context import Context
from scanner.facts.access.policies import Policy, PolicyError, Statement, is_about, read_policy
from scanner.facts.access.principals import Named, Principal, PrincipalKind, is_spared, means
from scanner.facts.access.truth import Open, Truth, all_of, any_of, negate, on_data, on_request
from scanner.model.key import Provider
from scanner.model.network import Network, PrivateEndpoint
from scanner.model.unknown import Unknown

_THROUGH = "aws:SourceVpce"
_OF_KMS = (".kms", ".kms-fips")
_ONE_BY_ONE = frozenset({Named.EVERYONE, Named.ROLE, Named.USER, Named.SESSION})


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One way to KMS whose policy does not let everything through; `policy` is None where it was not read."""

    id: str
    policy: Policy | None


class Gates(msgspec.Struct, frozen=True, kw_only=True):
    """The endpoints of a region that may stop a request, in whatever account, and what was not read of them."""

    endpoints: tuple[Endpoint, ...] = ()
    unread: tuple[str, ...] = ()


def gates_of(networks: Iterable[Network]) -> Mapping[str, Gates]:
    """The endpoints for KMS by region."""
    found: dict[str, Gates] = {}
    for network in networks:
        if network.provider is Provider.AWS:
            gates = _gates(network)
            before = found.get(network.region, Gates())
            found[network.region] = Gates(
                endpoints=(*before.endpoints, *gates.endpoints), unread=(*before.unread, *gates.unread)
            )
    return found


def _gates(network: Network) -> Gates:
    if isinstance(network.endpoints, Unknown):
        why = f"{network.endpoints.cause} {network.endpoints.call}"
        return Gates(unread=(f"the VPC endpoints of {network.account} in {network.region} ({why})",))
    of_kms = (one for one in network.endpoints.items if one.service.endswith(_OF_KMS))
    endpoints = tuple(Endpoint(id=one.id, policy=_policy(one)) for one in of_kms if one.policy is not None)
    unread = tuple(f"the policy of VPC endpoint {one.id}" for one in endpoints if one.policy is None)
    return Gates(endpoints=tuple(one for one in endpoints if not _is_open(one)), unread=unread)


def _policy(endpoint: PrivateEndpoint) -> Policy | None:
    if endpoint.policy is None or isinstance(endpoint.policy, Unknown):
        return None
    try:
        return read_policy(endpoint.policy.document, endpoint.id)
    except PolicyError:
        return None


def _is_open(endpoint: Endpoint) -> bool:
    """Whether the policy lets everything through, as that does which an endpoint has by default."""
    statements = endpoint.policy.statements if endpoint.policy else ()
    return all(one.allows for one in statements) and any(
        one.principals == (("AWS", "*"),)
        and not (one.principals_inverse or one.actions_inverse or one.resources_inverse or one.clauses)
        and "*" in one.actions
        and "*" in one.resources
        for one in statements
    )


def is_past(endpoints: Iterable[Endpoint], caller: Principal, action: str, key: str, request: Context) -> Truth:
    """Whether the request is stopped by none of the endpoints; one that it need not come through is a condition."""
    if caller.kind is PrincipalKind.SERVICE:
        return True
    return all_of(_is_past(endpoint, caller, action, key, request) for endpoint in endpoints)


def _is_past(endpoint: Endpoint, caller: Principal, action: str, key: str, request: Context) -> Truth:
    through = request.get(_THROUGH)
    if not isinstance(through, Open) and through != (endpoint.id,):
        return True
    lets = _lets(endpoint, caller, action, key, request)
    if lets is True or not isinstance(through, Open):
        return lets
    return on_request(
        f"not through VPC endpoint {endpoint.id}" + ("" if lets is False else ", or as its policy allows")
    )


def _lets(endpoint: Endpoint, caller: Principal, action: str, key: str, request: Context) -> Truth:
    if endpoint.policy is None:
        return on_data(f"the policy of VPC endpoint {endpoint.id}")
    hits = [
        (statement.allows, all_of((about, _is_meant(statement, caller))))
        for statement in endpoint.policy.statements
        if (about := is_about(statement, action, key, request)) is not False
    ]
    allowed = any_of(truth for allows, truth in hits if allows)
    return all_of((allowed, negate(any_of(truth for allows, truth in hits if not allows))))


def _is_meant(statement: Statement, caller: Principal) -> Truth:
    """Whether a statement means the caller; an account may stand for its root user alone, as is documented for some."""
    if statement.principals_inverse:
        return negate(is_spared(statement.principals, caller))
    named = {means(kind, name, caller) for kind, name in statement.principals}
    if named & _ONE_BY_ONE or (Named.ACCOUNT in named and caller.kind is PrincipalKind.ROOT):
        return True
    return on_data("whom an account stands for in an endpoint's policy") if Named.ACCOUNT in named else False
