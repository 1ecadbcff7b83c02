"""Tables of DynamoDB, their backups and their continuous backups. Keeps no attribute or item, and judges nothing.

DynamoDB always encrypts and says nothing of a table under its own key. Continuous backups are under the key of their
table and end so many days after the last moment that the table can be restored to.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.service import Detail, Listing, Where, Within, said, under_named_key
from scanner.providers.operation import AnyOperation, Operation, Paging

_DEFAULT_DAYS = 35
_OFF = "DISABLED"
_ITS_OWN = "AES256"


class ListTables(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of tables."""

    table_names: tuple[str, ...]


class SSEDescription(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """Encryption with a key other than DynamoDB's own."""

    status: str | None = None
    sse_type: str | None = msgspec.field(name="SSEType", default=None)
    kms_master_key_arn: str | None = msgspec.field(name="KMSMasterKeyArn", default=None)


class Table(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A table."""

    table_name: str
    table_status: str | None = None
    creation_date_time: datetime | None = None
    sse_description: SSEDescription | None = msgspec.field(name="SSEDescription", default=None)


class DescribeTable(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The description of a table."""

    table: Table


class BackupSummary(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A backup of the listing."""

    backup_arn: str
    backup_name: str
    table_name: str
    table_arn: str | None = None
    backup_status: str | None = None
    backup_type: str | None = None
    backup_creation_date_time: datetime | None = None
    backup_expiry_date_time: datetime | None = None


class ListBackups(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of backups; AWS leaves out an empty list."""

    backup_summaries: tuple[BackupSummary, ...] = ()


class Features(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """What a backup remembers of how its table was kept."""

    sse_description: SSEDescription | None = msgspec.field(name="SSEDescription", default=None)


class SourceTable(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The table that a backup was made of; every description of a backup has it."""

    table_name: str


class BackupDescription(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A backup."""

    source_table_details: SourceTable
    source_table_feature_details: Features | None = None


class DescribeBackup(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The description of a backup."""

    backup_description: BackupDescription


class Recovery(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """To which moments a table can be restored."""

    point_in_time_recovery_status: str
    recovery_period_in_days: int | None = None
    earliest_restorable_date_time: datetime | None = None
    latest_restorable_date_time: datetime | None = None


class Continuous(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The continuous backups of a table."""

    point_in_time_recovery_description: Recovery | None = None


class DescribeContinuousBackups(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """Whether a table has continuous backups."""

    continuous_backups_description: Continuous


LIST_TABLES = Operation(
    service="dynamodb",
    name="ListTables",
    action="dynamodb:ListTables",
    reply=ListTables,
    paging=Paging(request="ExclusiveStartTableName", reply="LastEvaluatedTableName"),
)
DESCRIBE_TABLE = Operation(
    service="dynamodb",
    name="DescribeTable",
    action="dynamodb:DescribeTable",
    reply=DescribeTable,
    params=("TableName",),
)
LIST_BACKUPS = Operation(
    service="dynamodb",
    name="ListBackups",
    action="dynamodb:ListBackups",
    reply=ListBackups,
    params=("BackupType",),
    paging=Paging(request="ExclusiveStartBackupArn", reply="LastEvaluatedBackupArn"),
)
DESCRIBE_BACKUP = Operation(
    service="dynamodb",
    name="DescribeBackup",
    action="dynamodb:DescribeBackup",
    reply=DescribeBackup,
    params=("BackupArn",),
)
DESCRIBE_CONTINUOUS_BACKUPS = Operation(
    service="dynamodb",
    name="DescribeContinuousBackups",
    action="dynamodb:DescribeContinuousBackups",
    reply=DescribeContinuousBackups,
    params=("TableName",),
)


def tables(where: Where, pages: Sequence[ListTables]) -> tuple[DataStore, ...]:
    """Every table, its encryption still to be asked for."""
    return tuple(
        DataStore(
            id=where.arn("dynamodb", f"table/{name}"),
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.TABLE,
            name=name,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Unknown(cause=Cause.NOT_COLLECTED, call=DESCRIBE_TABLE.action),
            created_at=None,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for name in page.table_names
    )


def with_description(store: DataStore, pages: Sequence[DescribeTable]) -> DataStore:
    """The table with its encryption."""
    table = pages[0].table
    return replace(
        store,
        encryption=_encryption(table.sse_description, DESCRIBE_TABLE),
        created_at=table.creation_date_time,
        source=said(TableStatus=table.table_status, SSEStatus=_status(table.sse_description)),
    )


def backups(where: Where, pages: Sequence[ListBackups]) -> tuple[DataStore, ...]:
    """Every backup that is not deleted, its encryption still to be asked for."""
    return tuple(
        DataStore(
            id=found.backup_arn,
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.TABLE_BACKUP,
            name=found.backup_name,
            copy=CopyKind.BACKUP,
            of=found.table_arn or where.arn("dynamodb", f"table/{found.table_name}"),
            encryption=Unknown(cause=Cause.NOT_COLLECTED, call=DESCRIBE_BACKUP.action),
            created_at=found.backup_creation_date_time,
            expires_at=found.backup_expiry_date_time,
            source=said(BackupType=found.backup_type, BackupStatus=found.backup_status),
            evidence=(),
        )
        for page in pages
        for found in page.backup_summaries
        if found.backup_status != "DELETED"
    )


def with_table(store: DataStore, pages: Sequence[DescribeBackup]) -> DataStore:
    """The backup with the encryption that it remembers of its table."""
    features = pages[0].backup_description.source_table_feature_details
    return replace(store, encryption=_encryption(features.sse_description if features else None, DESCRIBE_BACKUP))


def continuous_backups(table: DataStore, pages: Sequence[DescribeContinuousBackups]) -> tuple[DataStore, ...]:
    """The continuous backups of a table where it has them, under the table's own key."""
    found = [page.continuous_backups_description.point_in_time_recovery_description for page in pages]
    return tuple(
        DataStore(
            id=f"{table.id}/continuous-backups",
            provider=Provider.AWS,
            account=table.account,
            region=table.region,
            type=StoreKind.TABLE_BACKUP,
            name=table.name,
            copy=CopyKind.BACKUP,
            of=table.id,
            encryption=table.encryption,
            created_at=recovery.earliest_restorable_date_time,
            expires_at=_end(recovery),
            source={"PointInTimeRecoveryStatus": recovery.point_in_time_recovery_status},
            evidence=tuple(item for item in table.evidence if item.group == "encryption"),
        )
        for recovery in found
        if recovery and recovery.point_in_time_recovery_status == "ENABLED"
    )


def _encryption(found: SSEDescription | None, operation: AnyOperation) -> Encryption | Unknown:
    """Under DynamoDB's own key, which no description or one of that kind tells, or else under the key that is named."""
    if found is None or found.status == _OFF or (found.sse_type == _ITS_OWN and not found.kms_master_key_arn):
        return Encryption(encrypted=True, key=None)
    return under_named_key(encrypted=True, key=found.kms_master_key_arn, operation=operation)


def _status(found: SSEDescription | None) -> str | None:
    return found.status if found else None


def _end(recovery: Recovery) -> datetime | None:
    latest, days = recovery.latest_restorable_date_time, recovery.recovery_period_in_days or _DEFAULT_DAYS
    return latest + timedelta(days=days) if latest else None


def _table_name(store: DataStore) -> Mapping[str, object]:
    return {"TableName": store.name}


def _backup_arn(store: DataStore) -> Mapping[str, object]:
    return {"BackupArn": store.id}


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=LIST_TABLES,
        kinds=(StoreKind.TABLE,),
        stores=tables,
        detail=Detail(operation=DESCRIBE_TABLE, params=_table_name, complete=with_description),
        within=Within(
            operation=DESCRIBE_CONTINUOUS_BACKUPS,
            params=_table_name,
            kinds=(StoreKind.TABLE_BACKUP,),
            stores=continuous_backups,
        ),
    ),
    Listing(
        operation=LIST_BACKUPS,
        kinds=(StoreKind.TABLE_BACKUP,),
        stores=backups,
        params=lambda _: {"BackupType": "ALL"},
        detail=Detail(operation=DESCRIBE_BACKUP, params=_backup_arn, complete=with_table),
    ),
)
