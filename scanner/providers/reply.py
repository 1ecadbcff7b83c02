"""One call's outcome, whatever the protocol it was made in. Judges and stores nothing."""

from datetime import datetime
from typing import Generic, Protocol

import msgspec

from scanner.providers.failure import Failure
from scanner.providers.operation import Kept


class Reply(msgspec.Struct, Generic[Kept], frozen=True, kw_only=True):
    """One call's outcome: what was kept of the answer, or why there is none, and what went over the wire."""

    value: Kept | None
    failure: Failure | None
    token: str | None
    status: int
    request_id: str | None
    length: int
    sha256: str
    retries: int
    throttled: int
    date: datetime | None


class Wire(Protocol):
    """What went over the wire during one call; digest, length and status are of the last reply."""

    status: int
    request_id: str | None
    length: int
    sha256: str
    throttled: int
    date: datetime | None

    @property
    def retries(self) -> int:
        """Attempts after the first."""


def reply_of(
    wire: Wire, *, value: Kept | None = None, reason: Failure | None = None, token: str | None = None
) -> Reply[Kept]:
    """The outcome of a call with what went over the wire."""
    return Reply(
        value=value,
        failure=reason,
        token=token,
        status=wire.status,
        request_id=wire.request_id,
        length=wire.length,
        sha256=wire.sha256,
        retries=wire.retries,
        throttled=wire.throttled,
        date=wire.date,
    )
