"""From a handler's dict to the bytes on the wire, by the service's model and in its protocol. Decides no answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from scanner.simulator.aws.errors import AwsError, SimulatorError
from scanner.simulator.aws.service_models import Operation, Shape

Reply = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class HttpReply:
    """One reply, still without the headers that every reply has."""

    status: int
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = field(default=())


_DOCUMENTS: Mapping[str, str] = {
    "GetBucketLocation": "LocationConstraint",
    "ListBuckets": "ListAllMyBucketsResult",
    "GetBucketVersioning": "VersioningConfiguration",
}
"""The roots of S3's documents that its model does not name."""

_TYPES: Mapping[str, type] = {
    "string": str,
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "boolean": bool,
    "timestamp": datetime,
    "blob": bytes,
}


def check(shape: Shape, value: object, path: str) -> None:
    """Raises SimulatorError where the value does not fit the shape: unknown or missing member, or wrong type."""
    match shape.type_name:
        case "structure":
            _check_structure(shape, value, path)
        case "list":
            if not isinstance(value, list | tuple):
                raise SimulatorError(f"{path}: a list was expected, not {value!r}")
            for item in value:
                check(shape.member, item, f"{path}[]")
        case "map":
            if not isinstance(value, Mapping):
                raise SimulatorError(f"{path}: a mapping was expected, not {value!r}")
            for name, item in value.items():
                check(shape.key, name, f"{path}.key")
                check(shape.value, item, f"{path}.{name}")
        case kind:
            _check_scalar(kind, value, path)


def _check_structure(shape: Shape, value: object, path: str) -> None:
    if not isinstance(value, Mapping):
        raise SimulatorError(f"{path}: a structure was expected, not {value!r}")
    members = shape.members
    for name, item in value.items():
        if name not in members:
            raise SimulatorError(f"{path}.{name}: {shape.name} has no such member")
        check(members[name], item, f"{path}.{name}")
    missing = [name for name in shape.required_members if name not in value]
    if missing:
        raise SimulatorError(f"{path}: {shape.name} lacks {', '.join(missing)}")


def _check_scalar(kind: str, value: object, path: str) -> None:
    fits = isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
    if not fits or (isinstance(value, datetime) and value.tzinfo is None):
        raise SimulatorError(f"{path}: {kind} expected, not {value!r}")


def render(operation: Operation, reply: Reply, request_id: str) -> HttpReply:
    """The reply in the operation's protocol; raises SimulatorError when it does not fit the model."""
    if operation.output is None:
        if reply:
            raise SimulatorError(f"{operation.service}:{operation.name} has no output, but {reply!r} was given")
    else:
        check(operation.output, reply, f"{operation.service}:{operation.name}")
    match operation.protocol:
        case "query" | "ec2":
            return HttpReply(200, _form_document(operation, reply, request_id).encode(), "text/xml")
        case "rest-xml":
            return _rest_xml(operation, reply)
        case "rest-json":
            return HttpReply(200, _json_bytes(operation, reply), "application/json")
        case "json":
            return HttpReply(200, _json_bytes(operation, reply), f"application/x-amz-json-{operation.json_version}")
        case protocol:
            raise SimulatorError(f"{operation.service} speaks {protocol}, which is not written yet")


def render_error(protocol: str, error: AwsError, request_id: str) -> HttpReply:
    """The refusal in the protocol's own form."""
    code, text = escape(error.code), escape(error.message)
    match protocol:
        case "query":
            body = (
                f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message></Error>"
                f"<RequestId>{request_id}</RequestId></ErrorResponse>"
            )
        case "ec2":
            body = (
                f"<Response><Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors>"
                f"<RequestID>{request_id}</RequestID></Response>"
            )
        case "rest-xml":
            body = (
                f"<Error><Code>{code}</Code><Message>{text}</Message>"
                f"<RequestId>{request_id}</RequestId><HostId>{request_id}</HostId></Error>"
            )
        case _:
            return _json_error(protocol, error)
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()
    return HttpReply(error.status, xml, "application/xml", error.headers)


