"""Reads the trails of an account: listed in every region, each asked about once where it is kept. Judges nothing."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.raw import RawResponse
from scanner.model.trail import (
    AuditCoverage,
    BucketExposure,
    BucketVersioning,
    ObjectLock,
    PublicAccessBlock,
    Trail,
    TrailList,
)
from scanner.model.unknown import Unknown
from scanner.providers.answer import Answer, Group
from scanner.providers.aws import normalise_trails, replies
from scanner.providers.aws.operations import (
    DESCRIBE_TRAILS,
    GET_BUCKET_POLICY_STATUS,
    GET_BUCKET_VERSIONING,
    GET_EVENT_SELECTORS,
    GET_OBJECT_LOCK_CONFIGURATION,
    GET_PUBLIC_ACCESS_BLOCK,
    GET_TRAIL_STATUS,
)
from scanner.providers.aws.reader import Reader
from scanner.providers.operation import Kept


class RegionAudit(msgspec.Struct, frozen=True, kw_only=True):
    """The audit coverage of an account-region, and the replies behind it."""

    audit: AuditCoverage
    raw: tuple[RawResponse, ...]


class _Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """A log bucket's protection."""

    versioning: BucketVersioning | Unknown
    object_lock: ObjectLock | Unknown
    public_access_block: PublicAccessBlock | Unknown
    exposure: BucketExposure | Unknown
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]


class _TrailReading(msgspec.Struct, frozen=True, kw_only=True):
    """A trail, and the replies about it and its bucket."""

    trail: Trail
    raw: tuple[RawResponse, ...]


def read_audits(
    readers: Mapping[str, Reader], reader_of: Callable[[str], Reader], pool: Executor
) -> dict[str, RegionAudit]:
    """The coverage of each region that `readers` holds; a trail kept elsewhere is asked about by `reader_of`."""
    asked = {
        region: pool.submit(reader.ask, DESCRIBE_TRAILS, {"includeShadowTrails": True})
        for region, reader in readers.items()
    }
    listed = {region: future.result() for region, future in asked.items()}
    shown = {trail.trail_arn: trail for answer in listed.values() for trail in _trails(answer)}
    trails = _read_trails([shown[arn] for arn in sorted(shown)], reader_of, pool)
    return {region: _audit(readers[region], listed[region], trails) for region in readers}


def _read_trails(
    trails: Sequence[replies.Trail], reader_of: Callable[[str], Reader], pool: Executor
) -> dict[str, _TrailReading]:
    """The trails by ARN; a bucket that several share is asked about once, where the first of them is kept."""
    homes: dict[str, str] = {}
    for trail in trails:
        homes.setdefault(trail.s3_bucket_name, trail.home_region)
    asked = {name: pool.submit(_read_bucket, reader_of(home), name) for name, home in homes.items()}
    reading = [pool.submit(_read_trail, reader_of(trail.home_region), trail) for trail in trails]
    buckets = {name: future.result() for name, future in asked.items()}
    return {
        trail.trail_arn: _trail(trail, *future.result(), buckets[trail.s3_bucket_name])
        for trail, future in zip(trails, reading, strict=True)
    }


def _read_trail(
    reader: Reader, trail: replies.Trail
) -> tuple[Answer[replies.GetTrailStatus], Answer[replies.GetEventSelectors]]:
    arn = trail.trail_arn
    return (
        reader.ask(GET_TRAIL_STATUS, {"Name": arn}, arn),
        reader.ask(GET_EVENT_SELECTORS, {"TrailName": arn}, arn),
    )


def _read_bucket(reader: Reader, name: str) -> _Bucket:
    asked = {"Bucket": name}
    versioning = reader.ask(GET_BUCKET_VERSIONING, asked, name)
    lock = reader.ask(GET_OBJECT_LOCK_CONFIGURATION, asked, name)
    block = reader.ask(GET_PUBLIC_ACCESS_BLOCK, asked, name)
    exposure = reader.ask(GET_BUCKET_POLICY_STATUS, asked, name)
    return _Bucket(
        versioning=versioning.group(normalise_trails.bucket_versioning),
        object_lock=_or_none(lock, normalise_trails.object_lock, normalise_trails.NO_OBJECT_LOCK),
        public_access_block=_or_none(
            block, normalise_trails.public_access_block, normalise_trails.NO_PUBLIC_ACCESS_BLOCK
        ),
        exposure=_or_none(exposure, normalise_trails.bucket_exposure, normalise_trails.NO_BUCKET_POLICY),
        evidence=(
            versioning.evidence("bucket_versioning")
            + lock.evidence("object_lock")
            + block.evidence("public_access_block")
            + exposure.evidence("bucket_exposure")
        ),
        raw=versioning.raw + lock.raw + block.raw + exposure.raw,
    )


def _or_none(answer: Answer[Kept], make: Callable[[Sequence[Kept]], Group], none: Group) -> Group | Unknown:
    """The group; the error code that says "there is none" is an answer."""
    if answer.failure and answer.failure.code == answer.operation.none:
        return none
    return answer.group(make)


def _trail(
    trail: replies.Trail,
    status: Answer[replies.GetTrailStatus],
    selectors: Answer[replies.GetEventSelectors],
    bucket: _Bucket,
) -> _TrailReading:
    described = Trail(
        id=trail.trail_arn,
        name=trail.name,
        provider=Provider.AWS,
        account=trail.trail_arn.split(":")[4],
        home_region=trail.home_region,
        multi_region=bool(trail.is_multi_region_trail),
        organisation=bool(trail.is_organization_trail),
        log_validation=bool(trail.log_file_validation_enabled),
        log_group=trail.cloud_watch_logs_log_group_arn or None,
        key=trail.kms_key_id or None,
        bucket=trail.s3_bucket_name,
        status=status.group(normalise_trails.status),
        selectors=selectors.group(normalise_trails.selectors),
        bucket_versioning=bucket.versioning,
        object_lock=bucket.object_lock,
        public_access_block=bucket.public_access_block,
        bucket_exposure=bucket.exposure,
        evidence=status.evidence("status") + selectors.evidence("selectors") + bucket.evidence,
    )
    return _TrailReading(trail=described, raw=status.raw + selectors.raw + bucket.raw)


def _audit(reader: Reader, listed: Answer[replies.DescribeTrails], trails: Mapping[str, _TrailReading]) -> RegionAudit:
    """One region's coverage. Its file holds the replies about every trail it names, wherever they were asked."""
    readings = [trails[arn] for arn in sorted({trail.trail_arn for trail in _trails(listed)})]
    found = TrailList(items=tuple(reading.trail for reading in readings))
    audit = AuditCoverage(
        provider=Provider.AWS,
        account=reader.account,
        region=reader.region,
        trails=listed.failure.unknown if listed.failure else found,
        evidence=listed.evidence("trails"),
    )
    return RegionAudit(audit=audit, raw=sum((reading.raw for reading in readings), listed.raw))


def _trails(listed: Answer[replies.DescribeTrails]) -> list[replies.Trail]:
    return [trail for page in listed.pages for trail in page.trail_list]
