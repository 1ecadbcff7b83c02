"""Databases of RDS, their clusters, snapshots and automated backups, as it lists them. Changes nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from scanner.simulator.aws.identifiers import digest
from scanner.simulator.aws.stores.shelves import Handler, Shelf, Spot, listing

Row = dict[str, object]

INSTANCES, CLUSTERS = "rds:DBInstances", "rds:DBClusters"
SNAPSHOTS, CLUSTER_SNAPSHOTS = "rds:DBSnapshots", "rds:DBClusterSnapshots"
BACKUPS, CLUSTER_BACKUPS = "rds:DBInstanceAutomatedBackups", "rds:DBClusterAutomatedBackups"

_READS = {
    "DescribeDBInstances": INSTANCES,
    "DescribeDBClusters": CLUSTERS,
    "DescribeDBSnapshots": SNAPSHOTS,
    "DescribeDBClusterSnapshots": CLUSTER_SNAPSHOTS,
    "DescribeDBInstanceAutomatedBackups": BACKUPS,
    "DescribeDBClusterAutomatedBackups": CLUSTER_BACKUPS,
}


def _shelf(name: str) -> Shelf:
    member = name.removeprefix("rds:")
    return Shelf(name=name, member=member, most=100, pages=("MaxRecords", "Marker", "Marker"))


READS: Mapping[tuple[str, str], Handler] = {
    ("rds", operation): listing(_shelf(name)) for operation, name in _READS.items()
}


def _encryption(flag: str, key: str | None) -> Row:
    """`key` is None when nothing is encrypted; RDS always names the key of what is."""
    return {flag: False} if key is None else {flag: True, "KmsKeyId": key}


def instance(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A database instance."""
    arn = spot.arn("rds", f"db:{name}")
    return {
        "DBInstanceIdentifier": name,
        "DBInstanceClass": "db.r6g.large",
        "Engine": "postgres",
        "DBInstanceStatus": "available",
        "InstanceCreateTime": made,
        "BackupRetentionPeriod": 7,
        "DBInstanceArn": arn,
        "DbiResourceId": f"db-{digest(arn)[:26].upper()}",
        "PerformanceInsightsEnabled": False,
        **_encryption("StorageEncrypted", key),
    }


def with_insights(row: Row, key: str) -> Row:
    """The instance with Performance Insights, under a key."""
    own: Row = {"PerformanceInsightsKMSKeyId": key}
    return {**row, "PerformanceInsightsEnabled": True, "PerformanceInsightsRetentionPeriod": 465, **own}


def cluster(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A cluster of Aurora."""
    arn = spot.arn("rds", f"cluster:{name}")
    return {
        "DBClusterIdentifier": name,
        "Engine": "aurora-postgresql",
        "Status": "available",
        "ClusterCreateTime": made,
        "BackupRetentionPeriod": 7,
        "DBClusterArn": arn,
        "DbClusterResourceId": f"cluster-{digest(arn)[:26].upper()}",
        **_encryption("StorageEncrypted", key),
    }


def snapshot(spot: Spot, name: str, of: str, key: str | None, made: datetime) -> Row:
    """A manual snapshot of the instance named `of`."""
    return {
        "DBSnapshotIdentifier": name,
        "DBInstanceIdentifier": of,
        "SnapshotCreateTime": made,
        "Engine": "postgres",
        "Status": "available",
        "SnapshotType": "manual",
        "DBSnapshotArn": spot.arn("rds", f"snapshot:{name}"),
        **_encryption("Encrypted", key),
    }


def cluster_snapshot(spot: Spot, name: str, of: str, key: str | None, made: datetime) -> Row:
    """A manual snapshot of the cluster named `of`."""
    return {
        "DBClusterSnapshotIdentifier": name,
        "DBClusterIdentifier": of,
        "SnapshotCreateTime": made,
        "Engine": "aurora-postgresql",
        "Status": "available",
        "SnapshotType": "manual",
        "DBClusterSnapshotArn": spot.arn("rds", f"cluster-snapshot:{name}"),
        **_encryption("StorageEncrypted", key),
    }


def backup(spot: Spot, of: str, key: str | None, latest: datetime, days: int = 7) -> Row:
    """The automated backup, kept in this spot, of the instance with the ARN `of`, which may be in another region."""
    region, name = of.split(":")[3], of.rpartition(":")[2]
    return {
        "DBInstanceArn": of,
        "DbiResourceId": f"db-{digest(of)[:26].upper()}",
        "Region": region,
        "DBInstanceIdentifier": name,
        "RestoreWindow": {"EarliestTime": latest - timedelta(days=days), "LatestTime": latest},
        "Status": "active" if region == spot.region else "replicating",
        "Engine": "postgres",
        "BackupRetentionPeriod": days,
        "DBInstanceAutomatedBackupsArn": spot.arn("rds", f"auto-backup:ab-{digest(of, spot.region)[:26]}"),
        **_encryption("Encrypted", key),
    }


def cluster_backup(spot: Spot, of: str, key: str | None, latest: datetime, days: int = 7) -> Row:
    """The automated backup, kept in this spot, of the cluster with the ARN `of`."""
    return {
        "DBClusterArn": of,
        "DbClusterResourceId": f"cluster-{digest(of)[:26].upper()}",
        "Region": of.split(":")[3],
        "DBClusterIdentifier": of.rpartition(":")[2],
        "RestoreWindow": {"EarliestTime": latest - timedelta(days=days), "LatestTime": latest},
        "Status": "active",
        "Engine": "aurora-postgresql",
        "BackupRetentionPeriod": days,
        "DBClusterAutomatedBackupsArn": spot.arn("rds", f"cluster-auto-backup:ab-{digest(of, spot.region)[:26]}"),
        **_encryption("StorageEncrypted", key),
    }
