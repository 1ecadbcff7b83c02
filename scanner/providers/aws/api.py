"""The only door to the SDK: guarded sessions, clients, and one call made into a reply. Judges and stores nothing."""

import re
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
import msgspec
from botocore import xform_name
from botocore.config import Config
from botocore.credentials import CredentialResolver, RefreshableCredentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigParseError,
    CredentialRetrievalError,
    HTTPClientError,
    InfiniteLoopConfigError,
    InvalidConfigError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
    UnknownCredentialError,
)
from botocore.exceptions import ConnectionError as NoConnectionError
from botocore.loaders import create_loader
from botocore.parsers import ResponseParserError
from botocore.utils import parse_timestamp
from msgspec.structs import replace

from scanner.model.decoding import convert
from scanner.model.key import Provider
from scanner.model.partitions import partition_of
from scanner.model.snapshot import Endpoint
from scanner.providers.aws import causes, replies
from scanner.providers.aws.causes import failure
from scanner.providers.aws.exchange import ForeignReplyError, Recorder
from scanner.providers.aws.guard import ForbiddenOperationError, guard
from scanner.providers.aws.offered import is_missing
from scanner.providers.aws.operations import ASSUME_ROLE, GET_CALLER_IDENTITY
from scanner.providers.aws.operations_estate import ESTATE_OPERATIONS
from scanner.providers.aws.stores.services import STORE_OPERATIONS
from scanner.providers.embedded import unpacked
from scanner.providers.failure import (
    FOREIGN,
    MALFORMED,
    NO_CREDENTIALS,
    NOT_SENT,
    UNREACHABLE,
    Failure,
    MalformedReplyError,
)
from scanner.providers.operation import AnyOperation, Kept, Operation
from scanner.providers.reply import Reply, reply_of

_OFFICIAL = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
)
"""Where the provider's own endpoints are, in all its partitions."""

_REGIONAL = frozenset({"kms", "config", "resourcegroupstaggingapi", "cloudtrail"}) | {
    operation.service for operation in (*STORE_OPERATIONS, *ESTATE_OPERATIONS)
}
"""The services asked in each region; the others are asked in one region for the whole account."""

_CODE = re.compile(r"[A-Za-z0-9._-]{1,100}")
"""An error code; anything else in its place is free text and not kept."""


class _StaleCredentialsError(Exception):
    """Credentials that were renewed and are expired all the same."""


_REASONS: Mapping[str, tuple[type[Exception], ...]] = {
    NO_CREDENTIALS: (
        NoCredentialsError,
        PartialCredentialsError,
        CredentialRetrievalError,
        TokenRetrievalError,
        SSOError,
        ConfigParseError,
        InvalidConfigError,
        InfiniteLoopConfigError,
        UnknownCredentialError,
    ),
    causes.STALE: (_StaleCredentialsError,),
    causes.NO_PROFILE: (ProfileNotFound,),
    FOREIGN: (ForeignReplyError,),
    UNREACHABLE: (NoConnectionError, HTTPClientError),
    NOT_SENT: (BotoCoreError, ForbiddenOperationError),
    MALFORMED: (ResponseParserError, MalformedReplyError, ValueError, TypeError, AttributeError, KeyError),
    causes.NO_SIGN_IN_FILE: (OSError,),
}
"""What the SDK raises, by our code for it; the first that fits counts.

MALFORMED is what the SDK's parsers raise on a body that is well-formed but not what the service's model says. A
forbidden operation here is one that the SDK wanted on the way (to look for a bucket, say), not the one asked for. What
the system itself refuses on the way is a file to sign in with, such as the token of a web identity.
"""

_FAILURES = (ClientError, *(error for errors in _REASONS.values() for error in errors))


class ClientSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How clients are made."""

    endpoint_url: str | None
    connections: int
    max_attempts: int
    connect_timeout_seconds: float
    read_timeout_seconds: float
    user_agent: str


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A role to assume. The external id is sent and nowhere kept."""

    arn: str
    external_id: str | None
    session_name: str


