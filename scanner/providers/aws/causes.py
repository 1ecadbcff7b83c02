"""What a refusal means: a provider's error code becomes one of our causes. Asks nothing."""

from collections.abc import Mapping

from scanner.model.unknown import Cause
from scanner.providers.failure import EXPLANATIONS, FOREIGN, NO_CREDENTIALS, Failure

_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AccessDeniedForDependencyException",
        "AllAccessDisabled",
        "AuthorizationError",
        "ForbiddenException",
        "InsufficientPrivilegesException",
        "NotAuthorized",
        "OptInRequired",
        "UnauthorizedAccess",
        "UnauthorizedOperation",
    }
)
_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttled",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_NO_SUCH_OPERATION = frozenset(
    {"InvalidAction", "NotImplemented", "UnknownOperation", "UnknownOperationException", "UnsupportedOperation"}
)
_CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "MissingAuthenticationToken",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "TokenRefreshRequired",
        "UnrecognizedClientException",
    }
)

NOT_FOR_THIS_KEY = "UnsupportedOperationException"
"""The key service's word for an operation that this kind of key does not have."""

NOT_OFFERED = "NotOffered"
"""Our word for a service that a region does not have, as far as that can be told."""

STALE = "StaleCredentials"
NO_PROFILE = "NoProfile"
NO_SIGN_IN_FILE = "NoSignInFile"
NO_WAY_IN = "NoWayIn"
OTHER_ACCOUNT = "OtherAccount"

_EXPLANATIONS: Mapping[str, str] = {
    **EXPLANATIONS,
    NOT_OFFERED: "the region does not have this service",
    STALE: "the credentials were renewed and are expired all the same",
    NO_PROFILE: "there is no such profile",
    NO_SIGN_IN_FILE: "a file to sign in with could not be read",
    NO_WAY_IN: "neither a role nor a profile is configured for this account",
    OTHER_ACCOUNT: "the credentials belong to another account",
}


def failure(code: str, call: str) -> Failure:
    """The meaning of a provider's error code."""
    if code == FOREIGN or code in _NO_SUCH_OPERATION:
        return Failure(cause=Cause.UNSUPPORTED, call=call, code=code, lacking=True)
    return Failure(cause=_cause(code), call=call, code=code)


def is_of_credentials(reason: Failure) -> bool:
    """Whether the caller's credentials are missing, expired or refused as such."""
    return reason.code in _CREDENTIALS or reason.code in {NO_CREDENTIALS, STALE, NO_PROFILE, NO_SIGN_IN_FILE}


def is_throttle(code: str) -> bool:
    """Whether the code asks for patience."""
    return code in _THROTTLED


def explain(reason: Failure) -> str:
    """Why a call gave nothing, for people."""
    return _EXPLANATIONS.get(reason.code, reason.code)


def _cause(code: str) -> Cause:
    if code in _DENIED:
        return Cause.DENIED
    if code in _THROTTLED:
        return Cause.THROTTLED
    if code in {NOT_FOR_THIS_KEY, NOT_OFFERED}:
        return Cause.UNSUPPORTED
    return Cause.ERROR
