"""Reads everything in scope on AWS, many accounts and regions at a time. Judges nothing and never writes to AWS."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime

from scanner import __version__
from scanner.config.schema import AwsConfig
from scanner.model.key import Provider
from scanner.model.raw import CollectedShard, HeaderPart
from scanner.model.snapshot import Identity, Organisation
from scanner.model.unknown import Unknown
from scanner.providers.aws.access import no_access
from scanner.providers.aws.account_scan import Desk, read_account
from scanner.providers.aws.accounts import DEFAULT_REGION, Door, Hub, Members, find_hub, find_members
from scanner.providers.aws.aggregator import find_aggregator
from scanner.providers.aws.api import ClientSettings
from scanner.providers.aws.bulk import Aggregator
from scanner.providers.aws.limits import Limiter
from scanner.providers.aws.population import Population, Target, plan
from scanner.providers.aws.reader import Instruments
from scanner.providers.aws.shards import Period, left_out_shard, unreached_shard
from scanner.providers.aws.tally import Meter, Tally, merge
from scanner.providers.aws.windows import in_windows
from scanner.providers.protocol import NOTHING_FINISHED, Clock, Collection, Finished, Progress, Sink

_ACCOUNTS_AT_ONCE = 8
_REGIONS_AT_ONCE = 8
_NO_LIST = "the organisation's accounts could not be listed, so there may be accounts that nobody read"
_NOBODY_KNOWS = Target(id="organisation", name=None, profile=None, role_arn=None, external_id=None, regions="all")
"""Stands for the accounts that nobody knows of; no account has such an id, so no scope can hide it."""


class AwsProvider:
    """The reader of AWS."""

    name = Provider.AWS

    def __init__(self, config: AwsConfig, *, clock: Clock, as_of: datetime) -> None:
        self._config = config
        self._clock = clock
        self._as_of = as_of

    def collect(self, sink: Sink, progress: Progress, finished: Finished = NOTHING_FINISHED) -> Collection:
        """Hands over one shard for each account-region and for each account that was not entered; none twice."""
        config, settings = self._config, _client_settings(self._config)
        instruments = Instruments(
            limiter=Limiter(config.rate_limits, enabled=config.rate_limiter),
            meter=Meter(),
            clock=self._clock,
            progress=progress,
        )
        hub = find_hub(config.profile, settings, instruments, _first_region(config))
        members = find_members(hub)
        population = plan(config, hub.account, members.accounts)
        if hub.failure and not any(target.profile for target in population.targets):
            raise no_access(hub.failure)
        door = Door(
            hub=hub,
            settings=settings,
            instruments=instruments,
            region=hub.reader.region if hub.reader else _first_region(config) or DEFAULT_REGION,
            session_name=f"keymuster-{self._as_of:%Y%m%dT%H%M%SZ}",
        )
        results = self._read(door, population, members, _once(sink, finished), finished)
        if hub.failure and not instruments.meter.answered:
            raise no_access(hub.failure)
        return _collection(hub, members, [*finished.known(), *results], instruments.meter)

    def _read(
        self, door: Door, population: Population, members: Members, sink: Sink, finished: Finished
    ) -> list[HeaderPart]:
        """Every account, a few at a time; those that are not read are handed over first."""
        bearer = _bearer(door.hub, population)
        aggregator = find_aggregator(self._config, door)
        lent = _lent(door.hub, aggregator)
        for left in population.left_out:
            sink(left_out_shard(left, members.proofs.get(left.id), merge(lent if left.id == bearer else ())))
        with _pools(self._config.concurrency) as (accounts, regions, calls):
            window = self._config.concurrency
            desk = Desk(
                door=door,
                regions=regions,
                calls=calls,
                window=window,
                sink=sink,
                finished=finished,
                aggregator=aggregator,
            )

            def read(target: Target) -> HeaderPart:
                return read_account(desk, target, lent if target.id == bearer else ())

            results = list(in_windows(accounts, _ACCOUNTS_AT_ONCE, read, population.targets))
        if aggregator:
            aggregator.connection.release()
        missing = _unlisted(door.hub, members) if self._config.discover else None
        if missing:
            now = self._clock()
            period = Period(started_at=now, finished_at=now, calls=())
            sink(unreached_shard(_NOBODY_KNOWS, _NO_LIST, missing, members.listing, period))
        return results


def _client_settings(config: AwsConfig) -> ClientSettings:
    return ClientSettings(
        endpoint_url=config.endpoint_url,
        connections=config.concurrency,
        max_attempts=config.max_attempts,
        connect_timeout_seconds=config.connect_timeout_seconds,
        read_timeout_seconds=config.read_timeout_seconds,
        user_agent=f"keymuster/{__version__}",
    )


def _first_region(config: AwsConfig) -> str | None:
    """Where to sign in; None leaves it to the credentials' own configuration."""
    return None if config.regions == "all" or not config.regions else min(config.regions)


