"""Reads everything in scope on AWS, many accounts and regions at a time. Judges nothing and never writes to AWS."""

from collections.abc import Sequence
from concurrent.futures import Executor
from datetime import datetime

import msgspec

from scanner.config.schema import AwsConfig
from scanner.model.key import Provider
from scanner.model.raw import HeaderPart
from scanner.model.snapshot import Identity, Organisation
from scanner.model.unknown import Unknown
from scanner.providers.aws.access import no_access
from scanner.providers.aws.account_job import AccountJob, collect_account
from scanner.providers.aws.account_scan import Desk, read_account
from scanner.providers.aws.accounts import Door, Hub, Members, find_members
from scanner.providers.aws.aggregator import find_aggregator
from scanner.providers.aws.bulk import Aggregator
from scanner.providers.aws.opening import door, instruments, sign_in
from scanner.providers.aws.operations import LIST_KEYS
from scanner.providers.aws.population import Population, Target, plan
from scanner.providers.handing import once
from scanner.providers.hands import ACCOUNTS_AT_ONCE, pools
from scanner.providers.header import clock_offset_of, endpoints_of, identities_of, regions_outside_of
from scanner.providers.jobs import read_jobs
from scanner.providers.protocol import NOTHING_FINISHED, Clock, Collection, Finished, Progress, Sink
from scanner.providers.scopes import Period, left_out_shard, unreached_shard
from scanner.providers.tally import Meter, Tally, merge
from scanner.windows import in_windows

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

    def collect(
        self,
        sink: Sink,
        progress: Progress,
        finished: Finished = NOTHING_FINISHED,
        executor: Executor | None = None,
    ) -> Collection:
        """Hands over one shard for each account-region and for each account that was not entered; none twice."""
        config, shared = self._config, instruments(self._config, self._clock, progress)
        hub = sign_in(config, shared)
        members = find_members(hub)
        population = plan(config, hub.account, members.accounts)
        if hub.failure and not any(target.profile for target in population.targets):
            raise no_access(hub.failure)
        orders = _Orders(
            door=door(config, hub, shared, self._as_of),
            targets=population.targets,
            bearer=_bearer(hub, population),
            finished=finished,
            sink=once(sink, finished, hub.account),
        )
        _leave_out(population, members, orders)
        results = self._read_here(orders) if executor is None else self._read_elsewhere(orders, executor)
        if config.discover:
            self._tell_missing(hub, members, orders.sink)
        if hub.failure and not shared.meter.answered:
            raise no_access(hub.failure)
        return _collection(hub, members, [*finished.known(), *results], shared.meter)

    def _read_here(self, orders: "_Orders") -> list[HeaderPart]:
        """Every account, a few at a time, in threads of this process."""
        aggregator = find_aggregator(self._config, orders.door)
        lent = _lent(orders.door.hub, aggregator)
        with pools(self._config.concurrency) as (accounts, regions, calls):
            desk = Desk(
                door=orders.door,
                regions=regions,
                calls=calls,
                window=self._config.concurrency,
                sink=orders.sink,
                finished=orders.finished,
                aggregator=aggregator,
            )

            def read(target: Target) -> HeaderPart:
                return read_account(desk, target, lent if target.id == orders.bearer else ())

            results = list(in_windows(accounts, ACCOUNTS_AT_ONCE, read, orders.targets))
        if aggregator:
            aggregator.connection.release()
        return results

    def _read_elsewhere(self, orders: "_Orders", executor: Executor) -> list[HeaderPart]:
        """Every account as a job; its limits are its own, so no two jobs share any."""
        aggregator = find_aggregator(self._config, orders.door)
        shared, counted = orders.door.instruments, merge(_lent(orders.door.hub, aggregator))
        current = aggregator.current if aggregator else frozenset()
        jobs = (
            AccountJob(
                config=self._config,
                target=target,
                as_of=self._as_of,
                clock=self._clock,
                finished=orders.finished.only(target.id),
                lent=counted if target.id == orders.bearer else (),
                current=frozenset(place for place in current if place[0] == target.id),
            )
            for target in orders.targets
            if not orders.finished.whole(target.id)
        )
        parts = read_jobs(executor, collect_account, jobs, orders.sink, shared)
        if aggregator:
            aggregator.connection.release()
        return parts

    def _tell_missing(self, hub: Hub, members: Members, sink: Sink) -> None:
        """Accounts that nobody knows of are a subject too."""
        missing = _unlisted(hub, members)
        if missing:
            now = self._clock()
            period = Period(started_at=now, finished_at=now, calls=())
            sink(unreached_shard(_NOBODY_KNOWS.named, _NO_LIST, missing, members.listing, period))


class _Orders(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be read, and where it goes; `bearer` is the account whose scope counts the hub's own calls."""

    door: Door
    targets: tuple[Target, ...]
    bearer: str | None
    finished: Finished
    sink: Sink


def _leave_out(population: Population, members: Members, orders: _Orders) -> None:
    """Hands over the accounts that are not read."""
    hub = orders.door.hub
    own = merge((hub.reader.tally,) if hub.reader else ())
    for left in population.left_out:
        orders.sink(
            left_out_shard(left, LIST_KEYS.action, members.proofs.get(left.id), own if left.id == orders.bearer else ())
        )


def _bearer(hub: Hub, population: Population) -> str | None:
    """The account whose scope counts the hub's own calls: its own when that is known of, else the first."""
    known = [target.id for target in population.targets] + [left.id for left in population.left_out]
    return hub.account if hub.account in known else next(iter(known), None)


def _lent(hub: Hub, aggregator: Aggregator | None) -> tuple[Tally, ...]:
    """The calls that were made for no account to read: the hub's own, and those to get at the aggregator."""
    lent = [hub.reader.tally] if hub.reader else []
    return tuple(dict.fromkeys([*lent, *(aggregator.tallies if aggregator else ())]))


def _unlisted(hub: Hub, members: Members) -> Unknown | None:
    """Why there may be accounts that nobody knows of; None when the list is whole or there is no organisation."""
    if hub.failure:
        return hub.failure.unknown
    return members.count if isinstance(members.count, Unknown) else None


def _collection(hub: Hub, members: Members, results: Sequence[HeaderPart], meter: Meter) -> Collection:
    """What the snapshot's header says of AWS; what was learned first holds."""
    identities = identities_of(results)
    if hub.account:
        own = Identity(provider=Provider.AWS, account=hub.account, caller=hub.caller)
        identities.setdefault(hub.account, own)
    asked = hub.reader.connection.endpoints if hub.reader else frozenset()
    if hub.reader:
        hub.reader.connection.release()
    organisation = Organisation(provider=Provider.AWS, accounts=members.count) if members.count is not None else None
    return Collection(
        provider=Provider.AWS,
        identities=tuple(identities[account] for account in sorted(identities)),
        endpoints=endpoints_of(results, asked),
        organisations=(organisation,) if organisation else (),
        clock_offset_seconds=clock_offset_of(results, meter),
        regions_outside=regions_outside_of(results),
        answered=meter.answered,
        trees=(members.organisation,) if members.organisation else (),
    )
