"""An audit trail as seen from one account and region. Judges nothing."""

from datetime import datetime
from enum import StrEnum

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.record import Record
from scanner.model.unknown import Inapplicable, Unknown


class ReadWrite(StrEnum):
    """Which management events a basic selector takes."""

    ALL = "all"
    READ = "read"
    WRITE = "write"
    UNRECOGNISED = "unrecognised"


class BasicSelector(Record, frozen=True, kw_only=True, tag="basic_selector"):
    """A classic selector: management events or none, read or write, less some event sources."""

    read_write: ReadWrite
    management: bool
    excluded_sources: tuple[str, ...]


class FieldSelector(Record, frozen=True, kw_only=True, tag="field_selector"):
    """One field of an advanced selector; the lists are alternatives of the named comparison, empty when unused."""

    field: str
    equals: tuple[str, ...]
    starts_with: tuple[str, ...]
    ends_with: tuple[str, ...]
    not_equals: tuple[str, ...]
    not_starts_with: tuple[str, ...]
    not_ends_with: tuple[str, ...]


class AdvancedSelector(Record, frozen=True, kw_only=True, tag="advanced_selector"):
    """Fields that must all match; several selectors are alternatives."""

    fields: tuple[FieldSelector, ...]


class Selectors(Record, frozen=True, kw_only=True, tag="selectors"):
    """What a trail records. Both lists empty means the provider's default: every management event."""

    basic: tuple[BasicSelector, ...]
    advanced: tuple[AdvancedSelector, ...]


class TrailStatus(Record, frozen=True, kw_only=True, tag="trail_status"):
    """Whether the trail runs and delivers. Times the provider leaves blank are None."""

    logging: bool
    latest_delivery_at: datetime | None
    latest_delivery_error: str | None
    latest_digest_at: datetime | None
    latest_stream_delivery_at: datetime | None
    latest_stream_delivery_error: str | None


class BucketVersioning(Record, frozen=True, kw_only=True, tag="bucket_versioning"):
    """Versioning of the log bucket."""

    enabled: bool
    mfa_delete: bool


class ObjectLock(Record, frozen=True, kw_only=True, tag="object_lock"):
    """Object lock of the log bucket; `mode` and `days` are None without a default retention."""

    enabled: bool
    mode: str | None
    days: int | None


class PublicAccessBlock(Record, frozen=True, kw_only=True, tag="public_access_block"):
    """The bucket's own public access block; all four False when the bucket has none."""

    block_acls: bool
    ignore_acls: bool
    block_policy: bool
    restrict_buckets: bool


class BucketExposure(Record, frozen=True, kw_only=True, tag="bucket_exposure"):
    """Whether the provider calls the bucket's policy public; False when it has none."""

    public_policy: bool


class Trail(Record, frozen=True, kw_only=True, tag="trail"):
    """One trail. `id` is its ARN, `account` its owner, `home_region` where it is kept; groups are read or unknown."""

    id: str
    name: str
    provider: Provider
    account: str
    home_region: str
    multi_region: bool
    organisation: bool
    log_validation: bool
    log_group: str | None
    key: str | None
    bucket: str
    status: TrailStatus | Unknown
    selectors: Selectors | Unknown
    bucket_versioning: BucketVersioning | Unknown
    object_lock: ObjectLock | Unknown
    public_access_block: PublicAccessBlock | Unknown
    bucket_exposure: BucketExposure | Unknown
    evidence: tuple[Evidence, ...]


class TrailList(Record, frozen=True, kw_only=True, tag="trail_list"):
    """Every trail that covers an account-region, wherever it is kept, sorted by id."""

    items: tuple[Trail, ...]


class AuditCoverage(Record, frozen=True, kw_only=True, tag="audit_coverage"):
    """What records the management events of one account and region."""

    provider: Provider
    account: str
    region: str
    trails: TrailList | Inapplicable | Unknown
    evidence: tuple[Evidence, ...]


TRAIL_GROUPS: tuple[str, ...] = (
    "status",
    "selectors",
    "bucket_versioning",
    "object_lock",
    "public_access_block",
    "bucket_exposure",
)
"""The groups of a trail that are read by calls of their own."""
