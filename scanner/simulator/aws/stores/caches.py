"""Caches of ElastiCache and their snapshots, serverless or not, as it lists them. Changes nothing."""

from collections.abc import Mapping
from datetime import datetime

from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.records import Row as AnyRow
from scanner.simulator.aws.stores.shelves import Handler, Shelf, Spot, listing

Params = Mapping[str, object]
Row = dict[str, object]

GROUPS, CLUSTERS, SNAPSHOTS = "elasticache:Groups", "elasticache:Clusters", "elasticache:Snapshots"
SERVERLESS, SERVERLESS_SNAPSHOTS = "elasticache:Serverless", "elasticache:ServerlessSnapshots"
_MARKER = ("MaxRecords", "Marker", "Marker")


def _is_asked_for(_caller: Caller, params: Params, row: AnyRow) -> bool:
    return params.get("ShowCacheClustersNotInReplicationGroups") is not True or "ReplicationGroupId" not in row


READS: Mapping[tuple[str, str], Handler] = {
    ("elasticache", "DescribeReplicationGroups"): listing(
        Shelf(name=GROUPS, member="ReplicationGroups", most=100, pages=_MARKER)
    ),
    ("elasticache", "DescribeCacheClusters"): listing(
        Shelf(name=CLUSTERS, member="CacheClusters", most=100, pages=_MARKER), keep=_is_asked_for
    ),
    ("elasticache", "DescribeSnapshots"): listing(Shelf(name=SNAPSHOTS, member="Snapshots", most=100, pages=_MARKER)),
    ("elasticache", "DescribeServerlessCaches"): listing(Shelf(name=SERVERLESS, member="ServerlessCaches", most=100)),
    ("elasticache", "DescribeServerlessCacheSnapshots"): listing(
        Shelf(name=SERVERLESS_SNAPSHOTS, member="ServerlessCacheSnapshots", most=100)
    ),
}


def _key(key: str | None) -> Row:
    return {"KmsKeyId": key} if key else {}


def group(spot: Spot, name: str, key: str | None, made: datetime, kind: str = "sse-kms") -> Row:
    """A replication group, encrypted as `kind` says: none, sse-elasticache or sse-kms."""
    return {
        "ReplicationGroupId": name,
        "Description": name,
        "Status": "available",
        "ClusterEnabled": True,
        "AtRestEncryptionEnabled": kind != "none",
        "StorageEncryptionType": kind,
        "ARN": spot.arn("elasticache", f"replicationgroup:{name}"),
        "ReplicationGroupCreateTime": made,
        **_key(key),
    }


def cluster(spot: Spot, name: str, made: datetime, engine: str = "redis", *, encrypted: bool = False) -> Row:
    """A cache outside of any group, under no key that could be chosen."""
    return {
        "CacheClusterId": name,
        "Engine": engine,
        "CacheClusterStatus": "available",
        "NumCacheNodes": 1,
        "CacheClusterCreateTime": made,
        "AtRestEncryptionEnabled": encrypted,
        "ARN": spot.arn("elasticache", f"cluster:{name}"),
    }


def snapshot(spot: Spot, name: str, of: AnyRow, key: str | None, made: datetime) -> Row:
    """A snapshot of a group or cache: automated and kept for a week when it is named so, else made by hand."""
    names = ("ReplicationGroupId", "CacheClusterId")
    automatic = name.startswith("automatic.")
    begun = of.get("ReplicationGroupCreateTime") or of.get("CacheClusterCreateTime")
    return {
        "SnapshotName": name,
        **{part: of[part] for part in names if part in of},
        "SnapshotStatus": "available",
        "SnapshotSource": "automated" if automatic else "manual",
        "SnapshotRetentionLimit": 7 if automatic else 0,
        "CacheClusterCreateTime": begun,
        "NodeSnapshots": [{"CacheNodeId": "0001", "SnapshotCreateTime": made}],
        "ARN": spot.arn("elasticache", f"snapshot:{name}"),
        **_key(key),
    }


def serverless(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A serverless cache; without a key it is encrypted with one of the provider."""
    return {
        "ServerlessCacheName": name,
        "CreateTime": made,
        "Status": "available",
        "Engine": "valkey",
        "ARN": spot.arn("elasticache", f"serverlesscache:{name}"),
        **_key(key),
    }


def serverless_snapshot(spot: Spot, name: str, of: str, key: str | None, made: datetime) -> Row:
    """A snapshot, made by hand, of the serverless cache named `of`."""
    return {
        "ServerlessCacheSnapshotName": name,
        "ARN": spot.arn("elasticache", f"serverlesscachesnapshot:{name}"),
        "SnapshotType": "manual",
        "Status": "available",
        "CreateTime": made,
        "ServerlessCacheConfiguration": {"ServerlessCacheName": of},
        **_key(key),
    }
