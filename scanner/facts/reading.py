"""The one way from a group of a record to a leaf: unread stays unread, absent stays absent. Derives nothing itself."""

from collections.abc import Callable
from typing import TypeVar

from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown

NOT_READ = (Inapplicable, OutOfScope, Unknown)
"""What may stand where a group's answer would."""

Group = TypeVar("Group")
Value = TypeVar("Value")


def reading(group: Group | OutOfScope | Unknown) -> Group | Unknown:
    """The group as read; one that we decided not to ask for counts as not collected."""
    if isinstance(group, OutOfScope):
        return Unknown(cause=Cause.NOT_COLLECTED, call=group.call)
    return group


def unseen(group: Inapplicable | OutOfScope | Unknown) -> Unknown | None:
    """What every leaf of a group without an answer is: Unknown, or None when the answer cannot exist."""
    if isinstance(group, Inapplicable):
        return None
    return group if isinstance(group, Unknown) else Unknown(cause=Cause.NOT_COLLECTED, call=group.call)


def leaf(group: Group | Inapplicable | OutOfScope | Unknown, take: Callable[[Group], Value]) -> Value | Unknown | None:
    """What `take` makes of a group that was read; Unknown when it was not, None when it cannot exist."""
    return unseen(group) if isinstance(group, NOT_READ) else take(group)


def known(group: Group | Unknown, take: Callable[[Group], Value]) -> Value | Unknown:
    """What `take` makes of a group whose answer always exists."""
    return group if isinstance(group, Unknown) else take(group)
