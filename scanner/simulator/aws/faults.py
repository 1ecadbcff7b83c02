"""Faults injected into the simulated services while they run. Chooses what goes wrong; the server makes it happen."""

from dataclasses import dataclass, field
from enum import StrEnum


class Effect(StrEnum):
    """What goes wrong with a call."""

    DENY = "deny"
    THROTTLE = "throttle"
    SERVER_ERROR = "server_error"
    RESET = "reset"
    TRUNCATE = "truncate"
    SLOW = "slow"
    MALFORMED = "malformed"
    HTML = "html"
    UNSUPPORTED = "unsupported"


@dataclass(kw_only=True, slots=True)
class Fault:
    """Which calls go wrong, and how. A field left blank matches everything.

    `resource` is looked for inside the call's resource (for a key: its ARN). `nth` makes only the nth matching call
    go wrong, counted from 1; `count` ends the fault after so many. `delay` (seconds) goes with SLOW, `status` with
    HTML. A region that cannot be reached is `Fault(effect=Effect.RESET, region=...)`. `seen` and `fired` count.
    """

    effect: Effect
    service: str = ""
    operation: str = ""
    account: str = ""
    region: str = ""
    resource: str = ""
    nth: int | None = None
    count: int | None = None
    delay: float = 0.0
    status: int = 404
    seen: int = field(default=0, init=False)
    fired: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Accepts the effect's plain name as well."""
        self.effect = Effect(self.effect)


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A call as faults see it."""

    service: str
    operation: str
    account: str
    region: str
    resource: str


def pick(faults: list[Fault], target: Target) -> Fault | None:
    """The first fault that hits the call; counts the call on every fault it matches. Not safe without a lock."""
    hit: Fault | None = None
    for fault in faults:
        if not _matches(fault, target):
            continue
        fault.seen += 1
        if hit is None and _is_due(fault):
            fault.fired += 1
            hit = fault
    return hit


def _matches(fault: Fault, target: Target) -> bool:
    pairs = (
        (fault.service, target.service),
        (fault.operation, target.operation),
        (fault.account, target.account),
        (fault.region, target.region),
    )
    return all(want in ("", have) for want, have in pairs) and fault.resource in target.resource


def _is_due(fault: Fault) -> bool:
    if fault.nth is not None:
        return fault.seen == fault.nth
    return fault.count is None or fault.fired < fault.count
