"""The only door to the SDK: guarded clients, the credential, and one request made into a reply. Judges nothing."""

import base64
import json
import logging
import re
import threading
from collections.abc import Collection, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from azure.core import PipelineClient
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    DecodeError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.core.pipeline import policies
from azure.core.pipeline.transport import HttpTransport, RequestsTransport
from azure.core.rest import HttpRequest, HttpResponse
from azure.identity import DefaultAzureCredential
from azure.keyvault.keys import KeyClient
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

from scanner.model.key import Provider
from scanner.model.snapshot import Endpoint
from scanner.providers.azure.access import no_access
from scanner.providers.azure.causes import failure, refusal
from scanner.providers.azure.clouds import is_official
from scanner.providers.azure.exchange import Exchange, Recorder
from scanner.providers.azure.guard import Door, ForbiddenOperationError, refuse
from scanner.providers.azure.keeping import keep, onward
from scanner.providers.azure.operations import VAULT_VERSION, is_segment
from scanner.providers.azure.plane import Plane, places_of, route_of
from scanner.providers.failure import MALFORMED, NO_CREDENTIALS, NOT_SENT, UNREACHABLE, Failure, MalformedReplyError
from scanner.providers.operation import AnyOperation, Kept, Operation
from scanner.providers.reply import Reply, reply_of

_OK, _UNAUTHORIZED = 300, 401
_BACKOFF_SECONDS = 0.8
_SIGN_IN_CODE = re.compile(r"AADSTS\d{4,9}")
_SERVICES: Mapping[Plane, str] = {
    Plane.MANAGEMENT: "management",
    Plane.VAULT: "keyvault",
    Plane.HSM: "managedhsm",
    Plane.LOGS: "loganalytics",
}
_MALFORMED = (DecodeError, MalformedReplyError, ValueError, TypeError, AttributeError, KeyError)
"""What the SDK raises on a reply or challenge that is well-formed but not what the service's interface says."""


class ClientSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How clients are made. `ca_file` is trusted besides nothing else, None for the system's own authorities."""

    management: str
    scope: str
    logs_scope: str
    authority: str
    own_authority: bool
    ca_file: str | None
    max_attempts: int
    connect_timeout_seconds: float
    read_timeout_seconds: float
    user_agent: str
    verify_challenge: bool


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What fills an operation's path, the query that is sent along, and a body for the operations that have one."""

    places: Mapping[str, str] = {}
    query: Mapping[str, str] = {}
    body: Mapping[str, object] | None = None


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who the token says we are."""

    id: str
    tenant: str | None


class Connection:
    """One identity and its guarded clients, one for each door; for use from any thread."""

    def __init__(self, settings: ClientSettings) -> None:
        logging.getLogger("azure").setLevel(logging.ERROR)
        self._settings = settings
        self._recorder = Recorder()
        self._credential = _credential(settings)
        self._clients: dict[Door, KeyClient | PipelineClient[HttpRequest, HttpResponse]] = {}
        self._endpoints: dict[Door, Endpoint] = {}
        self._lock = threading.Lock()

    @property
    def endpoints(self) -> frozenset[Endpoint]:
        """Where services were asked so far."""
        with self._lock:
            return frozenset(self._endpoints.values())

    def endpoints_at(self, doors: Collection[Door]) -> frozenset[Endpoint]:
        """Where these doors led, as far as they were asked so far, and those that are no vault's."""
        with self._lock:
            known = self._endpoints.items()
            return frozenset(found for door, found in known if door in doors or not _is_vault(door))

    def caller(self) -> Caller | Failure:
        """Who we are, from the token for the management plane; the token itself goes no further."""
        call = "sign-in"
        try:
            token = self._credential.get_token(self._settings.scope).token
        except ClientAuthenticationError as error:
            code = _SIGN_IN_CODE.search(error.message or "")
            return failure(f"{NO_CREDENTIALS}.{code[0]}" if code else NO_CREDENTIALS, call)
        except (AzureError, ValueError):
            return failure(NO_CREDENTIALS, call)
        return _caller(token)

    def ask(self, operation: Operation[Kept], door: Door, question: Question, link: str | None = None) -> Reply[Kept]:
        """Sends one request, or that for a further page; raises only ForbiddenOperationError, for one not allowed.

        Nobody is asked for what is not allowed, those who sign us in neither. A link or a name that Azure told and that
        no request of ours could hold is no request either: that is told, and hides nothing else.
        """
        request = _request(operation, door, question, link)
        with self._recorder.listening() as exchange:
            try:
                refuse(door, request.method, request.url, request.content)
                response = self._client(door).send_request(request)
                body = response.content
                if response.status_code >= _OK:
                    return reply_of(exchange, reason=refusal(response.status_code, body, operation.action))
                value, token = keep(operation, body), onward(body)
            except ForbiddenOperationError:
                if link is None and all(map(is_segment, question.places.values())):
                    raise
                return reply_of(exchange, reason=failure(MALFORMED if link else NOT_SENT, operation.action))
            except (AzureError, *_MALFORMED) as error:
                return reply_of(exchange, reason=_reason(error, exchange, operation))
        return reply_of(exchange, value=value, token=token)

    def release(self, door: Door | None = None) -> None:
        """Closes the client of a door, or all clients; one that is needed again is made anew."""
        with self._lock:
            doors = [place for place in self._clients if door in (None, place)]
            clients = [self._clients.pop(place) for place in doors]
        for client in clients:
            client.close()

    def _client(self, door: Door) -> KeyClient | PipelineClient[HttpRequest, HttpResponse]:
        with self._lock:
            client = self._clients.get(door)
            if client is None:
                client = self._clients[door] = self._new_client(door)
                self._endpoints[door] = _endpoint(door)
            return client

    def _new_client(self, door: Door) -> KeyClient | PipelineClient[HttpRequest, HttpResponse]:
        settings, transport = self._settings, _Guarded(door, _transport(self._settings), self._recorder)
        if _is_vault(door):
            return KeyClient(
                door.url,
                self._credential,
                api_version=VAULT_VERSION,
                transport=transport,
                retry_total=settings.max_attempts - 1,
                retry_backoff_factor=_BACKOFF_SECONDS,
                permit_redirects=False,
                user_agent=settings.user_agent,
                verify_challenge_resource=settings.verify_challenge,
            )
        scope = settings.logs_scope if door.plane is Plane.LOGS else settings.scope
        return PipelineClient(
            door.url,
            transport=transport,
            policies=[
                policies.RequestIdPolicy(),
                policies.UserAgentPolicy(settings.user_agent),
                policies.RetryPolicy(retry_total=settings.max_attempts - 1, retry_backoff_factor=_BACKOFF_SECONDS),
                ARMChallengeAuthenticationPolicy(self._credential, scope),
            ],
        )


