"""From an HTTP request to the operation and the parameters it names, by the service's model. Decides no answer.

Bodies in XML are not read: only writes have them, and the simulator serves none.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from scanner.simulator.aws.errors import AwsError
from scanner.simulator.aws.service_models import MODELS, Operation, Shape, operation, protocol_of, routes

Params = Mapping[str, object]

_SIGNING_NAMES: Mapping[str, str] = {"tagging": "tag", "monitoring": "cloudwatch"}
_SCOPE_PARTS = 5


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request as received; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Scope:
    """Who signs, for which region and service."""

    access_key: str
    region: str
    service: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for. `operation` is None when the service's model has none of that `name`.

    `refusal` is set when the body could not be read.
    """

    scope: Scope
    name: str
    operation: Operation | None
    params: Params
    protocol: str
    refusal: AwsError | None = None


def understand(request: HttpRequest) -> Asked:
    """The operation and its parameters; a service without a model still gets a name for the call log."""
    scope = credential_scope(request.headers.get("authorization", ""))
    if scope.service not in MODELS:
        name, protocol = _foreign(request)
        return Asked(scope=scope, name=name, operation=None, params={}, protocol=protocol)
    protocol = protocol_of(scope.service)
    try:
        name, found, params = _decode(scope.service, protocol, request)
    except AwsError as error:
        return Asked(scope=scope, name="?", operation=None, params={}, protocol=protocol, refusal=error)
    return Asked(scope=scope, name=name, operation=found, params=params, protocol=protocol)


def _decode(service: str, protocol: str, request: HttpRequest) -> tuple[str, Operation | None, Params]:
    match protocol:
        case "query" | "ec2":
            fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
            name = fields.get("Action", "")
            found = operation(service, name)
            params = _form(found.input, fields, ec2=protocol == "ec2") if found and found.input else {}
            return name, found, params
        case "rest-json" | "rest-xml":
            return _rest(service, request)
        case _:
            name = request.headers.get("x-amz-target", "").rpartition(".")[2]
            return name, operation(service, name), _json(request.body)


@lru_cache(maxsize=1024)
def _parse_scope(credential: str) -> Scope:
    parts = credential.split("/")
    if len(parts) != _SCOPE_PARTS:
        return Scope(access_key="", region="", service="")
    return Scope(access_key=parts[0], region=parts[2], service=_SIGNING_NAMES.get(parts[3], parts[3]))


def credential_scope(authorization: str) -> Scope:
    """The signer's access key, region and service; blank for an unsigned request."""
    _, _, rest = authorization.partition("Credential=")
    return _parse_scope(rest.partition(",")[0].strip())


def _json(body: bytes) -> Params:
    try:
        params = json.loads(body or b"{}")
    except ValueError as error:
        raise AwsError("SerializationException", "The request is not valid JSON.") from error
    if not isinstance(params, dict):
        raise AwsError("SerializationException", "The request is not a JSON object.")
    return params


def _foreign(request: HttpRequest) -> tuple[str, str]:
    """Name and protocol of a call to a service that is not simulated."""
    target = request.headers.get("x-amz-target")
    if target:
        return target.rpartition(".")[2], "json"
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(request.body.decode("utf-8", "replace"))).get("Action", "?"), "query"
    return f"{request.method} {request.target.partition('?')[0]}", "rest-json"


def _rest(service: str, request: HttpRequest) -> tuple[str, Operation | None, Params]:
    path, _, query = request.target.partition("?")
    given = dict(parse_qsl(query, keep_blank_values=True))
    for route in routes(service):
        matched = route.path.fullmatch(path) if route.method == request.method else None
        if matched is None or any(given.get(name) != value for name, value in route.query):
            continue
        found = operation(service, route.operation)
        values = dict(zip(route.variables, map(unquote, matched.groups()), strict=True))
        located = {"uri": values, "querystring": given, "header": request.headers}
        params = _located(found.input, located) if found and found.input else {}
        if protocol_of(service) == "rest-json":
            params = {**_json(request.body), **params}
        return route.operation, found, params
    return f"{request.method} {path}", None, {}


def _located(shape: Shape, located: Mapping[str, Mapping[str, str]]) -> Params:
    """The members that travel outside the body."""
    params: dict[str, object] = {}
    for name, member in shape.members.items():
        where = located.get(member.serialization.get("location", ""))
        if where is None:
            continue
        wire = str(member.serialization.get("name", name))
        value = where.get(wire, where.get(wire.lower()))
        if value is not None:
            params[name] = _scalar(member, value)
    return params


def _form(shape: Shape, fields: Mapping[str, str], *, ec2: bool) -> Params:
    """The members of a form-encoded request."""
    params = _form_value(shape, fields, "", ec2=ec2)
    return params if isinstance(params, dict) else {}


def _form_value(shape: Shape, fields: Mapping[str, str], prefix: str, *, ec2: bool) -> object:
    if shape.type_name == "structure":
        found = {
            name: _form_value(member, fields, f"{prefix}{_form_name(name, member, ec2=ec2)}", ec2=ec2)
            for name, member in _deeper(shape, prefix, fields, ec2=ec2)
        }
        return {name: value for name, value in found.items() if value is not None}
    if shape.type_name == "list":
        stem = prefix if ec2 or shape.serialization.get("flattened") else f"{prefix}.member"
        items: list[object] = []
        while _present(fields, f"{stem}.{len(items) + 1}"):
            items.append(_form_element(shape.member, fields, f"{stem}.{len(items) + 1}", ec2=ec2))
        return items or None
    return _scalar(shape, fields[prefix]) if prefix in fields else None


def _form_element(shape: Shape, fields: Mapping[str, str], prefix: str, *, ec2: bool) -> object:
    return _form_value(shape, fields, f"{prefix}." if shape.type_name == "structure" else prefix, ec2=ec2)


def _deeper(shape: Shape, prefix: str, fields: Mapping[str, str], *, ec2: bool) -> list[tuple[str, Shape]]:
    """The members that the form names at all."""
    return [
        (name, member)
        for name, member in shape.members.items()
        if _present(fields, f"{prefix}{_form_name(name, member, ec2=ec2)}")
    ]


def _present(fields: Mapping[str, str], prefix: str) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for name in fields)


def _form_name(name: str, member: Shape, *, ec2: bool) -> str:
    if not ec2:
        return str(member.serialization.get("name", name))
    wire = str(member.serialization.get("queryName", ""))
    if wire:
        return wire
    wire = str(member.serialization.get("name", name))
    return wire[0].upper() + wire[1:]


def _scalar(shape: Shape, text: str) -> object:
    match shape.type_name:
        case "boolean":
            return text == "true"
        case "integer" | "long":
            return int(text)
        case _:
            return text
