"""What Azure Resource Manager answers. Changes nothing."""

import re
from collections.abc import Callable, Mapping

from scanner.simulator.azure.answers import error, paged, success
from scanner.simulator.azure.data import recovery_level
from scanner.simulator.azure.graph import answer_query
from scanner.simulator.azure.logs import answer_activity, workspace_document
from scanner.simulator.azure.records import Document, Key, Request, Response, Subscription, Vault
from scanner.simulator.azure.roles import assignment, definition, reaches
from scanner.simulator.azure.world import World

_SUBSCRIPTION = r"/subscriptions/(?P<subscription>[^/]+)"
_SHELF = re.compile(rf"{_SUBSCRIPTION}/providers/(?P<kind>[^/]+/[^/]+)", re.IGNORECASE)
_VAULT_KEYS = re.compile(
    rf"{_SUBSCRIPTION}/resourceGroups/[^/]+/providers/Microsoft\.KeyVault/vaults/(?P<vault>[^/]+)"
    r"/keys(?:/(?P<key>[^/]+))?",
    re.IGNORECASE,
)
_ROLE = re.compile(
    rf"{_SUBSCRIPTION}/providers/Microsoft\.Authorization/roleDefinitions/(?P<role>[0-9a-f-]+)", re.IGNORECASE
)
_ACTIVITY = re.compile(rf"{_SUBSCRIPTION}/providers/Microsoft\.Insights/eventtypes/management/values", re.IGNORECASE)
_WORKSPACE = re.compile(
    rf"{_SUBSCRIPTION}/resourceGroups/[^/]+/providers/Microsoft\.OperationalInsights/workspaces/[^/]+", re.IGNORECASE
)
_CHILDREN = re.compile(
    rf"(?P<resource>{_SUBSCRIPTION}/resourceGroups/[^/]+/providers/Microsoft\.EventGrid/systemTopics/[^/]+)"
    r"/(?P<kind>eventSubscriptions)",
    re.IGNORECASE,
)
_ONE = re.compile(_SUBSCRIPTION, re.IGNORECASE)
_EXTENSION = re.compile(rf"(?P<resource>{_SUBSCRIPTION}/.+)/providers/(?P<kind>[^/]+/[^/]+)", re.IGNORECASE)


def answer_management(world: World, request: Request) -> Response:
    """The answer to a request to the management plane."""
    path = request.path.rstrip("/")
    if request.method == "POST" and path.lower() == "/providers/microsoft.resourcegraph/resources":
        return answer_query(world, request)
    if request.method != "GET":
        return error(405, "MethodNotAllowed", "the simulated Azure can only be read")
    if path.lower() == "/subscriptions":
        return paged(request, [_subscription(world, item) for item in world.subscriptions.values()], world.page_size)
    found = _ONE.match(path)
    subscription = world.subscriptions.get(found["subscription"].lower()) if found else None
    if subscription is None:
        return error(404, "SubscriptionNotFound", "The subscription could not be found.")
    if _ONE.fullmatch(path):
        return success(_subscription(world, subscription))
    return _in_subscription(world, subscription, path, request)


def _in_subscription(world: World, subscription: Subscription, path: str, request: Request) -> Response:
    for pattern, answer in _ROUTES:
        if found := pattern.fullmatch(path):
            return answer(world, subscription, found, request)
    return error(404, "InvalidResourceType", "The resource type could not be found.")


def _shelf(world: World, subscription: Subscription, found: re.Match[str], request: Request) -> Response:
    """What a subscription has of one kind."""
    kind = found["kind"].lower()
    if kind not in _LISTINGS:
        return paged(request, world.shelves.get((subscription.id, kind), []), world.page_size)
    items = _LISTINGS[kind](world, subscription)
    return paged(request, items, world.page_size, empty_first=world.empty_first_page)


def _part(world: World, subscription: Subscription, found: re.Match[str], request: Request) -> Response:
    """What a resource has of one kind, inside it or attached to it."""
    shelf = f"{found['resource'].lower()}|{found['kind'].lower()}"
    return paged(request, world.shelves.get((subscription.id, shelf), []), world.page_size)


def _activity(world: World, subscription: Subscription, found: re.Match[str], request: Request) -> Response:
    del found
    return answer_activity(world.activity.get(subscription.id, []), request, world.page_size)


def _workspace(world: World, subscription: Subscription, found: re.Match[str], request: Request) -> Response:
    del subscription, request
    workspace = world.workspaces.get(found[0].lower())
    if workspace is None:
        return error(404, "ResourceNotFound", "The workspace was not found.")
    return success(workspace_document(workspace))


def _vault_keys(world: World, subscription: Subscription, found: re.Match[str], request: Request) -> Response:
    del subscription
    place, key = world.vaults.get(found["vault"]), found["key"]
    if place is None:
        return error(404, "ResourceNotFound", "The vault was not found.")
    if key is None:
        return paged(request, [_managed_key(place, place.keys[name]) for name in sorted(place.keys)], world.page_size)
    if key not in place.keys:
        return error(404, "KeyNotFound", "The key was not found.")
    return success(_managed_key(place, place.keys[key]))


def _subscription(world: World, subscription: Subscription) -> Document:
    return {
        "id": f"/subscriptions/{subscription.id}",
        "subscriptionId": subscription.id,
        "displayName": subscription.name,
        "state": subscription.state,
        "tenantId": world.tenant,
        "authorizationSource": "RoleBased",
    }


