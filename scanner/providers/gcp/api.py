"""The only door to the SDK: guarded channels, and one call made into a reply. Judges and stores nothing."""

import hashlib
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import google.auth
import grpc
import msgspec
from google.api_core import exceptions, gapic_v1, grpc_helpers
from google.auth import credentials as auth
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import Request
from google.cloud.asset_v1.types import asset_service as assets
from google.cloud.audit import audit_log_pb2
from google.cloud.iam_admin_v1.types import iam as roles
from google.cloud.iam_v2.types import policy as deny
from google.cloud.kms_inventory_v1.types import key_dashboard_service as dashboard
from google.cloud.kms_inventory_v1.types import key_tracking_service as tracking
from google.cloud.kms_v1.types import autokey, autokey_admin, ekm_service
from google.cloud.kms_v1.types import service as kms
from google.cloud.location import locations_pb2
from google.cloud.logging_v2.types import logging, logging_config, logging_metrics
from google.cloud.monitoring_v3.types import alert_service, notification_service, snooze_service
from google.cloud.resourcemanager_v3.types import folders, organizations, projects
from google.iam.v1 import iam_policy_pb2, policy_pb2
from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from msgspec.structs import replace

from scanner.model.decoding import convert
from scanner.model.key import Provider
from scanner.model.snapshot import Endpoint
from scanner.model.unknown import Cause
from scanner.providers.failure import NO_CREDENTIALS, UNREACHABLE, Failure, malformed
from scanner.providers.gcp import operations as table
from scanner.providers.gcp import operations_around as around
from scanner.providers.gcp import operations_watching as watching
from scanner.providers.gcp.causes import EXPIRED, HTTP, RETRIED, failure
from scanner.providers.gcp.guard import refuse
from scanner.providers.operation import AnyOperation, Kept, Operation
from scanner.providers.reply import Reply

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_SIGN_IN = "application default credentials"
_LARGEST = 64 * 1024 * 1024
_NO_REPLY = re.compile(r"failed to connect|connections to all|DNS|ocket closed|recvmsg|onnection reset|tream removed")
"""What gRPC itself says when no reply came: the status is the same as that of a service that is down."""

_ROUTED_BY = ("parent", "name", "resource", "scope")
_REASON = re.compile(r"[A-Z][A-Z0-9_]{1,62}")

Messages: TypeAlias = tuple[Any, Any]
"""The types of a method's request and reply, in either of the SDK's two styles."""

