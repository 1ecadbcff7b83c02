"""What stands around the keys of a place: names of deleted keys, imports, ways to outside keys, automatic keys.

An inventory: judges nothing.
"""

from datetime import datetime
from enum import StrEnum

from scanner.model.evidence import Evidence
from scanner.model.key import ProtectionLevel, Provider
from scanner.model.record import Record
from scanner.model.unknown import Unknown


class RetiredKey(Record, frozen=True, kw_only=True, tag="retired_key"):
    """What is left of a key that was deleted for good: its id, which no other key may have, and when it went."""

    id: str
    key: str
    deleted_at: datetime | None


class RetiredKeys(Record, frozen=True, kw_only=True, tag="retired_keys"):
    """Every deleted key of a location that the provider remembers, sorted by id."""

    items: tuple[RetiredKey, ...]


class ImportState(StrEnum):
    """Whether material can be brought with an import job."""

    BEING_MADE = "being_made"
    ACTIVE = "active"
    EXPIRED = "expired"
    UNRECOGNISED = "unrecognised"


class ImportJob(Record, frozen=True, kw_only=True, tag="import_job"):
    """A way to bring material of one's own; `method` is the provider's word for how it is wrapped."""

    id: str
    container: str
    state: ImportState
    method: str
    protection: ProtectionLevel | None
    created_at: datetime | None
    expires_at: datetime | None


class ImportJobs(Record, frozen=True, kw_only=True, tag="import_jobs"):
    """Every import job in the containers of a location, sorted by id."""

    items: tuple[ImportJob, ...]


class ExternalConnection(Record, frozen=True, kw_only=True, tag="external_connection"):
    """A connection to a key manager outside the provider; `managed` says that the provider makes keys there itself.

    Nothing of its address is kept.
    """

    id: str
    created_at: datetime | None
    managed: bool


class ExternalConnections(Record, frozen=True, kw_only=True, tag="external_connections"):
    """Every such connection of a location, sorted by id."""

    items: tuple[ExternalConnection, ...]


class KeyHandle(Record, frozen=True, kw_only=True, tag="key_handle"):
    """A request for a key that the provider makes by itself: the key it made, and what sort of resource it is for."""

    id: str
    key: str | None
    resource_type: str


class KeyHandles(Record, frozen=True, kw_only=True, tag="key_handles"):
    """Every key handle of a location, sorted by id."""

    items: tuple[KeyHandle, ...]


class AutomaticKeys(Record, frozen=True, kw_only=True, tag="automatic_keys"):
    """Where keys that are made by themselves for this account are put: a project; None when none are made."""

    project: str | None


class Surroundings(Record, frozen=True, kw_only=True, tag="surroundings"):
    """What stands around the keys of one account and region; each group is read or unknown by itself."""

    provider: Provider
    account: str
    region: str
    retired: RetiredKeys | Unknown
    imports: ImportJobs | Unknown
    connections: ExternalConnections | Unknown
    handles: KeyHandles | Unknown
    automatic: AutomaticKeys | Unknown
    evidence: tuple[Evidence, ...]


SURROUNDING_GROUPS: tuple[str, ...] = ("retired", "imports", "connections", "handles", "automatic")
"""The groups of a place's surroundings."""
