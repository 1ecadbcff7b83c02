"""Pages, and the typed reading of a request's parameters. Knows no service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from scanner.simulator.aws.errors import AwsError
from scanner.simulator.aws.identifiers import read_token, token_of

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some of the items; `token` leads to the next page and is None on the last."""

    items: Sequence[Item]
    token: str | None


@dataclass(frozen=True, slots=True)
class Paging:
    """How a listing pages: its name (tokens belong to one listing), page sizes, and its code for a bad token."""

    name: str
    usual: int
    most: int
    bad_token: str


def page(items: Sequence[Item], paging: Paging, *, size: int | None, token: str | None, cap: int | None) -> Page[Item]:
    """The page that the token leads to; `size` is what the caller asked for, `cap` the world's own bound."""
    start = _start(token, paging)
    wanted = paging.usual if size is None else size
    if not 1 <= wanted <= paging.most:
        raise AwsError("ValidationException", f"the page size must be between 1 and {paging.most}")
    stop = start + min(wanted, cap or wanted)
    return Page(items[start:stop], token_of(paging.name, stop) if stop < len(items) else None)


def text(params: Mapping[str, object], name: str) -> str | None:
    """The text of that name, None when it was not sent."""
    value = params.get(name)
    return value if isinstance(value, str) else None


def number(params: Mapping[str, object], name: str) -> int | None:
    """The whole number of that name, None when it was not sent."""
    value = params.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def texts(params: Mapping[str, object], name: str) -> tuple[str, ...]:
    """The list of texts of that name, empty when it was not sent."""
    value = params.get(name)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def structures(params: Mapping[str, object], name: str) -> tuple[Mapping[str, object], ...]:
    """The list of structures of that name, empty when it was not sent."""
    value = params.get(name)
    return tuple(item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else ()


def _start(token: str | None, paging: Paging) -> int:
    if not token:
        return 0
    parts = read_token(token)
    if len(parts) != 2 or parts[0] != paging.name:  # noqa: PLR2004 (the listing and the position)
        raise AwsError(paging.bad_token, "The token for the next page is not valid.")
    return int(parts[1])
