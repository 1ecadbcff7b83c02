"""The one way from a group of a record to a leaf: unread stays unread, absent stays absent. Derives nothing itself."""

from collections.abc import Callable
from typing import TypeVar

from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown

Group = TypeVar("Group")
Value = TypeVar("Value")


def reading(group: Group | OutOfScope | Unknown) -> Group | Unknown:
    """The group as read; one that we decided not to ask for counts as not collected."""
    if isinstance(group, OutOfScope):
        return Unknown(cause=Cause.NOT_COLLECTED, call=group.call)
    return group


def leaf(group: Group | Inapplicable | OutOfScope | Unknown, take: Callable[[Group], Value]) -> Value | Unknown | None:
    """What `take` makes of a group that was read; Unknown when it was not, None when it cannot exist."""
    if isinstance(group, OutOfScope):
        return Unknown(cause=Cause.NOT_COLLECTED, call=group.call)
    if isinstance(group, Unknown):
        return group
    return None if isinstance(group, Inapplicable) else take(group)


def known(group: Group | Unknown, take: Callable[[Group], Value]) -> Value | Unknown:
    """What `take` makes of a group whose answer always exists."""
    return group if isinstance(group, Unknown) else take(group)
