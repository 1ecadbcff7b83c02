"""Says in one line why Google Cloud cannot be asked at all, and what to do. Asks nothing."""

from scanner.model.errors import AccessError
from scanner.providers.failure import NO_CREDENTIALS, UNREACHABLE, Failure
from scanner.providers.gcp.causes import explain, is_of_credentials

_LOG_IN = "gcloud auth application-default login"


def no_access(failure: Failure) -> AccessError:
    """Nothing can be asked at all: why, and what to do."""
    if failure.code == NO_CREDENTIALS:
        return AccessError(
            "Google Cloud: no usable application default credentials were found",
            hint=f"sign in ({_LOG_IN}), or set GOOGLE_APPLICATION_CREDENTIALS to a credential file",
        )
    if is_of_credentials(failure):
        return AccessError(
            f"Google Cloud refused the credentials ({explain(failure)})",
            hint=f"they have expired or were revoked: sign in again ({_LOG_IN}) and repeat the scan",
        )
    if failure.code == UNREACHABLE:
        return AccessError(
            "Google Cloud could not be reached to prove the credentials",
            hint="check the network, the proxy and providers.gcp.endpoint_url",
        )
    return AccessError(
        f"Google Cloud could not be asked ({failure.call}: {explain(failure)})",
        hint="check the network, the proxy and providers.gcp.endpoint_url",
    )


def no_project() -> AccessError:
    """Nothing says which projects to read."""
    return AccessError(
        "Google Cloud: no project to scan: the credentials name none, and the configuration neither",
        hint="name projects in providers.gcp.projects, or organisations and folders in providers.gcp.discover",
    )
