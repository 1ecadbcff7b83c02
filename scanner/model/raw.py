"""What a collection hands over: a scope's shard, the responses it was made from, and what it adds to the header."""

from datetime import datetime

import msgspec

from scanner.model.identity import AccountIdentities
from scanner.model.key import Provider
from scanner.model.organisation import OrganisationTree
from scanner.model.snapshot import Endpoint, Identity, Shard
from scanner.model.unknown import Unknown


class RawResponse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a shard's raw file.

    `id` is unique within the shard and what it shares with others, and is what `Evidence.raw` names; `call` the
    permission's name; `params` the request without secrets; `status` the HTTP status (0 when no answer came); `error`
    the provider's error code; `length` and `sha256` are of the body's bytes as received; `body` is the filtered body,
    `body_sha256` its digest.
    """

    id: str
    call: str
    operation: str
    params: msgspec.Raw
    request_id: str | None
    at: datetime
    status: int
    error: str | None
    length: int
    sha256: str
    body: msgspec.Raw
    body_sha256: str


class CollectedOrganisation(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation with the responses it was made from, in the order of their ids."""

    tree: OrganisationTree
    raw: tuple[RawResponse, ...]


class CollectedIdentities(msgspec.Struct, frozen=True, kw_only=True):
    """An account's identities with the responses they were made from, in the order of their ids."""

    identities: AccountIdentities
    raw: tuple[RawResponse, ...]


class SharedRaw(msgspec.Struct, frozen=True, kw_only=True):
    """Responses that several shards of an account rest on, in the order of their ids; `name` is made of their digest.

    A run that is resumed asks anew: what it is told then has another name, and takes the place of nothing.
    """

    name: str
    raw: tuple[RawResponse, ...]


class HeaderPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an account adds to the snapshot's header, as far as it was known when one of its shards was handed over.

    `regions` are all that are read of the account, none for one that was not entered; `regions_outside` is None where
    it was not learned. `signed_in` is who the whole run asks as: an account of AWS, a principal elsewhere; None where
    that is not told.
    """

    provider: Provider
    account: str
    identity: Identity | None
    regions: tuple[str, ...]
    regions_outside: tuple[str, ...] | Unknown | None
    endpoints: tuple[Endpoint, ...]
    clock_offset_seconds: float | None
    signed_in: str | None = None


class CollectedShard(msgspec.Struct, frozen=True, kw_only=True):
    """A shard with the responses it was made from, in the order of their ids; `part` is None when it adds nothing.

    What was read once for the account goes with its first region, so that a run that is resumed knows what it has; what
    several of its shards rest on goes with each of them, so that none is ever without.
    """

    shard: Shard
    raw: tuple[RawResponse, ...]
    shared: SharedRaw | None = None
    part: HeaderPart | None = None
    identities: CollectedIdentities | None = None
