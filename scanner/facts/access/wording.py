"""The way to an answer about access as one line of text. Escapes nothing: outputs do, each for its own format."""

from collections.abc import Mapping, Sequence

from scanner.facts.access.held import DECIDE, USE
from scanner.model.effective import AccessCell, ActionClass, PathStep, StepAway

_MATTERS = (USE, *DECIDE)


def path_text(why: Sequence[PathStep]) -> str:
    """The way to an answer: `key policy account -> identity policy inline[0]`."""
    return " -> ".join(f"{step.layer} {step.label}{' denies' if step.effect == 'deny' else ''}" for step in why)


def step_text(step: StepAway) -> str:
    """How somebody gets there: `kms:PutKeyPolicy on arn:..., under conditions (key policy account -> ...)`."""
    conditional = ", under conditions" if step.conditional else ""
    doubt = f", if it may (not read: {', '.join(step.missing)})" if step.missing else ""
    why = f" ({path_text(step.why)})" if step.why else ""
    return f"{step.by} on {step.target}{conditional}{doubt}{why}"


def way_text(cells: Mapping[ActionClass, AccessCell]) -> str:
    """How somebody comes by what it can do, of the classes that matter most, or of the first that there is."""
    told = [kind for kind in _MATTERS if kind in cells] or list(cells)[:1]
    return "; ".join(f"{kind.value} {_by(cells[kind])}" for kind in told)


def _by(cell: AccessCell) -> str:
    if cell.why:
        conditions = f" under conditions ({'; '.join(cell.conditions)})" if cell.conditions else ""
        return f"by {path_text(cell.why)}{conditions}"
    if cell.step is not None:
        return f"in one step by {step_text(cell.step)}"
    return f"perhaps, as was not read: {', '.join(cell.missing)}"
