"""A cryptographic key as read from its provider, in groups that are each read or unknown. Judges nothing."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import final

from scanner.model.evidence import Evidence
from scanner.model.named import NOT_NAMED, NamedResources
from scanner.model.permission import Bindings
from scanner.model.record import Record
from scanner.model.unknown import Inapplicable, OutOfScope, Unknown


class Provider(StrEnum):
    """The platforms a key can live on."""

    AWS = "aws"
    GCP = "gcp"
    AZURE = "azure"


class Manager(StrEnum):
    """Who decides about the key."""

    CUSTOMER = "customer"
    PROVIDER = "provider"


class KeyState(StrEnum):
    """State in plain words, the same on every cloud; a state added later by a provider is `unavailable`."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    PENDING_IMPORT = "pending_import"
    PENDING_DELETION = "pending_deletion"
    DESTROYED = "destroyed"
    UNAVAILABLE = "unavailable"


class KeyType(StrEnum):
    """The kind of cryptography."""

    SYMMETRIC = "symmetric"
    ASYMMETRIC = "asymmetric"
    MAC = "mac"
    UNRECOGNISED = "unrecognised"


class KeyUsage(StrEnum):
    """What the key may be used for; raw encryption leaves format and algorithm to the caller."""

    ENCRYPT_DECRYPT = "encrypt_decrypt"
    RAW_ENCRYPT_DECRYPT = "raw_encrypt_decrypt"
    SIGN_VERIFY = "sign_verify"
    MAC = "mac"
    KEY_AGREEMENT = "key_agreement"
    UNRECOGNISED = "unrecognised"


class Origin(StrEnum):
    """Where the key material comes from."""

    PROVIDER = "provider"
    IMPORTED = "imported"
    HSM_CLUSTER = "hsm_cluster"
    EXTERNAL_STORE = "external_store"
    UNRECOGNISED = "unrecognised"


class MultiRegionRole(StrEnum):
    """A key's part in a set of multi-region keys."""

    NONE = "none"
    PRIMARY = "primary"
    REPLICA = "replica"


class RotationKind(StrEnum):
    """How a rotation came about."""

    AUTOMATIC = "automatic"
    ON_DEMAND = "on_demand"
    UNRECOGNISED = "unrecognised"


class ProtectionLevel(StrEnum):
    """What keeps the material from being taken: software, a shared or an own security module, or another system."""

    SOFTWARE = "software"
    HSM = "hsm"
    HSM_SINGLE_TENANT = "hsm_single_tenant"
    EXTERNAL = "external"
    UNRECOGNISED = "unrecognised"


class Tracked(Record, frozen=True, kw_only=True, tag="tracked"):
    """What the provider itself counts as protected by the key, over the whole organisation.

    `types` are counts by the provider's word for the kind of resource. `warnings` are its words for why there may be
    more; only without any is the count whole.
    """

    resources: int
    projects: int
    types: dict[str, int]
    warnings: tuple[str, ...]


NOT_TRACKED = Inapplicable(reason="the provider keeps no count of what a key protects", call="kms:DescribeKey")
"""What stands for that count where there is none."""


class ActionKind(StrEnum):
    """What a rotation policy does when its moment comes; to notify is not to rotate."""

    ROTATE = "rotate"
    NOTIFY = "notify"
    UNRECOGNISED = "unrecognised"


class LifetimeAction(Record, frozen=True, kw_only=True, tag="lifetime_action"):
    """One action of a rotation policy: so long after a version was made, or so long before it expires."""

    action: ActionKind
    after_creation: timedelta | None
    before_expiry: timedelta | None


class Metadata(Record, frozen=True, kw_only=True, tag="metadata"):
    """What the provider's describe call says. Times are aware UTC; None means the provider says there is none.

    `deletion_window_days` is the waiting time asked for when the key was to be deleted; `destroy_after` the one set on
    the key beforehand, that every version waits. `protection` is that of versions made from now on, None where the
    provider names none; `exportable` None where material never leaves the provider. `belongs_to` is what the key is
    made, renewed and deleted with (a certificate), None for a key of its own.
    """

    state: KeyState
    manager: Manager
    type: KeyType
    spec: str
    usage: KeyUsage
    origin: Origin
    created_at: datetime
    description: str | None
    deletion_at: datetime | None
    deletion_window_days: int | None
    material_expires_at: datetime | None
    multi_region: MultiRegionRole
    primary: str | None
    replicas: tuple[str, ...]
    key_store: str | None
    current_material: str | None
    destroy_after: timedelta | None = None
    protection: ProtectionLevel | None = None
    import_only: bool = False
    operations: tuple[str, ...] = ()
    exportable: bool | None = None
    belongs_to: str | None = None


class Rotation(Record, frozen=True, kw_only=True, tag="rotation"):
    """The automatic rotation setting. `period` is None when the provider named none.

    `actions` are those of a rotation policy that has several, `expires_in` the lifetime it gives to new versions;
    `enabled` says that one of the actions is to rotate.
    """

    enabled: bool
    period: timedelta | None
    next_at: datetime | None
    actions: tuple[LifetimeAction, ...] = ()
    expires_in: timedelta | None = None


class RotationEvent(Record, frozen=True, kw_only=True, tag="rotation_event"):
    """One completed rotation."""

    at: datetime
    how: RotationKind
    material: str | None
    material_expires_at: datetime | None


