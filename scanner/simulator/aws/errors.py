"""How the simulated services refuse a call, and how the simulator admits a fault of its own. Renders nothing."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class AwsError(Exception):
    """A service's refusal: `code` and `message` as AWS words them, HTTP status, extra headers."""

    code: str
    message: str
    status: int = 400
    headers: tuple[tuple[str, str], ...] = field(default=())


class SimulatorError(Exception):
    """The simulator itself is wrong: a reply that does not fit the service's model, or a crash in a handler."""


_FORMS = ("sts", "iam", "rds", "sns", "redshift", "elasticache")
"""The services that are asked by a form and answer in XML."""

_REST = ("account", "backup", "lambda", "es", "elasticfilesystem", "eks", "kafka")
"""The services whose calls are told apart by method and path, and that answer in JSON."""

_DENIED = {
    **dict.fromkeys(_REST, ("AccessDeniedException", 403)),
    **dict.fromkeys(_FORMS, ("AccessDenied", 403)),
    "s3": ("AccessDenied", 403),
    "sns": ("AuthorizationError", 403),
    "ec2": ("UnauthorizedOperation", 403),
}
_THROTTLED = {
    **dict.fromkeys(_FORMS, ("Throttling", 400)),
    "s3": ("SlowDown", 503),
    "sns": ("Throttled", 400),
    "ec2": ("RequestLimitExceeded", 503),
    **dict.fromkeys(_REST, ("TooManyRequestsException", 429)),
    "kinesis": ("LimitExceededException", 400),
    "organizations": ("TooManyRequestsException", 400),
    "tag": ("ThrottledException", 400),
}
_UNKNOWN_OPERATION = {
    **dict.fromkeys(_FORMS, ("InvalidAction", 400)),
    "s3": ("NotImplemented", 501),
    "ec2": ("InvalidAction", 400),
    **dict.fromkeys(_REST, ("UnknownOperationException", 404)),
}
_FAILED = {"kms": "KMSInternalException", "s3": "InternalError", "ec2": "InternalError"}
_BAD_TOKEN = {
    **dict.fromkeys(_FORMS, ("InvalidClientTokenId", 403)),
    "s3": ("InvalidAccessKeyId", 403),
    "ec2": ("AuthFailure", 401),
}


def denied(service: str, operation: str, principal: str, resource: str) -> AwsError:
    """The refusal of a caller whose policies do not allow the operation."""
    code, status = _DENIED.get(service, ("AccessDeniedException", 400))
    on = f" on resource: {resource}" if resource else ""
    return AwsError(
        code,
        f"User: {principal} is not authorized to perform: {service}:{operation}{on} "
        f"because no identity-based policy allows the {service}:{operation} action",
        status,
    )


def throttled(service: str) -> AwsError:
    """The refusal of a caller who asks too often."""
    code, status = _THROTTLED.get(service, ("ThrottlingException", 400))
    return AwsError(code, "Rate exceeded", status)


def unknown_operation(service: str, operation: str) -> AwsError:
    """The answer to an operation that the endpoint does not have."""
    code, status = _UNKNOWN_OPERATION.get(service, ("UnknownOperationException", 400))
    return AwsError(code, f"The operation {operation} is not known at this endpoint.", status)


def failed(service: str) -> AwsError:
    """An internal error of the service."""
    return AwsError(_FAILED.get(service, "InternalFailure"), "An internal error has occurred.", 500)


def bad_token(service: str) -> AwsError:
    """The refusal of credentials that no account knows, or that the region does not accept."""
    code, status = _BAD_TOKEN.get(service, ("UnrecognizedClientException", 400))
    return AwsError(code, "The security token included in the request is invalid.", status)


def expired_token(service: str) -> AwsError:
    """The refusal of a session that is over."""
    code = "ExpiredToken" if service in {"s3", *_FORMS} else "ExpiredTokenException"
    return AwsError(
        code, "The security token included in the request is expired", 403 if code == "ExpiredToken" else 400
    )