class Connection:
    """One identity's guarded session and its clients, one for each region and service; for use from any thread."""

    def __init__(self, session: botocore.session.Session, settings: ClientSettings) -> None:
        self._recorder = Recorder()
        emitter = session.get_component("event_emitter")
        guard(emitter)
        self._recorder.install(emitter)
        session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_utc)
        self._core = session
        self._session = boto3.Session(botocore_session=session)
        self._settings = settings
        self._config = _config(settings, session.user_agent())
        self._clients: dict[tuple[str, str], Any] = {}
        self._endpoints: set[Endpoint] = set()
        self._lock = threading.Lock()

    @property
    def region(self) -> str | None:
        """The region that the credentials' own configuration names."""
        region = self._session.region_name
        return region if isinstance(region, str) else None

    @property
    def endpoints(self) -> frozenset[Endpoint]:
        """Where services were asked so far."""
        with self._lock:
            return frozenset(self._endpoints)

    def release(self, region: str | None = None) -> None:
        """Closes the clients that read a region's records, or all clients; one that is needed again is made anew."""
        with self._lock:
            places = [
                place for place in self._clients if region is None or (place[0] == region and place[1] in _REGIONAL)
            ]
            clients = [self._clients.pop(place) for place in places]
        for client in clients:
            client.close()

    def ask(self, operation: Operation[Kept], region: str, params: Mapping[str, object]) -> Reply[Kept]:
        """Calls one allowed operation; raises only ForbiddenOperationError, for one that is not."""
        return self._call(operation, region, params)[1]

    def assume(self, role: Role, region: str) -> tuple["Connection | None", Reply[replies.AssumeRole]]:
        """A session of its own as the role, which renews itself, or None with the reply that says why not."""
        parsed, reply = self._call(ASSUME_ROLE, region, _role_params(role))
        metadata = _metadata(parsed)
        if metadata is None:
            return None, reply if reply.failure else replace(reply, failure=failure(MALFORMED, ASSUME_ROLE.action))
        credentials = RefreshableCredentials.create_from_metadata(
            metadata=metadata,
            refresh_using=lambda: self._renew(role, region),
            method="sts-assume-role",
        )
        session = botocore.session.Session()
        session.register_component("data_loader", self._core.get_component("data_loader"))
        session.register_component("credential_provider", CredentialResolver([_Assumed(credentials)]))
        return Connection(session, self._settings), reply

    def _renew(self, role: Role, region: str) -> dict[str, str]:
        parsed, reply = self._call(ASSUME_ROLE, region, _role_params(role))
        metadata = _metadata(parsed)
        if metadata is None:
            code = reply.failure.code if reply.failure else MALFORMED
            raise CredentialRetrievalError(provider="sts-assume-role", error_msg=code)
        return metadata

    def _call(
        self, operation: Operation[Kept], region: str, params: Mapping[str, object]
    ) -> tuple[Mapping[str, Any], Reply[Kept]]:
        """The answer as the SDK gives it, for the session's own use, and what is kept of it."""
        with self._recorder.listening(operation.name, operation.document) as exchange:
            try:
                parsed = _sent(getattr(self._client(region, operation.service), xform_name(operation.name)), params)
                value = convert(unpacked(parsed, operation.embedded), operation.reply)
                token = _token(operation, parsed)
            except _FAILURES as error:
                return {}, reply_of(exchange, reason=self._why(error, operation, region))
        return parsed, reply_of(exchange, value=value, token=token)

    def _why(self, error: Exception, operation: AnyOperation, region: str) -> Failure:
        """Why a call gave nothing; that an endpoint cannot be reached may be since there is none."""
        reason = _reason(error, operation)
        if reason.code != UNREACHABLE or self._settings.endpoint_url is not None:
            return reason
        serving, known = (
            self._session.get_available_regions(service, partition_of(region)) for service in (operation.service, "kms")
        )
        missing = is_missing(error, region, serving=serving, known=known)
        return failure(causes.NOT_OFFERED, operation.action) if missing else reason

    def _client(self, region: str, service: str) -> Any:  # noqa: ANN401 (clients have no static type)
        with self._lock:
            client = self._clients.get((region, service))
            if client is None:
                client = self._session.client(
                    service,
                    region_name=region,
                    endpoint_url=self._settings.endpoint_url,
                    config=self._config,
                )
                self._clients[region, service] = client
                self._endpoints.add(_endpoint(service, client.meta.endpoint_url))
            return client


