"""Tables of DynamoDB and their backups, as it lists and describes them. Changes nothing."""

from collections.abc import Mapping
from datetime import datetime

from scanner.simulator.aws.identifiers import digest, uuid_of
from scanner.simulator.aws.paging import text
from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.records import Row as AnyRow
from scanner.simulator.aws.stores.shelves import Handler, Shelf, Spot, describing, find, listing, page_of, rows_of
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Row = dict[str, object]

TABLES, BACKUPS, CONTINUOUS = "dynamodb:Tables", "dynamodb:Backups", "dynamodb:ContinuousBackups"
_TABLES = Shelf(
    name=TABLES,
    member="TableNames",
    most=100,
    pages=("Limit", "ExclusiveStartTableName", "LastEvaluatedTableName"),
    last="TableName",
)
_BACKUPS = Shelf(
    name=BACKUPS,
    member="BackupSummaries",
    most=100,
    pages=("Limit", "ExclusiveStartBackupArn", "LastEvaluatedBackupArn"),
    last="BackupArn",
)
_OFF = {
    "ContinuousBackupsStatus": "ENABLED",
    "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
}
_SUMMARY = (
    "TableName",
    "TableArn",
    "BackupArn",
    "BackupName",
    "BackupCreationDateTime",
    "BackupExpiryDateTime",
    "BackupStatus",
    "BackupType",
)


def list_backups(world: World, caller: Caller, params: Params) -> Row:
    """Backups made by people, or of the kind that is asked for."""
    kind = text(params, "BackupType") or "USER"
    rows = [row for row in rows_of(world, caller, _BACKUPS) if kind in ("ALL", row["BackupType"])]
    found = page_of(world, _BACKUPS, params, rows)
    shown = [{name: row[name] for name in _SUMMARY if name in row} for row in found.items]
    return {"BackupSummaries": shown} | ({"LastEvaluatedBackupArn": found.token} if found.token else {})


def describe_backup(world: World, caller: Caller, params: Params) -> Row:
    """A backup with what it remembers of its table."""
    row = find(world, caller, _BACKUPS, ("BackupArn", text(params, "BackupArn") or ""), "BackupNotFoundException")
    details = {name: row[name] for name in _SUMMARY if name in row and name.startswith("Backup")}
    table: Row = {
        "TableName": row["TableName"],
        "TableId": uuid_of(row["TableArn"]),
        "TableArn": row["TableArn"],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "TableCreationDateTime": row["BackupCreationDateTime"],
        "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0},
    }
    features = {"SSEDescription": row["SSEDescription"]} if "SSEDescription" in row else {}
    described: Row = {"BackupDetails": details, "SourceTableDetails": table}
    return {"BackupDescription": described | ({"SourceTableFeatureDetails": features} if features else {})}


def describe_continuous_backups(world: World, caller: Caller, params: Params) -> Row:
    """Whether a table can be restored to any moment, and to which."""
    name = text(params, "TableName") or ""
    find(world, caller, _TABLES, ("TableName", name), "TableNotFoundException")
    rows = world.place(caller.account, caller.region).shelves.get(CONTINUOUS, ())
    found = next((row["ContinuousBackupsDescription"] for row in rows if row["TableName"] == name), _OFF)
    return {"ContinuousBackupsDescription": found}


def _name(row: AnyRow) -> object:
    return row["TableName"]


READS: Mapping[tuple[str, str], Handler] = {
    ("dynamodb", "ListTables"): listing(_TABLES, show=_name),
    ("dynamodb", "DescribeTable"): describing(
        _TABLES, named="TableName", by="TableName", member="Table", missing="ResourceNotFoundException"
    ),
    ("dynamodb", "ListBackups"): list_backups,
    ("dynamodb", "DescribeBackup"): describe_backup,
    ("dynamodb", "DescribeContinuousBackups"): describe_continuous_backups,
}


def _encryption(key: str | None) -> Row:
    """DynamoDB says nothing of a table under its own key."""
    chosen = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}
    return {"SSEDescription": chosen} if key else {}


def table(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A table; `key` is None for the provider's own."""
    return {
        "TableName": name,
        "TableArn": spot.arn("dynamodb", f"table/{name}"),
        "TableId": uuid_of(spot.account, name),
        "TableStatus": "ACTIVE",
        "CreationDateTime": made,
        **_encryption(key),
    }


def backup(spot: Spot, name: str, of: str, key: str | None, made: datetime) -> Row:
    """A backup of the table named `of` that people made."""
    arn = spot.arn("dynamodb", f"table/{of}")
    return {
        "TableName": of,
        "TableArn": arn,
        "BackupArn": f"{arn}/backup/01{digest(arn, name)[:14]}",
        "BackupName": name,
        "BackupCreationDateTime": made,
        "BackupStatus": "AVAILABLE",
        "BackupType": "USER",
        **_encryption(key),
    }


def continuous(name: str, earliest: datetime, latest: datetime, days: int = 35) -> Row:
    """The continuous backups of the table of that name."""
    recovery = {
        "PointInTimeRecoveryStatus": "ENABLED",
        "RecoveryPeriodInDays": days,
        "EarliestRestorableDateTime": earliest,
        "LatestRestorableDateTime": latest,
    }
    told = {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}
    return {"TableName": name, "ContinuousBackupsDescription": told}
