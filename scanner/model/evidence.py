"""Where a value was read: the call, its request id and the hash of the bytes received. Holds no response body."""

from datetime import datetime

import msgspec


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One raw response behind one group of a record.

    `call` is the permission's name, `sha256` the hex digest of the bytes as received (for a listing of several pages
    the digest of the pages' digests, in order), `raw` the id of the response's line in the shard's raw file.
    `captured_at` is set where the answer came from an inventory service: the moment that service saw the record.
    """

    group: str
    call: str
    request_id: str | None
    sha256: str
    raw: str
    captured_at: datetime | None = None
