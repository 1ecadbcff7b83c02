"""A planned deletion, from the key's own description and the request for it. Knows no change register."""

from datetime import datetime, timedelta

from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import leaf, unseen
from scanner.facts.subjects import DeletionFacts
from scanner.facts.windows import Guard
from scanner.model.history import History
from scanner.model.key import DeletionRequest, Key, KeyState, Metadata, MultiRegionRole, Provider
from scanner.model.unknown import Cause, Unknown

_TOLERANCE = timedelta(days=1)
"""How far a deletion date may be off the window that was asked for: dates are rounded by the provider."""


def days_left(remaining: timedelta) -> int:
    """Whole days until a deletion, rounded down, so that nobody counts on a day that is not there; negative when late.

    Every report and indicator that gives the time left in days rounds by this.
    """
    return remaining // timedelta(days=1)


def derive_deletion(key: Key, as_of: datetime, guard: Guard, history: History | None = None) -> DeletionFacts:
    """When the key will be deleted and how long that is away; negative when the date has passed.

    `guard` is what policies leave possible, whether a deletion is planned or not, `history` what was done in the key's
    account and region.
    """
    at = key.metadata if type(key.metadata) is Unknown else key.metadata.deletion_at
    request = key.deletion_request
    return DeletionFacts(
        at=at,
        remaining=at - as_of if isinstance(at, datetime) else at,
        requested_at=request.at if type(request) is DeletionRequest else unseen(request),
        requested_by=_actor(request, key.provider, history) if type(request) is DeletionRequest else unseen(request),
        waiting=_waiting(key),
        short_window_denied=guard.denied,
        version_wait=key.metadata if type(key.metadata) is Unknown else key.metadata.destroy_after,
        guarded_days=guard.least,
    )


def _actor(request: DeletionRequest, provider: Provider, history: History | None) -> str | Unknown | None:
    """Who asked. Azure tells it in a vault's own log alone: without an entry it is not known, and was not nobody."""
    if request.actor is not None or provider is not Provider.AZURE:
        return request.actor
    if history is not None and isinstance(history.events, Unknown):
        return history.events
    return Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[provider].requests)


def _waiting(key: Key) -> timedelta | Unknown | None:
    """The date less the moment of the request.

    On Google Cloud every version waits for exactly the time that is set on the key.
    A primary whose replicas still exist has no date yet: its time begins when the last of them is gone, so that it
    waits for at least the window that was asked for, and that is what it is judged by then too.
    """
    if type(key.metadata) is Unknown:
        return key.metadata
    metadata = key.metadata
    if key.provider is Provider.GCP:
        return metadata.destroy_after if metadata.state is KeyState.PENDING_DELETION else None
    if metadata.deletion_at is None:
        return _window(metadata, key) if metadata.state is KeyState.PENDING_DELETION else None
    at, primary = metadata.deletion_at, metadata.multi_region is MultiRegionRole.PRIMARY
    return leaf(key.deletion_request, lambda request: _waited(at, request, starts_late=primary))


def _waited(at: datetime, request: DeletionRequest, *, starts_late: bool) -> timedelta:
    """What was asked for where the date fits it, else what the date says."""
    waited = at - request.at
    if request.window_days is None:
        return waited
    asked = timedelta(days=request.window_days)
    fits = waited >= asked - _TOLERANCE and (starts_late or waited <= asked + _TOLERANCE)
    return asked if fits else waited


def _window(metadata: Metadata, key: Key) -> timedelta | Unknown:
    if metadata.deletion_window_days is None:
        return Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[key.provider].describe)
    return timedelta(days=metadata.deletion_window_days)