def _bearer(hub: Hub, population: Population) -> str | None:
    """The account whose scope counts the hub's own calls: its own when that is known of, else the first."""
    known = [target.id for target in population.targets] + [left.id for left in population.left_out]
    return hub.account if hub.account in known else next(iter(known), None)


def _lent(hub: Hub, aggregator: Aggregator | None) -> tuple[Tally, ...]:
    """The calls that were made for no account to read: the hub's own, and those to get at the aggregator."""
    lent = [hub.reader.tally] if hub.reader else []
    return tuple(dict.fromkeys([*lent, *([aggregator.tally] if aggregator else [])]))


@contextmanager
def _pools(concurrency: int) -> Iterator[tuple[Executor, Executor, Executor]]:
    """Accounts wait for regions, regions for calls, and calls for nobody; a fault stops what has not begun."""
    sizes = {"account": _ACCOUNTS_AT_ONCE, "region": _REGIONS_AT_ONCE, "call": concurrency}
    with ExitStack() as stack:
        accounts, regions, calls = (
            stack.enter_context(ThreadPoolExecutor(size, thread_name_prefix=f"aws-{name}"))
            for name, size in sizes.items()
        )
        try:
            yield accounts, regions, calls
        except BaseException:
            for pool in (accounts, regions, calls):
                pool.shutdown(wait=False, cancel_futures=True)
            raise


def _once(sink: Sink, finished: Finished) -> Sink:
    """Hands over the first shard of each scope."""
    seen = set(finished.parts)
    lock = threading.Lock()

    def hand_over(collected: CollectedShard) -> None:
        place = (collected.shard.scope.account, collected.shard.scope.region)
        with lock:
            if place in seen:
                return
            seen.add(place)
        sink(collected)

    return hand_over


def _unlisted(hub: Hub, members: Members) -> Unknown | None:
    """Why there may be accounts that nobody knows of; None when the list is whole or there is no organisation."""
    if hub.failure:
        return hub.failure.unknown
    return members.count if isinstance(members.count, Unknown) else None


def _collection(hub: Hub, members: Members, results: Sequence[HeaderPart], meter: Meter) -> Collection:
    """What the snapshot's header says of AWS; what was learned first holds."""
    identities = {result.account: result.identity for result in reversed(results) if result.identity}
    if hub.account:
        own = Identity(provider=Provider.AWS, account=hub.account, caller=hub.caller)
        identities.setdefault(hub.account, own)
    outside = {
        result.account: result.regions_outside for result in reversed(results) if result.regions_outside is not None
    }
    endpoints = {endpoint for result in results for endpoint in result.endpoints}
    if hub.reader:
        endpoints |= hub.reader.connection.endpoints
        hub.reader.connection.release()
    organisation = Organisation(provider=Provider.AWS, accounts=members.count) if members.count is not None else None
    return Collection(
        provider=Provider.AWS,
        identities=tuple(identities[account] for account in sorted(identities)),
        endpoints=tuple(sorted(endpoints, key=lambda endpoint: (endpoint.service, endpoint.url))),
        organisations=(organisation,) if organisation else (),
        clock_offset_seconds=next(
            (result.clock_offset_seconds for result in results if result.clock_offset_seconds is not None),
            meter.clock_offset_seconds,
        ),
        regions_outside={account: outside[account] for account in sorted(outside)},
        answered=meter.answered,
    )
