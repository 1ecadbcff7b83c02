"""What was done to keys, as an audit log tells it. Judges nothing."""

from datetime import datetime
from enum import StrEnum

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.record import Record
from scanner.model.unknown import Inapplicable, OutOfScope, Unknown


class KeyEventType(StrEnum):
    """What was done.

    `destroy_requested`, of keys that can be recovered a while, is the deletion and `key_deleted` the end of it.
    `version_changed` stands for a change that does not tell whether it disabled or enabled; `container_deleted` for a
    deletion that can be taken back, `container_purged` for one that cannot, `container_changed` for another setting or
    lock.
    """

    DESTROY_REQUESTED = "destroy_requested"
    RESTORED = "restored"
    DISABLED = "disabled"
    ENABLED = "enabled"
    VERSION_CHANGED = "version_changed"
    VERSION_DELETED = "version_deleted"
    KEY_DELETED = "key_deleted"
    ACCESS_CHANGED = "access_changed"
    CONTAINER_DELETED = "container_deleted"
    CONTAINER_PURGED = "container_purged"
    CONTAINER_CHANGED = "container_changed"


class KeyEvent(Record, frozen=True, kw_only=True, tag="key_event"):
    """One request: when, by whom, on what (the id of a version, key or container), and whether it was refused.

    `actor` is None where the log names nobody. `call` is the provider's own name of the request.
    """

    at: datetime
    type: KeyEventType
    subject: str
    actor: str | None
    refused: bool
    call: str


class KeyEvents(Record, frozen=True, kw_only=True, tag="key_events"):
    """Every such entry from `since` on, oldest first; what happened moments ago may not be in the log yet."""

    since: datetime
    items: tuple[KeyEvent, ...]


IN_EVENTS = Inapplicable(
    reason="one log tells what was done to keys and to what they are kept in", call="logging.logEntries.list"
)
"""What stands for the changes of containers where they are among the events."""


class History(Record, frozen=True, kw_only=True, tag="history"):
    """What was done to the keys of one account and region.

    `changes` are what was done to containers and access, where another log tells of that. `unseen` are the ids of
    containers whose own log is not known to be sent where the events were read: of their keys nothing may be told.
    """

    provider: Provider
    account: str
    region: str
    events: KeyEvents | OutOfScope | Unknown
    evidence: tuple[Evidence, ...]
    changes: KeyEvents | Inapplicable | OutOfScope | Unknown = IN_EVENTS
    unseen: tuple[str, ...] = ()


HISTORY_GROUPS: tuple[str, ...] = ("events", "changes")
"""The groups of a history that are read from logs of their own."""
