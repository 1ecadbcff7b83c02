"""The one query that Resource Graph is sent, and the operation for it. Calls nothing.

Resource Graph shows what the caller may read and does not say what it hid: the role needs to read each kind.
https://learn.microsoft.com/azure/governance/resource-graph/overview
"""

from collections.abc import Mapping

from scanner.model.store_kind import StoreKind
from scanner.providers.azure.plane import Plane
from scanner.providers.azure.replies_graph import StoreRows
from scanner.providers.operation import Operation, Quota, Route

QUERY_RESOURCES = Operation(
    service=Plane.MANAGEMENT,
    name="QueryResources",
    action="Microsoft.ResourceGraph/resources/read",
    reply=StoreRows,
    route=Route(method="POST", path="/providers/Microsoft.ResourceGraph/resources", version="2022-10-01"),
    quota=Quota(per_second=3, source="Azure Resource Graph, 15 queries in 5 seconds, 2026"),
)

KINDS: Mapping[str, StoreKind] = {
    "microsoft.compute/disks": StoreKind.VOLUME,
    "microsoft.compute/snapshots": StoreKind.VOLUME_SNAPSHOT,
    "microsoft.storage/storageaccounts": StoreKind.BUCKET,
    "microsoft.sql/servers": StoreKind.DATABASE,
    "microsoft.dbforpostgresql/flexibleservers": StoreKind.DATABASE,
    "microsoft.documentdb/databaseaccounts": StoreKind.DATABASE,
}
"""The kinds of resource that keep data, as Resource Graph spells them."""

SETS = "microsoft.compute/diskencryptionsets"
"""What stands between disks and their key."""

READ_BY_QUERY: tuple[str, ...] = (
    "Microsoft.Compute/diskEncryptionSets/read",
    "Microsoft.Compute/disks/read",
    "Microsoft.Compute/snapshots/read",
    "Microsoft.DBforPostgreSQL/flexibleServers/read",
    "Microsoft.DocumentDB/databaseAccounts/read",
    "Microsoft.Sql/servers/read",
    "Microsoft.Storage/storageAccounts/read",
)
"""What the role must be able to read for the rows to be there."""

_FIELDS: Mapping[str, str] = {
    "set": "properties.encryption.diskEncryptionSetId",
    "active": "properties.activeKey.keyUrl",
    "vault": "properties.encryption.keyvaultproperties.keyvaulturi",
    "key": "properties.encryption.keyvaultproperties.keyname",
    "version": "properties.encryption.keyvaultproperties.keyversion",
    "protector": "properties.keyId",
    "uri": "properties.keyVaultKeyUri",
    "primary": "properties.dataEncryption.primaryKeyURI",
    "source": "properties.creationData.sourceResourceId",
    "created": "properties.timeCreated",
}

QUERY = (
    f"resources | where type in~ ({', '.join(repr(name) for name in (*KINDS, SETS))}) "
    f"| project id, name, type, location, {', '.join(f'{name} = tostring({path})' for name, path in _FIELDS.items())} "
    "| order by id asc"
)
"""Every row of these kinds, cut down to what names a key."""
