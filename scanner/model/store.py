"""What keys protect: data stores and their copies, and the listings that found them. Judges nothing."""

from datetime import datetime

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.record import Record
from scanner.model.scope import Listing
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Unknown


class Encryption(Record, frozen=True, kw_only=True, tag="encryption"):
    """Encryption at rest.

    `key` is the reference in the provider's own words: a key id, ARN, alias name or alias ARN. None, when the store is
    encrypted, means a key of the provider that no customer can see or choose.
    """

    encrypted: bool
    key: str | None


class DataStore(Record, frozen=True, kw_only=True, tag="data_store"):
    """One store or copy of one.

    `id` is its ARN, or what the provider names it by where it has none. `of` is the id of the store it was made from,
    as far as the provider says; `expires_at` when the provider will delete it by itself, None when it is kept until
    somebody deletes it, Unknown when that was not told. `source` keeps the provider's own words by field.
    """

    id: str
    provider: Provider
    account: str
    region: str
    type: StoreKind
    name: str
    copy: CopyKind
    of: str | None
    encryption: Encryption | Unknown
    created_at: datetime | None
    expires_at: datetime | Unknown | None
    source: dict[str, str]
    evidence: tuple[Evidence, ...]


STORE_GROUPS: tuple[str, ...] = ("encryption", "expires_at")
"""The groups of a data store that may take a call of their own."""


class StoreListing(Record, frozen=True, kw_only=True, tag="store_listing"):
    """One listing of stores: what it would have named, and how many it did; unknown when it was denied or cut short.

    `within` is the id of the store whose contents were listed, None for a listing of the whole region.
    """

    call: str
    kinds: tuple[StoreKind, ...]
    within: str | None
    stores: Listing | Unknown


class AliasTable(Record, frozen=True, kw_only=True, tag="alias_table"):
    """Every alias of an account-region and the id of the key it points at; None for one that points at no key."""

    targets: dict[str, str | None]


class VolumeDefault(Record, frozen=True, kw_only=True, tag="volume_default"):
    """Whether new volumes are encrypted without being asked to."""

    encrypted: bool


class VolumeKey(Record, frozen=True, kw_only=True, tag="volume_key"):
    """The key that new volumes get when none is named, in the provider's own words."""

    key: str


class Inventory(Record, frozen=True, kw_only=True, tag="inventory"):
    """What was asked for in an account-region besides its keys: listings of stores, aliases, defaults for volumes."""

    provider: Provider
    account: str
    region: str
    listings: tuple[StoreListing, ...]
    aliases: AliasTable | Unknown
    volume_default: VolumeDefault | Unknown
    volume_key: VolumeKey | Unknown
    evidence: tuple[Evidence, ...]
