"""A provider's response as it is stored: allow-listed fields only, beside the hash of what was received."""

from datetime import datetime

import msgspec

from scanner.model.snapshot import Shard


class RawResponse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a shard's raw file.

    `id` is unique within the shard and is what `Evidence.raw` names; `call` the permission's name; `params` the
    request without secrets; `status` the HTTP status (0 when no answer came); `error` the provider's error code;
    `length` and `sha256` are of the body's bytes as received; `body` is the filtered body, `body_sha256` its digest.
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


class CollectedShard(msgspec.Struct, frozen=True, kw_only=True):
    """A shard with the responses it was made from, in the order of their ids."""

    shard: Shard
    raw: tuple[RawResponse, ...]
