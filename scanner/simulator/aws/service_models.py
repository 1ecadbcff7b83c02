"""The services' own models, as botocore ships them, loaded when first asked for. Answers no call."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol
from urllib.parse import parse_qsl

from botocore.loaders import Loader
from botocore.model import ServiceModel

MODELS: Mapping[str, str] = {
    "kms": "kms",
    "tag": "resourcegroupstaggingapi",
    "cloudtrail": "cloudtrail",
    "config": "config",
    "s3": "s3",
    "sts": "sts",
    "organizations": "organizations",
    "account": "account",
    "ec2": "ec2",
    "rds": "rds",
    "dynamodb": "dynamodb",
    "secretsmanager": "secretsmanager",
    "logs": "logs",
    "backup": "backup",
    "ssm": "ssm",
    "iam": "iam",
    "cloudwatch": "cloudwatch",
    "sns": "sns",
    "events": "events",
    "sqs": "sqs",
    "kinesis": "kinesis",
    "kafka": "kafka",
    "elasticfilesystem": "efs",
    "fsx": "fsx",
    "redshift": "redshift",
    "lambda": "lambda",
    "elasticache": "elasticache",
    "es": "opensearch",
    "aoss": "opensearchserverless",
    "ecr": "ecr",
    "eks": "eks",
}
"""Service by IAM prefix -> the folder of its model."""


class Shape(Protocol):
    """What the simulator uses of a botocore shape; which of the last four exist depends on `type_name`."""

    name: str
    type_name: str
    serialization: Mapping[str, Any]
    required_members: list[str]
    members: Mapping[str, "Shape"]
    member: "Shape"
    key: "Shape"
    value: "Shape"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a service as its model describes it."""

    service: str
    name: str
    protocol: str
    json_version: str
    namespace: str
    input: Shape | None
    output: Shape | None


@dataclass(frozen=True, slots=True)
class Route:
    """How a REST request names its operation: method, path, and query parameters that must be there."""

    operation: str
    method: str
    path: re.Pattern[str]
    query: tuple[tuple[str, str], ...]
    variables: tuple[str, ...]


@cache
def protocol_of(service: str) -> str:
    """The wire protocol that botocore speaks with the service."""
    return str(_model(service).resolved_protocol)


@cache
def operation(service: str, name: str) -> Operation | None:
    """The operation of that name, or None when the service has none."""
    model = _model(service)
    if name not in model.operation_names:
        return None
    found = model.operation_model(name)
    return Operation(
        service=service,
        name=name,
        protocol=protocol_of(service),
        json_version=str(model.metadata.get("jsonVersion", "1.0")),
        namespace=str(model.metadata.get("xmlNamespace", f"http://{service}.amazonaws.com/doc/{model.api_version}/")),
        input=found.input_shape,
        output=found.output_shape,
    )


@cache
def routes(service: str) -> tuple[Route, ...]:
    """Every route of a REST service, the most demanding first."""
    model = _model(service)
    found = [_route(name, model.operation_model(name).http) for name in model.operation_names]
    return tuple(sorted(found, key=lambda route: (-len(route.query), -len(route.variables), route.operation)))


@cache
def _loader() -> Any:  # noqa: ANN401 (botocore is not typed)
    return Loader()


@cache
def _model(service: str) -> Any:  # noqa: ANN401 (botocore is not typed)
    folder = MODELS[service]
    return ServiceModel(_loader().load_service_model(folder, "service-2"), folder)


def _route(name: str, http: Mapping[str, str]) -> Route:
    path, _, query = http["requestUri"].partition("?")
    variables = re.findall(r"\{(\w+)\+?\}", path)
    pieces = re.split(r"(\{\w+\+?\})", path)
    pattern = "".join(
        re.escape(piece) if not piece.startswith("{") else "(.+)" if piece.endswith("+}") else "([^/]+)"
        for piece in pieces
    )
    return Route(
        operation=name,
        method=http["method"],
        path=re.compile(pattern),
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        variables=tuple(variables),
    )
