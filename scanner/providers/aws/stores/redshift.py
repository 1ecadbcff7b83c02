"""Clusters of Redshift and their snapshots. Keeps no user names or addresses, and judges nothing.

A cluster under a hardware module is encrypted without a key of KMS and says so; any other that is encrypted names its
key, and is unknown where it does not. A manual snapshot says how many days it is kept, -1
for good; an automated one goes after the days that its cluster keeps them, and one that was copied from another region
does not say. Those that AWS Backup made end when it says so.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.retention import OF_AWS_BACKUP, days_kept, until_told
from scanner.providers.aws.stores.service import Listing, Origin, Where, said, under_named_key
from scanner.providers.operation import Operation, Paging

_KEEPS = "AutomatedSnapshotRetentionPeriod"
_AUTOMATED = "automated"
_BACKUPS = "awsbackup:"
_FOR_GOOD = -1
_ACTIVE = "active"


class Module(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """That a cluster is under a hardware module, and whether it is there yet."""

    status: str | None = None


class Cluster(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A cluster."""

    cluster_identifier: str
    encrypted: bool
    kms_key_id: str | None = None
    hsm_status: Module | None = None
    cluster_create_time: datetime | None = None
    automated_snapshot_retention_period: int | None = None


class DescribeClusters(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of clusters."""

    clusters: tuple[Cluster, ...]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A snapshot of a cluster; `source_region` is that of a copy from another region."""

    snapshot_identifier: str
    cluster_identifier: str
    encrypted: bool
    snapshot_arn: str | None = None
    snapshot_type: str | None = None
    kms_key_id: str | None = None
    encrypted_with_hsm: bool = msgspec.field(name="EncryptedWithHSM", default=False)
    snapshot_create_time: datetime | None = None
    snapshot_retention_start_time: datetime | None = None
    manual_snapshot_retention_period: int | None = None
    source_region: str | None = None


class DescribeClusterSnapshots(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of snapshots."""

    snapshots: tuple[Snapshot, ...]


_MARKER = Paging(request="Marker", reply="Marker")
DESCRIBE_CLUSTERS = Operation(
    service="redshift",
    name="DescribeClusters",
    action="redshift:DescribeClusters",
    reply=DescribeClusters,
    params=("MaxRecords",),
    paging=_MARKER,
)
DESCRIBE_CLUSTER_SNAPSHOTS = Operation(
    service="redshift",
    name="DescribeClusterSnapshots",
    action="redshift:DescribeClusterSnapshots",
    reply=DescribeClusterSnapshots,
    params=("OwnerAccount", "MaxRecords"),
    paging=_MARKER,
)


def clusters(where: Where, pages: Sequence[DescribeClusters]) -> tuple[DataStore, ...]:
    """Every cluster."""
    return tuple(
        DataStore(
            id=where.arn("redshift", f"cluster:{found.cluster_identifier}"),
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.WAREHOUSE,
            name=found.cluster_identifier,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=_of_cluster(found),
            created_at=found.cluster_create_time,
            expires_at=None,
            source=days_kept(_KEEPS, found.automated_snapshot_retention_period),
            evidence=(),
        )
        for page in pages
        for found in page.clusters
    )


def snapshots(where: Where, pages: Sequence[DescribeClusterSnapshots]) -> tuple[DataStore, ...]:
    """Every snapshot of the account, also of clusters that are gone."""
    return tuple(_snapshot(where, found) for page in pages for found in page.snapshots)


def until_its_cluster_says(snapshot: DataStore, cluster: DataStore | Unknown | None) -> DataStore:
    """An automated snapshot with the moment at which its cluster lets it go; any other as it is."""
    return until_told(snapshot, cluster, _KEEPS) if snapshot.source.get("SnapshotType") == _AUTOMATED else snapshot


def _snapshot(where: Where, found: Snapshot) -> DataStore:
    own = where.arn("redshift", f"snapshot:{found.cluster_identifier}/{found.snapshot_identifier}")
    home = where if not found.source_region else replace(where, region=found.source_region)
    return DataStore(
        id=found.snapshot_arn or own,
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.WAREHOUSE_SNAPSHOT,
        name=found.snapshot_identifier,
        copy=CopyKind.SNAPSHOT,
        of=home.arn("redshift", f"cluster:{found.cluster_identifier}"),
        encryption=_of_snapshot(found),
        created_at=found.snapshot_create_time,
        expires_at=_expiry(found),
        source=said(SnapshotType=found.snapshot_type),
        evidence=(),
    )


def _of_cluster(found: Cluster) -> Encryption | Unknown:
    if found.encrypted and not found.kms_key_id and found.hsm_status and found.hsm_status.status == _ACTIVE:
        return Encryption(encrypted=True, key=None)
    return under_named_key(encrypted=found.encrypted, key=found.kms_key_id, operation=DESCRIBE_CLUSTERS)


def _of_snapshot(found: Snapshot) -> Encryption | Unknown:
    if found.encrypted and not found.kms_key_id and found.encrypted_with_hsm:
        return Encryption(encrypted=True, key=None)
    return under_named_key(encrypted=found.encrypted, key=found.kms_key_id, operation=DESCRIBE_CLUSTER_SNAPSHOTS)


def _expiry(found: Snapshot) -> datetime | Unknown | None:
    """The end of a manual snapshot; that of an automated one is its cluster's to say."""
    if found.snapshot_type == _AUTOMATED:
        return Unknown(cause=Cause.UNSUPPORTED, call=DESCRIBE_CLUSTERS.action)
    if found.snapshot_identifier.startswith(_BACKUPS):
        return OF_AWS_BACKUP
    days = found.manual_snapshot_retention_period
    start = found.snapshot_retention_start_time or found.snapshot_create_time
    if days == _FOR_GOOD:
        return None
    if days is None or start is None:
        return Unknown(cause=Cause.UNSUPPORTED, call=DESCRIBE_CLUSTER_SNAPSHOTS.action)
    return start + timedelta(days=days)


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=DESCRIBE_CLUSTERS,
        kinds=(StoreKind.WAREHOUSE,),
        stores=clusters,
        params=lambda _: {"MaxRecords": 100},
    ),
    Listing(
        operation=DESCRIBE_CLUSTER_SNAPSHOTS,
        kinds=(StoreKind.WAREHOUSE_SNAPSHOT,),
        stores=snapshots,
        params=lambda where: {"OwnerAccount": where.account, "MaxRecords": 100},
        origin=Origin(listing=DESCRIBE_CLUSTERS, id=lambda snapshot: snapshot.of, settle=until_its_cluster_says),
    ),
)
