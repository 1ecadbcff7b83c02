"""Databases and clusters of RDS, and what Performance Insights keeps of them. Judges nothing.

DocumentDB and Neptune come with the same calls. Names of users, addresses and secrets are not kept. Insights are a
store of their own, under a key of their own, with the name that RDS gives the database there.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Unknown
from scanner.providers.aws.stores.retention import days_kept
from scanner.providers.aws.stores.service import Listing, Where, said, under_named_key
from scanner.providers.operation import AnyOperation, Operation, Paging

MARKER = Paging(request="Marker", reply="Marker")
PAGE = 100

KEEPS = "BackupRetentionPeriod"


class Instance(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A database."""

    db_instance_identifier: str = msgspec.field(name="DBInstanceIdentifier")
    storage_encrypted: bool
    storage_encryption_type: str | None = None
    kms_key_id: str | None = None
    db_instance_arn: str | None = msgspec.field(name="DBInstanceArn", default=None)
    dbi_resource_id: str | None = None
    engine: str | None = None
    instance_create_time: datetime | None = None
    backup_retention_period: int | None = None
    db_cluster_identifier: str | None = msgspec.field(name="DBClusterIdentifier", default=None)
    source_instance: str | None = msgspec.field(name="ReadReplicaSourceDBInstanceIdentifier", default=None)
    source_cluster: str | None = msgspec.field(name="ReadReplicaSourceDBClusterIdentifier", default=None)
    performance_insights_enabled: bool = False
    performance_insights_kms_key_id: str | None = msgspec.field(name="PerformanceInsightsKMSKeyId", default=None)
    enabled_cloudwatch_logs_exports: tuple[str, ...] = ()


