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
            for item in case.get("role_assignments") or ()
        ),
        denials=tuple(denial(item) for item in case.get("deny_assignments") or ()),
        directory=Directory(
            members={name: frozenset(found) for name, found in (case.get("groups") or {}).items()}, complete=True
        ),
    )
    return decide(
        estate,
        Asked(
            principal=case["principal"],
            operation=OPERATIONS[case["operation"]],
            key=case["key"],
            source=case.get("source"),
            attributes={},
        ),
    )


def vault(case: Case) -> Vault:
    """The vault in ARM's form."""
    properties = case["vault"].get("properties") or {}
    rules = properties.get("networkAcls") or {}
    addresses = (rule if isinstance(rule, str) else rule["value"] for rule in rules.get("ipRules") or ())
    tenant = properties.get("tenantId")
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
            if tenant is None or item.get("tenantId", tenant) == tenant
        ),
        network=Network(
            public=not _is(properties.get("publicNetworkAccess"), "Disabled"),
            denies_by_default=_is(rules.get("defaultAction"), "Deny"),
            trusts_services=_is(rules.get("bypass") or "AzureServices", "AzureServices"),
            addresses=tuple(addresses),
        ),
        management_groups=tuple(case.get("management_groups") or ()),
    )


def _is(word: str | None, wanted: str) -> bool:
    """Whether a word of ARM is the wanted one, in any case."""
    return (word or "").lower() == wanted.lower()


def role(name: str, case: Case) -> Role:
    """A role of the case or of the table; one that is in neither permits nothing on keys."""
    own = (case.get("custom_roles") or {}).get(name)
    if own is not None:
        return Role(name=name, blocks=tuple(block(item) for item in (own if isinstance(own, list) else [own])))
    return azure_roles().get(name) or Role(name=name, blocks=())


def denial(item: Case) -> DenyAssignment:
    """A deny assignment."""
    return DenyAssignment(
        name=item["name"],
        scope=item["scope"],
        principals=None if item["principals"] == "all" else tuple(item["principals"]),
        excluded=tuple(item.get("excludePrincipals") or ()),
        here_only=item.get("doNotApplyToChildScopes") is True,
        blocks=tuple(block(found) for found in item["permissions"]),
    )


def block(item: Case) -> Permissions:
    """One block of permissions."""
    return Permissions(
        actions=tuple(item.get("actions") or ()),
        not_actions=tuple(item.get("notActions") or ()),
        data_actions=tuple(item.get("dataActions") or ()),
        not_data_actions=tuple(item.get("notDataActions") or ()),
    )
