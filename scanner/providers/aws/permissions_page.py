"""The documentation page of every operation that may be called, made from the table itself. Calls nothing."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from scanner.providers.aws.operations import OPERATIONS, AnyOperation
from scanner.providers.aws.permissions import policy_document


def page() -> str:
    """Markdown: the policy, then one row for each operation with permission, default rate and the fields kept."""
    rows = [_row(operation) for operation in OPERATIONS.values()]
    return "\n".join(
        (
            "# AWS permissions",
            "",
            "Made by `make generate` from the table of allowed operations; any other raises before a socket opens.",
            "",
            "```json",
            json.dumps(policy_document(), indent=2),
            "```",
            "",
            "The hub identity also needs `sts:AssumeRole` on the member roles; `sts:GetCallerIdentity` needs none.",
            "",
            "| operation | permission | requests a second | fields kept |",
            "|---|---|---|---|",
            *rows,
            "",
        )
    )


def _row(operation: AnyOperation) -> str:
    quota = f" ({operation.quota.source})" if operation.quota else " (no dated quota at hand)"
    kept = ", ".join(_paths(operation.reply)) or "nothing"
    return f"| {operation.service}:{operation.name} | `{operation.action}` | {operation.rate:g}{quota} | {kept} |"


def _paths(struct: type[msgspec.Struct], prefix: str = "") -> Iterator[str]:
    """The leaves of a reply's type by the service's own names; a list shows as `[]`."""
    for field in msgspec.structs.fields(struct):
        path = f"{prefix}{field.encode_name}"
        inner, listed = _struct_in(field.type)
        if inner is None:
            yield path
        else:
            yield from _paths(inner, f"{path}{'[]' if listed else ''}.")


def _struct_in(annotation: Any) -> tuple[type[msgspec.Struct] | None, bool]:  # noqa: ANN401 (a type at run time)
    """The struct inside an annotation, and whether it stands in a tuple."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return annotation, False
    for argument in get_args(annotation):
        inner, listed = _struct_in(argument)
        if inner is not None:
            return inner, listed or getattr(annotation, "__origin__", None) is tuple
    return None, False
