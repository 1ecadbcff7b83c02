"""Replication groups of ElastiCache and snapshots. Keeps no addresses or tokens, and judges nothing.

`StorageEncryptionType` tells how a group is encrypted now, also where the older `AtRestEncryptionEnabled` is false; a
group that tells neither is unknown. So is a snapshot that names no key: it has no other word on its encryption.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store import CopyKind, DataStore, Encryption, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.operation import Operation, Paging
from scanner.providers.aws.stores.service import Listing, Where


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


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A snapshot of a replication group or of a cluster without one."""

    snapshot_name: str
    arn: str = msgspec.field(name="ARN")
    replication_group_id: str | None = None
    cache_cluster_id: str | None = None
    snapshot_source: str = ""
    kms_key_id: str | None = None


class DescribeSnapshots(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of snapshots."""

    snapshots: tuple[Snapshot, ...]


_ENCRYPTED: Mapping[str, bool] = {"none": False, "sse-elasticache": True, "sse-kms": True}
_MARKER = Paging(request="Marker", reply="Marker")
DESCRIBE_REPLICATION_GROUPS = Operation(
    service="elasticache",
    name="DescribeReplicationGroups",
    action="elasticache:DescribeReplicationGroups",
    reply=DescribeReplicationGroups,
    paging=_MARKER,
)
DESCRIBE_SNAPSHOTS = Operation(
    service="elasticache",
    name="DescribeSnapshots",
    action="elasticache:DescribeSnapshots",
    reply=DescribeSnapshots,
    paging=_MARKER,
)


def groups(where: Where, pages: Sequence[DescribeReplicationGroups]) -> tuple[DataStore, ...]:
    """Every replication group."""
    return tuple(
        DataStore(
            id=found.arn,
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.CACHE,
            name=found.replication_group_id,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=_group_encryption(found),
            created_at=found.replication_group_create_time,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for found in page.replication_groups
    )


def snapshots(where: Where, pages: Sequence[DescribeSnapshots]) -> tuple[DataStore, ...]:
    """Every snapshot, with the group or cluster it was made of."""
    return tuple(
        DataStore(
            id=found.arn,
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.CACHE_SNAPSHOT,
            name=found.snapshot_name,
            copy=CopyKind.SNAPSHOT,
            of=_source(where, found),
            encryption=_snapshot_encryption(found),
            created_at=None,
            expires_at=None,
            source={"SnapshotSource": found.snapshot_source},
            evidence=(),
        )
        for page in pages
        for found in page.snapshots
    )


def _group_encryption(found: ReplicationGroup) -> Encryption | Unknown:
    told = _ENCRYPTED.get(found.storage_encryption_type or "", found.at_rest_encryption_enabled)
    if told is None:
        return Unknown(cause=Cause.ERROR, call=DESCRIBE_REPLICATION_GROUPS.action)
    return Encryption(encrypted=told, key=found.kms_key_id or None)


def _snapshot_encryption(found: Snapshot) -> Encryption | Unknown:
    if not found.kms_key_id:
        return Unknown(cause=Cause.UNSUPPORTED, call=DESCRIBE_SNAPSHOTS.action)
    return Encryption(encrypted=True, key=found.kms_key_id)


def _source(where: Where, found: Snapshot) -> str | None:
    prefix = f"arn:{where.partition}:elasticache:{where.region}:{where.account}"
    if found.replication_group_id:
        return f"{prefix}:replicationgroup:{found.replication_group_id}"
    return f"{prefix}:cluster:{found.cache_cluster_id}" if found.cache_cluster_id else None


LISTINGS: tuple[Listing, ...] = (
    Listing(operation=DESCRIBE_REPLICATION_GROUPS, kinds=(StoreKind.CACHE,), stores=groups),
    Listing(operation=DESCRIBE_SNAPSHOTS, kinds=(StoreKind.CACHE_SNAPSHOT,), stores=snapshots),
)
