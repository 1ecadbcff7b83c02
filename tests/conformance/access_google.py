"""Cases of Google Cloud as the evaluator takes them; the role tables count as complete."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scanner.facts.access.aws import Decision
from scanner.facts.access.google import Asked, Binding, DenyRule, Groups, Level, decide
from scanner.facts.access.tables import google_roles

Case = Mapping[str, Any]


def google(case: Case) -> Decision:
    """The decision on one case."""
    resource = {
        "name": case["key"],
        "type": "cloudkms.googleapis.com/CryptoKey",
        "service": "cloudkms.googleapis.com",
    }
    request = {"resource": resource, "request": {"time": datetime.fromisoformat(case["now"])}}
    groups = Groups(members={name: frozenset(found) for name, found in case["groups"].items()}, complete=True)
    asked = Asked(principal=case["principal"], permission=case["permission"], request=request)
    return decide([level(item, case) for item in case["hierarchy"]], groups, asked)


def level(item: Case, case: Case) -> Level:
    """One level of the hierarchy."""
    return Level(
        name=item["name"],
        bindings=tuple(
            Binding(
                role=found["role"],
                permissions=permissions(found["role"], case),
                members=tuple(found["members"]),
                condition=(found.get("condition") or {}).get("expression"),
            )
            for found in item.get("bindings", ())
        ),
        denials=tuple(
            deny_rule(rule["denyRule"]) for policy in item.get("deny_policies", ()) for rule in policy["rules"]
        ),
    )


def deny_rule(rule: Case) -> DenyRule:
    """One rule of a deny policy."""
    return DenyRule(
        principals=tuple(rule.get("deniedPrincipals", ())),
        excepted=tuple(rule.get("exceptionPrincipals", ())),
        permissions=tuple(rule.get("deniedPermissions", ())),
        excepted_permissions=tuple(rule.get("exceptionPermissions", ())),
        condition=(rule.get("denialCondition") or {}).get("expression"),
    )


def permissions(role: str, case: Case) -> frozenset[str]:
    """What a role of the case or of the table permits on keys."""
    if role in case["custom_roles"]:
        return frozenset(case["custom_roles"][role])
    known = google_roles().get(role)
    return known.cloudkms if known else frozenset()
