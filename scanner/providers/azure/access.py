"""Says in one line why Azure cannot be asked at all, and what to do. Asks nothing."""

from scanner.model.errors import AccessError
from scanner.providers.azure import causes
from scanner.providers.azure.causes import is_of_credentials
from scanner.providers.failure import NO_CREDENTIALS, Failure

_SIGN_IN = "sign in with az login, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, and repeat the scan"


def no_access(failure: Failure) -> AccessError:
    """Nothing can be asked at all: why, and what to do."""
    if failure.code == NO_CREDENTIALS:
        return AccessError("Azure: no usable credentials were found", hint=_SIGN_IN)
    if failure.code.startswith(f"{NO_CREDENTIALS}."):
        code = failure.code.removeprefix(f"{NO_CREDENTIALS}.")
        return AccessError(f"Azure refused the credentials ({code}): expired, or not valid here", hint=_SIGN_IN)
    if is_of_credentials(failure):
        return AccessError(f"Azure refused the token ({failure.code})", hint=_SIGN_IN)
    return AccessError(
        f"Azure could not be asked for its subscriptions ({failure.call}: {causes.explain(failure)})",
        hint="check the network, the proxy, providers.azure.cloud and providers.azure.endpoints",
    )


def no_subscriptions() -> AccessError:
    """The credentials work and see nothing."""
    return AccessError(
        "Azure: the credentials can see no subscription",
        hint="give them the role that `keymuster permissions azure` prints, on a management group or on subscriptions",
    )
