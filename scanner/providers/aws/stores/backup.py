"""Vaults of AWS Backup and the recovery points in each. Keeps no plan, role or message, and judges nothing.

A recovery point says itself whether and under which key it is encrypted, which need not be its vault's.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.service import Listing, Where, Within, said
from scanner.providers.operation import NEXT_TOKEN, Operation

_PAGE = 1000
_AWS_OWNED = "AWS_OWNED_KMS_KEY"


class Vault(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A vault."""

    backup_vault_name: str
    backup_vault_arn: str
    vault_type: str | None = None
    creation_date: datetime | None = None
    encryption_key_arn: str | None = None


class ListBackupVaults(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of vaults; AWS leaves out an empty list."""

    backup_vault_list: tuple[Vault, ...] = ()


class Lifecycle(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """When a recovery point will be deleted."""

    delete_at: datetime | None = None


class RecoveryPoint(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A recovery point."""

    recovery_point_arn: str
    resource_arn: str | None = None
    resource_type: str | None = None
    status: str | None = None
    creation_date: datetime | None = None
    calculated_lifecycle: Lifecycle | None = None
    encryption_key_arn: str | None = None
    encryption_key_type: str | None = None
    is_encrypted: bool | None = None


class ListRecoveryPointsByBackupVault(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of recovery points; AWS leaves out an empty list."""

    recovery_points: tuple[RecoveryPoint, ...] = ()


LIST_BACKUP_VAULTS = Operation(
    service="backup",
    name="ListBackupVaults",
    action="backup:ListBackupVaults",
    reply=ListBackupVaults,
    params=("MaxResults",),
    paging=NEXT_TOKEN,
)
LIST_RECOVERY_POINTS = Operation(
    service="backup",
    name="ListRecoveryPointsByBackupVault",
    action="backup:ListRecoveryPointsByBackupVault",
    reply=ListRecoveryPointsByBackupVault,
    params=("BackupVaultName", "MaxResults"),
    paging=NEXT_TOKEN,
)


def vaults(where: Where, pages: Sequence[ListBackupVaults]) -> tuple[DataStore, ...]:
    """Every vault; what is in it is asked for apart."""
    return tuple(
        DataStore(
            id=found.backup_vault_arn,
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.BACKUP_VAULT,
            name=found.backup_vault_name,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Encryption(encrypted=True, key=found.encryption_key_arn or None),
            created_at=found.creation_date,
            expires_at=None,
            source=said(VaultType=found.vault_type),
            evidence=(),
        )
        for page in pages
        for found in page.backup_vault_list
    )


def recovery_points(vault: DataStore, pages: Sequence[ListRecoveryPointsByBackupVault]) -> tuple[DataStore, ...]:
    """Every recovery point of a vault, with the moment at which AWS Backup will delete it."""
    return tuple(
        DataStore(
            id=found.recovery_point_arn,
            provider=Provider.AWS,
            account=vault.account,
            region=vault.region,
            type=StoreKind.RECOVERY_POINT,
            name=found.recovery_point_arn.rpartition(":")[2],
            copy=CopyKind.BACKUP,
            of=found.resource_arn,
            encryption=_encryption(found),
            created_at=found.creation_date,
            expires_at=found.calculated_lifecycle.delete_at if found.calculated_lifecycle else None,
            source=said(
                BackupVault=vault.id,
                Status=found.status,
                ResourceType=found.resource_type,
                EncryptionKeyType=found.encryption_key_type,
            ),
            evidence=(),
        )
        for page in pages
        for found in page.recovery_points
    )


def _encryption(found: RecoveryPoint) -> Encryption | Unknown:
    """As the point says; one that does not say under which key is unknown, whatever its vault does.

    Only a key of AWS' own has no name that a customer could see.
    """
    if found.encryption_key_arn:
        return Encryption(encrypted=True, key=found.encryption_key_arn)
    if found.is_encrypted is False:
        return Encryption(encrypted=False, key=None)
    if found.is_encrypted and found.encryption_key_type == _AWS_OWNED:
        return Encryption(encrypted=True, key=None)
    return Unknown(cause=Cause.ERROR, call=LIST_RECOVERY_POINTS.action)


def _inside(store: DataStore) -> Mapping[str, object]:
    return {"BackupVaultName": store.name, "MaxResults": _PAGE}


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=LIST_BACKUP_VAULTS,
        kinds=(StoreKind.BACKUP_VAULT,),
        stores=vaults,
        params=lambda _: {"MaxResults": _PAGE},
        within=Within(
            operation=LIST_RECOVERY_POINTS,
            params=_inside,
            kinds=(StoreKind.RECOVERY_POINT,),
            stores=recovery_points,
        ),
    ),
)
