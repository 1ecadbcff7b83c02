"""The facts of a key: what rules about keys may ask. Derives nothing itself."""

from datetime import datetime, timedelta
from typing import Annotated

from scanner.facts.subjects.access import AccessFacts
from scanner.facts.subjects.fact import META, Fact, Facts
from scanner.model.evidence import Evidence
from scanner.model.key import KeyState, KeyType, KeyUsage, Manager, MultiRegionRole, Origin, ProtectionLevel, Provider
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Unknown

ROTATION = ("rotation",)
MATERIAL = ("metadata", "rotation_history")
VERSIONS = ("versions",)
BORN = ("metadata", "versions")
TAGS = ("tags",)
USE_OR_AGE = ("last_use", "metadata")
REQUEST = ("deletion_request",)
GUARD = ("metadata", "policy", "nodes", "service_control", "resource_control", "recovery")
PROTECTS = (
    *("metadata", "policy", "grants", "stores", "encryption", "aliases", "volume_key", "trails"),
    *("tracked", "protects"),
)


class DeletionFacts(Facts, frozen=True, kw_only=True):
    """A planned deletion."""

    at: Annotated[datetime | Unknown | None, Fact(META, "when the key will be deleted; none when no date is set")]
    remaining: Annotated[timedelta | Unknown | None, Fact(META, "time left until the deletion date")]
    requested_at: Annotated[
        datetime | Unknown | None, Fact(REQUEST, "when the deletion was asked for; none when it was not")
    ]
    requested_by: Annotated[str | Unknown | None, Fact(REQUEST, "who asked for the deletion")]
    waiting: Annotated[
        timedelta | Unknown | None,
        Fact(("metadata", "deletion_request"), "time from the request to the deletion; none when none is planned"),
    ]
    short_window_denied: Annotated[
        bool | Unknown | None,
        Fact(GUARD, "a policy denies to everybody that the key be deleted on short notice; none on a provider's key"),
    ]
    version_wait: Annotated[
        timedelta | Unknown | None,
        Fact(META, "time every version waits from the request to its destruction; none where that is not set on keys"),
    ]
    guarded_days: Annotated[
        timedelta | Unknown | None,
        Fact(GUARD, "shortest waiting time that such a policy leaves possible; none without one"),
    ]


class MaterialFacts(Facts, frozen=True, kw_only=True):
    """The key material."""

    newest_at: Annotated[
        datetime | Unknown, Fact(MATERIAL, "when the newest key material was made: last rotation, else creation")
    ]
    age: Annotated[timedelta | Unknown, Fact(MATERIAL, "age of the newest key material")]
    expires_at: Annotated[
        datetime | Unknown | None,
        Fact(META, "when the material expires (imported, or dated by its owner); none when never"),
    ]
    expires_in: Annotated[timedelta | Unknown | None, Fact(META, "time left until the material expires")]


class RotationFacts(Facts, frozen=True, kw_only=True):
    """Automatic rotation."""

    supported: Annotated[
        bool | Unknown,
        Fact(META, "the provider rotates this key by itself when told to (kind, origin and manager allow it)"),
    ]
    enabled: Annotated[bool | Unknown | None, Fact(ROTATION, "automatic rotation is on")]
    period: Annotated[timedelta | Unknown | None, Fact(ROTATION, "time between two automatic rotations")]
    next_at: Annotated[datetime | Unknown | None, Fact(ROTATION, "when the next automatic rotation is due")]
    next_in: Annotated[timedelta | Unknown | None, Fact(ROTATION, "time left until then; negative when it has passed")]
    last_at: Annotated[
        datetime | Unknown | None, Fact(("rotation_history",), "when the material last rotated; none when never")
    ]
    before_expiry: Annotated[
        bool | Unknown | None,
        Fact(
            ("metadata", "rotation"), "the next rotation comes before the material expires; none when nothing expires"
        ),
    ]
    notifies: Annotated[
        bool | Unknown | None, Fact(ROTATION, "the rotation policy tells before the key expires or falls due")
    ]
    overdue_by: Annotated[
        timedelta | Unknown | None,
        Fact(("metadata", "rotation", "rotation_history"), "age of the newest material beyond the rotation period"),
    ]


