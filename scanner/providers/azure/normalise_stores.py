"""Kept rows become data stores with the key they are under; the provider's words stop here. Pure, imports no SDK."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.azure.graph import KINDS, QUERY_RESOURCES, SETS
from scanner.providers.azure.normalise_containers import container_id, location
from scanner.providers.azure.replies_graph import StoreRow, StoreRows

_NO_SET = Unknown(cause=Cause.NOT_COLLECTED, call=QUERY_RESOURCES.action)
"""A disk under a set that the rows do not hold: which key that is, is not known."""


def stores(pages: Sequence[StoreRows], account: str, evidence: tuple[Evidence, ...]) -> tuple[DataStore, ...]:
    """Every store, sorted by id. What names no key is encrypted with one of Azure that no customer sees."""
    rows = [row for page in pages for row in page.data]
    sets = {container_id(row.id): row.active for row in rows if row.type.lower() == SETS}
    found = [_store(row, sets, account, evidence) for row in rows if row.type.lower() in KINDS]
    return tuple(sorted(found, key=lambda store: store.id))


def _store(row: StoreRow, sets: Mapping[str, str], account: str, evidence: tuple[Evidence, ...]) -> DataStore:
    kind = KINDS[row.type.lower()]
    is_snapshot = kind is StoreKind.VOLUME_SNAPSHOT
    return DataStore(
        id=container_id(row.id),
        provider=Provider.AZURE,
        account=account,
        region=location(row.location),
        type=kind,
        name=row.name,
        copy=CopyKind.SNAPSHOT if is_snapshot else CopyKind.ORIGINAL,
        of=container_id(row.source) if is_snapshot and row.source else None,
        encryption=_encryption(row, sets),
        created_at=_moment(row.created),
        expires_at=None,
        source={"type": row.type},
        evidence=evidence,
    )


def _encryption(row: StoreRow, sets: Mapping[str, str]) -> Encryption | Unknown:
    """By a set of disks, by vault, name and perhaps version, or by an address; an SQL server may name none at all."""
    if row.set:
        key = sets.get(container_id(row.set))
        return Encryption(encrypted=True, key=key) if key else _NO_SET
    if row.vault and row.key:
        return Encryption(encrypted=True, key=f"{row.vault.rstrip('/')}/keys/{row.key}/{row.version}".rstrip("/"))
    return Encryption(encrypted=True, key=row.protector or row.uri or row.primary or None)


def _moment(text: str) -> datetime | None:
    """When it was made; None where the row does not say it in a form that can be read."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo else None
