"""What a gRPC method is here, and how a listing comes in pages. Opens no port and answers nothing itself."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from scanner.simulator.gcp.views import Json
from scanner.simulator.gcp.world import World

Request = Any
"""A parsed protobuf message; its type is the method's own."""

PAGE_SIZE = 2
"""The default page, small so that paging is always met."""

_LARGEST = 50
"""More than asked for is never given, and not more than this."""


class NoSuchResourceError(Exception):
    """What was asked about is not there."""


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """One method: its message types, the field of the request that names what it is about, and the answer."""

    request: Any
    reply: Any
    about: str
    answer: Callable[[World, Request], Json]


def pages(field: str, rows: Callable[[World, Request], Iterable[Json]]) -> Callable[[World, Request], Json]:
    """A listing in pages; an empty one says nothing at all."""

    def answer(world: World, request: Request) -> Json:
        if world.empty_first_page and not request.page_token:
            return {"nextPageToken": "0"}
        found = list(rows(world, request))
        start = int(request.page_token or 0)
        end = start + min(request.page_size or PAGE_SIZE, _LARGEST)
        made: Json = {field: found[start:end]} if found else {}
        return made | ({"nextPageToken": str(end)} if end < len(found) else {})

    return answer
