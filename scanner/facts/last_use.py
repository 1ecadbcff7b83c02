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
        return LastUseFacts(at=use, ever=use, idle_at_least=use)
    if use.at is not None:
        return LastUseFacts(at=use.at, ever=True, idle_at_least=_since(use.at, as_of))
    call = PERMISSIONS[key.provider].last_use
    if use.tracking_since is None:
        untracked = Unknown(cause=Cause.UNSUPPORTED, call=call)
        return LastUseFacts(at=untracked, ever=untracked, idle_at_least=untracked)
    if type(key.metadata) is Unknown:
        return LastUseFacts(at=key.metadata, ever=key.metadata, idle_at_least=key.metadata)
    created = key.metadata.created_at
    if created >= use.tracking_since:
        return LastUseFacts(at=None, ever=False, idle_at_least=_since(created, as_of))
    before_tracking = Unknown(cause=Cause.NOT_COLLECTED, call=call)
    return LastUseFacts(at=before_tracking, ever=before_tracking, idle_at_least=_since(use.tracking_since, as_of))


def _since(moment: datetime, as_of: datetime) -> timedelta:
    return max(as_of - moment, timedelta())


def _told(use: LastUse | Inapplicable | OutOfScope | Unknown) -> LastUse | Unknown:
    """A provider that tells of no uses leaves them open: that is not "never"."""
    return Unknown(cause=Cause.UNSUPPORTED, call=use.call) if type(use) is Inapplicable else reading(use)
