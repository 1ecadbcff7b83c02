"""What an allowed operation is: permission, fields kept, quota, paging. Lists none and calls nothing."""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar, get_args

import msgspec

from scanner.providers.embedded import Embedded

Kept = TypeVar("Kept", bound=msgspec.Struct)

DEFAULT_RATE = 5.0
"""Requests a second where no dated quota is at hand."""

SHARE_OF_QUOTA = 0.25
"""The part of a published quota that a scan may use: most most quotas are shared with the workloads."""


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """A published request quota for one account and region, and the share of it that a scan may use."""

    per_second: float
    source: str
    share: float = SHARE_OF_QUOTA


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """How pages follow each other; `flag` is the member that says so where there is one."""

    request: str
    reply: str
    flag: str | None = None


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Where an operation of an interface of plain requests is asked: `path` with `{places}` that a request fills in.

    `version` is blank where the path names it; `policy` is what the permission is called in lists of access that a
    resource keeps of its own.
    """

    method: str = "GET"
    path: str
    version: str
    policy: str | None = None


class Operation(msgspec.Struct, Generic[Kept], frozen=True, kw_only=True):
    """One allowed operation.

    `action` is its permission, `params` the members of a request that are stored, `none` the error code by which the
    service says that there is none of what was asked for, `document` the root of its answer in XML where that does not
    begin with the operation's name, `embedded` the members of its answer that are JSON documents as text, `route` the
    request where no SDK makes it. What is `shared` is read for several purposes, and asked once.
    """

    service: str
    name: str
    action: str
    reply: type[Kept]
    params: tuple[str, ...] = ()
    quota: Quota | None = None
    paging: Paging | None = None
    none: str | None = None
    document: str | None = None
    embedded: Embedded | None = None
    shared: bool = False
    route: Route | None = None

    @property
    def rate(self) -> float:
        """Requests a second allowed by default for one account and region."""
        return self.quota.per_second * self.quota.share if self.quota else DEFAULT_RATE


AnyOperation = Operation[Any]
"""An operation whatever its reply; the reply's type is only of use where the operation is named."""


MARKER = Paging(request="Marker", reply="NextMarker", flag="Truncated")
NEXT_TOKEN = Paging(request="NextToken", reply="NextToken")
PAGE_TOKEN = Paging(request="pageToken", reply="nextPageToken")


def fields_kept(operation: AnyOperation) -> tuple[str, ...]:
    """The paths kept of a reply, such as `Keys[].KeyArn`, in the order of its type."""
    return tuple(_paths(operation.reply, ""))


def _paths(kept: type[msgspec.Struct], prefix: str) -> Iterator[str]:
    for member in msgspec.structs.fields(kept):
        yield from _leaves(member.type, prefix + member.encode_name)


def _leaves(kept: object, path: str) -> Iterator[str]:
    """A type's leaves: through optional members, lists (`[]`) and maps (`{}`)."""
    options = [option for option in get_args(kept) if option is not type(None) and option is not Ellipsis]
    if isinstance(kept, type) and issubclass(kept, msgspec.Struct):
        yield from _paths(kept, f"{path}.")
    elif getattr(kept, "__origin__", None) is tuple:
        yield from _leaves(options[0], f"{path}[]")
    elif getattr(kept, "__origin__", None) is dict:
        yield f"{path}{{}}"
    elif options and not hasattr(kept, "__metadata__"):
        yield from _leaves(options[0], path)
    else:
        yield path
