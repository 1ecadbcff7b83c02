"""Whether cells hold what rules ask about, on every cloud alike. Evaluates nothing."""

from collections.abc import Iterable

from scanner.facts.access.cells import NONE, Cells
from scanner.facts.kleene import Truth, any_of
from scanner.model.effective import HELD, ActionClass, CellState
from scanner.model.unknown import Unknown

USE, DECIDE = ActionClass.USE_PLAINTEXT, (ActionClass.POLICY, ActionClass.DESTROY)
"""What reads the data, and what decides about the key."""


def may(cells: Cells, kinds: Iterable[ActionClass], doubt: Unknown) -> Truth:
    """Whether anything of these classes is held, if need be under conditions; `doubt` where that is not known."""
    states = (cells.get(kind, NONE).state for kind in kinds)
    return any_of(doubt if state is CellState.UNKNOWN else state in HELD for state in states)
