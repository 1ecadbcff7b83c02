"""Puts steps beside the cells of a caller. Finds none itself."""

from collections.abc import Callable

import msgspec

from scanner.facts.access.cells import NONE, Cells
from scanner.model.effective import AccessCell, ActionClass, CellState, StepAway


def with_steps(cells: Cells, step: Callable[[ActionClass], StepAway | None]) -> Cells:
    """The cells with what the caller is one step away from, where it does not have it whatever the request."""
    wanting = (kind for kind in ActionClass if cells.get(kind, NONE).state is not CellState.ALWAYS)
    steps = {kind: found for kind in wanting if (found := step(kind)) is not None}
    if not steps:
        return cells
    return {kind: beside(cells.get(kind, NONE), steps.get(kind)) for kind in ActionClass if kind in {*cells, *steps}}


def beside(cell: AccessCell, step: StepAway | None) -> AccessCell:
    """The cell with its step; where that is in doubt, nothing that was shown becomes something that is not known."""
    if step is None:
        return cell
    if step.missing:
        return msgspec.structs.replace(cell, state=CellState.UNKNOWN, missing=step.missing, step=step)
    state = CellState.STEP if cell.state is CellState.NONE else cell.state
    return msgspec.structs.replace(cell, state=state, step=step)
