"""Why a call gave nothing: one of our causes, with the provider's code or one of ours. Asks nothing."""

from collections.abc import Mapping

import msgspec

from scanner.model.unknown import Cause, Unknown

FOREIGN = "NotTheServicesProtocol"
"""Our word for an error page that is not in the service's protocol: the endpoint does not know the operation."""

MALFORMED = "MalformedReply"
UNREACHABLE = "Unreachable"
NO_CREDENTIALS = "NoCredentials"
NOT_SENT = "NotSent"

EXPLANATIONS: Mapping[str, str] = {
    FOREIGN: "the endpoint does not have this operation",
    MALFORMED: "the reply could not be read",
    UNREACHABLE: "the endpoint could not be reached",
    NO_CREDENTIALS: "no usable credentials were found",
    NOT_SENT: "the request could not be made",
}
"""Our own codes in words; a provider's code speaks for itself."""


class MalformedReplyError(Exception):
    """A reply that breaks the service's protocol or lacks what it must say."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a call gave nothing. `lacking` marks an endpoint that does not have the operation at all."""

    cause: Cause
    call: str
    code: str
    lacking: bool = False

    @property
    def unknown(self) -> Unknown:
        """The failure as a group's value."""
        return Unknown(cause=self.cause, call=self.call)


def malformed(call: str) -> Failure:
    """An answer that could not be read."""
    return Failure(cause=Cause.ERROR, call=call, code=MALFORMED)
