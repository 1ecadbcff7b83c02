"""The documentation page of every operation that may be called, made from the table itself. Calls nothing."""

import json

from scanner.providers.aws.operations import OPERATIONS
from scanner.providers.aws.permissions import policy_document
from scanner.providers.operation import AnyOperation, fields_kept


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
    kept = ", ".join(fields_kept(operation)) or "nothing"
    return f"| {operation.service}:{operation.name} | `{operation.action}` | {operation.rate:g}{quota} | {kept} |"
