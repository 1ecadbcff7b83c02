"""The simulated Google Cloud behind the SDK's own protocol: one gRPC server on this machine. Holds no state."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import msgspec
from google.protobuf import any_pb2, json_format
from google.rpc import code_pb2, error_details_pb2, status_pb2

from scanner.simulator.gcp.faults import Effect
from scanner.simulator.gcp.method import Method, NoSuchResourceError
from scanner.simulator.gcp.methods import METHODS
from scanner.simulator.gcp.world import World

_HANDS = 16
_KMS = ("cloudkms.googleapis.com", ("/google.cloud.kms.v1.", "/google.iam.v1.", "/google.cloud.location."))
_INVENTORY = ("kmsinventory.googleapis.com", ("/google.cloud.kms.inventory.",))
_LOGGING = ("logging.googleapis.com", ("/google.logging.v2.",))
_MONITORING = ("monitoring.googleapis.com", ("/google.monitoring.v3.",))
_SERVICES = (_KMS, _INVENTORY, _LOGGING, _MONITORING)


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where the world can be asked."""

    url: str


class _Handler(grpc.GenericRpcHandler):  # type: ignore[misc] # the package has no types
    """Answers from a world; looks at its faults first."""

    def __init__(self, world: World) -> None:
        self._world = world

    def service(self, details: Any) -> Any:  # noqa: ANN401 (gRPC's own types)
        """How one method is served; None for one that nobody has here."""
        method = METHODS.get(details.method)
        if method is None:
            return None
        request = type(method.request.pb(method.request())) if hasattr(method.request, "pb") else method.request
        return grpc.unary_unary_rpc_method_handler(
            _answering(self._world, details.method, method), request_deserializer=request.FromString
        )


def _answering(world: World, name: str, method: Method) -> Callable[[Any, Any], bytes]:
    def answer(request: Any, context: Any) -> bytes:  # noqa: ANN401 (gRPC's own types)
        named = getattr(request, method.about)
        about = named if isinstance(named, str) else ",".join(named)
        with world.lock:
            world.calls.append(name)
            fault = next((fault for fault in world.faults if fault.strikes(name, about)), None)
        if fault is not None and fault.effect is Effect.MALFORM:
            return b"\xff\xff\xff"
        if fault is not None:
            _strike(context, fault.effect, fault.seconds, about)
        _enabled(world, name, about, context)
        try:
            with world.lock:
                found = method.answer(world, request)
        except NoSuchResourceError:
            context.abort(grpc.StatusCode.NOT_FOUND, f"{about} not found.")
        reply = type(method.reply.pb(method.reply())) if hasattr(method.reply, "pb") else method.reply
        message: bytes = json_format.ParseDict(found, reply()).SerializeToString()
        return message

    return answer


def _enabled(world: World, name: str, about: str, context: Any) -> None:  # noqa: ANN401 (the same)
    """A project answers only for services that it has enabled."""
    project = world.estate.nodes.get(about.removeprefix("projects/").split("/")[0])
    service = next((host for host, prefixes in _SERVICES if name.startswith(prefixes)), None)
    if project is not None and service in project.disabled:
        _refuse(context, code_pb2.PERMISSION_DENIED, "SERVICE_DISABLED", f"{service} has not been used in {project.id}")


def _strike(context: Any, effect: Effect, seconds: float, about: str) -> None:  # noqa: ANN401 (the same)
    match effect:
        case Effect.DENY:
            text = f"Permission denied on resource '{about}' (or it may not exist)."
            _refuse(context, code_pb2.PERMISSION_DENIED, "IAM_PERMISSION_DENIED", text)
        case Effect.THROTTLE:
            _refuse(context, code_pb2.RESOURCE_EXHAUSTED, "RATE_LIMIT_EXCEEDED", "Quota exceeded.")
        case Effect.DISABLED:
            _refuse(context, code_pb2.PERMISSION_DENIED, "SERVICE_DISABLED", "The API has not been used before.")
        case Effect.NOT_FOUND:
            context.abort(grpc.StatusCode.NOT_FOUND, f"{about} not found.")
        case Effect.RESET:
            context.abort(grpc.StatusCode.UNAVAILABLE, "Connection reset by peer")
        case _:
            time.sleep(seconds)


def _refuse(context: Any, code: int, reason: str, text: str) -> None:  # noqa: ANN401 (the same)
    """Ends the call as Google does: with a status and, in its details, the reason in one word."""
    detail = any_pb2.Any()
    detail.Pack(error_details_pb2.ErrorInfo(reason=reason, domain="googleapis.com"))
    status = status_pb2.Status(code=code, message=text, details=[detail])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    known = {int(item.value[0]): item for item in grpc.StatusCode}
    context.abort(known[code], text)


@contextmanager
def serve(world: World) -> Iterator[Endpoint]:
    """The world at an address of this machine, as long as the block lasts."""
    pool = ThreadPoolExecutor(_HANDS, thread_name_prefix="gcp-simulator")
    server = grpc.server(pool)
    server.add_generic_rpc_handlers((_Handler(world),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield Endpoint(url=f"http://127.0.0.1:{port}")
    finally:
        server.stop(0).wait()
        pool.shutdown(wait=True)
