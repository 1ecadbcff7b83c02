"""The facts of an account-region: its trails, its defaults for volumes, its aliases. Derives nothing itself."""

from datetime import timedelta
from typing import Annotated

from scanner.facts.subjects.fact import Fact, Facts
from scanner.model.evidence import Evidence
from scanner.model.key import KeyState, Provider
from scanner.model.unknown import Unknown

LOG_KEY = ("trails", "aliases", "keys", "metadata")
VOLUME_KEY = ("volume_key", "aliases", "keys", "metadata")


class LogKeyFacts(Facts, frozen=True, kw_only=True):
    """The key a trail's log files are encrypted with; leaves but the first are absent without one of its own."""

    encrypted_with_customer_key: Annotated[
        bool | Unknown,
        Fact(
            LOG_KEY, "log files are encrypted with a customer's key, not with the bucket's default; unknown of one gone"
        ),
    ]
    key_state: Annotated[
        KeyState | Unknown | None, Fact(LOG_KEY, "state of that key; none for one that is not listed any more")
    ]
    key_listed: Annotated[
        bool | Unknown | None,
        Fact(("trails", "aliases", "keys"), "the key exists: its account and region list it; unknown outside them"),
    ]


class TrailFacts(Facts, frozen=True, kw_only=True):
    """One trail that covers the account-region."""

    name: Annotated[str, Fact(("trails",), "name of the trail")]
    home_region: Annotated[str, Fact(("trails",), "region the trail is kept in")]
    logging: Annotated[bool | Unknown, Fact(("status",), "the trail is switched on")]
    records_key_changes: Annotated[
        bool | Unknown, Fact(("selectors",), "write management events of the key service are recorded, not excluded")
    ]
    records_management: Annotated[
        bool | Unknown, Fact(("selectors",), "write management events are recorded (of services in general)")
    ]
    effective: Annotated[
        bool | Unknown, Fact(("status", "selectors"), "switched on and recording the key service's changes")
    ]
    multi_region: Annotated[bool, Fact(("trails",), "records every region")]
    log_validation: Annotated[bool, Fact(("trails",), "log files carry signed digests")]
    delivery_age: Annotated[
        timedelta | Unknown | None, Fact(("status",), "time since the last log file arrived; none when never")
    ]
    delivery_failing: Annotated[bool | Unknown, Fact(("status",), "the last delivery ended with an error")]
    bucket_versioned: Annotated[bool | Unknown, Fact(("bucket_versioning",), "the log bucket keeps old versions")]
    bucket_locked: Annotated[
        bool | Unknown, Fact(("object_lock",), "object lock with a default retention guards the logs")
    ]
    bucket_lock_mode: Annotated[
        str | Unknown | None,
        Fact(("object_lock",), "default retention: compliance, or the weaker governance; none without one"),
    ]
    bucket_private: Annotated[
        bool | Unknown,
        Fact(("public_access_block", "bucket_exposure"), "the log bucket blocks public access and no policy opens it"),
    ]
    log_key: LogKeyFacts


class VolumeKeyFacts(Facts, frozen=True, kw_only=True):
    """The key that new volumes get when they name none; leaves but the first are absent until AWS made its own."""

    customer: Annotated[bool | Unknown, Fact(VOLUME_KEY, "a customer manages it; unknown of one that is gone")]
    listed: Annotated[
        bool | Unknown | None,
        Fact(("volume_key", "aliases", "keys"), "the key exists: its account and region list it; unknown outside them"),
    ]
    state: Annotated[
        KeyState | Unknown | None, Fact(VOLUME_KEY, "state of that key; none for one that is not listed any more")
    ]
    account: Annotated[
        str | Unknown | None,
        Fact(("volume_key", "aliases"), "account of that key; none when the reference is an alias that names no key"),
    ]
    ours: Annotated[
        bool | Unknown | None,
        Fact(("volume_key", "aliases", "accounts"), "the key belongs to an account of the population"),
    ]


class AccountRegionFacts(Facts, frozen=True, kw_only=True):
    """One scanned account-region: what records it, and what holds for everything made in it."""

    id: Annotated[str, Fact((), "provider:account:region")]
    name: Annotated[str, Fact((), "account name, else its number, with the region")]
    provider: Annotated[Provider, Fact((), "platform")]
    account: Annotated[str, Fact((), "account, project or subscription")]
    region: Annotated[str, Fact((), "region or location")]
    trails: Annotated[
        tuple[TrailFacts, ...] | Unknown, Fact(("trails",), "every trail that covers this account-region")
    ]
    volumes_encrypted_by_default: Annotated[
        bool | Unknown, Fact(("volume_default",), "new volumes are encrypted without being asked to")
    ]
    volume_default_key: VolumeKeyFacts
    orphan_aliases: Annotated[
        tuple[str, ...] | Unknown,
        Fact(("aliases", "keys"), "aliases of the customer that point at no key, or at one that is not listed"),
    ]
    evidence: tuple[Evidence, ...]
