"""Clusters of Redshift and their snapshots, and domains and collections of OpenSearch. Changes nothing."""

from collections.abc import Mapping
from datetime import datetime

from scanner.simulator.aws.identifiers import digest, uuid_of
from scanner.simulator.aws.paging import text, texts
from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.records import Row as AnyRow
from scanner.simulator.aws.stores.shelves import Handler, Shelf, Spot, describing, listing, rows_of
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Row = dict[str, object]

CLUSTERS, SNAPSHOTS = "redshift:Clusters", "redshift:Snapshots"
DOMAINS, COLLECTIONS = "es:Domains", "aoss:Collections"
_MARKER = ("MaxRecords", "Marker", "Marker")
_COLLECTIONS = Shelf(
    name=COLLECTIONS, member="collectionSummaries", most=100, pages=("maxResults", "nextToken", "nextToken")
)
_DOMAINS = Shelf(name=DOMAINS, member="DomainNames", most=1000)
_SUMMARY = ("id", "name", "status", "arn")


def _is_owned(_caller: Caller, params: Params, row: AnyRow) -> bool:
    """Without an owner named, what others shared is listed as well."""
    return text(params, "OwnerAccount") in (None, row["OwnerAccount"])


def list_domain_names(world: World, caller: Caller, _params: Params) -> Row:
    """The names of all domains: they never come in pages."""
    return {"DomainNames": [{"DomainName": row["DomainName"]} for row in rows_of(world, caller, _DOMAINS)]}


def _summary(row: AnyRow) -> object:
    """What the listing tells of a collection; it names keys only of those that are told to show theirs."""
    shown = (*_SUMMARY, "kmsKeyArn") if row["type"] == "SEARCH" else _SUMMARY
    return {name: row[name] for name in shown}


def batch_get_collection(world: World, caller: Caller, params: Params) -> Row:
    """The collections of these ids, and which ids there are not."""
    ids, rows = texts(params, "ids"), rows_of(world, caller, _COLLECTIONS)
    known = {row["id"] for row in rows}
    missing = [{"id": name, "errorCode": "NOT_FOUND"} for name in ids if name not in known]
    return {
        "collectionDetails": [row for row in rows if row["id"] in ids],
        "collectionErrorDetails": missing,
    }


READS: Mapping[tuple[str, str], Handler] = {
    ("redshift", "DescribeClusters"): listing(Shelf(name=CLUSTERS, member="Clusters", most=100, pages=_MARKER)),
    ("redshift", "DescribeClusterSnapshots"): listing(
        Shelf(name=SNAPSHOTS, member="Snapshots", most=100, pages=_MARKER), keep=_is_owned
    ),
    ("es", "ListDomainNames"): list_domain_names,
    ("es", "DescribeDomain"): describing(
        _DOMAINS, named="DomainName", by="DomainName", member="DomainStatus", missing="ResourceNotFoundException"
    ),
    ("aoss", "ListCollections"): listing(_COLLECTIONS, show=_summary),
    ("aoss", "BatchGetCollection"): batch_get_collection,
}


def _encryption(key: str | None) -> Row:
    return {"Encrypted": False} if key is None else {"Encrypted": True, "KmsKeyId": key}


def cluster(spot: Spot, name: str, key: str | None, made: datetime, days: int = 7) -> Row:
    """A cluster that keeps automated snapshots for so many days; `key` is None when it is not encrypted."""
    return {
        "ClusterIdentifier": name,
        "NodeType": "ra3.large",
        "ClusterStatus": "available",
        "MasterUsername": "admin",
        "ClusterCreateTime": made,
        "AutomatedSnapshotRetentionPeriod": days,
        "ManualSnapshotRetentionPeriod": -1,
        "NumberOfNodes": 2,
        "ClusterNamespaceArn": spot.arn("redshift", f"namespace:{uuid_of(spot.account, name)}"),
        **_encryption(key),
    }


def snapshot(spot: Spot, name: str, of: str, key: str | None, made: datetime) -> Row:
    """A snapshot of the cluster named `of`: automated when its name begins with `rs:`, else kept for good."""
    automated = name.startswith("rs:")
    kept: Row = {} if automated else {"ManualSnapshotRetentionPeriod": -1, "SnapshotRetentionStartTime": made}
    return {
        "SnapshotIdentifier": name,
        "ClusterIdentifier": of,
        "SnapshotCreateTime": made,
        "Status": "available",
        "SnapshotType": "automated" if automated else "manual",
        "OwnerAccount": spot.account,
        "SnapshotArn": spot.arn("redshift", f"snapshot:{of}/{name}"),
        **kept,
        **_encryption(key),
    }


def domain(spot: Spot, name: str, key: str | None) -> Row:
    """A domain; `key` is None when it is not encrypted."""
    chosen: Row = {"Enabled": False} if key is None else {"Enabled": True, "KmsKeyId": key}
    return {
        "DomainId": f"{spot.account}/{name}",
        "DomainName": name,
        "ARN": spot.arn("es", f"domain/{name}"),
        "Created": True,
        "Deleted": False,
        "EngineVersion": "OpenSearch_2.19",
        "ClusterConfig": {},
        "EncryptionAtRestOptions": chosen,
    }


def collection(spot: Spot, name: str, key: str | None, *, listed: bool = True) -> Row:
    """A collection; `key` is None for one of the provider. Its key is in the listing when it is `listed`."""
    made = digest(spot.account, name)[:20]
    return {
        "id": made,
        "name": name,
        "status": "ACTIVE",
        "type": "SEARCH" if listed else "TIMESERIES",
        "arn": spot.arn("aoss", f"collection/{made}"),
        "kmsKeyArn": key or "auto",
        "standbyReplicas": "ENABLED",
    }