class _Guarded(HttpTransport[Any, Any]):
    """A transport that opens no socket for what is not allowed at its door, and tells the recorder of the rest."""

    def __init__(self, door: Door, inner: RequestsTransport, recorder: Recorder) -> None:
        self._door = door
        self._inner = inner
        self._recorder = recorder

    def send(self, request: Any, **options: Any) -> Any:  # noqa: ANN401 (the SDK's transports have no closer type)
        """Sends an allowed request; raises ForbiddenOperationError for any other."""
        refuse(self._door, request.method, request.url, getattr(request, "content", None))
        exchange = self._recorder.current
        if exchange:
            exchange.sent()
        response = self._inner.send(request, **options)
        if exchange:
            exchange.reply(response.status_code, response.headers, response.content)
        return response

    def open(self) -> None:
        """Opens the session."""
        self._inner.open()

    def close(self) -> None:
        """Closes the session."""
        self._inner.close()

    def __enter__(self) -> Self:
        self._inner.open()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self._inner.close()


def _is_vault(door: Door) -> bool:
    """Whether a door is that of one vault or managed HSM."""
    return door.plane in {Plane.VAULT, Plane.HSM}


def _transport(settings: ClientSettings) -> RequestsTransport:
    return RequestsTransport(
        connection_timeout=settings.connect_timeout_seconds,
        read_timeout=settings.read_timeout_seconds,
        connection_verify=settings.ca_file or True,
    )


def _credential(settings: ClientSettings) -> DefaultAzureCredential:
    """The SDK's standard chain. Where nobody can vouch for an authority of our own, it is not asked about elsewhere.

    Raises AccessError where the environment names what nobody could sign in with, such as a secret that is empty.
    """
    options: dict[str, Any] = {"connection_verify": settings.ca_file} if settings.ca_file else {}
    if settings.own_authority:
        options |= {"authority": settings.authority, "disable_instance_discovery": True}
    try:
        return DefaultAzureCredential(retry_total=1, **options)
    except ValueError as error:
        raise no_access(failure(NO_CREDENTIALS, "sign-in")) from error


def _request(operation: AnyOperation, door: Door, question: Question, link: str | None) -> HttpRequest:
    route = route_of(operation)
    if link is not None:
        return HttpRequest(route.method, link)
    path = route.path
    for place in places_of(operation):
        path = path.replace(f"{{{place}}}", quote(question.places[place], safe=""))
    query = {**question.query, **({"api-version": route.version} if route.version else {})}
    url = f"{door.url.rstrip('/')}{path}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")
    return HttpRequest(route.method, url, json=question.body)


def _reason(error: Exception, exchange: Exchange, operation: AnyOperation) -> Failure:
    """Why a request gave nothing; a credential that is missing is told apart from an endpoint that is."""
    if isinstance(error, ClientAuthenticationError):
        return failure(NO_CREDENTIALS, operation.action)
    if isinstance(error, _MALFORMED):
        return failure(MALFORMED, operation.action)
    if isinstance(error, ServiceRequestError | ServiceResponseError):
        return failure(UNREACHABLE, operation.action)
    return failure(NOT_SENT if exchange.attempts == 0 else MALFORMED, operation.action)


def _endpoint(door: Door) -> Endpoint:
    host = urlsplit(door.url).hostname or ""
    return Endpoint(
        provider=Provider.AZURE, service=_SERVICES[door.plane], url=door.url, tls=True, official=is_official(host)
    )


def _caller(token: str) -> Caller | Failure:
    """The claims of a token; they are read to be shown, not to be trusted."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return Caller(id=str(claims["oid"]), tenant=claims.get("tid"))
    except (IndexError, ValueError, KeyError, TypeError, AttributeError):
        return failure(MALFORMED, "sign-in")
