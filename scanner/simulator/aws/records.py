"""What a simulated AWS is made of: mutable records of keys, trails, buckets and accounts. Answers no call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Row = Mapping[str, object]
"""One thing in the shape in which its service lists it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """One grant. Exactly one of `grantee` (ARN) and `grantee_service` is set; `retiring` likewise, or neither."""

    id: str
    operations: tuple[str, ...]
    created: datetime
    issuer: str
    grantee: str = ""
    grantee_service: str = ""
    retiring: str = ""
    retiring_service: str = ""
    name: str = ""
    context_equals: Mapping[str, str] | None = None
    context_subset: Mapping[str, str] | None = None
    source_arn: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotation:
    """One completed rotation. `how` is AUTOMATIC or ON_DEMAND."""

    at: datetime
    material: str
    how: str = "AUTOMATIC"


@dataclass(kw_only=True, slots=True)
class Key:
    """One KMS key. Rotation, history and material of a replica are those of its primary."""

    id: str
    account: str
    region: str
    created: datetime
    first_material: str
    spec: str = "SYMMETRIC_DEFAULT"
    usage: str = "ENCRYPT_DECRYPT"
    origin: str = "AWS_KMS"
    manager: str = "CUSTOMER"
    description: str = ""
    policy: str = "{}"
    enabled: bool = True
    imported: bool = True
    had_material: bool = True
    expires: datetime | None = None
    rotation_days: int | None = None
    next_rotation: datetime | None = None
    rotation_stuck: bool = False
    rotations: list[Rotation] = field(default_factory=list)
    deletion_date: datetime | None = None
    deletion_window: int | None = None
    store: str = ""
    external_id: str = ""
    multi_region: str = ""
    primary: str = ""
    replicas: list[str] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    last_used: datetime | None = None
    last_operation: str = "Decrypt"

    @property
    def arn(self) -> str:
        """The full ARN, as DescribeKey gives it."""
        return f"arn:aws:kms:{self.region}:{self.account}:key/{self.id}"

    @property
    def is_symmetric(self) -> bool:
        """A symmetric encryption key, the only kind that rotates."""
        return self.spec == "SYMMETRIC_DEFAULT"

    @property
    def can_rotate_by_itself(self) -> bool:
        """AWS can rotate it automatically: symmetric, material made by KMS, not in a custom store."""
        return self.is_symmetric and self.origin == "AWS_KMS"

    @property
    def is_usable(self) -> bool:
        """Enabled, not waiting for deletion, and its material is there."""
        return self.enabled and self.deletion_window is None and (self.origin != "EXTERNAL" or self.imported)


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyEvent:
    """One recorded request about a key (ARN); `error` is the code of a refusal.

    `days` is the waiting time asked for, None when a deletion was cancelled.
    """

    name: str
    at: datetime
    actor: str
    key: str
    days: int | None
    error: str = ""


@dataclass(kw_only=True, slots=True)
class Alias:
    """One alias; an unused `alias/aws/...` has no `target` and no dates."""

    name: str
    target: str = ""
    created: datetime | None = None


@dataclass(kw_only=True, slots=True)
class Store:
    """One custom key store: AWS_CLOUDHSM or EXTERNAL_KEY_STORE. `error` is the code of a FAILED connection."""

    id: str
    name: str
    kind: str
    created: datetime
    state: str = "CONNECTED"
    error: str = ""


@dataclass(kw_only=True, slots=True)
class Trail:
    """One trail. With no selectors of its own AWS answers the default one; `last_delivery` None means just now."""

    name: str
    account: str
    home_region: str
    bucket: str
    created: datetime
    multi_region: bool = True
    organisation: bool = False
    logging: bool = True
    stopped: datetime | None = None
    validation: bool = True
    kms_key: str = ""
    log_group: str = ""
    selectors: list[dict[str, object]] = field(default_factory=list)
    advanced_selectors: list[dict[str, object]] = field(default_factory=list)
    last_delivery: datetime | None = None
    delivery_error: str = ""

    @property
    def arn(self) -> str:
        """The full ARN."""
        return f"arn:aws:cloudtrail:{self.home_region}:{self.account}:trail/{self.name}"


@dataclass(kw_only=True, slots=True)
class Bucket:
    """One bucket. `versioning` and `object_lock` are blank when never set; `encryption` is (algorithm, key)."""

    name: str
    account: str
    region: str
    versioning: str = ""
    mfa_delete: bool = False
    object_lock: str = ""
    lock_days: int = 365
    policy: str = ""
    public: bool = False
    blocks_public: bool | None = None
    encryption: tuple[str, str] | None = ("AES256", "")


@dataclass(kw_only=True, slots=True)
class Account:
    """One account. `opted_in` are the opt-in regions it enabled."""

    id: str
    name: str
    email: str
    joined: datetime
    status: str = "ACTIVE"
    opted_in: set[str] = field(default_factory=set)


@dataclass(kw_only=True, slots=True)
class Organisation:
    """The organisation: who manages it, who belongs to it, who else may list it."""

    id: str
    management: str
    members: list[str] = field(default_factory=list)
    delegated: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """A role that callers of the trusted accounts may assume, with an external id when one is asked for."""

    account: str
    name: str
    external_id: str = ""
    trusted: frozenset[str] = frozenset()

    @property
    def arn(self) -> str:
        """The full ARN."""
        return f"arn:aws:iam::{self.account}:role/{self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """What an access key stands for: a user for good, or an assumed role until `expires`."""

    account: str
    principal: str
    user_id: str
    expires: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Who makes a call, and in which region."""

    account: str
    region: str
    principal: str
    user_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One line of the call log. `status` is the HTTP status, 0 when no whole reply was sent; `code` of an error."""

    service: str
    operation: str
    account: str
    region: str
    resource: str
    status: int
    code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Aggregator:
    """An AWS Config aggregator of the whole organisation: its name, and where it lives."""

    name: str
    account: str
    region: str


@dataclass(kw_only=True, slots=True)
class Recorder:
    """An AWS Config recorder: whether it is on, how it went last, what it records; blank kinds mean every kind.

    It records as often as `overrides` says of a kind, else as `frequency` says.
    """

    name: str = "default"
    on: bool = True
    last_status: str = "SUCCESS"
    kinds: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    frequency: str = "CONTINUOUS"
    overrides: dict[str, str] = field(default_factory=dict)
    behind: timedelta = timedelta(hours=6)
    misses: set[str] = field(default_factory=set)


@dataclass(kw_only=True, slots=True)
class Place:
    """What one account holds in one region, in the order in which it was made.

    `shelves` holds what other services list, by service and kind; new volumes are encrypted with `ebs_key` when
    `ebs_encrypted`. `aggregated` says how its recordings last came to aggregators, None that it is no source of any.
    """

    keys: dict[str, Key] = field(default_factory=dict)
    aliases: dict[str, Alias] = field(default_factory=dict)
    stores: dict[str, Store] = field(default_factory=dict)
    events: list[KeyEvent] = field(default_factory=list)
    recorder: Recorder | None = None
    aggregated: str | None = "SUCCEEDED"
    shelves: dict[str, list[Row]] = field(default_factory=dict)
    ebs_encrypted: bool = False
    ebs_key: str = "alias/aws/ebs"
