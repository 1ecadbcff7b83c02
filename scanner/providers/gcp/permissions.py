"""The least-privilege custom role, generated from the table of methods. Grants nothing that is not called."""

from scanner.providers.gcp.operations import OPERATIONS


def permissions() -> tuple[str, ...]:
    """Every permission that a scan uses, sorted."""
    return tuple(sorted({operation.action for operation in OPERATIONS}))


def role_yaml() -> str:
    """The definition of a custom role, as `gcloud iam roles create keymuster --file=FILE` reads it."""
    return "\n".join(
        (
            "title: keymuster scanner",
            "description: Reads keys, policies, logs and alerts, and what is above them. Changes and decrypts nothing.",
            "stage: GA",
            "includedPermissions:",
            *(f"- {permission}" for permission in permissions()),
            "",
        )
    )
