"""Asks in one subscription and location: paced, counted, with every page and the evidence. Interprets no answer."""

import threading
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from scanner.model.raw import RawResponse
from scanner.providers.answer import Answer, raw_response
from scanner.providers.azure.api import Connection, Question
from scanner.providers.azure.guard import Door
from scanner.providers.azure.keeping import is_link
from scanner.providers.azure.limits import Limiter
from scanner.providers.azure.plane import Plane
from scanner.providers.failure import Failure, malformed
from scanner.providers.operation import AnyOperation, Kept, Operation
from scanner.providers.protocol import Clock, Progress
from scanner.providers.reply import Reply
from scanner.providers.tally import Meter, Tally

MAX_PAGES = 20_000
"""More pages than any limit allows; a listing that goes on is broken."""


class Instruments(msgspec.Struct, frozen=True, kw_only=True):
    """What all readers of a collection share."""

    limiter: Limiter
    meter: Meter
    clock: Clock
    progress: Progress


class Reader:
    """Reads with one identity on behalf of one scope; may be used from any thread.

    `region` None stands for the whole subscription. Until a vault was asked once, one thread asks and others wait, so
    that the client has learned there who it must sign in with.
    """

    def __init__(
        self, connection: Connection, account: str, region: str | None, management: str, instruments: Instruments
    ) -> None:
        self.connection = connection
        self.account = account
        self.region = region
        self.tally = Tally()
        self.instruments = instruments
        self._management = Door(plane=Plane.MANAGEMENT, url=management)
        self._opened: dict[Door, threading.Lock] = {}
        self._known: set[Door] = set()
        self._lock = threading.Lock()

    def ask(
        self, operation: Operation[Kept], question: Question, *, door: Door | None = None, subject: str = ""
    ) -> Answer[Kept]:
        """Every page of an operation's answer; `subject` tells apart what is asked of several. No door: management."""
        place = door or self._management
        replies = [self._first(operation, place, question)]
        raw = [self._raw(operation, question, replies[0], f"{subject}/1")]
        seen: set[str] = set()
        while (after := replies[-1].token) and after not in seen and len(replies) < MAX_PAGES:
            seen.add(after)
            replies.append(self._next(operation, place, question, replies[-1]))
            self._note(operation, replies[-1], first=False)
            raw.append(self._raw(operation, question, replies[-1], f"{subject}/{len(replies)}"))
        return Answer(
            operation=operation,
            pages=tuple(reply.value for reply in replies if reply.value is not None),
            failure=_end(operation, replies[-1]),
            raw=tuple(raw),
        )

    def _first(self, operation: Operation[Kept], door: Door, question: Question) -> Reply[Kept]:
        with self._lock:
            waiting = self._opened.setdefault(door, threading.Lock())
            is_known = door in self._known
        if is_known:
            return self._sent(operation, door, question)
        with waiting:
            reply = self._sent(operation, door, question)
        with self._lock:
            self._known.add(door)
        return reply

    def _sent(self, operation: Operation[Kept], door: Door, question: Question) -> Reply[Kept]:
        self._wait(operation, door)
        reply = self.connection.ask(operation, door, question)
        self._note(operation, reply, first=True)
        return reply

    def _next(self, operation: Operation[Kept], door: Door, question: Question, last: Reply[Kept]) -> Reply[Kept]:
        """The page that the last one leads to: by its link, or by repeating a query with its token."""
        self._wait(operation, door)
        if last.token is not None and (question.body is None or is_link(last.token)):
            return self.connection.ask(operation, door, question, last.token)
        body = dict(question.body or {})
        options = body.get("options")
        body["options"] = {**(options if isinstance(options, Mapping) else {}), "$skipToken": last.token}
        return self.connection.ask(operation, door, replace(question, body=body))

    def _wait(self, operation: AnyOperation, door: Door) -> None:
        place = self.account if door.plane is Plane.MANAGEMENT else door.url
        self.instruments.limiter.wait(place, operation)

    def _note(self, operation: AnyOperation, reply: Reply[Kept], *, first: bool) -> None:
        self.tally.note(operation, reply, first=first)
        self.instruments.meter.note(reply, self.instruments.clock())
        self.instruments.progress.called(self.account, self.region, operation.action, throttled=reply.throttled)

    def _raw(self, operation: AnyOperation, question: Question, reply: Reply[Kept], place: str) -> RawResponse:
        shown = {
            **question.places,
            **{name: question.query[name] for name in operation.params if name in question.query},
            **(question.body or {}),
        }
        return raw_response(operation, shown, reply, place, self.instruments.clock())


def _end(operation: AnyOperation, last: Reply[Kept]) -> Failure | None:
    """None when the last page is the last: one that leads back to an earlier one, or on and on, is not.

    A service that says that there is none of what was asked for has answered.
    """
    if last.failure is not None:
        return None if last.failure.code == operation.none else last.failure
    return malformed(operation.action) if last.token else None
