"""File systems of FSx and their backups. Keeps no configuration of directories or passwords, and judges nothing.

FSx encrypts everything at rest; a file system without `KmsKeyId` (scratch Lustre) has a key of the provider. An
automatic backup goes after the days that its file system keeps them: the file system's word of today, else the one that
the backup remembers. One that a user made is kept until somebody deletes it, one of AWS Backup ends when that says so.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.retention import OF_AWS_BACKUP, days_kept, until_told
from scanner.providers.aws.stores.service import Listing, Origin, Where, said
from scanner.providers.operation import NEXT_TOKEN, Operation

_KEEPS = "AutomaticBackupRetentionDays"
_AUTOMATIC = "AUTOMATIC"


class Retention(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """How many days automatic backups are kept."""

    automatic_backup_retention_days: int | None = None


class FileSystem(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A file system, alone or as a backup remembers it."""

    file_system_id: str
    resource_arn: str | None = msgspec.field(name="ResourceARN", default=None)
    file_system_type: str | None = None
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
    type: str | None = None
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
            id=_system_arn(where, found),
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
            source=said(FileSystemType=found.file_system_type) | _kept(found),
            evidence=(),
        )
        for page in pages
        for found in page.file_systems
    )


def backups(where: Where, pages: Sequence[DescribeBackups]) -> tuple[DataStore, ...]:
    """Every backup, with the file system or volume it was made of."""
    return tuple(_backup(where, found) for page in pages for found in page.backups)


def until_its_file_system_says(backup: DataStore, system: DataStore | Unknown | None) -> DataStore:
    """An automatic backup with the moment at which its file system lets it go; any other as it is."""
    return until_told(backup, system, _KEEPS) if backup.source.get("Type") == _AUTOMATIC else backup


def _backup(where: Where, found: Backup) -> DataStore:
    system = _system_arn(where, found.file_system) if found.file_system else None
    return DataStore(
        id=found.resource_arn or where.arn("fsx", f"backup/{found.backup_id}"),
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.FILE_SYSTEM_BACKUP,
        name=found.backup_id,
        copy=CopyKind.BACKUP,
        of=(found.volume.resource_arn if found.volume else None) or system,
        encryption=Encryption(encrypted=True, key=found.kms_key_id or None),
        created_at=found.creation_time,
        expires_at=_expiry(found.type),
        source=said(Type=found.type, FileSystem=system) | (_kept(found.file_system) if found.file_system else {}),
        evidence=(),
    )


def _system_arn(where: Where, found: FileSystem) -> str:
    return found.resource_arn or where.arn("fsx", f"file-system/{found.file_system_id}")


def _kept(found: FileSystem) -> dict[str, str]:
    told = (
        found.windows_configuration,
        found.lustre_configuration,
        found.ontap_configuration,
        found.open_zfs_configuration,
    )
    days = next((part.automatic_backup_retention_days for part in told if part), None)
    return days_kept(_KEEPS, days)


def _expiry(kind: str | None) -> Unknown | None:
    """None for a backup that a user made; what ends by itself does not say when."""
    match kind:
        case "USER_INITIATED":
            return None
        case "AUTOMATIC":
            return Unknown(cause=Cause.UNSUPPORTED, call=DESCRIBE_FILE_SYSTEMS.action)
        case "AWS_BACKUP":
            return OF_AWS_BACKUP
        case _:
            return Unknown(cause=Cause.UNSUPPORTED, call=DESCRIBE_BACKUPS.action)


LISTINGS: tuple[Listing, ...] = (
    Listing(operation=DESCRIBE_FILE_SYSTEMS, kinds=(StoreKind.FILE_SYSTEM,), stores=file_systems),
    Listing(
        operation=DESCRIBE_BACKUPS,
        kinds=(StoreKind.FILE_SYSTEM_BACKUP,),
        stores=backups,
        origin=Origin(
            listing=DESCRIBE_FILE_SYSTEMS,
            id=lambda backup: backup.source.get("FileSystem"),
            settle=until_its_file_system_says,
        ),
    ),
)
