"""The documentation page of every operation that may be called, made from the table itself. Calls nothing."""

import json

from scanner.providers.azure.operations import OPERATIONS
from scanner.providers.azure.permissions import HSM_ROLE, access_policy, role_definition
from scanner.providers.azure.plane import plane_of, route_of
from scanner.providers.operation import AnyOperation, fields_kept


def page() -> str:
    """Markdown: the role, then one row for each operation with request, permission, default rate and fields kept."""
    rows = [_row(operation) for operation in OPERATIONS.values()]
    keys = ", ".join(f"`{name}`" for name in access_policy())
    return "\n".join(
        (
            "# Azure permissions",
            "",
            "Made by `make generate` from the table of allowed operations; any other raises before a socket opens.",
            "",
            "```json",
            json.dumps(role_definition(), indent=2),
            "```",
            "",
            f"A vault in access-policy mode must give the key permissions {keys} in place of the data actions.",
            f"A managed HSM keeps local roles: assign `{HSM_ROLE}` on `/keys` there.",
            "",
            "| operation | plane | request | permission | requests a second | fields kept |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
        )
    )


def _row(operation: AnyOperation) -> str:
    route = route_of(operation)
    quota = f" ({operation.quota.source})" if operation.quota else " (no dated quota at hand)"
    kept = ", ".join(fields_kept(operation)) or "nothing"
    cells = (
        operation.name,
        plane_of(operation).value,
        f"`{route.method} {route.path}`",
        f"`{operation.action}`",
        f"{operation.rate:g}{quota}",
        kept,
    )
    return f"| {' | '.join(cells)} |"
