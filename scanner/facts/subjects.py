"""The subjects of rules and their typed facts: the vocabulary a rule file may use. Derives nothing itself.

Every leaf carries `Fact(groups, doc)`: the groups of the record it is derived from (so that a finding can name the call
and an unread group the rules it leaves open) and one line for the generated schema page. A leaf is Unknown when
it rests on something unread; None when the provider says there is none.
"""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import KeyState, KeyType, KeyUsage, Manager, MultiRegionRole, Origin, Provider
from scanner.model.scope import ScopeStatus
from scanner.model.unknown import Unknown


class Fact(msgspec.Struct, frozen=True):
    """What a leaf is derived from, and what it means."""

    groups: tuple[str, ...]
    doc: str


class _Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The settings all fact records share."""


META = ("metadata",)
ROTATION = ("rotation",)
MATERIAL = ("metadata", "rotation_history")
TAGS = ("tags",)
USE_OR_AGE = ("last_use", "metadata")


class DeletionFacts(_Facts, frozen=True, kw_only=True):
    """A planned deletion."""

    at: Annotated[datetime | Unknown | None, Fact(META, "when the key will be deleted; none when no date is set")]
    remaining: Annotated[timedelta | Unknown | None, Fact(META, "time left until the deletion date")]


class MaterialFacts(_Facts, frozen=True, kw_only=True):
    """The key material."""

    newest_at: Annotated[
        datetime | Unknown, Fact(MATERIAL, "when the newest key material was made: last rotation, else creation")
    ]
    age: Annotated[timedelta | Unknown, Fact(MATERIAL, "age of the newest key material")]
    expires_at: Annotated[datetime | Unknown | None, Fact(META, "when imported material expires; none when never")]
    expires_in: Annotated[timedelta | Unknown | None, Fact(META, "time left until imported material expires")]


class RotationFacts(_Facts, frozen=True, kw_only=True):
    """Automatic rotation."""

    supported: Annotated[
        bool | Unknown,
        Fact(META, "the provider rotates this key by itself when told to (kind, origin and manager allow it)"),
    ]
    enabled: Annotated[bool | Unknown | None, Fact(ROTATION, "automatic rotation is on")]
    period: Annotated[timedelta | Unknown | None, Fact(ROTATION, "time between two automatic rotations")]
    next_at: Annotated[datetime | Unknown | None, Fact(ROTATION, "when the next automatic rotation is due")]
    last_at: Annotated[
        datetime | Unknown | None, Fact(("rotation_history",), "when the material last rotated; none when never")
    ]
    overdue_by: Annotated[
        timedelta | Unknown | None,
        Fact(("metadata", "rotation", "rotation_history"), "age of the newest material beyond the rotation period"),
    ]


class ReplicaFacts(_Facts, frozen=True, kw_only=True):
    """A multi-region replica seen against its primary; every leaf is absent on a key that is no replica."""

    primary: Annotated[str | Unknown | None, Fact(META, "id of the primary key")]
    primary_state: Annotated[
        KeyState | Unknown | None, Fact(META, "state of the primary key; unknown when it is not in the snapshot")
    ]
    rotation_agrees: Annotated[
        bool | Unknown | None, Fact(("metadata", "rotation"), "replica and primary show the same rotation setting")
    ]


class PolicyFacts(_Facts, frozen=True, kw_only=True):
    """The shape of the key policy, as far as it can be told without evaluating access."""

    changeable_by_owner: Annotated[
        bool | Unknown | None,
        Fact(
            ("policy",),
            "somebody in the key's own account can still change the key policy; unknown when conditions decide",
        ),
    ]
    unresolved_principals: Annotated[
        tuple[str, ...] | Unknown | None,
        Fact(("policy",), "principals that were deleted and show as bare ids (AROA..., AIDA...)"),
    ]


class TagFacts(_Facts, frozen=True, kw_only=True):
    """Tags by meaning; which tag keys carry a meaning is configured, case does not count, blank counts as absent."""

    owner: Annotated[str | Unknown | None, Fact(TAGS, "who answers for the key")]
    purpose: Annotated[str | Unknown | None, Fact(TAGS, "what the key is for")]
    data_class: Annotated[str | Unknown | None, Fact(TAGS, "class of the data it protects")]
    environment: Annotated[str | Unknown | None, Fact(TAGS, "environment it belongs to")]
    not_allowed: Annotated[
        tuple[str, ...] | Unknown | None, Fact(TAGS, "meanings whose value is not among the allowed ones")
    ]


class LastUseFacts(_Facts, frozen=True, kw_only=True):
    """The last cryptographic use."""

    at: Annotated[datetime | Unknown | None, Fact(USE_OR_AGE, "when the key was last used; none when certainly never")]
    ever: Annotated[
        bool | Unknown, Fact(USE_OR_AGE, "the key was used at least once; unknown when it is older than the tracking")
    ]
    idle_at_least: Annotated[
        timedelta | Unknown,
        Fact(USE_OR_AGE, "time the key has certainly not been used: since last use, tracking or creation"),
    ]


class KeyFacts(_Facts, frozen=True, kw_only=True):
    """A key, as rules see it.

    `name` (first alias, else the short id) is for people: it is no fact, since it differs when aliases were not read.
    """

    id: Annotated[str, Fact((), "full ARN or resource name")]
    name: str
    provider: Annotated[Provider, Fact((), "platform")]
    account: Annotated[str, Fact((), "account, project or subscription")]
    region: Annotated[str, Fact((), "region or location")]
    manager: Annotated[Manager | Unknown, Fact(META, "who decides about the key")]
    state: Annotated[KeyState | Unknown, Fact(META, "state in plain words")]
    type: Annotated[KeyType | Unknown, Fact(META, "kind of cryptography")]
    spec: Annotated[str | Unknown, Fact(META, "the provider's name for algorithm and size")]
    usage: Annotated[KeyUsage | Unknown, Fact(META, "what the key may be used for")]
    origin: Annotated[Origin | Unknown, Fact(META, "where the key material comes from")]
    multi_region: Annotated[MultiRegionRole | Unknown, Fact(META, "part in a set of multi-region keys")]
    created_at: Annotated[datetime | Unknown, Fact(META, "when the key was created")]
    age: Annotated[timedelta | Unknown, Fact(META, "time since creation")]
    deletion: DeletionFacts
    material: MaterialFacts
    rotation: RotationFacts
    replica: ReplicaFacts
    policy: PolicyFacts
    aliases: Annotated[tuple[str, ...] | Unknown, Fact(("aliases",), "names that point at the key")]
    tags: TagFacts
    last_use: LastUseFacts
    key_store_connected: Annotated[
        bool | Unknown | None, Fact(("key_store",), "the custom store is connected; none for a key outside one")
    ]
    evidence: tuple[Evidence, ...]


class PopulationFacts(_Facts, frozen=True, kw_only=True):
    """One scope of the population: an account-region, or an account that was not entered."""

    id: Annotated[str, Fact((), "provider:account[:region]")]
    name: Annotated[str, Fact((), "account name, else its number, with the region")]
    provider: Annotated[Provider, Fact((), "platform")]
    account: Annotated[str, Fact((), "account, project or subscription")]
    region: Annotated[str | None, Fact((), "region; none for a whole account")]
    status: Annotated[ScopeStatus, Fact((), "scanned, unreachable, excluded, outside or closed")]
    listed: Annotated[int | Unknown, Fact(("keys",), "keys the provider listed")]
    unaccounted: Annotated[
        int | Unknown, Fact(("keys",), "keys listed but neither read, partly read, unread nor excluded")
    ]
    all_described: Annotated[
        bool | Unknown, Fact(("keys", "metadata"), "every listed key could be described; unknown while one was not")
    ]
    exclusion_approved: Annotated[
        bool | None, Fact((), "the exclusion names a reason and an approver; none when not excluded")
    ]
    evidence: tuple[Evidence, ...]


class TrailFacts(_Facts, frozen=True, kw_only=True):
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


class AccountRegionFacts(_Facts, frozen=True, kw_only=True):
    """The audit coverage of one scanned account-region."""

    id: Annotated[str, Fact((), "provider:account:region")]
    name: Annotated[str, Fact((), "account name, else its number, with the region")]
    provider: Annotated[Provider, Fact((), "platform")]
    account: Annotated[str, Fact((), "account, project or subscription")]
    region: Annotated[str, Fact((), "region or location")]
    trails: Annotated[
        tuple[TrailFacts, ...] | Unknown, Fact(("trails",), "every trail that covers this account-region")
    ]
    evidence: tuple[Evidence, ...]


SubjectFacts = KeyFacts | PopulationFacts | AccountRegionFacts
