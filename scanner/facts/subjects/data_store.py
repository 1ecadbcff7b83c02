"""The facts of a data store: what it is encrypted with, what it was made from, how long it is kept. Derives nothing."""

from datetime import datetime, timedelta
from typing import Annotated

from scanner.facts.subjects.fact import KEY_STATE, Fact, Facts
from scanner.model.evidence import Evidence
from scanner.model.key import KeyState, Provider
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Unknown

ENCRYPTION = ("encryption",)
REFERENCE = ("encryption", "aliases")
ORIGINAL = ("stores", "encryption")
EXPIRY = ("expires_at",)


class StoreKeyFacts(Facts, frozen=True, kw_only=True):
    """The key a store is encrypted with; every leaf is absent where the store has no key that can be seen."""

    reference: Annotated[
        str | Unknown | None,
        Fact(ENCRYPTION, "the key as the store names it; none when not encrypted or with a provider's invisible key"),
    ]
    id: Annotated[
        str | Unknown | None, Fact(REFERENCE, "id of that key; none when the reference is an alias that names no key")
    ]
    account: Annotated[
        str | Unknown | None,
        Fact(REFERENCE, "account of that key; none when the reference is an alias that names no key"),
    ]
    listed: Annotated[
        bool | Unknown | None,
        Fact(("encryption", "aliases", "keys"), "the key exists: its account and region list it; unknown outside them"),
    ]
    state: Annotated[
        KeyState | Unknown | None, Fact(KEY_STATE, "state of that key; none for one that is not listed any more")
    ]
    ours: Annotated[
        bool | Unknown | None,
        Fact(("encryption", "aliases", "accounts"), "the key belongs to an account of the population"),
    ]
    deletion_at: Annotated[
        datetime | Unknown | None, Fact(KEY_STATE, "when that key will be deleted; none when no date is set")
    ]


class OriginalFacts(Facts, frozen=True, kw_only=True):
    """What a copy was made from; every leaf is absent on an original, or when the provider names none."""

    found: Annotated[
        bool | Unknown | None,
        Fact(("stores",), "the original is there; false when it is not any more, unknown outside the snapshot"),
    ]
    encrypted: Annotated[bool | Unknown | None, Fact(ORIGINAL, "the original is encrypted")]
    customer_key: Annotated[
        bool | Unknown | None, Fact(("stores", *KEY_STATE), "the original is encrypted with a customer's key")
    ]
    same_key: Annotated[
        bool | Unknown | None,
        Fact(("stores", *REFERENCE), "copy and original name one key, or two regions' keys of one multi-region set"),
    ]


class BackupFacts(Facts, frozen=True, kw_only=True):
    """How long a snapshot or backup is kept; every leaf is absent on any other store."""

    expires_at: Annotated[
        datetime | Unknown | None, Fact(EXPIRY, "when the provider deletes it by itself; none when somebody has to")
    ]
    expires_in: Annotated[timedelta | Unknown | None, Fact(EXPIRY, "time left until then")]
    outlives_key: Annotated[
        bool | Unknown | None,
        Fact((*KEY_STATE, *EXPIRY), "it will still be there when its key is gone, so that nobody can restore it"),
    ]


class DataStoreFacts(Facts, frozen=True, kw_only=True):
    """One store of data or copy of one, as rules see it."""

    id: Annotated[str, Fact((), "ARN, or what the provider names it by")]
    name: str
    provider: Annotated[Provider, Fact((), "platform")]
    account: Annotated[str, Fact((), "account, project or subscription")]
    region: Annotated[str, Fact((), "region or location")]
    kind: Annotated[StoreKind, Fact((), "kind of store")]
    copy: Annotated[CopyKind, Fact((), "what it is to the store it was made from; original when to none")]
    encrypted: Annotated[bool | Unknown, Fact(ENCRYPTION, "its data is encrypted at rest")]
    customer_key: Annotated[
        bool | Unknown,
        Fact(KEY_STATE, "it is encrypted with a key that a customer manages, not with one of the provider's own"),
    ]
    key: StoreKeyFacts
    original: OriginalFacts
    backup: BackupFacts
    evidence: tuple[Evidence, ...]
