"""What comes true when the clock moves: rotations, expiry of imported material, deletions. Answers no call."""

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import count

from scanner.simulator.aws.identifiers import digest
from scanner.simulator.aws.records import Key, Rotation

Removal = Callable[[Key, datetime], Iterable[Key]]
"""Takes a key away at a time; gives the keys whose own deletion starts because of it."""


def run_until(keys: Iterable[Key], until: datetime, remove: Removal) -> None:
    """Lets everything due up to `until` happen, in order of time."""
    order = count()
    due = [(at, next(order), key) for key in keys if (at := _next_event(key, until)) is not None]
    heapq.heapify(due)
    while due:
        at, _, key = heapq.heappop(due)
        if _next_event(key, until) != at:
            continue
        for changed in _happen(key, at, remove):
            following = _next_event(changed, until)
            if following is not None:
                heapq.heappush(due, (following, next(order), changed))


def rotate(key: Key, at: datetime, *, how: str) -> None:
    """Gives the key new material; an automatic rotation sets the date of the next one."""
    key.rotations.append(Rotation(at=at, material=digest(key.arn, "material", len(key.rotations) + 1), how=how))
    if how == "AUTOMATIC" and key.rotation_days is not None:
        key.next_rotation = at + timedelta(days=key.rotation_days)


def _happen(key: Key, at: datetime, remove: Removal) -> Iterable[Key]:
    """Makes the key's event come true; gives the keys that may have a further one."""
    if key.deletion_date == at:
        key.deletion_date = None
        return remove(key, at)
    if key.expires == at:
        key.expires, key.imported = None, False
    else:
        rotate(key, at, how="AUTOMATIC")
    return (key,)


def _next_event(key: Key, until: datetime) -> datetime | None:
    """When the key's first event up to `until` falls due."""
    rotates = key.is_usable and not key.rotation_stuck and key.multi_region != "REPLICA"
    dates = (key.deletion_date, key.expires, key.next_rotation if rotates else None)
    first = min((date for date in dates if date is not None), default=None)
    return None if first is None or first > until else first
