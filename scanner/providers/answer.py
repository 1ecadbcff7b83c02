"""An operation's whole answer: its pages, why it ended, and the evidence. Asks nothing."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.raw import RawResponse
from scanner.model.unknown import Cause, Unknown
from scanner.providers.failure import Failure, MalformedReplyError
from scanner.providers.operation import AnyOperation, Kept, Operation
from scanner.providers.reply import Reply

Group = TypeVar("Group")


class Answer(msgspec.Struct, Generic[Kept], frozen=True, kw_only=True):
    """The pages that were read; `failure` is None when they are all there are. `raw` holds refusals as well.

    `captured_at` is set when another service recorded the answer at that time.
    """

    operation: Operation[Kept]
    pages: tuple[Kept, ...]
    failure: Failure | None
    raw: tuple[RawResponse, ...]
    captured_at: datetime | None = None

    def group(self, normalise: Callable[[tuple[Kept, ...]], Group]) -> Group | Unknown:
        """What `normalise` makes of the pages; Unknown when one is missing or does not hold what it must."""
        if self.failure is not None:
            return self.failure.unknown
        try:
            return normalise(self.pages)
        except MalformedReplyError:
            return Unknown(cause=Cause.ERROR, call=self.operation.action)

    def evidence(self, group: str) -> tuple[Evidence, ...]:
        """The answer as evidence of a group, a refusal too; nothing when no reply came."""
        return evidence_of(group, self.raw, self.captured_at)


AnyAnswer = Answer[Any]
"""An answer whatever its reply; the reply's type is only of use where the operation is named."""


def raw_response(
    operation: AnyOperation, shown: Mapping[str, object], reply: Reply[Kept], place: str, at: datetime
) -> RawResponse:
    """The line of the raw file for one reply.

    `shown` is what is kept of the request, and `place` is unique among the operation's.
    """
    body = b"{}" if reply.value is None else msgspec.json.encode(reply.value)
    return RawResponse(
        id=f"{operation.service}.{operation.name}/{place.strip('/')}",
        call=operation.action,
        operation=operation.name,
        params=msgspec.Raw(msgspec.json.encode(shown)),
        request_id=reply.request_id,
        at=at,
        status=reply.status,
        error=reply.failure.code if reply.failure else None,
        length=reply.length,
        sha256=reply.sha256,
        body=msgspec.Raw(body),
        body_sha256=hashlib.sha256(body).hexdigest(),
    )


def evidence_of(group: str, raw: Sequence[RawResponse], captured_at: datetime | None = None) -> tuple[Evidence, ...]:
    """The pages of one answer as evidence of a group; a call that got no reply is none."""
    replies = [response for response in raw if response.status]
    if not replies:
        return ()
    return (
        Evidence(
            group=group,
            call=replies[0].call,
            request_id=replies[0].request_id,
            sha256=_digest([response.sha256 for response in replies]),
            raw=replies[0].id,
            captured_at=captured_at,
        ),
    )


def _digest(digests: list[str]) -> str:
    """A single digest as it is; of several the digest of their hex digits, in order."""
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
