"""The documentation page of every method that may be called, made from the table itself. Calls nothing."""

from scanner.providers.gcp.operations import HOSTS, OPERATIONS
from scanner.providers.gcp.permissions import role_yaml
from scanner.providers.operation import AnyOperation, fields_kept


def page() -> str:
    """Markdown: the role, then one row for each method with permission, default rate and the fields kept."""
    rows = [_row(operation) for operation in OPERATIONS]
    return "\n".join(
        (
            "# Google Cloud permissions",
            "",
            "Made by `make generate` from the table of allowed methods; any other raises before a socket opens.",
            "",
            "```yaml",
            role_yaml().rstrip(),
            "```",
            "",
            "| host | method | permission | requests a second | fields kept |",
            "|---|---|---|---|---|",
            *rows,
            "",
        )
    )


def _row(operation: AnyOperation) -> str:
    kept = ", ".join(fields_kept(operation)) or "nothing"
    service = operation.service.rpartition(".")[2]
    rate = f"{operation.rate:g}"
    return f"| {HOSTS[operation.service]} | {service}/{operation.name} | `{operation.action}` | {rate} | {kept} |"
