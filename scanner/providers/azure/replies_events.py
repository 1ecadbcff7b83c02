"""What is kept of each reply about what was done: these types are the allow-list of response fields. Holds no logic.

Of claims, addresses and bodies of the requests that are told of, nothing is kept.
"""

from typing import Annotated

from msgspec import Meta

from scanner.providers.azure.replies import Kept, Moment

WorkspaceGuid = Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")]


class Localized(Kept, frozen=True, kw_only=True):
    """A word of the activity log."""

    value: str | None = None


class ActivityEntry(Kept, frozen=True, kw_only=True):
    """One step of an operation in the activity log; the steps of one operation share `operation_id`."""

    event_timestamp: Moment
    operation_name: Localized
    resource_id: str | None = None
    caller: str | None = None
    status: Localized | None = None
    operation_id: str | None = None


class ActivityEntries(Kept, frozen=True, kw_only=True):
    """A page of the activity log; it may be empty and yet not the last."""

    value: tuple[ActivityEntry, ...]


class WorkspaceProperties(Kept, frozen=True, kw_only=True):
    """A log workspace's own id, and for how many days it keeps what it is sent."""

    customer_id: WorkspaceGuid
    retention_in_days: int | None = None


class Workspace(Kept, frozen=True, kw_only=True):
    """A log workspace."""

    id: str
    properties: WorkspaceProperties


class Column(Kept, frozen=True, kw_only=True):
    """A column of a result."""

    name: str


class ResultTable(Kept, frozen=True, kw_only=True):
    """The rows of a query, which names every column itself and asks for text."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | None, ...], ...]


class ResultError(Kept, frozen=True, kw_only=True):
    """Why the rows are not all there are."""

    code: str | None = None


class LogResult(Kept, frozen=True, kw_only=True):
    """What a query found; a result that was cut short comes as a success with an error in it."""

    tables: tuple[ResultTable, ...]
    error: ResultError | None = None
