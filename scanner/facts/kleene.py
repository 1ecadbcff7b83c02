"""Three-valued `and`, `or` and `not` over facts: Unknown is neither true nor false. Knows no rule."""

from collections.abc import Iterable

from scanner.model.unknown import Unknown

Truth = bool | Unknown


def all_of(truths: Iterable[Truth]) -> Truth:
    """False when one is false, else the first Unknown, else true."""
    open_question: Unknown | None = None
    for truth in truths:
        if isinstance(truth, Unknown):
            open_question = open_question or truth
        elif not truth:
            return False
    return True if open_question is None else open_question


def any_of(truths: Iterable[Truth]) -> Truth:
    """True when one is true, else the first Unknown, else false."""
    return negate(all_of(negate(truth) for truth in truths))


def negate(truth: Truth) -> Truth:
    """The opposite; Unknown stays as it is."""
    return truth if isinstance(truth, Unknown) else not truth
