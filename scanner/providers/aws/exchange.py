"""What went over the wire during one call: bytes, status, attempts. Keeps a digest, never a body; imports no SDK."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from scanner.providers.aws.causes import is_throttle
from scanner.providers.failure import MalformedReplyError

_ERROR_DOCUMENT = re.compile(rb"\s*(<\?xml[^>]*>\s*)?<(ErrorResponse|Response|Error)[\s>]")
_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<([A-Za-z_][\w.-]*)[\s/>]")
_LACKING = (404, 500, 501)
_OK = 300
_REQUEST_ID = ("x-amzn-requestid", "x-amz-request-id", "x-amz-requestid")


class ForeignReplyError(Exception):
    """An error page that is not in the service's protocol: the endpoint does not have the operation."""


class _ServiceModel(Protocol):
    resolved_protocol: str


class _OperationModel(Protocol):
    name: str
    service_model: _ServiceModel


class Emitter(Protocol):
    """The part of an SDK session's event emitter that the recorder needs."""

    def register_last(self, event_name: str, handler: object) -> None:
        """Calls the handler after all others."""


class Exchange:
    """One call as it happened, over all its attempts; digest, length and status are of the last reply."""

    def __init__(self, operation: str, document: str | None) -> None:
        self.operation = operation
        self.document = document
        self.attempts = 0
        self.throttled = 0
        self.status = 0
        self.length = 0
        self.sha256 = hashlib.sha256().hexdigest()
        self.request_id: str | None = None
        self.date: datetime | None = None

    @property
    def retries(self) -> int:
        """Attempts after the first."""
        return max(0, self.attempts - 1)

    def reply(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Notes one reply."""
        self.status = status
        self.length = len(body)
        self.sha256 = hashlib.sha256(body).hexdigest()
        self.request_id = next((headers[name] for name in _REQUEST_ID if headers.get(name)), None)
        self.date = _date(headers.get("date"))


class Recorder:
    """Listens to the calls of a session, each in its own thread; calls made on the way (a sign-in) do not mix in."""

    def __init__(self) -> None:
        self._local = threading.local()

    def install(self, emitter: Emitter) -> None:
        """Listens to every client that will be made from the emitter's session."""
        emitter.register_last("before-send", self._sent)
        emitter.register_last("before-parse", self._replied)
        emitter.register_last("response-received", self._judged)

    @contextmanager
    def listening(self, operation: str, document: str | None) -> Iterator[Exchange]:
        """The exchange of the call that is made inside the block; `document` is the root of its answer in XML."""
        outer, exchange = self._current, Exchange(operation, document)
        self._local.current = exchange
        try:
            yield exchange
        finally:
            self._local.current = outer

    @property
    def _current(self) -> Exchange | None:
        current = getattr(self._local, "current", None)
        return current if isinstance(current, Exchange) else None

    def _sent(self, event_name: str, **_: object) -> None:
        exchange = self._current
        if exchange and event_name.endswith(f".{exchange.operation}"):
            exchange.attempts += 1

    def _replied(self, operation_model: _OperationModel, response_dict: Mapping[str, object], **_: object) -> None:
        exchange = self._current
        if exchange is None or operation_model.name != exchange.operation:
            return
        status, headers, body = response_dict["status_code"], response_dict["headers"], response_dict["body"]
        if not (isinstance(status, int) and isinstance(headers, Mapping) and isinstance(body, bytes)):
            raise MalformedReplyError(operation_model.name)
        exchange.reply(status, headers, body)
        protocol = operation_model.service_model.resolved_protocol
        check_protocol(protocol, status, headers, body)
        if status < _OK and "json" not in protocol and "cbor" not in protocol:
            check_root(exchange.operation, exchange.document, body)

    def _judged(self, event_name: str, parsed_response: Mapping[str, object] | None, **_: object) -> None:
        exchange = self._current
        if exchange is None or parsed_response is None or not event_name.endswith(f".{exchange.operation}"):
            return
        error = parsed_response.get("Error")
        if isinstance(error, Mapping) and is_throttle(str(error.get("Code"))):
            exchange.throttled += 1


def check_protocol(protocol: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Raises when a reply is not in its service's protocol, which the SDK would read as an empty answer.

    ForeignReplyError for an error page that an endpoint gives for operations it lacks, MalformedReplyError for a
    success that cannot be read. The form of binary replies and of XML is left to the SDK, which checks it.
    """
    if status in _LACKING and not _names_an_error(protocol, headers, body):
        raise ForeignReplyError(str(status))
    if status < _OK and "json" in protocol and _json_object(body) is None:
        raise MalformedReplyError(str(status))


def check_root(operation: str, document: str | None, body: bytes) -> None:
    """Raises MalformedReplyError when a success in XML is another document, such as a proxy's page, or empty.

    The root is the service's own name for the `document`, or begins with the operation's. The SDK reads anything else
    as an answer that says nothing, and where a service says "off" by saying nothing that would be a lie.
    """
    found = _ROOT.match(body)
    name = found[1].decode() if found else ""
    if name != (document or operation) and not name.startswith(operation):
        raise MalformedReplyError(operation)


def _names_an_error(protocol: str, headers: Mapping[str, str], body: bytes) -> bool:
    if headers.get("x-amzn-errortype"):
        return True
    if "json" in protocol:
        document = _json_object(body) or {}
        return any(document.get(name) for name in ("__type", "code"))
    return "cbor" in protocol or bool(_ERROR_DOCUMENT.match(body))


def _json_object(body: bytes) -> dict[str, object] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _date(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC) if text else None
    except ValueError:
        return None
