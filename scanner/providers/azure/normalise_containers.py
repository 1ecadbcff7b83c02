"""Kept replies become vaults and managed HSMs; the provider's words stop here. Pure, and imports no SDK."""

from collections.abc import Mapping, Sequence
from datetime import UTC

from scanner.model.container import (
    AccessMode,
    AccessModel,
    ContainerKind,
    KeyContainer,
    KeyGrant,
    KeyGrants,
    LockLevel,
    ManagementLock,
    ManagementLocks,
    NetworkRules,
    Recovery,
)
from scanner.model.evidence import Evidence
from scanner.model.key import Provider, Tags
from scanner.model.unknown import Inapplicable, OutOfScope
from scanner.providers.azure import replies, replies_access

_POLICY = "Microsoft.KeyVault/vaults/read"
_DELETED = "Microsoft.KeyVault/deletedVaults/read"
_DELETED_HSM = "Microsoft.KeyVault/deletedManagedHsms/read"
_BY_ROLES = Inapplicable(reason="role assignments decide here; access policies are ignored", call=_POLICY)
_LOCAL_ROLES = OutOfScope(
    reason="a managed HSM keeps local roles of its own, which are not read: who has access is not known",
    call="Microsoft.KeyVault/managedHsm/roleAssignments/read/action",
)
_LOCK = "/providers/microsoft.authorization/locks/"
_LOCKS: Mapping[str, LockLevel] = {"cannotdelete": LockLevel.DELETE, "readonly": LockLevel.EVERY_CHANGE}
GLOBAL = "global"
"""Azure's own word for what has no location: here stands what holds for a whole subscription."""

_NOWHERE = "unnamed"
_DISABLED, _DENY, _SERVICES, _APPROVED = "disabled", "deny", "azureservices", "approved"


def vault(found: replies.Vault, account: str, evidence: tuple[Evidence, ...]) -> KeyContainer:
    """A vault. What Azure leaves out is off: purge protection, roles instead of access policies, network rules."""
    settings = found.properties
    by_roles = settings.enable_rbac_authorization is True
    words = {
        "sku": settings.sku.name if settings.sku else None,
        "provisioningState": settings.provisioning_state,
        "publicNetworkAccess": settings.public_network_access,
        "tenantId": settings.tenant_id,
        "vaultUri": settings.vault_uri,
    }
    return KeyContainer(
        id=container_id(found.id),
        provider=Provider.AZURE,
        account=account,
        region=home(found.location),
        type=ContainerKind.VAULT,
        name=found.name,
        created_at=None,
        recovery=_recovery(settings),
        access=AccessModel(mode=AccessMode.ROLES if by_roles else AccessMode.ACCESS_POLICIES),
        network=_network(settings),
        tags=_tags(found.tags),
        policy=_BY_ROLES if by_roles else _grants(settings.access_policies or (), settings.tenant_id),
        source={name: word for name, word in words.items() if word},
        evidence=evidence,
    )


def hsm(found: replies.Hsm, account: str, evidence: tuple[Evidence, ...]) -> KeyContainer:
    """A managed HSM."""
    settings = found.properties
    words = {
        "sku": found.sku.name if found.sku else None,
        "provisioningState": settings.provisioning_state,
        "publicNetworkAccess": settings.public_network_access,
        "tenantId": settings.tenant_id,
        "hsmUri": settings.hsm_uri,
    }
    return KeyContainer(
        id=container_id(found.id),
        provider=Provider.AZURE,
        account=account,
        region=home(found.location),
        type=ContainerKind.MANAGED_HSM,
        name=found.name,
        created_at=None,
        recovery=_recovery(settings),
        access=AccessModel(mode=AccessMode.LOCAL_ROLES),
        network=_network(settings),
        tags=_tags(found.tags),
        policy=_LOCAL_ROLES,
        source={name: word for name, word in words.items() if word},
        evidence=evidence,
    )


