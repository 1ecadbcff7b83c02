"""Puts steps beside the cells of a caller. Finds none itself."""

from collections.abc import Callable, Iterator

import msgspec

from scanner.facts.access.cells import NONE, Cells
from scanner.model.effective import HELD, AccessCell, ActionClass, CellState, StepAway


def with_steps(cells: Cells, step: Callable[[ActionClass], StepAway | None]) -> Cells:
    """The cells with what the caller is one step away from, where it does not have it whatever the request.

    A step that is not known to be there, or that leads to what is not known, is told only where nothing else is.
    """
    wanting = (kind for kind in ActionClass if cells.get(kind, NONE).state is not CellState.ALWAYS)
    found = {kind: step(kind) for kind in wanting}
    steps = {kind: one for kind, one in found.items() if one is not None and not (one.missing and kind in cells)}
    if not steps:
        return cells
    return {kind: beside(cells.get(kind, NONE), steps.get(kind)) for kind in ActionClass if kind in {*cells, *steps}}


def leading(step: StepAway, cell: AccessCell) -> Iterator[StepAway]:
    """The step to what the caller could do then; nothing where that is shown to be nothing."""
    if cell.state in HELD:
        yield step
    elif cell.state is CellState.UNKNOWN:
        yield msgspec.structs.replace(step, missing=tuple(dict.fromkeys((*step.missing, *cell.missing))))


def beside(cell: AccessCell, step: StepAway | None) -> AccessCell:
    """The cell with its step; where that is in doubt, nothing that was shown becomes something that is not known."""
    if step is None:
        return cell
    if step.missing:
        return msgspec.structs.replace(cell, state=CellState.UNKNOWN, missing=step.missing, step=step)
    state = CellState.STEP if cell.state is CellState.NONE else cell.state
    return msgspec.structs.replace(cell, state=state, step=step)
