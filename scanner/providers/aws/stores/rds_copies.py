"""Snapshots and automated backups of RDS, also those replicated from another region. Judges nothing.

A copy of a snapshot was made of that snapshot where RDS says so, else of the database. What RDS makes by itself goes
after the days it is kept, by its own word or else its database's; what people make stays. An automated backup ends so
many days after the last moment that it can be restored to: of a database that lives, that is the end of what the backup
holds now.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.rds import (
    DESCRIBE_DB_CLUSTERS,
    DESCRIBE_DB_INSTANCES,
    KEEPS,
    MARKER,
    PAGE,
    cluster_arn,
    encryption,
    instance_arn,
)
from scanner.providers.aws.stores.retention import OF_AWS_BACKUP, until_told
from scanner.providers.aws.stores.service import Listing, Origin, Where, said
from scanner.providers.operation import AnyOperation, Operation

_AUTOMATED = "automated"


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A snapshot of a database."""

    db_snapshot_identifier: str = msgspec.field(name="DBSnapshotIdentifier")
    db_instance_identifier: str = msgspec.field(name="DBInstanceIdentifier")
    encrypted: bool
    storage_encryption_type: str | None = None
    kms_key_id: str | None = None
    db_snapshot_arn: str | None = msgspec.field(name="DBSnapshotArn", default=None)
    source_db_snapshot_identifier: str | None = msgspec.field(name="SourceDBSnapshotIdentifier", default=None)
    snapshot_type: str | None = None
    snapshot_create_time: datetime | None = None
    backup_retention_period: int | None = None


