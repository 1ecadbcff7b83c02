"""What guards keys against deletion for good, where that is set on the container they are kept in. Requires nothing."""

from datetime import timedelta

from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import unseen
from scanner.facts.windows import Guard
from scanner.model.container import KeyContainer, Recovery
from scanner.model.key import Provider
from scanner.model.unknown import Cause, Unknown

DEFAULT_RETENTION = timedelta(days=90)
"""What Azure keeps deleted keys for where a vault names no other time.

https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
"""


def guard_of(container: KeyContainer | None) -> Guard:
    """Purge protection alone denies to everybody that a deleted key be destroyed before its retention is over."""
    if container is None:
        missing = Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[Provider.AZURE].policy)
        return Guard(denied=missing, least=missing)
    recovery = container.recovery
    if not isinstance(recovery, Recovery):
        none = unseen(recovery)
        return Guard(denied=none, least=none)
    if not (recovery.soft_delete and recovery.purge_protection):
        return Guard(denied=False, least=None)
    days = recovery.retention_days
    return Guard(denied=True, least=DEFAULT_RETENTION if days is None else timedelta(days=days))
