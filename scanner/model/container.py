"""What keys are kept in: key rings, vaults, managed HSMs, in groups that are each read or unknown. Judges nothing."""

from datetime import datetime
from enum import StrEnum

from scanner.model.evidence import Evidence
from scanner.model.key import Policy, Provider, Tags
from scanner.model.permission import Bindings
from scanner.model.record import Record
from scanner.model.unknown import Inapplicable, OutOfScope, Unknown


class ContainerKind(StrEnum):
    """The kinds of container."""

    KEY_RING = "key_ring"
    VAULT = "vault"
    MANAGED_HSM = "managed_hsm"


class AccessMode(StrEnum):
    """What decides about access to the keys: roles given in the tree, the container's own list, or its own roles."""

    ROLES = "roles"
    ACCESS_POLICIES = "access_policies"
    LOCAL_ROLES = "local_roles"


class Recovery(Record, frozen=True, kw_only=True, tag="recovery"):
    """What guards against deletion for good: deleted keys are kept so many days, and nobody may purge them before.

    `retention_days` is None where the provider named none.
    """

    soft_delete: bool
    retention_days: int | None
    purge_protection: bool


class AccessModel(Record, frozen=True, kw_only=True, tag="access_model"):
    """Which of its ways of deciding about access the container uses."""

    mode: AccessMode


class NetworkRules(Record, frozen=True, kw_only=True, tag="network_rules"):
    """From where the container can be reached.

    `public` says that it has an address in the internet at all, `default_allows` that it answers everybody there;
    otherwise only `addresses` and `subnets`, and the provider's trusted services where `trusted_services` is set.
    `private_endpoints` are the ids of approved private ways in.
    """

    public: bool
    default_allows: bool
    trusted_services: bool
    addresses: tuple[str, ...]
    subnets: tuple[str, ...]
    private_endpoints: tuple[str, ...]


class KeyGrant(Record, frozen=True, kw_only=True, tag="key_grant"):
    """An entry of a container's own list: what a principal may do with its keys; permissions in lower case."""

    principal: str
    application: str | None
    keys: tuple[str, ...]


class KeyGrants(Record, frozen=True, kw_only=True, tag="key_grants"):
    """A container's own list, sorted by principal."""

    items: tuple[KeyGrant, ...]


class LogRoute(Record, frozen=True, kw_only=True, tag="log_route"):
    """A setting that sends a container's own log somewhere: what of it (lower case), and the ids of where to."""

    name: str
    categories: tuple[str, ...]
    destinations: tuple[str, ...]


class LogRoutes(Record, frozen=True, kw_only=True, tag="log_routes"):
    """Every such setting, sorted by name."""

    items: tuple[LogRoute, ...]


class LockLevel(StrEnum):
    """What a lock forbids to everybody on the provider's management plane: to delete, or to change anything."""

    DELETE = "delete"
    EVERY_CHANGE = "every_change"
    UNRECOGNISED = "unrecognised"


class ManagementLock(Record, frozen=True, kw_only=True, tag="management_lock"):
    """A lock that holds for a container; `scope` is what it stands on: the container or something above it."""

    id: str
    level: LockLevel
    scope: str


class ManagementLocks(Record, frozen=True, kw_only=True, tag="management_locks"):
    """Every lock that holds for a container, sorted by id. They do not reach what is done to its keys."""

    items: tuple[ManagementLock, ...]


NO_LOCKS = Inapplicable(reason="the provider has no locks on containers", call="cloudkms.keyRings.list")
"""What stands for the locks of a key ring."""

NO_LOGS = Inapplicable(reason="what becomes of its log is not set on the container", call="logging.sinks.list")
"""What stands for the log of a key ring, which is the project's."""


class KeyContainer(Record, frozen=True, kw_only=True, tag="key_container"):
    """One container of keys. `id` is its full resource name or id, in the spelling that `Key.container` uses.

    `policy` is what was given on the container itself: bindings (key ring), or its own list (vault in access-policy
    mode; inapplicable otherwise, where role assignments stand at the levels of `Access`). A container that was deleted
    and can still be recovered has `deleted_at`, and `purge_at` where the provider says when it goes for good; nobody
    can use its keys, and they cannot be listed.
    """

    id: str
    provider: Provider
    account: str
    region: str
    type: ContainerKind
    name: str
    created_at: datetime | None
    recovery: Recovery | Inapplicable | OutOfScope | Unknown
    access: AccessModel | Inapplicable | OutOfScope | Unknown
    network: NetworkRules | Inapplicable | OutOfScope | Unknown
    tags: Tags | Inapplicable | OutOfScope | Unknown
    policy: Bindings | KeyGrants | Policy | Inapplicable | OutOfScope | Unknown
    source: dict[str, str]
    evidence: tuple[Evidence, ...]
    deleted_at: datetime | None = None
    purge_at: datetime | None = None
    logs: LogRoutes | Inapplicable | OutOfScope | Unknown = NO_LOGS
    locks: ManagementLocks | Inapplicable | OutOfScope | Unknown = NO_LOCKS


CONTAINER_GROUPS: tuple[str, ...] = ("recovery", "access", "network", "tags", "policy", "logs", "locks")
"""The groups of a container; the order is that of every table that lists them."""
