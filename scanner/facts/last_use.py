"""The last cryptographic use, told apart from "not seen since tracking began". Never guesses "never"."""

from datetime import datetime, timedelta

from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import reading
from scanner.facts.subjects import LastUseFacts
from scanner.model.key import Key, LastUse
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown


def derive_last_use(key: Key, as_of: datetime) -> LastUseFacts:
    """Whether and when the key was used, and for how long it certainly was not.

    Without a use on record "never" is certain only for a key created after tracking began. A use during the
    collection itself counts as idle for no time.
    """
    use = _told(key.last_use)
    if type(use) is Unknown:
        return _open(use, use)
    if use.at is not None:
        idle = _since(use.at, as_of)
        return LastUseFacts(at=use.at, ever=True, idle_at_least=idle, idle_at_most=idle)
    call = PERMISSIONS[key.provider].last_use
    if use.tracking_since is None:
        untracked = Unknown(cause=Cause.UNSUPPORTED, call=call)
        return _open(untracked, untracked)
    if type(key.metadata) is Unknown:
        return _open(key.metadata, key.metadata)
    created = key.metadata.created_at
    if created >= use.tracking_since:
        idle = _since(created, as_of)
        return LastUseFacts(at=None, ever=False, idle_at_least=idle, idle_at_most=idle)
    before_tracking = Unknown(cause=Cause.NOT_COLLECTED, call=call)
    return _open(before_tracking, _since(use.tracking_since, as_of))


def _open(unknown: Unknown, at_least: timedelta | Unknown) -> LastUseFacts:
    """What is not told of a key's use; it may have gone unused for longer than it certainly did."""
    return LastUseFacts(at=unknown, ever=unknown, idle_at_least=at_least, idle_at_most=unknown)


def _since(moment: datetime, as_of: datetime) -> timedelta:
    return max(as_of - moment, timedelta())


def _told(use: LastUse | Inapplicable | OutOfScope | Unknown) -> LastUse | Unknown:
    """A provider that tells of no uses leaves them open: that is not "never"."""
    return Unknown(cause=Cause.UNSUPPORTED, call=use.call) if type(use) is Inapplicable else reading(use)
