"""Makes the dated role tables of Google Cloud and Azure anew from a checkout of iann0036/iam-dataset (MIT).

    python scripts/refresh_roles.py CHECKOUT COMMIT DATE      (DATE as 2026-08-22)

Keeps of each role what is about keys: permissions of Cloud KMS and those that reach keys by a detour, operations on
vaults and keys. Of a role without any of it Google's table keeps the name, so that one that is newer than the table is
told from one that gives nothing. Reads files alone; fetching the checkout is yours.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from scanner.facts.access.classes import AZURE, AZURE_WITHOUT_KEY
from scanner.facts.access.tables import google_roles

TABLES = Path(__file__).parents[1] / "scanner/facts/access/tables"
SOURCE = "https://github.com/iann0036/iam-dataset"


def google(permissions: Mapping[str, Iterable[Mapping[str, str]]]) -> dict[str, object]:
    """Roles by name from the data set's roles by permission."""
    detours = {name for role in google_roles().values() for name in role.escalation}
    found: dict[str, dict[str, object]] = {}
    for permission in sorted(permissions):
        side = "cloudkms" if permission.startswith("cloudkms.") else "escalation" if permission in detours else ""
        for role in permissions[permission] if side else ():
            known = google_roles().get(role["id"])
            made = {"cloudkms": [], "escalation": [], "stage": known.stage if known else "", "title": role["name"]}
            names = found.setdefault(role["id"], made)[side]
            if isinstance(names, list):
                names.append(permission)
    return dict(sorted(found.items()))


def without(roles: Iterable[Mapping[str, str]], made: Iterable[str]) -> list[str]:
    """The names of Google's roles that give nothing on keys, by no detour either."""
    return sorted({role["name"] for role in roles} - {*made})


def azure(definitions: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Roles by name from the provider's own definitions."""
    wanted = sorted({*AZURE, *AZURE_WITHOUT_KEY})
    found: dict[str, object] = {}
    for definition in definitions:
        properties = definition.get("properties", definition)
        blocks = properties["permissions"]  # type: ignore[index] (the provider's JSON)
        actions = [name for name in wanted if any(_gives(block, "actions", "notActions", name) for block in blocks)]
        data = [
            name for name in wanted if any(_gives(block, "dataActions", "notDataActions", name) for block in blocks)
        ]
        conditions = [block["condition"] for block in blocks if block.get("condition")]
        if actions or data:
            found[properties["roleName"]] = {  # type: ignore[index] (the provider's JSON)
                "actions": actions,
                "dataActions": data,
                "condition": conditions[0] if conditions else None,
                "id": definition["name"],
            }
    return dict(sorted(found.items()))


def _gives(block: Mapping[str, list[str] | None], given: str, taken: str, name: str) -> bool:
    def names(side: str) -> bool:
        return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in block.get(side) or ())

    return names(given) and not names(taken)


def main() -> None:
    """Writes both tables."""
    checkout, commit, date = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    heading = {"source": SOURCE, "commit": commit, "date": date, "licence": "MIT"}
    for name, make, source in (
        ("gcp_roles.json", google, "gcp/role_permissions.json"),
        ("azure_roles.json", azure, "azure/built-in-roles-raw.json"),
    ):
        read = json.loads((checkout / source).read_text(encoding="utf-8"))
        made = make(read.get("value", read) if name.startswith("azure") and isinstance(read, dict) else read)
        table = heading | {"roles": made}
        if name.startswith("gcp"):
            roles = json.loads((checkout / "gcp/predefined_roles.json").read_text(encoding="utf-8"))
            table |= {"without": without(roles, made)}
        (TABLES / name).write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
