"""Reads several platforms, so that one that cannot be asked at all does not hide the others. Asks nothing itself."""

from collections.abc import Callable, Sequence

from scanner.model.errors import AccessError
from scanner.model.key import Provider
from scanner.model.unknown import Cause, Unknown
from scanner.providers.protocol import Clock, Collection, Sink
from scanner.providers.scopes import NOTHING, Account, Period, unreached_shard

NOBODY = "no_access"
"""Stands for the accounts of a platform that could not be asked; no account of any has an underscore in its id."""

_SIGN_IN = Unknown(cause=Cause.ERROR, call="sign-in")


def collect_all(
    reads: Sequence[tuple[Provider, Callable[[], Collection]]], sink: Sink, clock: Clock
) -> list[Collection]:
    """The collection of each platform; one without access is a scope out of reach, unless none could be asked."""
    found: list[Collection] = []
    failures: list[tuple[Provider, AccessError]] = []
    for provider, read in reads:
        try:
            found.append(read())
        except AccessError as error:
            failures.append((provider, error))
    if failures and not found:
        raise failures[0][1]
    for provider, failure in failures:
        period = Period(started_at=clock(), finished_at=clock(), calls=())
        account = Account(provider=provider, id=NOBODY, name=None)
        sink(unreached_shard(account, failure.message, _SIGN_IN, NOTHING, period))
        found.append(_nothing(provider))
    return found


def _nothing(provider: Provider) -> Collection:
    """What a platform adds to the header that told nothing."""
    return Collection(
        provider=provider,
        identities=(),
        endpoints=(),
        organisations=(),
        clock_offset_seconds=None,
        regions_outside={},
        answered=0,
    )
