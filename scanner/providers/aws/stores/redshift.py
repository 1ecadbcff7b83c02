"""Clusters of Redshift and their snapshots. Keeps no user names or addresses, and judges nothing.

A cluster under a hardware module is encrypted without a key of KMS. A manual snapshot expires after its own retention
(-1 keeps it); an automated one says nothing of its end, which depends on its cluster.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from scanner.model.key import Provider
from scanner.model.store import CopyKind, DataStore, Encryption, StoreKind
from scanner.providers.aws.operation import Operation, Paging
from scanner.providers.aws.stores.service import Listing, Where


class Cluster(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A cluster."""

    cluster_identifier: str
    encrypted: bool
    kms_key_id: str | None = None
    cluster_create_time: datetime | None = None


class DescribeClusters(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of clusters."""

    clusters: tuple[Cluster, ...]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A snapshot of a cluster."""

    snapshot_identifier: str
    cluster_identifier: str
    encrypted: bool
    snapshot_arn: str | None = None
    snapshot_type: str = ""
    kms_key_id: str | None = None
    snapshot_create_time: datetime | None = None
    snapshot_retention_start_time: datetime | None = None
    manual_snapshot_retention_period: int | None = None


class DescribeClusterSnapshots(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of snapshots."""

    snapshots: tuple[Snapshot, ...]


_MARKER = Paging(request="Marker", reply="Marker")
DESCRIBE_CLUSTERS = Operation(
    service="redshift",
    name="DescribeClusters",
    action="redshift:DescribeClusters",
    reply=DescribeClusters,
    paging=_MARKER,
)
DESCRIBE_CLUSTER_SNAPSHOTS = Operation(
    service="redshift",
    name="DescribeClusterSnapshots",
    action="redshift:DescribeClusterSnapshots",
    reply=DescribeClusterSnapshots,
    params=("OwnerAccount",),
    paging=_MARKER,
)


def clusters(where: Where, pages: Sequence[DescribeClusters]) -> tuple[DataStore, ...]:
    """Every cluster."""
    return tuple(
        DataStore(
            id=_arn(where, f"cluster:{found.cluster_identifier}"),
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.WAREHOUSE,
            name=found.cluster_identifier,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Encryption(encrypted=found.encrypted, key=found.kms_key_id or None),
            created_at=found.cluster_create_time,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for found in page.clusters
    )


def snapshots(where: Where, pages: Sequence[DescribeClusterSnapshots]) -> tuple[DataStore, ...]:
    """Every snapshot of the account, also of clusters that are gone."""
    return tuple(
        DataStore(
            id=found.snapshot_arn or _arn(where, f"snapshot:{found.cluster_identifier}/{found.snapshot_identifier}"),
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.WAREHOUSE_SNAPSHOT,
            name=found.snapshot_identifier,
            copy=CopyKind.SNAPSHOT,
            of=_arn(where, f"cluster:{found.cluster_identifier}"),
            encryption=Encryption(encrypted=found.encrypted, key=found.kms_key_id or None),
            created_at=found.snapshot_create_time,
            expires_at=_expiry(found),
            source={"SnapshotType": found.snapshot_type},
            evidence=(),
        )
        for page in pages
        for found in page.snapshots
    )


def _arn(where: Where, resource: str) -> str:
    return f"arn:{where.partition}:redshift:{where.region}:{where.account}:{resource}"


def _expiry(found: Snapshot) -> datetime | None:
    start = found.snapshot_retention_start_time or found.snapshot_create_time
    days = found.manual_snapshot_retention_period or 0
    return start + timedelta(days=days) if found.snapshot_type == "manual" and start and days > 0 else None


LISTINGS: tuple[Listing, ...] = (
    Listing(operation=DESCRIBE_CLUSTERS, kinds=(StoreKind.WAREHOUSE,), stores=clusters),
    Listing(
        operation=DESCRIBE_CLUSTER_SNAPSHOTS,
        kinds=(StoreKind.WAREHOUSE_SNAPSHOT,),
        stores=snapshots,
        params=lambda where: {"OwnerAccount": where.account},
    ),
)
