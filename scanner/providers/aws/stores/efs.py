"""File systems of EFS. Keeps no tags or sizes, and judges nothing.

An encrypted one names its key, also the one that the provider made for the account; without a name it is unknown.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.providers.aws.stores.service import Listing, Where, under_named_key
from scanner.providers.operation import Operation, Paging


class FileSystem(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A file system."""

    file_system_id: str
    encrypted: bool
    file_system_arn: str | None = None
    kms_key_id: str | None = None
    creation_time: datetime | None = None


class DescribeFileSystems(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of file systems."""

    file_systems: tuple[FileSystem, ...]


DESCRIBE_FILE_SYSTEMS = Operation(
    service="efs",
    name="DescribeFileSystems",
    action="elasticfilesystem:DescribeFileSystems",
    reply=DescribeFileSystems,
    params=("MaxItems",),
    paging=Paging(request="Marker", reply="NextMarker"),
)


def file_systems(where: Where, pages: Sequence[DescribeFileSystems]) -> tuple[DataStore, ...]:
    """Every file system."""
    return tuple(
        DataStore(
            id=found.file_system_arn or where.arn("elasticfilesystem", f"file-system/{found.file_system_id}"),
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.FILE_SYSTEM,
            name=found.file_system_id,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=under_named_key(
                encrypted=found.encrypted, key=found.kms_key_id, operation=DESCRIBE_FILE_SYSTEMS
            ),
            created_at=found.creation_time,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for found in page.file_systems
    )


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=DESCRIBE_FILE_SYSTEMS,
        kinds=(StoreKind.FILE_SYSTEM,),
        stores=file_systems,
        params=lambda _: {"MaxItems": 100},
    ),
)
