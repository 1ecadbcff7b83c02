"""File systems of FSx and their backups. Keeps no configuration of directories or passwords, and judges nothing.

FSx encrypts everything at rest; a file system without `KmsKeyId` (scratch Lustre) has a key of the provider. A backup
expires only when it is automatic and the file system's retention is told with it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from scanner.model.key import Provider
from scanner.model.store import CopyKind, DataStore, Encryption, StoreKind
from scanner.providers.aws.operation import NEXT_TOKEN, Operation
from scanner.providers.aws.stores.service import Listing, Where


class Retention(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """How many days automatic backups are kept."""

    automatic_backup_retention_days: int | None = None


class FileSystem(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A file system, alone or as a backup remembers it."""

    file_system_id: str
    resource_arn: str | None = msgspec.field(name="ResourceARN", default=None)
    file_system_type: str = ""
    kms_key_id: str | None = None
    creation_time: datetime | None = None
    windows_configuration: Retention | None = None
    lustre_configuration: Retention | None = None
    ontap_configuration: Retention | None = None
    open_zfs_configuration: Retention | None = msgspec.field(name="OpenZFSConfiguration", default=None)


class DescribeFileSystems(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of file systems."""

    file_systems: tuple[FileSystem, ...]


class Volume(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The volume that a backup was made of."""

    resource_arn: str | None = msgspec.field(name="ResourceARN", default=None)


class Backup(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A backup."""

    backup_id: str
    resource_arn: str | None = msgspec.field(name="ResourceARN", default=None)
    type: str = ""
    kms_key_id: str | None = None
    creation_time: datetime | None = None
    file_system: FileSystem | None = None
    volume: Volume | None = None


class DescribeBackups(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of backups."""

    backups: tuple[Backup, ...]


DESCRIBE_FILE_SYSTEMS = Operation(
    service="fsx",
    name="DescribeFileSystems",
    action="fsx:DescribeFileSystems",
    reply=DescribeFileSystems,
    paging=NEXT_TOKEN,
)
DESCRIBE_BACKUPS = Operation(
    service="fsx", name="DescribeBackups", action="fsx:DescribeBackups", reply=DescribeBackups, paging=NEXT_TOKEN
)


def file_systems(where: Where, pages: Sequence[DescribeFileSystems]) -> tuple[DataStore, ...]:
    """Every file system."""
    return tuple(
        DataStore(
            id=_file_system_id(where, found),
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.FILE_SYSTEM,
            name=found.file_system_id,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Encryption(encrypted=True, key=found.kms_key_id or None),
            created_at=found.creation_time,
            expires_at=None,
            source={"FileSystemType": found.file_system_type},
            evidence=(),
        )
        for page in pages
        for found in page.file_systems
    )


def backups(where: Where, pages: Sequence[DescribeBackups]) -> tuple[DataStore, ...]:
    """Every backup, with the file system or volume it was made of."""
    return tuple(_backup(where, found) for page in pages for found in page.backups)


def _backup(where: Where, found: Backup) -> DataStore:
    own = f"arn:{where.partition}:fsx:{where.region}:{where.account}:backup/{found.backup_id}"
    system = _file_system_id(where, found.file_system) if found.file_system else None
    return DataStore(
        id=found.resource_arn or own,
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.FILE_SYSTEM_BACKUP,
        name=found.backup_id,
        copy=CopyKind.BACKUP,
        of=found.volume.resource_arn if found.volume else system,
        encryption=Encryption(encrypted=True, key=found.kms_key_id or None),
        created_at=found.creation_time,
        expires_at=_expiry(found),
        source={"Type": found.type},
        evidence=(),
    )


def _file_system_id(where: Where, found: FileSystem) -> str:
    own = f"arn:{where.partition}:fsx:{where.region}:{where.account}:file-system/{found.file_system_id}"
    return found.resource_arn or own


def _expiry(found: Backup) -> datetime | None:
    if found.type != "AUTOMATIC" or found.creation_time is None or found.file_system is None:
        return None
    system = found.file_system
    kept = (
        system.windows_configuration,
        system.lustre_configuration,
        system.ontap_configuration,
        system.open_zfs_configuration,
    )
    days = next((part.automatic_backup_retention_days for part in kept if part), None)
    return found.creation_time + timedelta(days=days) if days else None


LISTINGS: tuple[Listing, ...] = (
    Listing(operation=DESCRIBE_FILE_SYSTEMS, kinds=(StoreKind.FILE_SYSTEM,), stores=file_systems),
    Listing(operation=DESCRIBE_BACKUPS, kinds=(StoreKind.FILE_SYSTEM_BACKUP,), stores=backups),
)
