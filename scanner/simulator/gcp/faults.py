"""What goes wrong on purpose: for one method, one resource, or all. Chooses and serves nothing."""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """How a call fails."""

    DENY = "deny"
    THROTTLE = "throttle"
    RESET = "reset"
    MALFORM = "malform"
    SLOW = "slow"
    DISABLED = "disabled"
    NOT_FOUND = "not_found"


@dataclass(kw_only=True)
class Fault:
    """Lets a method fail, for resources whose name holds `resource`; `times` bounds how often, None is for ever."""

    effect: Effect
    method: str
    resource: str = ""
    times: int | None = None
    seconds: float = 0.0

    def strikes(self, method: str, resource: str) -> bool:
        """Whether the call fails; a fault that was used up does no more."""
        if (
            not method.endswith((f"/{self.method}", f".{self.method}"))
            or self.resource not in resource
            or self.times == 0
        ):
            return False
        if self.times is not None:
            self.times -= 1
        return True