class RotationHistory(Record, frozen=True, kw_only=True, tag="rotation_history"):
    """Every rotation the provider still lists, oldest first."""

    events: tuple[RotationEvent, ...]


class Policy(Record, frozen=True, kw_only=True, tag="policy"):
    """The key's own policy, as JSON text that is known to parse into an object."""

    document: str


class Grant(Record, frozen=True, kw_only=True, tag="grant"):
    """One grant on the key. Principals are the provider's identifiers; constraint values are kept as read."""

    id: str
    name: str | None
    grantee: str
    grantee_is_service: bool
    retiring: str | None
    issuer: str | None
    created_at: datetime | None
    operations: tuple[str, ...]
    context_equals: dict[str, str] | None
    context_subset: dict[str, str] | None
    source_arn: str | None


class Grants(Record, frozen=True, kw_only=True, tag="grants"):
    """Every grant on the key, sorted by id."""

    items: tuple[Grant, ...]


class Aliases(Record, frozen=True, kw_only=True, tag="aliases"):
    """Every alias that points at the key, sorted."""

    names: tuple[str, ...]


class Tags(Record, frozen=True, kw_only=True, tag="tags"):
    """The key's tags as the provider spells them."""

    items: dict[str, str]


class LastUse(Record, frozen=True, kw_only=True, tag="last_use"):
    """The last cryptographic use. No `at` with a creation before `tracking_since` does not mean never used."""

    at: datetime | None
    operation: str | None
    tracking_since: datetime | None


@final
class DeletionRequest(Record, frozen=True, kw_only=True, tag="deletion_request"):
    """The recorded request that the key be deleted: when, by whom, and the waiting time that was asked for."""

    at: datetime
    actor: str | None
    window_days: int | None


@final
class KeyStore(Record, frozen=True, kw_only=True, tag="key_store"):
    """The custom store the key lives in; `error` is the provider's code when it is not connected."""

    id: str
    name: str | None
    connected: bool
    error: str | None


class KeyVersion(Record, frozen=True, kw_only=True, tag="key_version"):
    """One version of a key; times are aware UTC, None where the provider says there is none.

    `id` is the full resource name or URL. `word` is the provider's own word for the state. `enabled` says that it can
    be used as far as its switch is concerned; `not_before` and `expires_at` may still forbid it. `destroy_at` is a date
    to come, `destroyed_at` one that came. `generated_at` differs from `created_at` where material is made later.
    `exportable` is None where the provider never lets material out or does not say.
    """

    id: str
    state: KeyState
    word: str
    enabled: bool
    created_at: datetime | None
    generated_at: datetime | None = None
    destroy_at: datetime | None = None
    destroyed_at: datetime | None = None
    protection: ProtectionLevel | None = None
    algorithm: str | None = None
    imported: bool = False
    not_before: datetime | None = None
    expires_at: datetime | None = None
    exportable: bool | None = None


@final
class Versions(Record, frozen=True, kw_only=True, tag="versions"):
    """Every version the provider still lists, oldest first; `primary` is the id of the one that is used by default.

    None as `primary`: the provider says that there is none.
    """

    items: tuple[KeyVersion, ...]
    primary: str | None


NO_VERSIONS = Inapplicable(
    reason="material is replaced within the key; there are no versions to ask for", call="kms:ListKeyRotations"
)
"""What stands for the versions of an AWS key, whose rotations are listed instead."""


class Key(Record, frozen=True, kw_only=True, tag="key"):
    """One key. `id` is the full ARN or resource name; `source` keeps the provider's own words by field.

    `container` is the id of the key ring, vault or managed HSM it is kept in, None where keys are kept in none.
    `policy` is the key's own: a document, or bindings; inapplicable where keys carry none.
    """

    id: str
    provider: Provider
    account: str
    region: str
    metadata: Metadata | Unknown
    rotation: Rotation | Inapplicable | OutOfScope | Unknown
    rotation_history: RotationHistory | Inapplicable | OutOfScope | Unknown
    policy: Policy | Bindings | Inapplicable | OutOfScope | Unknown
    grants: Grants | Inapplicable | OutOfScope | Unknown
    aliases: Aliases | Inapplicable | Unknown
    tags: Tags | OutOfScope | Unknown
    last_use: LastUse | Inapplicable | OutOfScope | Unknown
    key_store: KeyStore | Inapplicable | Unknown
    deletion_request: DeletionRequest | Inapplicable | OutOfScope | Unknown
    source: dict[str, str]
    evidence: tuple[Evidence, ...]
    versions: Versions | Inapplicable | OutOfScope | Unknown = NO_VERSIONS
    container: str | None = None
    tracked: Tracked | Inapplicable | OutOfScope | Unknown = NOT_TRACKED
    protects: NamedResources | Inapplicable | OutOfScope | Unknown = NOT_NAMED


KEY_GROUPS: tuple[str, ...] = (
    "metadata",
    "rotation",
    "rotation_history",
    "policy",
    "grants",
    "aliases",
    "tags",
    "last_use",
    "key_store",
    "deletion_request",
    "versions",
    "tracked",
    "protects",
)
"""The groups of a key, one per provider call; the order is that of every table that lists them."""
