"""The way to an answer about access as one line of text. Escapes nothing: outputs do, each for its own format."""

from collections.abc import Sequence

from scanner.model.effective import PathStep, StepAway


def path_text(why: Sequence[PathStep]) -> str:
    """The way to an answer: `key policy account -> identity policy inline[0]`."""
    return " -> ".join(f"{step.layer} {step.label}{' denies' if step.effect == 'deny' else ''}" for step in why)


def step_text(step: StepAway) -> str:
    """How somebody gets there: `kms:PutKeyPolicy on arn:..., under conditions (key policy account -> ...)`."""
    conditional = ", under conditions" if step.conditional else ""
    doubt = f", if it may (not read: {', '.join(step.missing)})" if step.missing else ""
    why = f" ({path_text(step.why)})" if step.why else ""
    return f"{step.by} on {step.target}{conditional}{doubt}{why}"