_POLICY: Messages = (iam_policy_pb2.GetIamPolicyRequest, policy_pb2.Policy)
_MESSAGES: Mapping[str, Messages] = {
    table.method_of(operation): messages
    for operation, messages in (
        (table.INVENTORY_KEYS, (dashboard.ListCryptoKeysRequest, dashboard.ListCryptoKeysResponse)),
        (table.LIST_LOCATIONS, (locations_pb2.ListLocationsRequest, locations_pb2.ListLocationsResponse)),
        (table.LIST_KEY_RINGS, (kms.ListKeyRingsRequest, kms.ListKeyRingsResponse)),
        (table.LIST_CRYPTO_KEYS, (kms.ListCryptoKeysRequest, kms.ListCryptoKeysResponse)),
        (table.LIST_VERSIONS, (kms.ListCryptoKeyVersionsRequest, kms.ListCryptoKeyVersionsResponse)),
        (table.KEY_POLICY, _POLICY),
        (table.GET_PROJECT, (projects.GetProjectRequest, projects.Project)),
        (table.LIST_PROJECTS, (projects.ListProjectsRequest, projects.ListProjectsResponse)),
        (table.PROJECT_POLICY, _POLICY),
        (table.GET_FOLDER, (folders.GetFolderRequest, folders.Folder)),
        (table.LIST_FOLDERS, (folders.ListFoldersRequest, folders.ListFoldersResponse)),
        (table.FOLDER_POLICY, _POLICY),
        (table.GET_ORGANIZATION, (organizations.GetOrganizationRequest, organizations.Organization)),
        (table.ORGANIZATION_POLICY, _POLICY),
        (table.GET_ROLE, (roles.GetRoleRequest, roles.Role)),
        (table.LIST_DENY_POLICIES, (deny.ListPoliciesRequest, deny.ListPoliciesResponse)),
        (table.GET_DENY_POLICY, (deny.GetPolicyRequest, deny.Policy)),
        (table.PROTECTED_SUMMARY, (tracking.GetProtectedResourcesSummaryRequest, tracking.ProtectedResourcesSummary)),
        (
            table.SEARCH_PROTECTED,
            (tracking.SearchProtectedResourcesRequest, tracking.SearchProtectedResourcesResponse),
        ),
        (around.LIST_RETIRED, (kms.ListRetiredResourcesRequest, kms.ListRetiredResourcesResponse)),
        (around.LIST_IMPORT_JOBS, (kms.ListImportJobsRequest, kms.ListImportJobsResponse)),
        (
            around.LIST_EKM_CONNECTIONS,
            (ekm_service.ListEkmConnectionsRequest, ekm_service.ListEkmConnectionsResponse),
        ),
        (around.LIST_KEY_HANDLES, (autokey.ListKeyHandlesRequest, autokey.ListKeyHandlesResponse)),
        (
            around.SHOW_AUTOKEY_CONFIG,
            (autokey_admin.ShowEffectiveAutokeyConfigRequest, autokey_admin.ShowEffectiveAutokeyConfigResponse),
        ),
        (watching.LIST_LOG_ENTRIES, (logging.ListLogEntriesRequest, logging.ListLogEntriesResponse)),
        (watching.LIST_SINKS, (logging_config.ListSinksRequest, logging_config.ListSinksResponse)),
        (watching.LIST_EXCLUSIONS, (logging_config.ListExclusionsRequest, logging_config.ListExclusionsResponse)),
        (watching.LIST_LOG_BUCKETS, (logging_config.ListBucketsRequest, logging_config.ListBucketsResponse)),
        (watching.LIST_LOG_METRICS, (logging_metrics.ListLogMetricsRequest, logging_metrics.ListLogMetricsResponse)),
        (
            watching.LIST_ALERT_POLICIES,
            (alert_service.ListAlertPoliciesRequest, alert_service.ListAlertPoliciesResponse),
        ),
        (watching.LIST_SNOOZES, (snooze_service.ListSnoozesRequest, snooze_service.ListSnoozesResponse)),
        (
            watching.LIST_CHANNELS,
            (
                notification_service.ListNotificationChannelsRequest,
                notification_service.ListNotificationChannelsResponse,
            ),
        ),
        (table.LIST_ASSETS, (assets.ListAssetsRequest, assets.ListAssetsResponse)),
    )
}


class ClientSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How services are asked. `endpoint_url` is one address for all; a plain http one is asked without credentials."""

    endpoint_url: str | None
    max_attempts: int
    timeout_seconds: float
    user_agent: str
    first_pause_seconds: float = 0.5


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Credentials that work, None for an address that wants none; `caller` is None where they do not tell whose."""

    credentials: auth.Credentials | None
    caller: str | None
    project: str | None


class Guard(
    grpc.UnaryUnaryClientInterceptor,  # type: ignore[misc] # the package has no types
    grpc.UnaryStreamClientInterceptor,  # type: ignore[misc] # the same
    grpc.StreamUnaryClientInterceptor,  # type: ignore[misc] # the same
    grpc.StreamStreamClientInterceptor,  # type: ignore[misc] # the same
):
    """Stands before every channel: lets exactly the methods of the table pass, and no stream."""

    def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:  # noqa: ANN401 (gRPC's own types)
        """Goes on, or raises ForbiddenOperationError."""
        refuse(details.method)
        return continuation(details, request)

    def intercept_unary_stream(self, _continuation: Callable[..., Any], details: Any, _request: Any) -> None:  # noqa: ANN401 (the same)
        """Raises."""
        refuse(f"{details.method} as a stream")

    def intercept_stream_unary(self, _continuation: Callable[..., Any], details: Any, _requests: Any) -> None:  # noqa: ANN401 (the same)
        """Raises."""
        refuse(f"{details.method} as a stream")

    def intercept_stream_stream(self, _continuation: Callable[..., Any], details: Any, _requests: Any) -> None:  # noqa: ANN401 (the same)
        """Raises."""
        refuse(f"{details.method} as a stream")