def deleted(found: replies.Deleted, account: str, evidence: tuple[Evidence, ...]) -> KeyContainer:
    """A vault or managed HSM that was deleted with all its keys and can be recovered until it is purged."""
    settings = found.properties
    is_hsm = settings.mhsm_id is not None
    gone = Inapplicable(reason="it was deleted: nobody can use its keys", call=_DELETED_HSM if is_hsm else _DELETED)
    return KeyContainer(
        id=container_id(found.id),
        provider=Provider.AZURE,
        account=account,
        region=home(settings.location),
        type=ContainerKind.MANAGED_HSM if is_hsm else ContainerKind.VAULT,
        name=found.name,
        created_at=None,
        recovery=Recovery(
            soft_delete=True,
            retention_days=(settings.scheduled_purge_date - settings.deletion_date).days,
            purge_protection=settings.purge_protection_enabled is True,
        ),
        access=gone,
        network=gone,
        tags=_tags(settings.tags),
        policy=gone,
        source={"was": container_id(settings.mhsm_id or settings.vault_id or found.id)},
        evidence=evidence,
        logs=gone,
        locks=gone,
        deleted_at=settings.deletion_date.astimezone(UTC),
        purge_at=settings.scheduled_purge_date.astimezone(UTC),
    )


def locks(pages: Sequence[replies_access.Locks], container: str) -> ManagementLocks:
    """The locks on a container and on the resource group and subscription that it is in."""
    items = [_lock(found) for page in pages for found in page.value]
    holding = [one for one in items if f"{container}/".startswith(f"{one.scope}/")]
    return ManagementLocks(items=tuple(sorted(holding, key=lambda one: one.id)))


def _lock(found: replies_access.Lock) -> ManagementLock:
    id_ = container_id(found.id)
    level = _LOCKS.get(found.properties.level.lower(), LockLevel.UNRECOGNISED)
    return ManagementLock(id=id_, level=level, scope=id_.rpartition(_LOCK)[0])


def container_id(id_: str) -> str:
    """An id of the management plane in one spelling: Azure's own differ by case from answer to answer."""
    return id_.rstrip("/").lower()


def location(name: str) -> str:
    """A location in its short form: `West Europe` and `westeurope` are one."""
    return "".join(name.split()).lower() or _NOWHERE


def home(name: str) -> str:
    """The location of a vault or managed HSM; one that has none stands apart from its subscription."""
    found = location(name)
    return _NOWHERE if found == GLOBAL else found


def _recovery(settings: replies.VaultProperties | replies.HsmProperties) -> Recovery:
    """Soft delete that is not mentioned is that of vaults from before it existed: off."""
    return Recovery(
        soft_delete=settings.enable_soft_delete is True,
        retention_days=settings.soft_delete_retention_in_days,
        purge_protection=settings.enable_purge_protection is True,
    )


def _network(settings: replies.VaultProperties | replies.HsmProperties) -> NetworkRules:
    """Without rules everybody is answered, unless the public address is switched off.

    Trusted services are let through where that is not said.
    """
    rules = settings.network_acls
    connections = settings.private_endpoint_connections or ()
    return NetworkRules(
        public=(settings.public_network_access or "").lower() != _DISABLED,
        default_allows=rules is None or (rules.default_action or "").lower() != _DENY,
        trusted_services=((rules and rules.bypass) or _SERVICES).lower() == _SERVICES,
        addresses=tuple(sorted(rule.value for rule in (rules.ip_rules if rules else None) or ())),
        subnets=tuple(sorted(rule.id.lower() for rule in (rules.virtual_network_rules if rules else None) or ())),
        private_endpoints=tuple(sorted(_approved(connections))),
    )


def _approved(connections: Sequence[replies.Connection]) -> list[str]:
    found = []
    for connection in connections:
        state = connection.properties.private_link_service_connection_state if connection.properties else None
        if connection.id and state and (state.status or "").lower() == _APPROVED:
            found.append(container_id(connection.id))
    return found


def _grants(entries: Sequence[replies.AccessPolicyEntry], tenant: str) -> KeyGrants:
    """The vault's access policies; those of another tenant than the vault's let nobody in."""
    grants = [
        KeyGrant(
            principal=entry.object_id,
            application=entry.application_id,
            keys=tuple(sorted({permission.lower() for permission in entry.permissions.keys or ()})),
        )
        for entry in entries
        if entry.tenant_id == tenant
    ]
    return KeyGrants(items=tuple(sorted(grants, key=lambda grant: (grant.principal, grant.application or ""))))


def _tags(found: dict[str, str] | None) -> Tags:
    return Tags(items=dict(sorted((found or {}).items())))
