"""Listing and describing rows that lie on a shelf of a place, whatever the service. Knows no service.

A row has the shape in which its service lists it, so that the service's own model checks it when it is sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scanner.simulator.aws.errors import AwsError
from scanner.simulator.aws.paging import Page, Paging, number, page, text
from scanner.simulator.aws.records import Caller, Row
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]
Handler = Callable[[World, Caller, Params], Reply]
Keep = Callable[[Caller, Params, Row], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Rows of one kind and how their service lists them.

    `name` is where they lie in a place, `member` the reply's list of them. `pages` are the request's members for the
    size of a page and for the page to go on with, and the reply's for the next page. With `last`, a page is named by
    that member of the last row before it, as DynamoDB does it; `more` is a flag that is on every page. `refusal` is the
    code for a page that there is not.
    """

    name: str
    member: str
    most: int
    pages: tuple[str, str, str] = ("MaxResults", "NextToken", "NextToken")
    last: str = ""
    more: str = ""
    refusal: str = "ValidationException"


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """An account and region to put rows in."""

    account: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a thing in this spot."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def every(_caller: Caller, _params: Params, _row: Row) -> bool:
    """Keeps every row."""
    return True


def whole(row: Row) -> object:
    """Shows a row as it lies there."""
    return row


def rows_of(world: World, caller: Caller, shelf: Shelf) -> Sequence[Row]:
    """What the caller has on the shelf, in the order in which it was put there."""
    return world.place(caller.account, caller.region).shelves.get(shelf.name, ())


def listing(shelf: Shelf, *, keep: Keep = every, show: Callable[[Row], object] = whole) -> Handler:
    """A handler that lists the rows to keep, a page at a time."""

    def answer(world: World, caller: Caller, params: Params) -> Reply:
        rows = [row for row in rows_of(world, caller, shelf) if keep(caller, params, row)]
        found = page_of(world, shelf, params, rows)
        reply: Reply = {shelf.member: [show(row) for row in found.items]}
        if shelf.more:
            reply[shelf.more] = found.token is not None
        return reply | ({shelf.pages[2]: found.token} if found.token else {})

    return answer


def describing(shelf: Shelf, *, named: str, by: str, member: str, missing: str) -> Handler:
    """A handler that gives one row: `by` is the row's member that the request's `named` must equal.

    `missing` is the code of the error when there is no such row.
    """

    def answer(world: World, caller: Caller, params: Params) -> Reply:
        return {member: find(world, caller, shelf, (by, text(params, named) or ""), missing)}

    return answer


def find(world: World, caller: Caller, shelf: Shelf, wanted: tuple[str, str], missing: str) -> Row:
    """The row whose member has that value; raises AwsError of the code `missing` when there is none."""
    member, value = wanted
    for row in rows_of(world, caller, shelf):
        if row.get(member) == value:
            return row
    raise AwsError(missing, f"{value} could not be found.")


def page_of(world: World, shelf: Shelf, params: Params, rows: Sequence[Row]) -> Page[Row]:
    """The page that the request asks for."""
    size, token = number(params, shelf.pages[0]), text(params, shelf.pages[1])
    paging = Paging(shelf.name, shelf.most, shelf.most, shelf.refusal)
    if not shelf.last:
        return page(rows, paging, size=size, token=token, cap=world.page_limit)
    seen = [row[shelf.last] for row in rows]
    start = seen.index(token) + 1 if token in seen else 0
    found = page(rows[start:], paging, size=size, token=None, cap=world.page_limit)
    return Page(found.items, str(found.items[-1][shelf.last]) if found.token else None)
