"""Callers who stand for several: a denial with exceptions may spare one of them. Decides nothing itself."""

from collections.abc import Callable

from scanner.facts.access.aws import Decision, Result
from scanner.facts.access.truth import SPARED


def unless_spared(found: Decision, without_exceptions: Callable[[], Decision]) -> Decision:
    """The decision on a caller who stands for several.

    `without_exceptions` decides with those denials left out that spare somebody: a caller who is denied by them alone
    is not known to be.
    """
    if found.result is not Result.DENY:
        return found
    spared = without_exceptions()
    if spared.result is Result.DENY:
        return found
    return Decision(result=Result.UNKNOWN, explicit=False, why=spared.why, needs=(SPARED,))
