"""Vaults of AWS Backup and their recovery points, as it lists them. Changes nothing."""

from collections.abc import Mapping
from datetime import datetime

from scanner.simulator.aws.paging import text
from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.records import Row as AnyRow
from scanner.simulator.aws.stores.shelves import Handler, Shelf, Spot, find, listing
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Row = dict[str, object]

VAULTS, POINTS = "backup:Vaults", "backup:RecoveryPoints"
_VAULTS = Shelf(name=VAULTS, member="BackupVaultList", most=1000)


def _is_inside(_caller: Caller, params: Params, row: AnyRow) -> bool:
    return row["BackupVaultName"] == text(params, "BackupVaultName")


_list_points = listing(Shelf(name=POINTS, member="RecoveryPoints", most=1000), keep=_is_inside)


def list_recovery_points(world: World, caller: Caller, params: Params) -> Row:
    """What is in a vault."""
    wanted = ("BackupVaultName", text(params, "BackupVaultName") or "")
    find(world, caller, _VAULTS, wanted, "ResourceNotFoundException")
    return _list_points(world, caller, params)


READS: Mapping[tuple[str, str], Handler] = {
    ("backup", "ListBackupVaults"): listing(_VAULTS),
    ("backup", "ListRecoveryPointsByBackupVault"): list_recovery_points,
}


def vault(spot: Spot, name: str, key: str, made: datetime) -> Row:
    """A vault."""
    return {
        "BackupVaultName": name,
        "BackupVaultArn": spot.arn("backup", f"backup-vault:{name}"),
        "VaultType": "BACKUP_VAULT",
        "CreationDate": made,
        "EncryptionKeyArn": key,
        "NumberOfRecoveryPoints": 1,
        "Locked": False,
    }


def recovery_point(vault_row: AnyRow, arn: str, of: str, made: datetime, ends: datetime | None) -> Row:
    """A backup of `of`, under the vault's key; kept until somebody deletes it when it never `ends`."""
    return {
        "RecoveryPointArn": arn,
        "BackupVaultName": vault_row["BackupVaultName"],
        "BackupVaultArn": vault_row["BackupVaultArn"],
        "ResourceArn": of,
        "ResourceType": of.split(":")[2].upper(),
        "Status": "COMPLETED",
        "CreationDate": made,
        "IsEncrypted": True,
        "EncryptionKeyArn": vault_row["EncryptionKeyArn"],
        **({"CalculatedLifecycle": {"DeleteAt": ends}} if ends else {}),
    }
