"""A snapshot: everything read at one moment, in shards by provider, account and region. Judges nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from scanner.model.access_inputs import Access
from scanner.model.alerting import Alerting
from scanner.model.container import KeyContainer
from scanner.model.history import History
from scanner.model.identity import AccountIdentities
from scanner.model.key import Key, Provider
from scanner.model.network import Network
from scanner.model.organisation import OrganisationTree
from scanner.model.scope import Scope
from scanner.model.store import DataStore, Inventory
from scanner.model.surroundings import Surroundings
from scanner.model.trail import AuditCoverage
from scanner.model.unknown import Unknown
from scanner.model.watching import Watching
from scanner.model.watching_google import ProjectWatching

SNAPSHOT_SCHEMA = "keymuster/snapshot/3"


class Tool(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What made a file."""

    name: str
    version: str


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who asked: the caller's own identifier as the provider names it, per account."""

    provider: Provider
    account: str
    caller: str | Unknown


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a service was asked. `official` is False for any address that is not the provider's own."""

    provider: Provider
    service: str
    url: str
    tls: bool
    official: bool


class Organisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the list of all accounts could be read, and how many it names."""

    provider: Provider
    accounts: int | Unknown


class SnapshotHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds for the whole snapshot. `as_of` is the start of the collection; all ages are measured from it.

    `clock_offset_seconds` is the provider's clock less ours, by provider; `regions_outside` the enabled regions the
    configuration left out, by account (Unknown when they could not be listed).
    """

    schema: str
    as_of: datetime
    finished_at: datetime
    tool: Tool
    simulated: bool
    identities: tuple[Identity, ...]
    endpoints: tuple[Endpoint, ...]
    organisations: tuple[Organisation, ...]
    clock_offset_seconds: dict[str, float]
    regions_outside: dict[str, tuple[str, ...] | Unknown]


class Shard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything read in one account-region; what is None was not asked for: the scope was not entered.

    `stores` and `containers` are sorted by id.
    """

    scope: Scope
    audit: AuditCoverage | None
    keys: tuple[Key, ...]
    inventory: Inventory | None = None
    stores: tuple[DataStore, ...] = ()
    alerting: Alerting | None = None
    network: Network | None = None
    containers: tuple[KeyContainer, ...] = ()
    access: Access | None = None
    watching: Watching | ProjectWatching | None = None
    history: History | None = None
    surroundings: Surroundings | None = None


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A header, its shards sorted by (provider, account, region), and the organisations the accounts belong to.

    `accounts` are the identities of each account, sorted by (provider, account), each read when it is asked for.
    `loaders` make the same shards in the same order, one each; they can be sent to another process or machine.
    """

    header: SnapshotHeader
    shards: Iterable[Shard]
    organisations: tuple[OrganisationTree, ...] = ()
    accounts: Iterable[AccountIdentities] = ()
    loaders: Iterable[Callable[[], Shard]] | None = None
