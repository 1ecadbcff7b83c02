"""What a refusal means: a gRPC status and Google's reason become one of our causes. Asks nothing.

https://cloud.google.com/apis/design/errors
"""

from collections.abc import Mapping

from scanner.model.unknown import Cause
from scanner.providers.failure import EXPLANATIONS, NO_CREDENTIALS, Failure

SERVICE_DISABLED = "SERVICE_DISABLED"
"""Google's reason for a refusal where the service is not enabled in the project that is asked about."""

EXPIRED = "CredentialsExpired"
_THROTTLED = frozenset({"RESOURCE_EXHAUSTED"})
_DENIED = frozenset({"PERMISSION_DENIED"})
RETRIED = frozenset({"UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "INTERNAL", "ABORTED"})
"""Statuses after which asking again may help."""

HTTP: Mapping[str, int] = {
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "UNAUTHENTICATED": 401,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
}
"""The HTTP status that stands for a gRPC status, as Google maps them."""

_EXPLANATIONS: Mapping[str, str] = {
    **EXPLANATIONS,
    SERVICE_DISABLED: "the service is not enabled in the project",
    EXPIRED: "the credentials have expired",
}


def failure(status: str, reason: str | None, call: str) -> Failure:
    """The meaning of a gRPC status, with Google's reason for it where one was given."""
    if reason == SERVICE_DISABLED:
        return Failure(cause=Cause.UNSUPPORTED, call=call, code=SERVICE_DISABLED)
    return Failure(cause=_cause(status), call=call, code=reason or status, lacking=status == "UNIMPLEMENTED")


def explain(reason: Failure) -> str:
    """Why a call gave nothing, for people."""
    return _EXPLANATIONS.get(reason.code, reason.code)


def is_disabled(reason: Failure | None) -> bool:
    """Whether the service is not enabled in the project."""
    return reason is not None and reason.code == SERVICE_DISABLED


def is_of_credentials(reason: Failure) -> bool:
    """Whether the caller's credentials are missing, expired or refused as such."""
    return reason.code in {NO_CREDENTIALS, EXPIRED, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED", "CREDENTIALS_MISSING"}


def _cause(status: str) -> Cause:
    if status in _DENIED:
        return Cause.DENIED
    if status in _THROTTLED:
        return Cause.THROTTLED
    return Cause.UNSUPPORTED if status == "UNIMPLEMENTED" else Cause.ERROR
