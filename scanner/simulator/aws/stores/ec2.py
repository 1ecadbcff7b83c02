"""Volumes, their snapshots and a region's defaults for new ones, as EC2 tells them. Changes nothing."""

from collections.abc import Mapping
from datetime import datetime

from scanner.simulator.aws.paging import texts
from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.records import Row as AnyRow
from scanner.simulator.aws.stores.shelves import Handler, Shelf, Spot, listing
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Row = dict[str, object]

VOLUMES, SNAPSHOTS = "ec2:Volumes", "ec2:Snapshots"


def get_ebs_encryption_by_default(world: World, caller: Caller, _params: Params) -> Row:
    """Whether new volumes are encrypted unasked."""
    return {"EbsEncryptionByDefault": world.place(caller.account, caller.region).ebs_encrypted}


def get_ebs_default_kms_key_id(world: World, caller: Caller, _params: Params) -> Row:
    """The key that new volumes get when none is named."""
    return {"KmsKeyId": world.place(caller.account, caller.region).ebs_key}


def _is_owned(caller: Caller, params: Params, row: AnyRow) -> bool:
    """Without owners named, what others made public is listed as well."""
    owners = texts(params, "OwnerIds")
    return not owners or row["OwnerId"] in {caller.account if owner == "self" else owner for owner in owners}


READS: Mapping[tuple[str, str], Handler] = {
    ("ec2", "DescribeVolumes"): listing(Shelf(name=VOLUMES, member="Volumes", most=1000)),
    ("ec2", "DescribeSnapshots"): listing(Shelf(name=SNAPSHOTS, member="Snapshots", most=1000), keep=_is_owned),
    ("ec2", "GetEbsEncryptionByDefault"): get_ebs_encryption_by_default,
    ("ec2", "GetEbsDefaultKmsKeyId"): get_ebs_default_kms_key_id,
}


def _encryption(key: str | None) -> Row:
    return {"Encrypted": False} if key is None else {"Encrypted": True, "KmsKeyId": key}


def volume(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A volume that is in use; `key` is None when it is not encrypted."""
    return {
        "VolumeId": name,
        "AvailabilityZone": f"{spot.region}a",
        "Size": 100,
        "SnapshotId": "",
        "State": "in-use",
        "VolumeType": "gp3",
        "CreateTime": made,
        **_encryption(key),
    }


def snapshot(spot: Spot, name: str, of: str, key: str | None, made: datetime) -> Row:
    """A snapshot of the volume `of`; that of a copy is `vol-ffffffff`."""
    return {
        "SnapshotId": name,
        "VolumeId": of,
        "OwnerId": spot.account,
        "State": "completed",
        "Progress": "100%",
        "StartTime": made,
        "VolumeSize": 100,
        "StorageTier": "standard",
        "Description": "",
        **_encryption(key),
    }
