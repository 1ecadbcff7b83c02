"""The doors of Azure that are asked, and the names of places in their paths. Lists no operation and calls nothing."""

import re
from enum import StrEnum

from scanner.providers.operation import AnyOperation, Route

_PLACE = re.compile(r"\{[a-z]+\}")


class Plane(StrEnum):
    """Azure Resource Manager, a vault's or managed HSM's own data plane, log workspaces; an operation's `service`."""

    MANAGEMENT = "management"
    VAULT = "vault"
    HSM = "hsm"
    LOGS = "logs"


def plane_of(operation: AnyOperation) -> Plane:
    """The door that the operation is asked at."""
    return Plane(operation.service)


def is_of_data(operation: AnyOperation) -> bool:
    """Whether roles list its permission among `dataActions`."""
    return plane_of(operation) in {Plane.VAULT, Plane.HSM}


def route_of(operation: AnyOperation) -> Route:
    """Its request; every operation of Azure has one."""
    if operation.route is None:
        raise ValueError(operation.name)
    return operation.route


def places_of(operation: AnyOperation) -> tuple[str, ...]:
    """The names in its path that a request fills in."""
    return tuple(found[0][1:-1] for found in _PLACE.finditer(route_of(operation).path))
