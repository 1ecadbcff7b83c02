"""The one table of operations that may be called. Calls nothing.

Permissions: https://learn.microsoft.com/azure/role-based-access-control/permissions/security (Microsoft.KeyVault).
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

import msgspec

from scanner.providers.azure import replies
from scanner.providers.azure.graph import QUERY_RESOURCES
from scanner.providers.azure.operations_access import ACCESS_OPERATIONS
from scanner.providers.azure.operations_events import EVENT_OPERATIONS
from scanner.providers.azure.operations_monitor import MONITOR_OPERATIONS
from scanner.providers.azure.plane import Plane, plane_of, route_of
from scanner.providers.azure.quotas import READS
from scanner.providers.operation import AnyOperation, Operation, Quota, Route

VAULT_VERSION = "7.4"
"""The data plane's version: the first in which vaults and managed HSMs both have rotation policies."""

NOT_REGISTERED = "MissingSubscriptionRegistration"
"""What a subscription answers that never had a vault or managed HSM: without registration none can be made."""

_KEY_VAULT = "2023-07-01"
_VAULT_QUOTA = Quota(per_second=200, source="Azure Key Vault service limits, HSM keys of 2,048 bits, 2026")
_KEYS = "Microsoft.KeyVault/vaults/keys/read"
_POLICIES = "Microsoft.KeyVault/vaults/keyrotationpolicies/read"
_HSM_KEYS = "Microsoft.KeyVault/managedHsm/keys/read/action"
_HSM_DELETED = "Microsoft.KeyVault/managedHsm/keys/deletedKeys/read/action"
_IN_SUBSCRIPTION = "/subscriptions/{subscription}"
_IN_KEY_VAULT = f"{_IN_SUBSCRIPTION}/providers/Microsoft.KeyVault"
_VAULT = f"{_IN_SUBSCRIPTION}/resourceGroups/{{group}}/providers/Microsoft.KeyVault/vaults/{{vault}}"


