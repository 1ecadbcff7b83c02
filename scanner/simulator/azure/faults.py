"""Faults injected into the simulated Azure while it runs. Chooses what goes wrong; the server makes it happen."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from scanner.simulator.azure.records import Document


class Effect(StrEnum):
    """What goes wrong with a request."""

    DENY = "deny"
    DENY_BY_ROLE = "deny_by_role"
    DENY_BY_POLICY = "deny_by_policy"
    FIREWALL = "firewall"
    THROTTLE = "throttle"
    SERVER_ERROR = "server_error"
    NOT_REGISTERED = "not_registered"
    NOT_FOUND = "not_found"
    RESET = "reset"
    BAD_GATEWAY = "bad_gateway"
    MALFORMED = "malformed"
    ODD = "odd"
    SLOW = "slow"
    EXPIRED = "expired"


@dataclass(kw_only=True, slots=True)
class Fault:
    """Which requests go wrong, and how.

    `path` is searched for, as a pattern without regard to case, in the address after the host; that of a vault begins
    with `/vaults/<its name>/`. `count` ends the fault after so many; `delay` (seconds) goes with SLOW and is what
    THROTTLE asks to wait; `change` goes with ODD and is what becomes of an answer.
    """

    effect: Effect
    path: str
    after: int = 0
    count: int | None = None
    delay: float = 0.0
    change: Callable[[Document], object] | None = None
    seen: int = field(default=0, init=False)
    fired: int = field(default=0, init=False)


def pick(faults: list[Fault], path: str) -> Fault | None:
    """The first fault that hits the request, counted. Not safe without a lock."""
    for fault in faults:
        if not re.search(fault.path, path, re.IGNORECASE):
            continue
        fault.seen += 1
        if fault.seen > fault.after and (fault.count is None or fault.fired < fault.count):
            fault.fired += 1
            return fault
    return None