class Connection:
    """One identity's guarded channels, one for each host; for use from any thread."""

    def __init__(self, signed: SignedIn, settings: ClientSettings, sleep: Callable[[float], None] = time.sleep) -> None:
        self.signed = signed
        self._settings = settings
        self._sleep = sleep
        self._channels: dict[str, Any] = {}
        self._endpoints: set[Endpoint] = set()
        self._lock = threading.Lock()

    @property
    def endpoints(self) -> frozenset[Endpoint]:
        """Where services were asked so far."""
        with self._lock:
            return frozenset(self._endpoints)

    def release(self) -> None:
        """Closes every channel; one that is needed again is made anew."""
        with self._lock:
            channels = list(self._channels.values())
            self._channels.clear()
        for channel in channels:
            channel.close()

    def ask(self, operation: Operation[Kept], region: str, params: Mapping[str, object]) -> Reply[Kept]:  # noqa: ARG002 (Google routes by the request)
        """Calls one allowed method, again where that may help; raises only for one that is not allowed."""
        method = table.method_of(operation)
        refuse(method)
        request, reply_type = (_plain(kind) for kind in _MESSAGES[method])
        message = json_format.ParseDict(dict(params), request()).SerializeToString()
        throttled = attempts = 0
        while True:
            attempts += 1
            reply, status = self._once(operation, message, params, reply_type)
            throttled += status == "RESOURCE_EXHAUSTED"
            if status not in RETRIED or attempts >= self._settings.max_attempts:
                return replace(reply, retries=attempts - 1, throttled=throttled)
            self._sleep(min(16.0, self._settings.first_pause_seconds * 2 ** (attempts - 1)))

    def _once(
        self, operation: Operation[Kept], message: bytes, params: Mapping[str, object], reply_type: type[Message]
    ) -> tuple[Reply[Kept], str]:
        """One attempt, with its gRPC status; the reply comes as bytes, so that its digest is of what was received."""
        call = self._channel(operation.service).unary_unary(
            table.method_of(operation), request_serializer=_as_is, response_deserializer=_as_is
        )
        try:
            body: bytes = call(message, timeout=self._settings.timeout_seconds, metadata=_routing(params))
        except grpc.RpcError as error:
            return _refused(error, operation), error.code().name
        return _read(body, reply_type, operation), "OK"

    def _channel(self, service: str) -> Any:  # noqa: ANN401 (channels have no static type)
        host = table.HOSTS[service]
        with self._lock:
            if host not in self._channels:
                self._channels[host] = grpc.intercept_channel(self._open(host), Guard())
                self._endpoints.add(_endpoint(host, self._settings.endpoint_url))
            return self._channels[host]

    def _open(self, host: str) -> Any:  # noqa: ANN401 (the same)
        options = [
            ("grpc.max_receive_message_length", _LARGEST),
            ("grpc.primary_user_agent", self._settings.user_agent),
            ("grpc.enable_retries", 0),
        ]
        address = urlsplit(self._settings.endpoint_url or f"https://{host}")
        if address.scheme == "http":
            return grpc.insecure_channel(address.netloc, options=options)
        return grpc_helpers.create_channel(
            address.netloc, credentials=self.signed.credentials, default_scopes=_SCOPES, options=options
        )