LIST_SUBSCRIPTIONS = Operation(
    service=Plane.MANAGEMENT,
    name="ListSubscriptions",
    action="Microsoft.Resources/subscriptions/read",
    reply=replies.Subscriptions,
    route=Route(path="/subscriptions", version="2022-12-01"),
    quota=READS,
)
GET_SUBSCRIPTION = Operation(
    service=Plane.MANAGEMENT,
    name="GetSubscription",
    action="Microsoft.Resources/subscriptions/read",
    reply=replies.Subscription,
    route=Route(path=_IN_SUBSCRIPTION, version="2022-12-01"),
    quota=READS,
)
LIST_VAULTS = Operation(
    service=Plane.MANAGEMENT,
    name="ListVaults",
    action="Microsoft.KeyVault/vaults/read",
    reply=replies.Vaults,
    route=Route(path=f"{_IN_KEY_VAULT}/vaults", version=_KEY_VAULT),
    quota=READS,
    none=NOT_REGISTERED,
)
LIST_DELETED_VAULTS = Operation(
    service=Plane.MANAGEMENT,
    name="ListDeletedVaults",
    action="Microsoft.KeyVault/deletedVaults/read",
    reply=replies.DeletedContainers,
    route=Route(path=f"{_IN_KEY_VAULT}/deletedVaults", version=_KEY_VAULT),
    quota=READS,
    none=NOT_REGISTERED,
)
LIST_HSMS = Operation(
    service=Plane.MANAGEMENT,
    name="ListManagedHsms",
    action="Microsoft.KeyVault/managedHSMs/read",
    reply=replies.Hsms,
    route=Route(path=f"{_IN_KEY_VAULT}/managedHSMs", version=_KEY_VAULT),
    quota=READS,
    none=NOT_REGISTERED,
)
LIST_DELETED_HSMS = Operation(
    service=Plane.MANAGEMENT,
    name="ListDeletedManagedHsms",
    action="Microsoft.KeyVault/deletedManagedHsms/read",
    reply=replies.DeletedContainers,
    route=Route(path=f"{_IN_KEY_VAULT}/deletedManagedHSMs", version=_KEY_VAULT),
    quota=READS,
    none=NOT_REGISTERED,
)
LIST_MANAGED_KEYS = Operation(
    service=Plane.MANAGEMENT,
    name="ListVaultKeys",
    action=_KEYS,
    reply=replies.ManagedKeys,
    route=Route(path=f"{_VAULT}/keys", version=_KEY_VAULT),
    quota=READS,
)
GET_MANAGED_KEY = Operation(
    service=Plane.MANAGEMENT,
    name="GetVaultKey",
    action=_KEYS,
    reply=replies.ManagedKey,
    route=Route(path=f"{_VAULT}/keys/{{key}}", version=_KEY_VAULT),
    quota=READS,
)
LIST_KEYS = Operation(
    service=Plane.VAULT,
    name="GetKeys",
    action=_KEYS,
    reply=replies.Keys,
    route=Route(path="/keys", version=VAULT_VERSION, policy="list"),
    params=("maxresults",),
    quota=_VAULT_QUOTA,
)
GET_KEY = Operation(
    service=Plane.VAULT,
    name="GetKey",
    action=_KEYS,
    reply=replies.KeyBundle,
    route=Route(path="/keys/{key}", version=VAULT_VERSION, policy="get"),
    quota=_VAULT_QUOTA,
)
LIST_KEY_VERSIONS = Operation(
    service=Plane.VAULT,
    name="GetKeyVersions",
    action=_KEYS,
    reply=replies.Keys,
    route=Route(path="/keys/{key}/versions", version=VAULT_VERSION, policy="list"),
    params=("maxresults",),
    quota=_VAULT_QUOTA,
)
GET_ROTATION_POLICY = Operation(
    service=Plane.VAULT,
    name="GetKeyRotationPolicy",
    action=_POLICIES,
    reply=replies.RotationPolicy,
    route=Route(path="/keys/{key}/rotationpolicy", version=VAULT_VERSION, policy="getrotationpolicy"),
    quota=_VAULT_QUOTA,
)
LIST_DELETED_KEYS = Operation(
    service=Plane.VAULT,
    name="GetDeletedKeys",
    action=_KEYS,
    reply=replies.DeletedKeys,
    route=Route(path="/deletedkeys", version=VAULT_VERSION, policy="list"),
    params=("maxresults",),
    quota=_VAULT_QUOTA,
)
GET_DELETED_KEY = Operation(
    service=Plane.VAULT,
    name="GetDeletedKey",
    action=_KEYS,
    reply=replies.DeletedKeyBundle,
    route=Route(path="/deletedkeys/{key}", version=VAULT_VERSION, policy="get"),
    quota=_VAULT_QUOTA,
)
HSM_LIST_KEYS = Operation(
    service=Plane.HSM,
    name="GetHsmKeys",
    action=_HSM_KEYS,
    reply=replies.Keys,
    route=Route(path="/keys", version=VAULT_VERSION),
    params=("maxresults",),
)
HSM_GET_KEY = Operation(
    service=Plane.HSM,
    name="GetHsmKey",
    action=_HSM_KEYS,
    reply=replies.KeyBundle,
    route=Route(path="/keys/{key}", version=VAULT_VERSION),
)
HSM_LIST_KEY_VERSIONS = Operation(
    service=Plane.HSM,
    name="GetHsmKeyVersions",
    action=_HSM_KEYS,
    reply=replies.Keys,
    route=Route(path="/keys/{key}/versions", version=VAULT_VERSION),
    params=("maxresults",),
)
HSM_GET_ROTATION_POLICY = Operation(
    service=Plane.HSM,
    name="GetHsmKeyRotationPolicy",
    action=_HSM_KEYS,
    reply=replies.RotationPolicy,
    route=Route(path="/keys/{key}/rotationpolicy", version=VAULT_VERSION),
)
HSM_LIST_DELETED_KEYS = Operation(
    service=Plane.HSM,
    name="GetHsmDeletedKeys",
    action=_HSM_DELETED,
    reply=replies.DeletedKeys,
    route=Route(path="/deletedkeys", version=VAULT_VERSION),
    params=("maxresults",),
)
HSM_GET_DELETED_KEY = Operation(
    service=Plane.HSM,
    name="GetHsmDeletedKey",
    action=_HSM_DELETED,
    reply=replies.DeletedKeyBundle,
    route=Route(path="/deletedkeys/{key}", version=VAULT_VERSION),
)


