"""Cases of Google Cloud as the evaluator takes them; the role tables count as complete."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scanner.facts.access.aws import Decision
from scanner.facts.access.cel import Attributes
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
    time = {"time": datetime.fromisoformat(case["now"])} if case.get("now") else {}
    request: Attributes = {"resource": resource, "request": time}
    members = {name: frozenset(found) for name, found in (case.get("groups") or {}).items()}
    groups = Groups(members=members, complete=True)
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
            for found in item.get("bindings") or ()
        ),
        denials=tuple(
            deny_rule(rule.get("denyRule", rule))
            for policy in item.get("deny_policies") or ()
            for rule in policy["rules"]
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
    own = (case.get("custom_roles") or {}).get(role)
    if own is not None:
        return frozenset(own["includedPermissions"] if isinstance(own, dict) else own)
    known = google_roles().get(role)
    return known.cloudkms if known else frozenset()
