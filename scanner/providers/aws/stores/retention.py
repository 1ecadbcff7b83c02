"""How long a copy that ends by itself is kept, where the store that it was made from says it. Asks nothing."""

from datetime import timedelta

from msgspec.structs import replace

from scanner.model.store import DataStore
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.backup import LIST_RECOVERY_POINTS
from scanner.providers.aws.stores.service import said

OF_AWS_BACKUP = Unknown(cause=Cause.NOT_COLLECTED, call=LIST_RECOVERY_POINTS.action)
"""The end of what AWS Backup made, until the recovery point says it."""


def days_kept(field: str, days: int | None) -> dict[str, str]:
    """The days that copies are kept, for a store's `source`."""
    return said(**{field: None if days is None else str(days)})


def until_told(copy: DataStore, original: DataStore | Unknown | None, field: str) -> DataStore:
    """The copy with its end by the days in the original's `source`, else in its own; as it is when neither says."""
    if isinstance(original, Unknown):
        return replace(copy, expires_at=original)
    days = int((original or copy).source.get(field, 0))
    if days < 1 or copy.created_at is None:
        return copy
    return replace(copy, expires_at=copy.created_at + timedelta(days=days))