def _json_error(protocol: str, error: AwsError) -> HttpReply:
    if protocol == "rest-json":
        body: dict[str, str] = {"message": error.message}
        headers = (*error.headers, ("x-amzn-errortype", error.code))
        return HttpReply(error.status, json.dumps(body).encode(), "application/json", headers)
    word = "Message" if error.code == "AccessDeniedException" else "message"
    body = {"__type": error.code, word: error.message}
    return HttpReply(error.status, json.dumps(body).encode(), "application/x-amz-json-1.1", error.headers)


def _json_bytes(operation: Operation, reply: Reply) -> bytes:
    return json.dumps(_json_value(operation.output, reply) if operation.output else {}).encode()


def _json_value(shape: Shape, value: object) -> object:
    match value:
        case Mapping() if shape.type_name == "structure":
            members = shape.members
            return {
                members[name].serialization.get("name", name): _json_value(members[name], item)
                for name, item in value.items()
            }
        case Mapping():
            return {name: _json_value(shape.value, item) for name, item in value.items()}
        case list() | tuple():
            return [_json_value(shape.member, item) for item in value]
        case datetime() if shape.serialization.get("timestampFormat") == "iso8601":
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case datetime():
            return round(value.timestamp(), 3)
        case _:
            return value


def _form_document(operation: Operation, reply: Reply, request_id: str) -> str:
    inner = _xml_members(operation.output, reply) if operation.output else ""
    name, space = operation.name, operation.namespace
    if operation.protocol == "ec2":
        return f'<{name}Response xmlns="{space}"><requestId>{request_id}</requestId>{inner}</{name}Response>'
    return (
        f'<{name}Response xmlns="{space}"><{name}Result>{inner}</{name}Result>'
        f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{name}Response>"
    )


def _rest_xml(operation: Operation, reply: Reply) -> HttpReply:
    """A body that is one member (a structure or raw text), the whole output, or S3's bare location."""
    shape = operation.output
    if shape is None:
        return HttpReply(200, b"", "application/xml")
    payload = shape.serialization.get("payload")
    if payload is None:
        root = _DOCUMENTS.get(operation.name, f"{operation.name}Response")
        inner = _xml_members(shape, reply)
        if operation.name == "GetBucketLocation":
            inner = escape(str(reply.get("LocationConstraint", "")))
        return HttpReply(200, _xml(root, operation.namespace, inner), "application/xml")
    member, value = shape.members[payload], reply[payload]
    if member.type_name == "structure":
        return HttpReply(200, _xml(payload, operation.namespace, _xml_members(member, value)), "application/xml")
    raw = value if isinstance(value, bytes) else str(value).encode()
    return HttpReply(200, raw, "application/json" if payload == "Policy" else "application/octet-stream")


def _xml(root: str, namespace: str, inner: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{namespace}">{inner}</{root}>'.encode()


def _xml_members(shape: Shape, value: object) -> str:
    if not isinstance(value, Mapping):
        raise SimulatorError(f"{shape.name}: a structure was expected, not {value!r}")
    return "".join(
        _xml_value(shape.members[name], item, str(shape.members[name].serialization.get("name", name)))
        for name, item in value.items()
    )


def _xml_value(shape: Shape, value: object, name: str) -> str:
    match value:
        case Mapping():
            entries = shape.type_name == "map"
            return f"<{name}>{_xml_entries(shape, value) if entries else _xml_members(shape, value)}</{name}>"
        case list() | tuple() if shape.serialization.get("flattened"):
            return "".join(_xml_value(shape.member, item, name) for item in value)
        case list() | tuple():
            inner_name = str(shape.member.serialization.get("name", "member"))
            return f"<{name}>{''.join(_xml_value(shape.member, item, inner_name) for item in value)}</{name}>"
        case bool():
            return f"<{name}>{'true' if value else 'false'}</{name}>"
        case datetime():
            return f"<{name}>{value.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}</{name}>"
        case _:
            return f"<{name}>{escape(str(value))}</{name}>"


def _xml_entries(shape: Shape, value: Mapping[object, object]) -> str:
    """A map, its names and values under the names that the shape gives them."""
    names = [str(part.serialization.get("name", usual)) for part, usual in ((shape.key, "key"), (shape.value, "value"))]
    return "".join(
        f"<entry>{_xml_value(shape.key, key, names[0])}{_xml_value(shape.value, item, names[1])}</entry>"
        for key, item in value.items()
    )
