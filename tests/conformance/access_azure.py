"""Cases of Azure as the evaluator takes them; the role tables count as complete."""

from collections.abc import Mapping
from typing import Any

from scanner.facts.access.aws import Decision
from scanner.facts.access.azure import (
    OPERATIONS,
    AccessPolicy,
    Asked,
    Assignment,
    DenyAssignment,
    Directory,
    Estate,
    Network,
    Permissions,
    Role,
    Vault,
    decide,
)
from scanner.facts.access.tables import azure_roles

Case = Mapping[str, Any]


def azure(case: Case) -> Decision:
    """The decision on one case."""
    estate = Estate(
        vault=vault(case),
        assignments=tuple(
            Assignment(
                principal=item["principalId"],
                role_name=item["role"],
                role=role(item["role"], case),
                scope=item["scope"],
                condition=item.get("condition"),
            )
            for item in case["role_assignments"]
        ),
        denials=tuple(denial(item) for item in case.get("deny_assignments", ())),
        directory=Directory(members={name: frozenset(found) for name, found in case["groups"].items()}, complete=True),
    )
    operation = OPERATIONS[case["operation"]]
    return decide(
        estate, Asked(principal=case["principal"], operation=operation, key=case["key"], source=case["source"])
    )


def vault(case: Case) -> Vault:
    """The vault in ARM's form."""
    properties = case["vault"]["properties"]
    rules = properties.get("networkAcls") or {}
    addresses = (rule if isinstance(rule, str) else rule["value"] for rule in rules.get("ipRules", ()))
    return Vault(
        id=case["vault"]["id"],
        rbac=properties.get("enableRbacAuthorization") is True,
        purge_protection=properties.get("enablePurgeProtection") is True,
        policies=tuple(
            AccessPolicy(
                principal=item["objectId"],
                keys=frozenset(name.lower() for name in item["permissions"].get("keys") or ()),
            )
            for item in properties.get("accessPolicies") or ()
        ),
        network=Network(
            public=properties.get("publicNetworkAccess") != "Disabled",
            denies_by_default=rules.get("defaultAction") == "Deny",
            trusts_services=rules.get("bypass", "AzureServices") == "AzureServices",
            addresses=tuple(addresses),
        ),
        management_groups=tuple(case.get("management_groups", ())),
    )


def role(name: str, case: Case) -> Role:
    """A role of the case or of the table; one that is in neither permits nothing on keys."""
    if name in case["custom_roles"]:
        return Role(name=name, blocks=tuple(block(item) for item in case["custom_roles"][name]))
    return azure_roles().get(name) or Role(name=name, blocks=())


def denial(item: Case) -> DenyAssignment:
    """A deny assignment."""
    return DenyAssignment(
        name=item["name"],
        scope=item["scope"],
        principals=None if item["principals"] == "all" else tuple(item["principals"]),
        excluded=tuple(item["excludePrincipals"]),
        here_only=item["doNotApplyToChildScopes"],
        blocks=tuple(block(found) for found in item["permissions"]),
    )


def block(item: Case) -> Permissions:
    """One block of permissions."""
    return Permissions(
        actions=tuple(item.get("actions", ())),
        not_actions=tuple(item.get("notActions", ())),
        data_actions=tuple(item.get("dataActions", ())),
        not_data_actions=tuple(item.get("notDataActions", ())),
    )
