"""From a request to what goes back on the wire, faults included. Opens no socket."""

from dataclasses import dataclass
from email.utils import format_datetime

from scanner.simulator.aws.errors import AwsError, denied, failed, throttled, unknown_operation
from scanner.simulator.aws.faults import Effect, Fault, Target, pick
from scanner.simulator.aws.records import Call, Caller
from scanner.simulator.aws.replies import HttpReply, render, render_error
from scanner.simulator.aws.requests import Asked, HttpRequest, understand
from scanner.simulator.aws.served import SERVED, resource_of
from scanner.simulator.aws.world import World

_HTML = b"<!DOCTYPE html>\n<html><title>Not Found</title><h1>Not Found</h1><p>The URL was not found.</p></html>"
_NONSENSE = b'{"Keys": [<<< this is no reply of the service'
_REASONS = {200: "OK", 301: "Moved Permanently", 400: "Bad Request", 403: "Forbidden", 404: "Not Found"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes to send after `delay` seconds. `cut` sends a part of them, `reset` none, and both hang up."""

    data: bytes
    delay: float = 0.0
    cut: bool = False
    reset: bool = False


def answer(world: World, request: HttpRequest) -> Answer:
    """The world's answer; the call is logged in `world.calls`."""
    with world.lock:
        asked = understand(request)
        scope = asked.scope
        seed = (scope.access_key, scope.region, scope.service, asked.name, request.target, request.body.hex())
        request_id = world.request_id(*seed)
        caller, refusal = _admit(world, asked)
        target = Target(
            service=scope.service,
            operation=asked.name,
            account=caller.account,
            region=scope.region,
            resource=resource_of(world, caller, asked.params),
        )
        fault = pick(world.faults, target)
        delay = world.latency + (fault.delay if fault and fault.effect is Effect.SLOW else 0.0)
        if fault is not None and fault.effect is Effect.RESET:
            _log(world, target, 0, "")
            return Answer(b"", delay=delay, reset=True)
        cut = fault is not None and fault.effect is Effect.TRUNCATE
        reply, code = _reply(world, caller, asked, refusal or _injected(fault, caller, target), request_id)
        reply = _spoilt(fault, reply)
        _log(world, target, 0 if cut else reply.status, code)
        return Answer(_wire(world, reply, request_id), delay=delay, cut=cut)


def _admit(world: World, asked: Asked) -> tuple[Caller, AwsError | None]:
    """The caller, or a stranger and why he is refused."""
    scope = asked.scope
    try:
        return world.caller(scope.access_key, scope.region, scope.service), asked.refusal
    except AwsError as error:
        return Caller(account="", region=scope.region, principal="", user_id=""), error


def _injected(fault: Fault | None, caller: Caller, target: Target) -> AwsError | None:
    """The refusal that a fault brings about, in the service's own words."""
    match fault.effect if fault else None:
        case Effect.DENY:
            return denied(target.service, target.operation, caller.principal, target.resource)
        case Effect.THROTTLE:
            return throttled(target.service)
        case Effect.SERVER_ERROR:
            return failed(target.service)
        case Effect.UNSUPPORTED:
            return unknown_operation(target.service, target.operation)
        case _:
            return None


def _reply(
    world: World, caller: Caller, asked: Asked, refusal: AwsError | None, request_id: str
) -> tuple[HttpReply, str]:
    """The reply and, for a refusal, its code."""
    try:
        if refusal is not None:
            raise refusal
        if asked.operation is None:
            raise unknown_operation(asked.scope.service, asked.name)
        handler = SERVED.get((asked.scope.service, asked.name))
        if handler is None:
            raise denied(asked.scope.service, asked.name, caller.principal, "")
        return render(asked.operation, handler(world, caller, asked.params), request_id), ""
    except AwsError as error:
        return render_error(asked.protocol, error, request_id), error.code


def _spoilt(fault: Fault | None, reply: HttpReply) -> HttpReply:
    """The reply as an endpoint gives it that does not speak the protocol."""
    match fault.effect if fault else None:
        case Effect.MALFORMED:
            return HttpReply(200, _NONSENSE, reply.content_type)
        case Effect.HTML:
            return HttpReply(fault.status if fault else 404, _HTML, "text/html; charset=utf-8")
        case _:
            return reply


def _log(world: World, target: Target, status: int, code: str) -> None:
    world.record(
        Call(
            service=target.service,
            operation=target.operation,
            account=target.account,
            region=target.region,
            resource=target.resource,
            status=status,
            code=code,
        )
    )


def _wire(world: World, reply: HttpReply, request_id: str) -> bytes:
    headers = (
        ("Date", format_datetime(world.clock, usegmt=True)),
        ("x-amzn-requestid", request_id),
        ("x-amz-request-id", request_id),
        ("Content-Type", reply.content_type),
        ("Content-Length", str(len(reply.body))),
        *reply.headers,
    )
    head = f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Answer')}\r\n"
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"{head}{lines}\r\n".encode("latin-1") + reply.body
