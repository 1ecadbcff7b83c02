"""What indicators need of the keys, added up shard by shard. Computes no indicator."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from scanner.facts.subjects import KeyFacts
from scanner.model.key import KeyState, Manager
from scanner.model.unknown import Unknown

DUE_WITHIN = timedelta(days=30)
AGE_STEP = timedelta(days=1) / 10
"""Ages are kept in tenths of a day, so that a million keys take no more room than their different ages."""


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the keys that could be judged meet something, and how many could not be judged."""

    met: int = 0
    judged: int = 0
    unknown: int = 0


class KeyTally(msgspec.Struct, frozen=True, kw_only=True):
    """Customer keys counted; tallies of several shards merge in any order.

    `due`, `pending` and the shares leave out what does not apply: rotation and material age are asked of keys that
    are neither destroyed nor about to be, rotation only of those that can rotate by themselves. `ages` counts keys by
    the age of their material in steps of AGE_STEP, `age_seconds` is the sum; `first_deletion` is the least time left.
    """

    owner: Share = Share()
    rotation: Share = Share()
    due: Share = Share()
    pending: Share = Share()
    ages: dict[int, int] = {}
    age_seconds: int = 0
    age_unknown: int = 0
    first_deletion: timedelta | None = None


def tally(keys: Iterable[KeyFacts], as_of: datetime) -> KeyTally:
    """Counts the customer keys of one or more shards; a key that was not described may be one, so it is unknown."""
    everyone = tuple(keys)
    undescribed = sum(isinstance(key.manager, Unknown) for key in everyone)
    customers = [key for key in everyone if key.manager is Manager.CUSTOMER and key.state is not KeyState.DESTROYED]
    pending = [key for key in customers if key.state is KeyState.PENDING_DELETION]
    live = [key for key in customers if key.state is not KeyState.PENDING_DELETION]
    rotating = [key for key in live if key.rotation.supported is not False]
    ages = [key.material.age for key in live if isinstance(key.material.age, timedelta)]
    return KeyTally(
        owner=_share((key.tags.owner for key in customers), undescribed),
        rotation=_share((_rotates(key) for key in rotating), undescribed),
        due=_share((_is_due(key, as_of) for key in rotating), undescribed),
        pending=_share((key.state is KeyState.PENDING_DELETION for key in customers), undescribed),
        ages=dict(sorted(Counter(age // AGE_STEP for age in ages).items())),
        age_seconds=sum(age // timedelta(seconds=1) for age in ages),
        age_unknown=undescribed + len(live) - len(ages),
        first_deletion=min(
            (key.deletion.remaining for key in pending if isinstance(key.deletion.remaining, timedelta)), default=None
        ),
    )


def merge(tallies: Iterable[KeyTally]) -> KeyTally:
    """Several tallies as one."""
    parts = tuple(tallies)
    ages: Counter[int] = Counter()
    for part in parts:
        ages.update(part.ages)
    return KeyTally(
        owner=_add(part.owner for part in parts),
        rotation=_add(part.rotation for part in parts),
        due=_add(part.due for part in parts),
        pending=_add(part.pending for part in parts),
        ages=dict(sorted(ages.items())),
        age_seconds=sum(part.age_seconds for part in parts),
        age_unknown=sum(part.age_unknown for part in parts),
        first_deletion=min((part.first_deletion for part in parts if part.first_deletion is not None), default=None),
    )


def _share(answers: Iterable[object], undescribed: int) -> Share:
    known = unknown = met = 0
    for answer in answers:
        if isinstance(answer, Unknown):
            unknown += 1
        else:
            known += 1
            met += bool(answer)
    return Share(met=met, judged=known, unknown=unknown + undescribed)


def _add(shares: Iterable[Share]) -> Share:
    parts = tuple(shares)
    return Share(
        met=sum(part.met for part in parts),
        judged=sum(part.judged for part in parts),
        unknown=sum(part.unknown for part in parts),
    )


def _rotates(key: KeyFacts) -> bool | Unknown | None:
    """A key of a kind that we cannot place may not be able to rotate at all."""
    return key.rotation.supported if isinstance(key.rotation.supported, Unknown) else key.rotation.enabled


def _is_due(key: KeyFacts, as_of: datetime) -> bool | Unknown:
    """The next rotation is overdue or due soon; without a date (rotation is off) it is not."""
    if isinstance(key.rotation.supported, Unknown):
        return key.rotation.supported
    next_at = key.rotation.next_at
    if isinstance(next_at, Unknown):
        return next_at
    return next_at is not None and next_at <= as_of + DUE_WITHIN
