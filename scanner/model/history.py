"""What was done to keys, as an audit log tells it. Judges nothing."""

from datetime import datetime
from enum import StrEnum

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.record import Record
from scanner.model.unknown import Unknown


class KeyEventType(StrEnum):
    """What was done. `version_changed` stands for a change that does not tell whether it disabled or enabled."""

    DESTROY_REQUESTED = "destroy_requested"
    RESTORED = "restored"
    DISABLED = "disabled"
    ENABLED = "enabled"
    VERSION_CHANGED = "version_changed"
    VERSION_DELETED = "version_deleted"
    KEY_DELETED = "key_deleted"
    ACCESS_CHANGED = "access_changed"


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


class History(Record, frozen=True, kw_only=True, tag="history"):
    """What was done to the keys of one account and region."""

    provider: Provider
    account: str
    region: str
    events: KeyEvents | Unknown
    evidence: tuple[Evidence, ...]
