"""Counts calls: per operation within a scope, and over the whole collection. Decides nothing."""

import threading
from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import fields

from scanner.model.scope import CallCount
from scanner.model.unknown import Cause
from scanner.providers.operation import AnyOperation, Kept
from scanner.providers.reply import Reply


class Tally:
    """The calls of one scope by permission name, on top of those `counted` before; may be used from any thread."""

    def __init__(self, counted: Iterable[CallCount] = ()) -> None:
        self._counts = {count.call: count for count in counted}
        self._lock = threading.Lock()

    def note(self, operation: AnyOperation, reply: Reply[Kept], *, first: bool) -> None:
        """Notes one request; a further page or a repetition is not `first`."""
        none = reply.failure is not None and reply.failure.code == operation.none
        cause = reply.failure.cause if reply.failure and not none else None
        count = CallCount(
            call=operation.action,
            calls=int(first),
            pages=int(cause is None),
            retries=reply.retries,
            throttled=reply.throttled,
            denied=int(cause is Cause.DENIED),
            failed=int(cause not in (None, Cause.DENIED)),
        )
        self._add(count)

    def counts(self) -> tuple[CallCount, ...]:
        """What was counted so far."""
        with self._lock:
            return tuple(self._counts.values())

    def _add(self, count: CallCount) -> None:
        with self._lock:
            known = self._counts.get(count.call)
            self._counts[count.call] = _sum(known, count) if known else count


class Meter:
    """What a whole collection adds up: calls that succeeded, and the provider's clock less ours."""

    def __init__(self) -> None:
        self._answered = 0
        self._offset: float | None = None
        self._lock = threading.Lock()

    def note(self, reply: Reply[Kept], now: datetime) -> None:
        """Notes one reply that came at `now`; the first that is dated tells the offset of the clocks."""
        with self._lock:
            self._answered += reply.failure is None
            if self._offset is None and reply.date is not None:
                self._offset = (reply.date - now.replace(microsecond=0)).total_seconds()

    def add(self, answered: int, offset: float | None) -> None:
        """Adds what another process has metered."""
        with self._lock:
            self._answered += answered
            self._offset = offset if self._offset is None else self._offset

    @property
    def answered(self) -> int:
        """Calls that succeeded."""
        with self._lock:
            return self._answered

    @property
    def clock_offset_seconds(self) -> float | None:
        """The provider's clock less ours, to the second; None when nothing was answered."""
        with self._lock:
            return self._offset


def merge(tallies: Iterable[Tally]) -> tuple[CallCount, ...]:
    """The counts of several tallies added up, sorted by permission name."""
    total: dict[str, CallCount] = {}
    for count in (count for tally in tallies for count in tally.counts()):
        total[count.call] = _sum(total[count.call], count) if count.call in total else count
    return tuple(total[call] for call in sorted(total))


def _sum(one: CallCount, other: CallCount) -> CallCount:
    figures = [field.name for field in fields(CallCount) if field.name != "call"]
    return CallCount(call=one.call, **{name: getattr(one, name) + getattr(other, name) for name in figures})
