"""What could not be seen, as a type of its own. Never turns into a value."""

from enum import StrEnum
from typing import final

from scanner.model.record import Record


class Cause(StrEnum):
    """Why an observation is missing."""

    DENIED = "denied"
    THROTTLED = "throttled"
    UNSUPPORTED = "unsupported"
    NOT_COLLECTED = "not_collected"
    ERROR = "error"


@final
class Unknown(Record, frozen=True, kw_only=True, tag="unknown"):
    """A group or a fact that exists but was not read; `call` is the permission's name (`kms:GetKeyPolicy`)."""

    cause: Cause
    call: str


@final
class OutOfScope(Record, frozen=True, kw_only=True, tag="out_of_scope"):
    """A group that has an answer which we do not ask for, by decision; facts treat it as not collected."""

    reason: str
    call: str


@final
class Inapplicable(Record, frozen=True, kw_only=True, tag="inapplicable"):
    """A group whose answer cannot exist (rotation of a signing key); facts treat it as absent."""

    reason: str
    call: str
