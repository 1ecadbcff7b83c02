"""Volumes of EBS and the account's own snapshots of them. Keeps no description or tag, and judges nothing.

What is encrypted names its key; without a name it is unknown. A snapshot that is a copy carries the name of a volume
that means nothing, so that nobody can tell what it was made of. A snapshot has no account in its ARN: that is how AWS
Backup names the same thing as a recovery point.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.providers.aws.stores.service import Listing, Where, said, under_named_key
from scanner.providers.operation import NEXT_TOKEN, Operation

_PAGE = 500
_NO_VOLUME = "vol-ffffffff"
"""The volume that copies are said to be of."""


class Volume(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A volume."""

    volume_id: str
    encrypted: bool
    kms_key_id: str | None = None
    create_time: datetime | None = None
    snapshot_id: str | None = None
    source_volume_id: str | None = None
    state: str | None = None


class DescribeVolumes(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of volumes."""

    volumes: tuple[Volume, ...]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A snapshot."""

    snapshot_id: str
    encrypted: bool
    kms_key_id: str | None = None
    volume_id: str | None = None
    start_time: datetime | None = None
    transfer_type: str | None = None
    storage_tier: str | None = None


class DescribeSnapshots(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of snapshots."""

    snapshots: tuple[Snapshot, ...]


DESCRIBE_VOLUMES = Operation(
    service="ec2",
    name="DescribeVolumes",
    action="ec2:DescribeVolumes",
    reply=DescribeVolumes,
    params=("MaxResults",),
    paging=NEXT_TOKEN,
)
DESCRIBE_SNAPSHOTS = Operation(
    service="ec2",
    name="DescribeSnapshots",
    action="ec2:DescribeSnapshots",
    reply=DescribeSnapshots,
    params=("OwnerIds", "MaxResults"),
    paging=NEXT_TOKEN,
)


def volumes(where: Where, pages: Sequence[DescribeVolumes]) -> tuple[DataStore, ...]:
    """Every volume; one that was cloned is a replica of the other."""
    return tuple(
        DataStore(
            id=_volume_arn(where, found.volume_id),
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.VOLUME,
            name=found.volume_id,
            copy=CopyKind.REPLICA if found.source_volume_id else CopyKind.ORIGINAL,
            of=_volume_arn(where, found.source_volume_id) if found.source_volume_id else None,
            encryption=under_named_key(encrypted=found.encrypted, key=found.kms_key_id, operation=DESCRIBE_VOLUMES),
            created_at=found.create_time,
            expires_at=None,
            source=said(State=found.state, SnapshotId=found.snapshot_id),
            evidence=(),
        )
        for page in pages
        for found in page.volumes
    )


def snapshots(where: Where, pages: Sequence[DescribeSnapshots]) -> tuple[DataStore, ...]:
    """Every snapshot that the account owns, also of volumes that are gone."""
    return tuple(
        DataStore(
            id=f"arn:{where.partition}:ec2:{where.region}::snapshot/{found.snapshot_id}",
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.VOLUME_SNAPSHOT,
            name=found.snapshot_id,
            copy=CopyKind.SNAPSHOT,
            of=_volume_of(where, found),
            encryption=under_named_key(encrypted=found.encrypted, key=found.kms_key_id, operation=DESCRIBE_SNAPSHOTS),
            created_at=found.start_time,
            expires_at=None,
            source=said(StorageTier=found.storage_tier, TransferType=found.transfer_type),
            evidence=(),
        )
        for page in pages
        for found in page.snapshots
    )


def _volume_of(where: Where, found: Snapshot) -> str | None:
    is_copy = found.transfer_type or found.volume_id in {None, "", _NO_VOLUME}
    return None if is_copy else _volume_arn(where, str(found.volume_id))


def _volume_arn(where: Where, name: str) -> str:
    return where.arn("ec2", f"volume/{name}")


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=DESCRIBE_VOLUMES,
        kinds=(StoreKind.VOLUME,),
        stores=volumes,
        params=lambda _: {"MaxResults": _PAGE},
    ),
    Listing(
        operation=DESCRIBE_SNAPSHOTS,
        kinds=(StoreKind.VOLUME_SNAPSHOT,),
        stores=snapshots,
        params=lambda _: {"OwnerIds": ["self"], "MaxResults": _PAGE},
    ),
)
