"""What went over the wire during one call: bytes, status, attempts. Keeps a digest, never a body; imports no SDK."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_CHALLENGE, _TOO_MANY = 401, 429


class Exchange:
    """One call as it happened, over all its attempts; digest, length and status are of the last reply."""

    def __init__(self) -> None:
        self.attempts = 0
        self.challenges = 0
        self.throttled = 0
        self.status = 0
        self.length = 0
        self.sha256 = hashlib.sha256().hexdigest()
        self.request_id: str | None = None
        self.date: datetime | None = None

    @property
    def retries(self) -> int:
        """Attempts after the first; to be asked who one is makes no attempt."""
        return max(0, self.attempts - self.challenges - 1)

    def sent(self) -> None:
        """Notes one request."""
        self.attempts += 1
        self.status = 0

    def reply(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Notes one reply."""
        self.challenges += status == _CHALLENGE
        self.throttled += status == _TOO_MANY
        self.status = status
        self.length = len(body)
        self.sha256 = hashlib.sha256(body).hexdigest()
        self.request_id = headers.get("x-ms-request-id")
        self.date = _date(headers.get("Date"))


class Recorder:
    """Listens to the requests of a connection, each call in its own thread."""

    def __init__(self) -> None:
        self._local = threading.local()

    @contextmanager
    def listening(self) -> Iterator[Exchange]:
        """The exchange of the call that is made inside the block."""
        outer, exchange = self.current, Exchange()
        self._local.current = exchange
        try:
            yield exchange
        finally:
            self._local.current = outer

    @property
    def current(self) -> Exchange | None:
        """The exchange that this thread is in."""
        current = getattr(self._local, "current", None)
        return current if isinstance(current, Exchange) else None


def _date(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC) if text else None
    except ValueError:
        return None