def connect(profile: str | None, settings: ClientSettings) -> Connection | Failure:
    """A session with ambient credentials or those of a profile; one that does not exist or be read is a failure."""
    session = botocore.session.Session(profile=profile)
    try:
        session.get_scoped_config()
        session.register_component("data_loader", _models(session.get_config_variable("data_path")))
    except _FAILURES as error:
        return _reason(error, GET_CALLER_IDENTITY)
    return Connection(session, settings)


@cache
def _models(path: str | None) -> Any:  # noqa: ANN401 (the SDK's loader has no static type)
    """The loader of the services' models, which are read once however many sessions there are."""
    return create_loader(path)


class _Assumed:
    """Hands assumed credentials to a session; the SDK asks providers in turn and this is the only one."""

    METHOD = "sts-assume-role"
    CANONICAL_NAME = None

    def __init__(self, credentials: RefreshableCredentials) -> None:
        self._credentials = credentials

    def load(self) -> RefreshableCredentials:
        """The credentials."""
        return self._credentials


def _sent(call: Callable[..., Any], params: Mapping[str, object]) -> Any:  # noqa: ANN401 (the SDK is not typed)
    """The SDK's answer; raises _StaleCredentialsError where it signs with credentials that renewing did not help.

    For those the SDK raises a bare RuntimeError; what is derived from it is another matter.
    """
    try:
        return call(**params)
    except RuntimeError as error:
        if type(error) is RuntimeError:
            raise _StaleCredentialsError from error
        raise


def _config(settings: ClientSettings, sdk: str) -> Config:
    """How calls are made; who makes them is worded once, because the SDK would word it anew for each call."""
    return Config(
        retries={"mode": "standard", "total_max_attempts": settings.max_attempts},
        max_pool_connections=settings.connections,
        connect_timeout=settings.connect_timeout_seconds,
        read_timeout=settings.read_timeout_seconds,
        user_agent=f"{sdk} {settings.user_agent}",
    )


def _endpoint(service: str, url: str) -> Endpoint:
    parts = urlsplit(url)
    official = f".{parts.hostname or ''}".endswith(_OFFICIAL)
    return Endpoint(provider=Provider.AWS, service=service, url=url, tls=parts.scheme == "https", official=official)


def _reason(error: Exception, operation: AnyOperation) -> Failure:
    """Why a call gave nothing; a refusal may be of a sign-in that the SDK made on the way."""
    if isinstance(error, ClientError):
        code = str(error.response.get("Error", {}).get("Code"))
        call = operation.action if error.operation_name == operation.name else f"sts:{error.operation_name}"
        return failure(code if _CODE.fullmatch(code) else MALFORMED, call)
    code = next(code for code, errors in _REASONS.items() if isinstance(error, errors))
    return failure(code, operation.action)


def _token(operation: AnyOperation, parsed: Mapping[str, object]) -> str | None:
    """The token of the next page; raises MalformedReplyError when there is one and nobody says how to get it."""
    paging = operation.paging
    if paging is None or (paging.flag and parsed.get(paging.flag) is False):
        return None
    token = parsed.get(paging.reply)
    if isinstance(token, str) and token:
        return token
    if paging.flag and parsed.get(paging.flag):
        raise MalformedReplyError(operation.name)
    return None


def _role_params(role: Role) -> dict[str, object]:
    params: dict[str, object] = {"RoleArn": role.arn, "RoleSessionName": role.session_name}
    return params | ({"ExternalId": role.external_id} if role.external_id else {})


def _metadata(parsed: Mapping[str, Any]) -> dict[str, str] | None:
    """The credentials of a reply in the form in which the SDK renews them; None when it brought none."""
    credentials = parsed.get("Credentials") or {}
    names = {"access_key": "AccessKeyId", "secret_key": "SecretAccessKey", "token": "SessionToken"}
    if not all(credentials.get(name) for name in (*names.values(), "Expiration")):
        return None
    found = {ours: str(credentials[theirs]) for ours, theirs in names.items()}
    return found | {"expiry_time": credentials["Expiration"].isoformat()}


def _utc(value: object) -> datetime:
    moment: datetime = parse_timestamp(value)
    return moment.astimezone(UTC)
