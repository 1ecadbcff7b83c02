"""From a request to its answer: faults first, then sign-in, the data planes, the management plane. Opens no socket."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from scanner.simulator.azure.answers import error
from scanner.simulator.azure.data import answer_data
from scanner.simulator.azure.faults import Effect, Fault, pick
from scanner.simulator.azure.logs import answer_log_query
from scanner.simulator.azure.management import answer_management
from scanner.simulator.azure.records import Request, Response
from scanner.simulator.azure.sign_in import answer_sign_in, challenge, is_sign_in, is_signed
from scanner.simulator.azure.world import World

MANAGEMENT_AUDIENCE = "https://management.azure.com"
LOGS_AUDIENCE = "https://api.loganalytics.io"
_LOGS = re.compile(r"/v1/workspaces/(?P<workspace>[^/]+)/query")
_VAULT = re.compile(r"/vaults/(?P<vault>[^/]+)(?P<path>/.*)")


def respond(world: World, request: Request) -> Response:
    """The answer, with the headers that every answer has."""
    with world.lock:
        world.calls.append((request.method, request.path))
        fault = pick(world.faults, request.path)
        response = _failed(fault) if fault else None
        response = response or _changed(fault, _answer(world, request))
        delay = world.latency + (fault.delay if fault and fault.effect is Effect.SLOW else 0.0)
        headers = {"x-ms-request-id": world.request_id(), **response.headers}
        return replace(response, headers=headers, delay=delay)


def _answer(world: World, request: Request) -> Response:
    if is_sign_in(request.path):
        return answer_sign_in(world, request)
    if found := _VAULT.fullmatch(request.path):
        return _of_vault(world, found, request)
    if found := _LOGS.fullmatch(request.path):
        if not is_signed(request, LOGS_AUDIENCE):
            return challenge(world, LOGS_AUDIENCE)
        return answer_log_query(world.workspaces, found["workspace"], request)
    if not is_signed(request, MANAGEMENT_AUDIENCE):
        return error(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
    return answer_management(world, request)


def _of_vault(world: World, found: re.Match[str], request: Request) -> Response:
    vault = world.vaults.get(found["vault"])
    if vault is None:
        return error(404, "VaultNotFound", "There is no such vault.")
    resource = "https://managedhsm.azure.net" if vault.is_hsm else "https://vault.azure.net"
    if not is_signed(request, resource):
        return challenge(world, resource)
    return answer_data(world, vault, found["path"], request)


def _changed(fault: Fault | None, response: Response) -> Response:
    """A good answer as an odd estate would have it."""
    if fault is None or fault.change is None or response.status != HTTPStatus.OK:
        return response
    document = json.loads(response.body)
    fault.change(document)
    return replace(response, body=json.dumps(document).encode())


_ERRORS: Mapping[Effect, tuple[int, str, str | None]] = {
    Effect.DENY: (403, "AuthorizationFailed", None),
    Effect.DENY_BY_ROLE: (403, "Forbidden", "ForbiddenByRbac"),
    Effect.DENY_BY_POLICY: (403, "Forbidden", "AccessDenied"),
    Effect.FIREWALL: (403, "Forbidden", "ForbiddenByFirewall"),
    Effect.THROTTLE: (429, "Throttled", None),
    Effect.SERVER_ERROR: (500, "InternalServerError", None),
    Effect.NOT_REGISTERED: (409, "MissingSubscriptionRegistration", None),
    Effect.NOT_FOUND: (404, "NotFound", None),
    Effect.EXPIRED: (401, "ExpiredAuthenticationToken", None),
}
"""Status, code and inner code of the effects that are an error of Azure's own."""


def _failed(fault: Fault) -> Response | None:
    """What the fault makes of the answer; None when it only takes longer."""
    if fault.effect is Effect.MALFORMED:
        return Response(status=200, body=b'{"value": [', headers={"Content-Type": "application/json"})
    if fault.effect is Effect.BAD_GATEWAY:
        return Response(status=502, body=b"<html>Bad Gateway</html>", headers={"Content-Type": "text/html"})
    if fault.effect is Effect.RESET:
        return Response(status=0, body=b"", reset=True)
    if fault.effect not in _ERRORS:
        return None
    status, code, inner = _ERRORS[fault.effect]
    response = error(status, code, "Caller: appid=free-text-that-is-kept-nowhere", inner)
    if fault.effect is Effect.THROTTLE:
        return replace(response, headers={**response.headers, "Retry-After": f"{fault.delay:g}"})
    return response