class DescribeDBSnapshots(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of snapshots of databases."""

    db_snapshots: tuple[Snapshot, ...] = msgspec.field(name="DBSnapshots")


class ClusterSnapshot(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A snapshot of a cluster."""

    db_cluster_snapshot_identifier: str = msgspec.field(name="DBClusterSnapshotIdentifier")
    db_cluster_identifier: str = msgspec.field(name="DBClusterIdentifier")
    storage_encrypted: bool
    storage_encryption_type: str | None = None
    kms_key_id: str | None = None
    db_cluster_snapshot_arn: str | None = msgspec.field(name="DBClusterSnapshotArn", default=None)
    source_db_cluster_snapshot_arn: str | None = msgspec.field(name="SourceDBClusterSnapshotArn", default=None)
    snapshot_type: str | None = None
    snapshot_create_time: datetime | None = None
    backup_retention_period: int | None = None


class DescribeDBClusterSnapshots(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of snapshots of clusters."""

    db_cluster_snapshots: tuple[ClusterSnapshot, ...] = msgspec.field(name="DBClusterSnapshots")


class RestoreWindow(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The moments that a backup can be restored to."""

    earliest_time: datetime | None = None
    latest_time: datetime | None = None


class Backup(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An automated backup of a database, which may be in another region or gone."""

    db_instance_identifier: str = msgspec.field(name="DBInstanceIdentifier")
    encrypted: bool
    storage_encryption_type: str | None = None
    kms_key_id: str | None = None
    dbi_resource_id: str | None = None
    db_instance_arn: str | None = msgspec.field(name="DBInstanceArn", default=None)
    db_instance_automated_backups_arn: str | None = msgspec.field(name="DBInstanceAutomatedBackupsArn", default=None)
    region: str | None = None
    status: str | None = None
    restore_window: RestoreWindow | None = None
    backup_retention_period: int | None = None


class DescribeDBInstanceAutomatedBackups(
    msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True
):
    """A page of automated backups of databases."""

    backups: tuple[Backup, ...] = msgspec.field(name="DBInstanceAutomatedBackups")


class ClusterBackup(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """An automated backup of a cluster, which may be gone."""

    db_cluster_identifier: str = msgspec.field(name="DBClusterIdentifier")
    storage_encrypted: bool
    storage_encryption_type: str | None = None
    kms_key_id: str | None = None
    db_cluster_resource_id: str | None = None
    db_cluster_arn: str | None = msgspec.field(name="DBClusterArn", default=None)
    db_cluster_automated_backups_arn: str | None = msgspec.field(name="DBClusterAutomatedBackupsArn", default=None)
    region: str | None = None
    status: str | None = None
    restore_window: RestoreWindow | None = None
    backup_retention_period: int | None = None


class DescribeDBClusterAutomatedBackups(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of automated backups of clusters."""

    backups: tuple[ClusterBackup, ...] = msgspec.field(name="DBClusterAutomatedBackups")


DESCRIBE_DB_SNAPSHOTS = Operation(
    service="rds",
    name="DescribeDBSnapshots",
    action="rds:DescribeDBSnapshots",
    reply=DescribeDBSnapshots,
    params=("MaxRecords",),
    paging=MARKER,
)
DESCRIBE_DB_CLUSTER_SNAPSHOTS = Operation(
    service="rds",
    name="DescribeDBClusterSnapshots",
    action="rds:DescribeDBClusterSnapshots",
    reply=DescribeDBClusterSnapshots,
    params=("MaxRecords",),
    paging=MARKER,
)
DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS = Operation(
    service="rds",
    name="DescribeDBInstanceAutomatedBackups",
    action="rds:DescribeDBInstanceAutomatedBackups",
    reply=DescribeDBInstanceAutomatedBackups,
    params=("MaxRecords",),
    paging=MARKER,
)
DESCRIBE_DB_CLUSTER_AUTOMATED_BACKUPS = Operation(
    service="rds",
    name="DescribeDBClusterAutomatedBackups",
    action="rds:DescribeDBClusterAutomatedBackups",
    reply=DescribeDBClusterAutomatedBackups,
    params=("MaxRecords",),
    paging=MARKER,
)


class _Copy(msgspec.Struct, frozen=True, kw_only=True):
    """What the four kinds of copy have in common."""

    id: str
    name: str
    type: StoreKind
    copy: CopyKind
    of: str
    made: datetime | None
    ends: datetime | Unknown | None
    source: dict[str, str]


def snapshots(where: Where, pages: Sequence[DescribeDBSnapshots]) -> tuple[DataStore, ...]:
    """Every snapshot of a database that the account owns, also of databases that are gone."""
    return tuple(_of_snapshot(where, found) for page in pages for found in page.db_snapshots)


def cluster_snapshots(where: Where, pages: Sequence[DescribeDBClusterSnapshots]) -> tuple[DataStore, ...]:
    """Every snapshot of a cluster that the account owns, also of clusters that are gone."""
    return tuple(_of_cluster_snapshot(where, found) for page in pages for found in page.db_cluster_snapshots)


def backups(where: Where, pages: Sequence[DescribeDBInstanceAutomatedBackups]) -> tuple[DataStore, ...]:
    """Every automated backup of a database that lies in this region, wherever the database is."""
    return tuple(_of_backup(where, found) for page in pages for found in page.backups)


def cluster_backups(where: Where, pages: Sequence[DescribeDBClusterAutomatedBackups]) -> tuple[DataStore, ...]:
    """Every automated backup of a cluster that lies in this region."""
    return tuple(_of_cluster_backup(where, found) for page in pages for found in page.backups)


def _of_snapshot(where: Where, found: Snapshot) -> DataStore:
    copy = _Copy(
        id=found.db_snapshot_arn or where.arn("rds", f"snapshot:{found.db_snapshot_identifier}"),
        name=found.db_snapshot_identifier,
        type=StoreKind.DATABASE_SNAPSHOT,
        copy=CopyKind.SNAPSHOT,
        of=found.source_db_snapshot_identifier or instance_arn(where, found.db_instance_identifier),
        made=found.snapshot_create_time,
        ends=_end_of_snapshot(found, DESCRIBE_DB_SNAPSHOTS),
        source=said(SnapshotType=found.snapshot_type, DBInstanceIdentifier=found.db_instance_identifier),
    )
    own = encryption(found.storage_encryption_type, found.kms_key_id, DESCRIBE_DB_SNAPSHOTS, encrypted=found.encrypted)
    return _store(where, copy, own)


def _of_cluster_snapshot(where: Where, found: ClusterSnapshot) -> DataStore:
    copy = _Copy(
        id=found.db_cluster_snapshot_arn
        or where.arn("rds", f"cluster-snapshot:{found.db_cluster_snapshot_identifier}"),
        name=found.db_cluster_snapshot_identifier,
        type=StoreKind.DATABASE_SNAPSHOT,
        copy=CopyKind.SNAPSHOT,
        of=found.source_db_cluster_snapshot_arn or cluster_arn(where, found.db_cluster_identifier),
        made=found.snapshot_create_time,
        ends=_end_of_snapshot(found, DESCRIBE_DB_CLUSTER_SNAPSHOTS),
        source=said(SnapshotType=found.snapshot_type, DBClusterIdentifier=found.db_cluster_identifier),
    )
    own = encryption(
        found.storage_encryption_type,
        found.kms_key_id,
        DESCRIBE_DB_CLUSTER_SNAPSHOTS,
        encrypted=found.storage_encrypted,
    )
    return _store(where, copy, own)


def _of_backup(where: Where, found: Backup) -> DataStore:
    name = found.dbi_resource_id or found.db_instance_identifier
    copy = _Copy(
        id=found.db_instance_automated_backups_arn or where.arn("rds", f"auto-backup:{name}"),
        name=found.db_instance_identifier,
        type=StoreKind.DATABASE_BACKUP,
        copy=CopyKind.BACKUP,
        of=found.db_instance_arn or instance_arn(where, found.db_instance_identifier),
        made=found.restore_window.earliest_time if found.restore_window else None,
        ends=_end_of_backup(found, DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS),
        source=said(Status=found.status, Region=found.region),
    )
    own = encryption(
        found.storage_encryption_type,
        found.kms_key_id,
        DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS,
        encrypted=found.encrypted,
    )
    return _store(where, copy, own)


def _of_cluster_backup(where: Where, found: ClusterBackup) -> DataStore:
    name = found.db_cluster_resource_id or found.db_cluster_identifier
    copy = _Copy(
        id=found.db_cluster_automated_backups_arn or where.arn("rds", f"cluster-auto-backup:{name}"),
        name=found.db_cluster_identifier,
        type=StoreKind.DATABASE_BACKUP,
        copy=CopyKind.BACKUP,
        of=found.db_cluster_arn or cluster_arn(where, found.db_cluster_identifier),
        made=found.restore_window.earliest_time if found.restore_window else None,
        ends=_end_of_backup(found, DESCRIBE_DB_CLUSTER_AUTOMATED_BACKUPS),
        source=said(Status=found.status, Region=found.region),
    )
    own = encryption(
        found.storage_encryption_type,
        found.kms_key_id,
        DESCRIBE_DB_CLUSTER_AUTOMATED_BACKUPS,
        encrypted=found.storage_encrypted,
    )
    return _store(where, copy, own)


def _store(where: Where, copy: _Copy, own: Encryption | Unknown) -> DataStore:
    return DataStore(
        id=copy.id,
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=copy.type,
        name=copy.name,
        copy=copy.copy,
        of=copy.of,
        encryption=own,
        created_at=copy.made,
        expires_at=copy.ends,
        source=copy.source,
        evidence=(),
    )


def until_its_database_says(snapshot: DataStore, database: DataStore | Unknown | None) -> DataStore:
    """An automated snapshot that does not say its end with the one that its database gives it."""
    is_open = isinstance(snapshot.expires_at, Unknown) and snapshot.source.get("SnapshotType") == _AUTOMATED
    return until_told(snapshot, database, KEEPS) if is_open else snapshot


def _end_of_snapshot(found: Snapshot | ClusterSnapshot, operation: AnyOperation) -> datetime | Unknown | None:
    """An automated one goes after the days it is kept, as far as it says how many; one that people made stays."""
    made, days = found.snapshot_create_time, found.backup_retention_period
    match found.snapshot_type:
        case "manual":
            return None
        case "awsbackup":
            return OF_AWS_BACKUP
        case "automated" if made and days:
            return made + timedelta(days=days)
        case _:
            return Unknown(cause=Cause.UNSUPPORTED, call=operation.action)


def _end_of_backup(found: Backup | ClusterBackup, operation: AnyOperation) -> datetime | Unknown:
    window, days = found.restore_window, found.backup_retention_period
    if window and window.latest_time and days:
        return window.latest_time + timedelta(days=days)
    return Unknown(cause=Cause.UNSUPPORTED, call=operation.action)


def _page(_: Where) -> dict[str, object]:
    return {"MaxRecords": PAGE}


def _of(listing: AnyOperation) -> Origin:
    return Origin(listing=listing, id=lambda snapshot: snapshot.of, settle=until_its_database_says)


_SNAPSHOT, _BACKUP = (StoreKind.DATABASE_SNAPSHOT,), (StoreKind.DATABASE_BACKUP,)

LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=DESCRIBE_DB_SNAPSHOTS,
        kinds=_SNAPSHOT,
        stores=snapshots,
        params=_page,
        origin=_of(DESCRIBE_DB_INSTANCES),
    ),
    Listing(
        operation=DESCRIBE_DB_CLUSTER_SNAPSHOTS,
        kinds=_SNAPSHOT,
        stores=cluster_snapshots,
        params=_page,
        origin=_of(DESCRIBE_DB_CLUSTERS),
    ),
    Listing(operation=DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS, kinds=_BACKUP, stores=backups, params=_page),
    Listing(operation=DESCRIBE_DB_CLUSTER_AUTOMATED_BACKUPS, kinds=_BACKUP, stores=cluster_backups, params=_page),
)
