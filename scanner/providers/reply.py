"""One call's outcome, whatever the protocol it was made in. Judges and stores nothing."""

from datetime import datetime
from typing import Generic

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
