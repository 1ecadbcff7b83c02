"""The one way from a group of a record to a leaf: unread stays unread, absent stays absent. Derives nothing itself.

Here and in the facts of keys types are compared, not asked with `isinstance`, which takes five times as long to say no
of a record; these classes are final.
"""

from collections.abc import Callable
from typing import TypeVar

from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown

Group = TypeVar("Group")
Value = TypeVar("Value")


def reading(group: Group | OutOfScope | Unknown) -> Group | Unknown:
    """The group as read; one that we decided not to ask for counts as not collected."""
    if type(group) is OutOfScope:
        return Unknown(cause=Cause.NOT_COLLECTED, call=group.call)
    return group


def unseen(group: Inapplicable | OutOfScope | Unknown) -> Unknown | None:
    """What every leaf of a group without an answer is: Unknown, or None when the answer cannot exist."""
    if type(group) is Inapplicable:
        return None
    return group if type(group) is Unknown else Unknown(cause=Cause.NOT_COLLECTED, call=group.call)


def leaf(group: Group | Inapplicable | OutOfScope | Unknown, take: Callable[[Group], Value]) -> Value | Unknown | None:
    """What `take` makes of a group that was read; Unknown when it was not, None when it cannot exist."""
    if type(group) is Unknown or type(group) is Inapplicable or type(group) is OutOfScope:
        return unseen(group)
    return take(group)


def known(group: Group | Unknown, take: Callable[[Group], Value]) -> Value | Unknown:
    """What `take` makes of a group whose answer always exists."""
    return group if type(group) is Unknown else take(group)