class VersionFacts(Facts, frozen=True, kw_only=True):
    """The versions of a key; every leaf is absent where the provider replaces material within the key."""

    total: Annotated[int | Unknown | None, Fact(VERSIONS, "versions that the provider still lists")]
    enabled: Annotated[int | Unknown | None, Fact(VERSIONS, "versions that can be used")]
    destroyed: Annotated[int | Unknown | None, Fact(VERSIONS, "versions whose material is gone")]
    pending_destruction: Annotated[int | Unknown | None, Fact(VERSIONS, "versions that wait for their destruction")]
    first_destruction_at: Annotated[
        datetime | Unknown | None, Fact(VERSIONS, "when the first of those is destroyed; none without one")
    ]
    first_destruction_in: Annotated[timedelta | Unknown | None, Fact(VERSIONS, "time left until then")]
    primary_state: Annotated[
        KeyState | Unknown | None, Fact(VERSIONS, "state of the version used by default; none without one")
    ]
    primary_age: Annotated[
        timedelta | Unknown | None, Fact(VERSIONS, "age of the material of that version; none when it has no date")
    ]
    primary_expires_at: Annotated[
        datetime | Unknown | None, Fact(VERSIONS, "when that version expires; none when never")
    ]
    primary_expires_in: Annotated[timedelta | Unknown | None, Fact(VERSIONS, "time left until then")]
    imported: Annotated[bool | Unknown | None, Fact(VERSIONS, "a version that is not gone was imported")]
    protection_levels: Annotated[
        tuple[ProtectionLevel, ...] | Unknown | None,
        Fact(VERSIONS, "what guards the material of versions that are not gone, each once"),
    ]


class ReplicaFacts(Facts, frozen=True, kw_only=True):
    """A multi-region replica seen against its primary; every leaf is absent on a key that is no replica."""

    primary: Annotated[str | Unknown | None, Fact(META, "id of the primary key")]
    primary_state: Annotated[
        KeyState | Unknown | None, Fact(META, "state of the primary key; unknown when it is not in the snapshot")
    ]
    rotation_agrees: Annotated[
        bool | Unknown | None, Fact(("metadata", "rotation"), "replica and primary show the same rotation setting")
    ]
    policy_agrees: Annotated[
        bool | Unknown | None, Fact(("metadata", "policy"), "replica and primary have the same key policy")
    ]
    tags_agree: Annotated[
        bool | Unknown | None,
        Fact(("metadata", "tags"), "replica and primary carry the same tags, the provider's aside"),
    ]
    state_agrees: Annotated[bool | Unknown | None, Fact(META, "replica and primary are in the same state")]


class PolicyFacts(Facts, frozen=True, kw_only=True):
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
        Fact(("policy",), "principals that were deleted and show as bare ids (AROA..., AIDA...) or as `deleted:`"),
    ]


class TagFacts(Facts, frozen=True, kw_only=True):
    """Tags by meaning; which tag keys carry a meaning is configured, case does not count, blank counts as absent."""

    owner: Annotated[str | Unknown | None, Fact(TAGS, "who answers for the key")]
    purpose: Annotated[str | Unknown | None, Fact(TAGS, "what the key is for")]
    data_class: Annotated[str | Unknown | None, Fact(TAGS, "class of the data it protects")]
    environment: Annotated[str | Unknown | None, Fact(TAGS, "environment it belongs to")]
    not_allowed: Annotated[
        tuple[str, ...] | Unknown | None, Fact(TAGS, "meanings whose value is not among the allowed ones")
    ]


class GivenFacts(Facts, frozen=True, kw_only=True):
    """What policies above the key say besides who may do what; absent where nothing is given above keys."""

    use_logged: Annotated[
        bool | Unknown | None,
        Fact(("levels", "bindings"), "every decryption and signature is logged, whoever makes it"),
    ]