def _vault(world: World, vault: Vault) -> Document:
    settings = {**_settings(world, vault), "enableRbacAuthorization": vault.rbac}
    properties = {
        "sku": {"family": "A", "name": vault.sku},
        "vaultUri": f"{vault.uri}/",
        "accessPolicies": vault.access_policies,
        "enabledForDeployment": False,
        **{name: value for name, value in settings.items() if value is not None},
    }
    return {**_resource(vault), "type": "Microsoft.KeyVault/vaults", "properties": properties}


def _hsm(world: World, vault: Vault) -> Document:
    settings = {name: value for name, value in _settings(world, vault).items() if value is not None}
    properties = {"hsmUri": f"{vault.uri}/", "statusMessage": "The Managed HSM is provisioned.", **settings}
    sku = {"family": "B", "name": vault.sku}
    return {**_resource(vault), "type": "Microsoft.KeyVault/managedHSMs", "sku": sku, "properties": properties}


def _resource(vault: Vault) -> Document:
    return {"id": vault.id, "name": vault.name, "location": vault.location, "tags": dict(vault.tags)}


def _settings(world: World, vault: Vault) -> Document:
    return {
        "tenantId": world.tenant,
        "enableSoftDelete": vault.soft_delete,
        "softDeleteRetentionInDays": vault.retention,
        "enablePurgeProtection": vault.purge_protection,
        "publicNetworkAccess": vault.public_access,
        "networkAcls": vault.acls,
        "privateEndpointConnections": vault.private_connections or None,
        "provisioningState": "Succeeded",
    }


def _deleted(vault: Vault) -> Document:
    kind = "deletedManagedHSMs" if vault.is_hsm else "deletedVaults"
    where = f"/subscriptions/{vault.subscription}/providers/Microsoft.KeyVault/locations/{vault.location}"
    return {
        "id": f"{where}/{kind}/{vault.name}",
        "name": vault.name,
        "type": f"Microsoft.KeyVault/{kind}",
        "properties": {
            ("mhsmId" if vault.is_hsm else "vaultId"): vault.id,
            "location": vault.location,
            "deletionDate": vault.deleted.isoformat() if vault.deleted else None,
            "scheduledPurgeDate": vault.purge.isoformat() if vault.purge else None,
            "purgeProtectionEnabled": vault.purge_protection,
            "tags": dict(vault.tags),
        },
    }


def _managed_key(vault: Vault, key: Key) -> Document:
    """A key as the management plane describes it; it tells no rotation policy."""
    newest = key.newest
    return {
        "id": f"{vault.id}/keys/{key.name}",
        "name": key.name,
        "type": "Microsoft.KeyVault/vaults/keys",
        "location": vault.location,
        "tags": dict(key.tags),
        "properties": {
            "attributes": {
                "enabled": newest.enabled,
                "created": int(newest.created.timestamp()),
                "updated": int(newest.updated.timestamp()),
                "recoveryLevel": recovery_level(vault),
                **({"exp": int(newest.expires.timestamp())} if newest.expires else {}),
            },
            "kty": key.kty,
            "keyOps": list(key.operations),
            **({"keySize": key.bits} if key.kty.startswith("RSA") else {"curveName": key.curve}),
            "keyUri": f"{vault.uri}/keys/{key.name}",
            "keyUriWithVersion": f"{vault.uri}/keys/{key.name}/{newest.id}",
        },
    }


def _live(world: World, subscription: Subscription, *, is_hsm: bool) -> list[Vault]:
    return [
        world.vaults[name]
        for name in sorted(world.vaults)
        if world.vaults[name].subscription == subscription.id and world.vaults[name].is_hsm is is_hsm
    ]


def _gone(world: World, subscription: Subscription, *, is_hsm: bool) -> list[Document]:
    return [
        _deleted(vault)
        for vault in world.deleted_vaults.values()
        if vault.subscription == subscription.id and vault.is_hsm is is_hsm
    ]


def _role_definition(world: World, subscription: Subscription, found: re.Match[str], request: Request) -> Response:
    del request
    name = found["role"].lower()
    if name not in world.roles:
        return error(404, "RoleDefinitionDoesNotExist", "The specified role definition does not exist.")
    return success(definition(f"/subscriptions/{subscription.id}", name, world.roles[name]))


def _given(world: World, subscription: Subscription) -> list[Document]:
    """Assignments in, above and below the subscription, as Azure lists them there."""
    here = f"/subscriptions/{subscription.id}"
    return [assignment(here, item) for item in world.assignments if reaches(item.scope, here)]


def _denied(world: World, subscription: Subscription) -> list[Document]:
    here = f"/subscriptions/{subscription.id}"
    return [item for item in world.denials if reaches(item["properties"]["scope"], here)]


_LISTINGS: Mapping[str, Callable[[World, Subscription], list[Document]]] = {
    "microsoft.keyvault/vaults": lambda world, place: [
        _vault(world, item) for item in _live(world, place, is_hsm=False)
    ],
    "microsoft.keyvault/managedhsms": lambda world, place: [
        _hsm(world, item) for item in _live(world, place, is_hsm=True)
    ],
    "microsoft.keyvault/deletedvaults": lambda world, place: _gone(world, place, is_hsm=False),
    "microsoft.authorization/roleassignments": _given,
    "microsoft.authorization/denyassignments": _denied,
    "microsoft.keyvault/deletedmanagedhsms": lambda world, place: _gone(world, place, is_hsm=True),
}

_ROUTES: tuple[tuple[re.Pattern[str], Callable[[World, Subscription, re.Match[str], Request], Response]], ...] = (
    (_ROLE, _role_definition),
    (_VAULT_KEYS, _vault_keys),
    (_ACTIVITY, _activity),
    (_WORKSPACE, _workspace),
    (_SHELF, _shelf),
    (_CHILDREN, _part),
    (_EXTENSION, _part),
)
"""What answers below a subscription; the first that fits does."""