def sign_in(settings: ClientSettings) -> SignedIn | Failure:
    """The application default credentials, proven to work; nothing is asked where the address wants none."""
    if settings.endpoint_url and urlsplit(settings.endpoint_url).scheme == "http":
        return SignedIn(credentials=None, caller=None, project=None)
    try:
        credentials, project = google.auth.default(scopes=_SCOPES)
        credentials.refresh(Request())  # type: ignore[no-untyped-call] # the package has no types here
    except DefaultCredentialsError:
        return Failure(cause=Cause.ERROR, call=_SIGN_IN, code=NO_CREDENTIALS)
    except RefreshError:
        return Failure(cause=Cause.ERROR, call=_SIGN_IN, code=EXPIRED)
    except (TransportError, OSError):
        return Failure(cause=Cause.ERROR, call=_SIGN_IN, code=UNREACHABLE)
    except (GoogleAuthError, ValueError):
        return Failure(cause=Cause.ERROR, call=_SIGN_IN, code=NO_CREDENTIALS)
    caller = getattr(credentials, "service_account_email", None) or getattr(credentials, "signer_email", None)
    return SignedIn(credentials=credentials, caller=caller if isinstance(caller, str) else None, project=project)


def _plain(kind: Any) -> Any:  # noqa: ANN401 (two styles of message types)
    """The protobuf type of a message type; those of the newer style wrap it."""
    return type(kind.pb(kind())) if hasattr(kind, "pb") else kind


def _as_is(message: bytes) -> bytes:
    return message


def _routing(params: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The header by which Google finds the right region."""
    pairs = tuple((name, str(params[name])) for name in _ROUTED_BY if name in params)
    return (gapic_v1.routing_header.to_grpc_metadata(pairs),) if pairs else ()  # type: ignore[no-untyped-call] # no types


def _read(body: bytes, reply_type: type[Message], operation: Operation[Kept]) -> Reply[Kept]:
    made: Reply[Kept] = Reply(
        value=None,
        failure=malformed(operation.action),
        token=None,
        status=200,
        request_id=None,
        length=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        retries=0,
        throttled=0,
        date=None,
    )
    try:
        parsed = json_format.MessageToDict(_known(reply_type.FromString(body)))
        value = convert(parsed, operation.reply)
    except (DecodeError, msgspec.ValidationError, json_format.Error, TypeError, ValueError):
        return made
    token = parsed.get(operation.paging.reply) if operation.paging else None
    return replace(made, value=value, failure=None, token=token or None)


def _known(reply: Message) -> Message:
    """The reply without what services put into log entries in types of their own, which nobody here could read."""
    for entry in getattr(reply, "entries", ()):
        call = audit_log_pb2.AuditLog()
        told = entry.proto_payload.Unpack(call)
        entry.ClearField("proto_payload")
        if told:
            call.ClearField("service_data")
            call.status.ClearField("details")
            entry.proto_payload.Pack(call)
    return reply


def _refused(error: grpc.RpcError, operation: Operation[Kept]) -> Reply[Kept]:
    status = error.code().name
    silent = status == "UNAVAILABLE" and _NO_REPLY.search(error.details() or "") is not None
    told = _reason(error)
    body = b"" if silent else _details(error)
    return Reply(
        value=None,
        failure=failure(status, UNREACHABLE if silent else told, operation.action),
        token=None,
        status=0 if silent else HTTP.get(status, 500),
        request_id=None,
        length=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        retries=0,
        throttled=0,
        date=None,
    )


def _reason(error: grpc.RpcError) -> str | None:
    """Google's word for why; anything that is not one word in capitals is free text and not kept."""
    reason = getattr(exceptions.from_grpc_error(error), "reason", None)  # type: ignore[no-untyped-call] # no types
    return reason if isinstance(reason, str) and _REASON.fullmatch(reason) else None


def _details(error: grpc.RpcError) -> bytes:
    """What came with the refusal, as bytes."""
    found = (value for name, value in error.trailing_metadata() or () if name == "grpc-status-details-bin")
    return next((value for value in found if isinstance(value, bytes)), b"")


def _endpoint(host: str, url: str | None) -> Endpoint:
    address = urlsplit(url or f"https://{host}")
    official = (address.hostname or "").endswith(".googleapis.com") and address.scheme == "https"
    where = url or f"https://{host}"
    return Endpoint(provider=Provider.GCP, service=host, url=where, tls=address.scheme == "https", official=official)


def unnamed(operation: AnyOperation) -> bool:
    """Whether the SDK's types of a method are not known here: the table and this module must agree."""
    return table.method_of(operation) not in _MESSAGES