class LastUseFacts(Facts, frozen=True, kw_only=True):
    """The last cryptographic use."""

    at: Annotated[datetime | Unknown | None, Fact(USE_OR_AGE, "when the key was last used; none when certainly never")]
    ever: Annotated[
        bool | Unknown, Fact(USE_OR_AGE, "the key was used at least once; unknown when it is older than the tracking")
    ]
    idle_at_least: Annotated[
        timedelta | Unknown,
        Fact(USE_OR_AGE, "time the key has certainly not been used: since last use, tracking or creation"),
    ]
    idle_at_most: Annotated[
        timedelta | Unknown,
        Fact(USE_OR_AGE, "time the key may have gone unused; unknown when it is older than the tracking"),
    ]


class ProtectedFacts(Facts, frozen=True, kw_only=True):
    """One store that cannot be read without the key; a trail stands for its log files, and so do volumes to be made."""

    id: Annotated[str, Fact(PROTECTS, "ARN, or what the provider names it by")]
    name: Annotated[str, Fact(PROTECTS, "name of the store")]
    kind: Annotated[StoreKind, Fact(PROTECTS, "kind of store")]
    copy: Annotated[CopyKind, Fact(PROTECTS, "what it is to the store it was made from; original when to none")]
    account: Annotated[str, Fact(PROTECTS, "account of the store")]
    region: Annotated[str, Fact(PROTECTS, "region of the store")]
    expires_at: Annotated[
        datetime | Unknown | None, Fact(PROTECTS, "when the provider deletes it by itself; none when somebody has to")
    ]


class ProtectionFacts(Facts, frozen=True, kw_only=True):
    """What rests on the key: stores of the kinds that are read, log files of trails, the default for new volumes.

    The whole list is unknown while something could be missing from it; `in_use` says whether anything was seen.
    """

    stores: Annotated[
        tuple[ProtectedFacts, ...] | Unknown,
        Fact(PROTECTS, "every store under the key; unknown while one may be unseen"),
    ]
    complete: Annotated[
        bool | Unknown,
        Fact(PROTECTS, "whoever may use the key was listed with all stores; unknown while a listing was not read"),
    ]
    in_use: Annotated[
        bool | Unknown, Fact(PROTECTS, "a store rests on the key; unknown when none was seen and one may be unseen")
    ]


class CostFacts(Facts, frozen=True, kw_only=True):
    """What keeping the key costs at list price, without calls, price differences by region, or a store of its own."""

    usd_per_year: Annotated[
        int | Unknown,
        Fact(MATERIAL, "US dollars for a year at the present number of rotations; 0 when free or pending deletion"),
    ]


class KeyFacts(Facts, frozen=True, kw_only=True):
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
    created_at: Annotated[datetime | Unknown, Fact(BORN, "when the key was created")]
    age: Annotated[timedelta | Unknown, Fact(BORN, "time since creation")]
    deletion: DeletionFacts
    protection_level: Annotated[
        ProtectionLevel | Unknown | None,
        Fact(META, "what guards the material of new versions; none when the provider does not say"),
    ]
    container: Annotated[str | None, Fact((), "id of the key ring, vault or managed HSM it is in; none without one")]
    material: MaterialFacts
    rotation: RotationFacts
    versions: VersionFacts
    replica: ReplicaFacts
    policy: PolicyFacts
    given: GivenFacts
    access: AccessFacts
    aliases: Annotated[
        tuple[str, ...] | Unknown | None, Fact(("aliases",), "names that point at the key; none where keys have none")
    ]
    tags: TagFacts
    last_use: LastUseFacts
    protection: ProtectionFacts
    cost: CostFacts
    key_store_connected: Annotated[
        bool | Unknown | None, Fact(("key_store",), "the custom store is connected; none for a key outside one")
    ]
    evidence: tuple[Evidence, ...]
