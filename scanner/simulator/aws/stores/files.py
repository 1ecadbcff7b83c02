"""File systems of EFS and FSx and the backups of the latter, as their services list them. Changes nothing."""

from collections.abc import Mapping
from datetime import datetime

from scanner.simulator.aws.records import Row as AnyRow
from scanner.simulator.aws.stores.shelves import Handler, Shelf, Spot, listing

Row = dict[str, object]

SYSTEMS, WINDOWS_SYSTEMS, BACKUPS = "efs:FileSystems", "fsx:FileSystems", "fsx:Backups"

READS: Mapping[tuple[str, str], Handler] = {
    ("elasticfilesystem", "DescribeFileSystems"): listing(
        Shelf(name=SYSTEMS, member="FileSystems", most=100, pages=("MaxItems", "Marker", "NextMarker"))
    ),
    ("fsx", "DescribeFileSystems"): listing(Shelf(name=WINDOWS_SYSTEMS, member="FileSystems", most=2048)),
    ("fsx", "DescribeBackups"): listing(Shelf(name=BACKUPS, member="Backups", most=2048)),
}


def system(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A file system of EFS; `key` is None when it is not encrypted."""
    chosen: Row = {"Encrypted": False} if key is None else {"Encrypted": True, "KmsKeyId": key}
    return {
        "OwnerId": spot.account,
        "CreationToken": name,
        "FileSystemId": name,
        "FileSystemArn": spot.arn("elasticfilesystem", f"file-system/{name}"),
        "CreationTime": made,
        "LifeCycleState": "available",
        "NumberOfMountTargets": 1,
        "SizeInBytes": {"Value": 6144},
        "PerformanceMode": "generalPurpose",
        "Tags": [],
        **chosen,
    }


def windows_system(spot: Spot, name: str, key: str, made: datetime, days: int = 7) -> Row:
    """A file system of FSx for Windows, whose automatic backups are kept for so many days."""
    return {
        "OwnerId": spot.account,
        "CreationTime": made,
        "FileSystemId": name,
        "FileSystemType": "WINDOWS",
        "Lifecycle": "AVAILABLE",
        "StorageCapacity": 300,
        "KmsKeyId": key,
        "ResourceARN": spot.arn("fsx", f"file-system/{name}"),
        "WindowsConfiguration": {"AutomaticBackupRetentionDays": days},
    }


def backup(spot: Spot, name: str, of: AnyRow, key: str, made: datetime) -> Row:
    """A backup of a file system of FSx that a user made."""
    return {
        "BackupId": name,
        "Lifecycle": "AVAILABLE",
        "Type": "USER_INITIATED",
        "ProgressPercent": 100,
        "CreationTime": made,
        "KmsKeyId": key,
        "ResourceARN": spot.arn("fsx", f"backup/{name}"),
        "FileSystem": of,
        "ResourceType": "FILE_SYSTEM",
    }
