"""Says in one line why AWS cannot be asked at all, and what to do. Asks nothing."""

from scanner.model.errors import AccessError
from scanner.providers.aws import causes
from scanner.providers.failure import NO_CREDENTIALS, Failure


def no_access(failure: Failure) -> AccessError:
    """Nothing can be asked at all: why, and what to do."""
    if failure.code == NO_CREDENTIALS:
        return AccessError(
            "AWS: no usable credentials were found",
            hint="sign in (aws sso login), set AWS_PROFILE, or name a profile in providers.aws.profile",
        )
    if failure.code == causes.NO_PROFILE:
        return AccessError(
            "AWS: the profile that was named does not exist",
            hint="see AWS_PROFILE and providers.aws.profile; aws configure list-profiles shows those there are",
        )
    if failure.code == causes.NO_SIGN_IN_FILE:
        return AccessError(
            "AWS: a file to sign in with could not be read",
            hint="see AWS_WEB_IDENTITY_TOKEN_FILE, and web_identity_token_file in the profile",
        )
    if causes.is_of_credentials(failure):
        return AccessError(
            f"AWS refused the credentials ({failure.code})",
            hint="they have expired or are not valid here: sign in again and repeat the scan",
        )
    return AccessError(
        f"AWS could not be asked who these credentials belong to ({failure.call}: {causes.explain(failure)})",
        hint="check the network, the proxy, AWS_ENDPOINT_URL and providers.aws.endpoint_url",
    )