class DescribeDBInstances(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of databases."""

    db_instances: tuple[Instance, ...] = msgspec.field(name="DBInstances")


class Cluster(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A cluster, which keeps the data of its instances."""

    db_cluster_identifier: str = msgspec.field(name="DBClusterIdentifier")
    storage_encrypted: bool
    storage_encryption_type: str | None = None
    kms_key_id: str | None = None
    db_cluster_arn: str | None = msgspec.field(name="DBClusterArn", default=None)
    db_cluster_resource_id: str | None = None
    engine: str | None = None
    cluster_create_time: datetime | None = None
    backup_retention_period: int | None = None
    replication_source_identifier: str | None = None
    global_cluster_identifier: str | None = None
    performance_insights_enabled: bool = False
    performance_insights_kms_key_id: str | None = msgspec.field(name="PerformanceInsightsKMSKeyId", default=None)
    enabled_cloudwatch_logs_exports: tuple[str, ...] = ()


class DescribeDBClusters(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of clusters."""

    db_clusters: tuple[Cluster, ...] = msgspec.field(name="DBClusters")


DESCRIBE_DB_INSTANCES = Operation(
    service="rds",
    name="DescribeDBInstances",
    action="rds:DescribeDBInstances",
    reply=DescribeDBInstances,
    params=("MaxRecords",),
    paging=MARKER,
)
DESCRIBE_DB_CLUSTERS = Operation(
    service="rds",
    name="DescribeDBClusters",
    action="rds:DescribeDBClusters",
    reply=DescribeDBClusters,
    params=("MaxRecords",),
    paging=MARKER,
)


def instances(where: Where, pages: Sequence[DescribeDBInstances]) -> tuple[DataStore, ...]:
    """Every database, and its insights where they are on."""
    return tuple(store for page in pages for found in page.db_instances for store in _of_instance(where, found))


def clusters(where: Where, pages: Sequence[DescribeDBClusters]) -> tuple[DataStore, ...]:
    """Every cluster, and its insights where they are on."""
    return tuple(store for page in pages for found in page.db_clusters for store in _of_cluster(where, found))


def encryption(kind: str | None, key: str | None, operation: AnyOperation, *, encrypted: bool) -> Encryption | Unknown:
    """Encryption as RDS tells it: `kind` may say so of a key of RDS's own, without a name, that the flag leaves out.

    What is under KMS, or of a kind that is not known, is unknown without the name of its key.
    """
    match kind:
        case "sse-rds":
            return Encryption(encrypted=True, key=key or None)
        case "none" | None:
            return under_named_key(encrypted=encrypted, key=key, operation=operation)
        case _:
            return under_named_key(encrypted=True, key=key, operation=operation)


def instance_arn(where: Where, name: str) -> str:
    """The ARN of a database, which may be named by it already."""
    return name if name.startswith("arn:") else where.arn("rds", f"db:{name}")


def cluster_arn(where: Where, name: str) -> str:
    """The ARN of a cluster, which may be named by it already."""
    return name if name.startswith("arn:") else where.arn("rds", f"cluster:{name}")


def _of_instance(where: Where, found: Instance) -> tuple[DataStore, ...]:
    of = None
    if found.source_instance:
        of = instance_arn(where, found.source_instance)
    elif found.source_cluster:
        of = cluster_arn(where, found.source_cluster)
    store = DataStore(
        id=found.db_instance_arn or instance_arn(where, found.db_instance_identifier),
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.DATABASE,
        name=found.db_instance_identifier,
        copy=CopyKind.REPLICA if of else CopyKind.ORIGINAL,
        of=of,
        encryption=encryption(
            found.storage_encryption_type, found.kms_key_id, DESCRIBE_DB_INSTANCES, encrypted=found.storage_encrypted
        ),
        created_at=found.instance_create_time,
        expires_at=None,
        source=said(
            Engine=found.engine,
            DBClusterIdentifier=found.db_cluster_identifier,
            StorageEncryptionType=found.storage_encryption_type,
            EnabledCloudwatchLogsExports=",".join(found.enabled_cloudwatch_logs_exports),
        )
        | days_kept(KEEPS, found.backup_retention_period),
        evidence=(),
    )
    if not found.performance_insights_enabled:
        return (store,)
    name = found.dbi_resource_id or found.db_instance_identifier
    return store, _insights(
        where,
        store,
        name,
        under_named_key(encrypted=True, key=found.performance_insights_kms_key_id, operation=DESCRIBE_DB_INSTANCES),
    )


def _of_cluster(where: Where, found: Cluster) -> tuple[DataStore, ...]:
    source = found.replication_source_identifier
    store = DataStore(
        id=found.db_cluster_arn or cluster_arn(where, found.db_cluster_identifier),
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.DATABASE_CLUSTER,
        name=found.db_cluster_identifier,
        copy=CopyKind.REPLICA if source else CopyKind.ORIGINAL,
        of=cluster_arn(where, source) if source else None,
        encryption=encryption(
            found.storage_encryption_type, found.kms_key_id, DESCRIBE_DB_CLUSTERS, encrypted=found.storage_encrypted
        ),
        created_at=found.cluster_create_time,
        expires_at=None,
        source=said(
            Engine=found.engine,
            GlobalClusterIdentifier=found.global_cluster_identifier,
            StorageEncryptionType=found.storage_encryption_type,
            EnabledCloudwatchLogsExports=",".join(found.enabled_cloudwatch_logs_exports),
        )
        | days_kept(KEEPS, found.backup_retention_period),
        evidence=(),
    )
    if not found.performance_insights_enabled:
        return (store,)
    name = found.db_cluster_resource_id or found.db_cluster_identifier
    return store, _insights(
        where,
        store,
        name,
        under_named_key(encrypted=True, key=found.performance_insights_kms_key_id, operation=DESCRIBE_DB_CLUSTERS),
    )


def _insights(where: Where, of: DataStore, name: str, own: Encryption | Unknown) -> DataStore:
    """Performance Insights always encrypts, and names the key."""
    return DataStore(
        id=where.arn("pi", f"metrics/rds/{name}"),
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.DATABASE_INSIGHTS,
        name=of.name,
        copy=CopyKind.INSIGHTS,
        of=of.id,
        encryption=own,
        created_at=None,
        expires_at=None,
        source={},
        evidence=(),
    )


def _page(_: Where) -> dict[str, object]:
    return {"MaxRecords": PAGE}


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=DESCRIBE_DB_INSTANCES,
        kinds=(StoreKind.DATABASE, StoreKind.DATABASE_INSIGHTS),
        stores=instances,
        params=_page,
    ),
    Listing(
        operation=DESCRIBE_DB_CLUSTERS,
        kinds=(StoreKind.DATABASE_CLUSTER, StoreKind.DATABASE_INSIGHTS),
        stores=clusters,
        params=_page,
    ),
)
