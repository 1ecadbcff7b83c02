"""Asks one account in one region: paced, counted, with every page and the evidence. Interprets no answer."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from msgspec.structs import replace

from scanner.model.raw import RawResponse
from scanner.model.unknown import Cause
from scanner.providers.answer import Answer, raw_response
from scanner.providers.failure import Failure, malformed
from scanner.providers.limits import Limiter
from scanner.providers.operation import AnyOperation, Kept, Operation
from scanner.providers.protocol import Clock, Progress
from scanner.providers.reply import Reply
from scanner.providers.tally import Meter, Tally

MAX_PAGES = 5_000
"""More pages than any quota allows; a listing that goes on is broken."""


Lacking = tuple[Failure, RawResponse]
"""The refusal of an operation that the endpoint does not have."""


class Instruments(msgspec.Struct, frozen=True, kw_only=True):
    """What all readers of a collection share."""

    limiter: Limiter
    meter: Meter
    clock: Clock
    progress: Progress


class _Probe:
    """What is known of one operation here: whether it was answered yet, and that the endpoint lacks it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.settled = False
        self.succeeded = False
        self.lacking: Lacking | None = None


class Connection(Protocol):
    """What calls an allowed operation of a provider in one of its regions."""

    def ask(self, operation: Operation[Kept], region: str, params: Mapping[str, object]) -> Reply[Kept]:
        """One call; raises only when the operation is not allowed."""


Made = TypeVar("Made")
Way = TypeVar("Way", bound=Connection)


class _Held:
    """An answer that several readings share; the lock is held while it is asked for."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answer: Answer[Any] | None = None


class Reader(Generic[Way]):
    """Reads with one identity in one region; may be used from any thread.

    An operation that the endpoint lacks is asked once more and then never again here; its refusal, which is about no
    subject in particular, stands as the answer to all that ask for it. The answer of a shared operation is held for
    those that will ask the same again.
    """

    def __init__(
        self, connection: Way, account: str, region: str, instruments: Instruments, *, for_account: bool = False
    ) -> None:
        self.connection = connection
        self.account = account
        self.region = region
        self.tally = Tally()
        self._scope = None if for_account else region
        self._instruments = instruments
        self._probes: dict[tuple[str, str], _Probe] = {}
        self._held: dict[tuple[str, str, bytes], _Held] = {}
        self._lock = threading.Lock()

    def ask(self, operation: Operation[Kept], params: Mapping[str, object], subject: str = "") -> Answer[Kept]:
        """Every page of an operation's answer; `subject` tells apart what is asked of several."""
        if not operation.shared:
            return self._ask(operation, params, subject)
        place = (operation.service, operation.name, msgspec.json.encode(params, order="sorted"))
        with self._lock:
            held = self._held.setdefault(place, _Held())
        with held.lock:
            if held.answer is None:
                held.answer = self._ask(operation, params, subject)
            return held.answer

    def forget(self) -> None:
        """Lets go of the answers that were held."""
        with self._lock:
            self._held.clear()

    def _ask(self, operation: Operation[Kept], params: Mapping[str, object], subject: str) -> Answer[Kept]:
        opened = self._open(operation, params)
        if isinstance(opened, tuple):
            return Answer(operation=operation, pages=(), failure=opened[0], raw=(opened[1],))
        answers = [opened]
        raw = [self.raw_of(operation, params, opened, f"{subject}/1")]
        tokens: list[str] = []
        while (token := answers[-1].token) and token not in tokens and len(answers) < MAX_PAGES and operation.paging:
            tokens.append(token)
            answers.append(self._send(operation, {**params, operation.paging.request: token}))
            self._note(operation, answers[-1], first=False)
            raw.append(self.raw_of(operation, params, answers[-1], f"{subject}/{len(answers)}"))
        return Answer(
            operation=operation,
            pages=tuple(reply.value for reply in answers if reply.value is not None),
            failure=_end(operation, answers[-1]),
            raw=tuple(raw),
        )

    def send(
        self, operation: Operation[Kept], call: Callable[[], tuple[Made, Reply[Kept]]]
    ) -> tuple[Made, Reply[Kept]]:
        """A call that brings more than a reply, made when its turn has come, and counted."""
        self._instruments.limiter.wait(self.account, self.region, operation)
        made, reply = call()
        self._note(operation, reply, first=True)
        return made, reply

    def _open(self, operation: Operation[Kept], params: Mapping[str, object]) -> Reply[Kept] | Lacking:
        """The first page. Until an operation was answered here once, one thread asks and the others wait."""
        with self._lock:
            probe = self._probes.setdefault((operation.service, operation.name), _Probe())
        with probe.lock:
            if not probe.settled:
                return self._probe(probe, operation, params)
        return probe.lacking or self._probe(probe, operation, params)

    def _probe(self, probe: _Probe, operation: Operation[Kept], params: Mapping[str, object]) -> Reply[Kept] | Lacking:
        reply = self._send(operation, params)
        if reply.failure and reply.failure.lacking and not probe.succeeded:
            again = self._send(operation, params)
            reply = replace(again, retries=reply.retries + again.retries + 1)
        if reply.failure and reply.failure.lacking and probe.succeeded:
            reply = replace(reply, failure=replace(reply.failure, cause=Cause.ERROR, lacking=False))
        self._note(operation, reply, first=True)
        probe.succeeded = probe.succeeded or reply.failure is None
        lacking = None
        if reply.failure and reply.failure.lacking:
            lacking = probe.lacking = (reply.failure, self.raw_of(operation, {}, reply, "1"))
        probe.settled = True
        return lacking or reply

    def _send(self, operation: Operation[Kept], params: Mapping[str, object]) -> Reply[Kept]:
        self._instruments.limiter.wait(self.account, self.region, operation)
        return self.connection.ask(operation, self.region, params)

    def _note(self, operation: AnyOperation, reply: Reply[Kept], *, first: bool) -> None:
        self.tally.note(operation, reply, first=first)
        self._instruments.meter.note(reply, self._instruments.clock())
        self._instruments.progress.called(self.account, self._scope, operation.action, throttled=reply.throttled)

    def raw_of(
        self, operation: AnyOperation, params: Mapping[str, object], reply: Reply[Kept], place: str
    ) -> RawResponse:
        """The line of the raw file for one reply; `place` is unique among the operation's."""
        shown = {name: params[name] for name in operation.params if name in params}
        return raw_response(operation, shown, reply, place, self._instruments.clock())


def _end(operation: AnyOperation, last: Reply[Kept]) -> Failure | None:
    """None when the last page is the last: one that leads back to an earlier one, or on and on, is not."""
    return malformed(operation.action) if last.failure is None and last.token else last.failure
