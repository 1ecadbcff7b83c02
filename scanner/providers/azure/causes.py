"""What a refusal means: Azure's status and error codes become one of our causes. Asks nothing."""

import json
import re
from collections.abc import Mapping

from scanner.model.unknown import Cause
from scanner.providers.failure import EXPLANATIONS, NO_CREDENTIALS, Failure

FOREIGN_HOST = "ForeignHost"
FIREWALL = "ForbiddenByFirewall"

_CODE = re.compile(r"[A-Za-z0-9._-]{1,100}")
"""An error code; anything else in its place is free text and not kept."""

_FORBIDDEN, _TOO_MANY = 403, 429
_DENIED_PREFIX = "Forbidden"
_DENIED = frozenset({"AuthorizationFailed", "LinkedAuthorizationFailed", "AccessDenied", "InsufficientAccessError"})
_CREDENTIALS = frozenset(
    {
        "ExpiredAuthenticationToken",
        "InvalidAuthenticationToken",
        "InvalidAuthenticationTokenTenant",
        "AuthenticationFailed",
        "Unauthorized",
    }
)
_LACKING = frozenset(
    {
        "InvalidApiVersionParameter",
        "InvalidResourceType",
        "MissingSubscriptionRegistration",
        "NoRegisteredProviderFound",
        "NotSupported",
        "UnsupportedApiVersion",
        "InvalidResourceNamespace",
    }
)
"""Words for an interface that a cloud, subscription or vault does not have."""

_EXPLANATIONS: Mapping[str, str] = {
    **EXPLANATIONS,
    FOREIGN_HOST: "the vault's address is not one of this cloud's vaults",
    FIREWALL: "the vault's firewall does not let this address in (ForbiddenByFirewall)",
}
"""Our own codes in words; a provider's code speaks for itself."""


def is_of_credentials(reason: Failure) -> bool:
    """Whether the caller's credentials are missing, expired or refused as such."""
    return reason.code in _CREDENTIALS or reason.code.startswith(NO_CREDENTIALS)


def failure(code: str, call: str) -> Failure:
    """The meaning of one of our own codes."""
    return Failure(cause=Cause.ERROR, call=call, code=code)


def refusal(status: int, body: bytes, call: str) -> Failure:
    """The meaning of a reply that is no success. The innermost code says most: it tells a firewall from a policy."""
    code = _code(body)
    return Failure(cause=_cause(status, code), call=call, code=code or f"Http{status}")


def explain(reason: Failure) -> str:
    """Why a call gave nothing, for people."""
    return _EXPLANATIONS.get(reason.code, reason.code)


def _cause(status: int, code: str | None) -> Cause:
    if status == _TOO_MANY:
        return Cause.THROTTLED
    if code in _LACKING:
        return Cause.UNSUPPORTED
    if status == _FORBIDDEN or code in _DENIED or (code or "").startswith(_DENIED_PREFIX):
        return Cause.DENIED
    return Cause.ERROR


def _code(body: bytes) -> str | None:
    """The innermost error code of the body; None when there is none that may be kept."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    error = document.get("error") if isinstance(document, dict) else None
    found = document.get("code") if isinstance(document, dict) else None
    while isinstance(error, dict):
        found = error.get("code") or found
        error = error.get("innererror")
    return found if isinstance(found, str) and _CODE.fullmatch(found) else None
