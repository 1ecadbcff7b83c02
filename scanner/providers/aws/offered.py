"""Whether a service that could not be reached is one that its region does not have. Asks nothing and imports no SDK."""

import socket
from collections.abc import Collection


def is_missing(error: BaseException, region: str, *, serving: Collection[str], known: Collection[str]) -> bool:
    """The name of its endpoint does not exist, and the SDK, which knows the region, does not list the service there.

    `serving` are the regions where the SDK lists the service, `known` those where it lists the key service. Neither
    sign is enough: the SDK's table ages, and a network may hide a name.
    """
    return region in known and region not in serving and _has_no_such_name(error)


def _has_no_such_name(error: BaseException) -> bool:
    """What the resolver said stands at the bottom of what the SDK and its transport made of it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return cause.errno == socket.EAI_NONAME
        cause = cause.__cause__ or cause.__context__
    return False