class DataOperations(msgspec.Struct, frozen=True, kw_only=True):
    """The same questions at the two kinds of data plane."""

    list_keys: Operation[replies.Keys]
    get_key: Operation[replies.KeyBundle]
    list_versions: Operation[replies.Keys]
    get_rotation: Operation[replies.RotationPolicy]
    list_deleted: Operation[replies.DeletedKeys]
    get_deleted: Operation[replies.DeletedKeyBundle]


VAULT_OPERATIONS = DataOperations(
    list_keys=LIST_KEYS,
    get_key=GET_KEY,
    list_versions=LIST_KEY_VERSIONS,
    get_rotation=GET_ROTATION_POLICY,
    list_deleted=LIST_DELETED_KEYS,
    get_deleted=GET_DELETED_KEY,
)
HSM_OPERATIONS = DataOperations(
    list_keys=HSM_LIST_KEYS,
    get_key=HSM_GET_KEY,
    list_versions=HSM_LIST_KEY_VERSIONS,
    get_rotation=HSM_GET_ROTATION_POLICY,
    list_deleted=HSM_LIST_DELETED_KEYS,
    get_deleted=HSM_GET_DELETED_KEY,
)

_ALL: tuple[AnyOperation, ...] = (
    LIST_SUBSCRIPTIONS,
    GET_SUBSCRIPTION,
    LIST_VAULTS,
    LIST_DELETED_VAULTS,
    LIST_HSMS,
    LIST_DELETED_HSMS,
    LIST_MANAGED_KEYS,
    GET_MANAGED_KEY,
    LIST_KEYS,
    GET_KEY,
    LIST_KEY_VERSIONS,
    GET_ROTATION_POLICY,
    LIST_DELETED_KEYS,
    GET_DELETED_KEY,
    HSM_LIST_KEYS,
    HSM_GET_KEY,
    HSM_LIST_KEY_VERSIONS,
    HSM_GET_ROTATION_POLICY,
    HSM_LIST_DELETED_KEYS,
    HSM_GET_DELETED_KEY,
    *ACCESS_OPERATIONS,
    *MONITOR_OPERATIONS,
    *EVENT_OPERATIONS,
    QUERY_RESOURCES,
)

OPERATIONS: Mapping[str, AnyOperation] = {operation.name: operation for operation in _ALL}
"""Everything the collector calls, by name."""

_SEGMENT = r"(?!\.+(?:/|$))(?:[A-Za-z0-9()._-]|%[89A-Fa-f][0-9A-Fa-f])+"
"""A name that is not made of dots; letters beyond ASCII, which resource groups may have, are encoded."""


def is_segment(name: str) -> bool:
    """Whether a name may stand in the path of an operation."""
    return re.fullmatch(_SEGMENT, quote(name, safe="")) is not None


def allowed(plane: Plane, method: str, path: str) -> AnyOperation | None:
    """The operation of the plane that has exactly this method and path, if any; case does not count, as on Azure."""
    for operation in _ALL:
        fits = plane_of(operation) is plane and route_of(operation).method == method
        if fits and _PATTERNS[operation.name].fullmatch(path):
            return operation
    return None


def operation_of(method: str, url: str) -> AnyOperation | None:
    """The operation that a request to one of the cloud's own addresses is; None for one that is not in the table."""
    parts = urlsplit(url)
    is_management = (parts.hostname or "").startswith("management.")
    for operation in _ALL:
        fits = is_management is (plane_of(operation) is Plane.MANAGEMENT) and route_of(operation).method == method
        if fits and _PATTERNS[operation.name].fullmatch(parts.path.rstrip("/")):
            return operation
    return None


def _pattern(operation: AnyOperation) -> re.Pattern[str]:
    """The path's template; a place stands for one segment of plain characters."""
    parts = re.split(r"\{[a-z]+\}", route_of(operation).path)
    return re.compile(_SEGMENT.join(map(re.escape, parts)), re.IGNORECASE)


_PATTERNS: Mapping[str, re.Pattern[str]] = {operation.name: _pattern(operation) for operation in _ALL}
