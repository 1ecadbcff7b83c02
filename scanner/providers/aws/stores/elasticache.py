"""Caches of ElastiCache: replication groups and single nodes, and their snapshots. Keeps no addresses, judges nothing.

`StorageEncryptionType` tells how a group is encrypted now, also where the older `AtRestEncryptionEnabled` is false. A
group that tells neither is unknown, and one under KMS, or of a type that is not known, unless it names its key. A
snapshot that names no key is encrypted as its cache is, where that is the one it was made from. Memcached keeps nothing
on disk and is left out. An automated snapshot says how many days it is kept.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.service import Listing, Origin, Where, said, under_named_key
from scanner.providers.operation import AnyOperation, Operation, Paging

_MEMCACHED = "memcached"
_BEGUN = "CacheClusterCreateTime"


class ReplicationGroup(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A replication group."""

    replication_group_id: str
    arn: str = msgspec.field(name="ARN")
    at_rest_encryption_enabled: bool | None = None
    storage_encryption_type: str | None = None
    kms_key_id: str | None = None
    replication_group_create_time: datetime | None = None


class DescribeReplicationGroups(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of replication groups."""

    replication_groups: tuple[ReplicationGroup, ...]


class CacheCluster(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A cache outside of any replication group."""

    cache_cluster_id: str
    arn: str = msgspec.field(name="ARN")
    engine: str | None = None
    at_rest_encryption_enabled: bool | None = None
    cache_cluster_create_time: datetime | None = None


class DescribeCacheClusters(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of caches."""

    cache_clusters: tuple[CacheCluster, ...]


class NodeSnapshot(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """What one node gave to a snapshot."""

    snapshot_create_time: datetime | None = None


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A snapshot of a replication group or of a cache without one."""

    snapshot_name: str
    arn: str = msgspec.field(name="ARN")
    replication_group_id: str | None = None
    cache_cluster_id: str | None = None
    cache_cluster_create_time: datetime | None = None
    snapshot_source: str | None = None
    snapshot_retention_limit: int | None = None
    node_snapshots: tuple[NodeSnapshot, ...] = ()
    kms_key_id: str | None = None


class DescribeSnapshots(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of snapshots."""

    snapshots: tuple[Snapshot, ...]


_MARKER = Paging(request="Marker", reply="Marker")
DESCRIBE_REPLICATION_GROUPS = Operation(
    service="elasticache",
    name="DescribeReplicationGroups",
    action="elasticache:DescribeReplicationGroups",
    reply=DescribeReplicationGroups,
    params=("MaxRecords",),
    paging=_MARKER,
)
DESCRIBE_CACHE_CLUSTERS = Operation(
    service="elasticache",
    name="DescribeCacheClusters",
    action="elasticache:DescribeCacheClusters",
    reply=DescribeCacheClusters,
    params=("ShowCacheClustersNotInReplicationGroups", "MaxRecords"),
    paging=_MARKER,
)
DESCRIBE_SNAPSHOTS = Operation(
    service="elasticache",
    name="DescribeSnapshots",
    action="elasticache:DescribeSnapshots",
    reply=DescribeSnapshots,
    params=("MaxRecords",),
    paging=_MARKER,
)


def groups(where: Where, pages: Sequence[DescribeReplicationGroups]) -> tuple[DataStore, ...]:
    """Every replication group."""
    return tuple(
        _cache(
            where,
            (found.arn, found.replication_group_id),
            _of_group(found),
            found.replication_group_create_time,
        )
        for page in pages
        for found in page.replication_groups
    )


def clusters(where: Where, pages: Sequence[DescribeCacheClusters]) -> tuple[DataStore, ...]:
    """Every cache outside of a group that can have anything on disk."""
    return tuple(
        _cache(
            where,
            (found.arn, found.cache_cluster_id),
            _encryption(found.at_rest_encryption_enabled, None, DESCRIBE_CACHE_CLUSTERS),
            found.cache_cluster_create_time,
        )
        for page in pages
        for found in page.cache_clusters
        if found.engine != _MEMCACHED
    )


def snapshots(where: Where, pages: Sequence[DescribeSnapshots]) -> tuple[DataStore, ...]:
    """Every snapshot, with the group or cache it was made of."""
    return tuple(_snapshot(where, found) for page in pages for found in page.snapshots)


def as_its_cache(snapshot: DataStore, cache: DataStore | Unknown | None) -> DataStore:
    """A snapshot that names no key with the encryption of its cache, unless that was made after it or has a key."""
    if not isinstance(snapshot.encryption, Unknown) or cache is None:
        return snapshot
    if isinstance(cache, Unknown):
        return replace(snapshot, encryption=cache)
    begun, own = snapshot.source.get(_BEGUN), cache.encryption
    if begun is None or cache.created_at is None or datetime.fromisoformat(begun) < cache.created_at:
        return snapshot
    return snapshot if isinstance(own, Encryption) and own.key else replace(snapshot, encryption=own)


def _of_group(found: ReplicationGroup) -> Encryption | Unknown:
    match found.storage_encryption_type:
        case None:
            return _encryption(found.at_rest_encryption_enabled, found.kms_key_id, DESCRIBE_REPLICATION_GROUPS)
        case "none":
            return Encryption(encrypted=False, key=None)
        case "sse-elasticache":
            return Encryption(encrypted=True, key=found.kms_key_id or None)
        case _:
            return under_named_key(encrypted=True, key=found.kms_key_id, operation=DESCRIBE_REPLICATION_GROUPS)


def _encryption(told: bool | None, key: str | None, operation: AnyOperation) -> Encryption | Unknown:  # noqa: FBT001 (the service's word)
    if told is None:
        return Unknown(cause=Cause.ERROR, call=operation.action)
    return Encryption(encrypted=told, key=key or None)


def _cache(where: Where, named: tuple[str, str], own: Encryption | Unknown, made: datetime | None) -> DataStore:
    return DataStore(
        id=named[0],
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.CACHE,
        name=named[1],
        copy=CopyKind.ORIGINAL,
        of=None,
        encryption=own,
        created_at=made,
        expires_at=None,
        source={},
        evidence=(),
    )


def _snapshot(where: Where, found: Snapshot) -> DataStore:
    made = max((node.snapshot_create_time for node in found.node_snapshots if node.snapshot_create_time), default=None)
    begun = found.cache_cluster_create_time
    untold = Unknown(cause=Cause.UNSUPPORTED, call=DESCRIBE_SNAPSHOTS.action)
    return DataStore(
        id=found.arn,
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.CACHE_SNAPSHOT,
        name=found.snapshot_name,
        copy=CopyKind.SNAPSHOT,
        of=_source(where, found),
        encryption=Encryption(encrypted=True, key=found.kms_key_id) if found.kms_key_id else untold,
        created_at=made,
        expires_at=_expiry(found, made),
        source=said(SnapshotSource=found.snapshot_source) | said(**{_BEGUN: begun.isoformat() if begun else None}),
        evidence=(),
    )


def _expiry(found: Snapshot, made: datetime | None) -> datetime | Unknown | None:
    if found.snapshot_source == "manual":
        return None
    days = found.snapshot_retention_limit
    if found.snapshot_source != "automated" or not days or made is None:
        return Unknown(cause=Cause.UNSUPPORTED, call=DESCRIBE_SNAPSHOTS.action)
    return made + timedelta(days=days)


def _source(where: Where, found: Snapshot) -> str | None:
    if found.replication_group_id:
        return where.arn("elasticache", f"replicationgroup:{found.replication_group_id}")
    return where.arn("elasticache", f"cluster:{found.cache_cluster_id}") if found.cache_cluster_id else None


def _page(_: Where) -> Mapping[str, object]:
    return {"MaxRecords": 100}


def _alone(_: Where) -> Mapping[str, object]:
    return {"ShowCacheClustersNotInReplicationGroups": True, "MaxRecords": 100}


LISTINGS: tuple[Listing, ...] = (
    Listing(operation=DESCRIBE_REPLICATION_GROUPS, kinds=(StoreKind.CACHE,), stores=groups, params=_page),
    Listing(operation=DESCRIBE_CACHE_CLUSTERS, kinds=(StoreKind.CACHE,), stores=clusters, params=_alone),
    Listing(
        operation=DESCRIBE_SNAPSHOTS,
        kinds=(StoreKind.CACHE_SNAPSHOT,),
        stores=snapshots,
        params=_page,
        origin=Origin(
            listing=DESCRIBE_REPLICATION_GROUPS,
            id=lambda snapshot: snapshot.of,
            settle=as_its_cache,
            group="encryption",
        ),
    ),
)
