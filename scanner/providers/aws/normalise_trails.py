"""Kept replies become trails and their groups; the provider's words stop here. Pure, and imports no SDK."""

from collections.abc import Mapping, Sequence

from scanner.model.trail import (
    AdvancedSelector,
    BasicSelector,
    BucketExposure,
    BucketVersioning,
    FieldSelector,
    ObjectLock,
    PublicAccessBlock,
    ReadWrite,
    Selectors,
    TrailStatus,
)
from scanner.providers.aws import replies

_DAYS_A_YEAR = 365
_READ_WRITE: Mapping[str, ReadWrite] = {
    "All": ReadWrite.ALL,
    "ReadOnly": ReadWrite.READ,
    "WriteOnly": ReadWrite.WRITE,
}

NO_OBJECT_LOCK = ObjectLock(enabled=False, mode=None, days=None)
NO_PUBLIC_ACCESS_BLOCK = PublicAccessBlock(
    block_acls=False, ignore_acls=False, block_policy=False, restrict_buckets=False
)
NO_BUCKET_POLICY = BucketExposure(public_policy=False)


def status(pages: Sequence[replies.GetTrailStatus]) -> TrailStatus:
    """Whether a trail runs and delivers."""
    read = pages[0]
    return TrailStatus(
        logging=read.is_logging,
        latest_delivery_at=read.latest_delivery_time,
        latest_delivery_error=read.latest_delivery_error or None,
        latest_digest_at=read.latest_digest_delivery_time,
        latest_stream_delivery_at=read.latest_cloud_watch_logs_delivery_time,
        latest_stream_delivery_error=read.latest_cloud_watch_logs_delivery_error or None,
    )


def selectors(pages: Sequence[replies.GetEventSelectors]) -> Selectors:
    """What a trail records; a classic selector that leaves something out means the provider's default there."""
    read = pages[0]
    return Selectors(
        basic=tuple(
            BasicSelector(
                read_write=_READ_WRITE.get(selector.read_write_type or "All", ReadWrite.UNRECOGNISED),
                management=selector.include_management_events is not False,
                excluded_sources=tuple(sorted(selector.exclude_management_event_sources)),
            )
            for selector in read.event_selectors
        ),
        advanced=tuple(
            AdvancedSelector(fields=tuple(_field(selector) for selector in advanced.field_selectors))
            for advanced in read.advanced_event_selectors
        ),
    )


def bucket_versioning(pages: Sequence[replies.GetBucketVersioning]) -> BucketVersioning:
    """Versioning of a bucket."""
    read = pages[0]
    return BucketVersioning(enabled=read.status == "Enabled", mfa_delete=read.mfa_delete == "Enabled")


def object_lock(pages: Sequence[replies.GetObjectLockConfiguration]) -> ObjectLock:
    """Object lock of a bucket; years count as 365 days."""
    read = pages[0].object_lock_configuration
    retention = read.rule.default_retention if read.rule else None
    if retention is None:
        return ObjectLock(enabled=read.object_lock_enabled == "Enabled", mode=None, days=None)
    years = retention.years * _DAYS_A_YEAR if retention.years else None
    return ObjectLock(
        enabled=read.object_lock_enabled == "Enabled",
        mode=retention.mode.lower() if retention.mode else None,
        days=retention.days or years,
    )


def public_access_block(pages: Sequence[replies.GetPublicAccessBlock]) -> PublicAccessBlock:
    """A bucket's public access block."""
    read = pages[0].public_access_block_configuration
    return PublicAccessBlock(
        block_acls=read.block_public_acls,
        ignore_acls=read.ignore_public_acls,
        block_policy=read.block_public_policy,
        restrict_buckets=read.restrict_public_buckets,
    )


def bucket_exposure(pages: Sequence[replies.GetBucketPolicyStatus]) -> BucketExposure:
    """Whether a bucket's policy is public."""
    return BucketExposure(public_policy=pages[0].policy_status.is_public)


def _field(selector: replies.AdvancedFieldSelector) -> FieldSelector:
    return FieldSelector(
        field=selector.field,
        equals=selector.equals,
        starts_with=selector.starts_with,
        ends_with=selector.ends_with,
        not_equals=selector.not_equals,
        not_starts_with=selector.not_starts_with,
        not_ends_with=selector.not_ends_with,
    )
