"""Reads everything in scope on Azure, many subscriptions and vaults at a time. Judges nothing and never writes."""

from collections.abc import Sequence
from concurrent.futures import Executor
from datetime import datetime

import msgspec

from scanner.config.schema import AzureConfig
from scanner.model.key import Provider
from scanner.model.raw import HeaderPart, RawResponse
from scanner.model.snapshot import Organisation
from scanner.model.unknown import Unknown
from scanner.providers.answer import Answer, evidence_of
from scanner.providers.azure import replies
from scanner.providers.azure.access import no_access, no_subscriptions
from scanner.providers.azure.api import Connection, Question
from scanner.providers.azure.causes import is_of_credentials
from scanner.providers.azure.opening import addresses, client_settings, instruments, logs, management
from scanner.providers.azure.operations import LIST_SUBSCRIPTIONS, LIST_VAULTS
from scanner.providers.azure.population import Population, plan
from scanner.providers.azure.reader import Instruments, Reader
from scanner.providers.azure.subscription_job import SubscriptionJob, collect_subscription
from scanner.providers.azure.subscription_scan import Desk, read_subscription
from scanner.providers.failure import Failure
from scanner.providers.handing import once
from scanner.providers.hands import ACCOUNTS_AT_ONCE, pools
from scanner.providers.header import clock_offset_of, endpoints_of, identities_of
from scanner.providers.jobs import read_jobs
from scanner.providers.protocol import NOTHING_FINISHED, Clock, Collection, Finished, Progress, Sink
from scanner.providers.scopes import NOTHING, Account, Period, Proof, left_out_shard, unreached_shard
from scanner.providers.tally import Meter, Tally, merge
from scanner.windows import in_windows

_NO_LIST = "the subscriptions could not be listed, so there may be some that nobody read"
_NOBODY_KNOWS = Account(provider=Provider.AZURE, id="subscriptions", name=None)
"""Stands for the subscriptions that nobody knows of; no subscription has such an id, so no scope can hide it."""


class AzureProvider:
    """The reader of Azure."""

    name = Provider.AZURE

    def __init__(self, config: AzureConfig, *, clock: Clock, as_of: datetime) -> None:
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
        """Hands over one shard for each location of each subscription, and for each left out; none twice."""
        shared = instruments(self._config, self._clock, progress)
        hub = _open(self._config, shared)
        population = plan(self._config, _listed(hub.listing))
        if not population.targets and not population.left_out:
            raise no_access(hub.listing.failure) if hub.listing.failure else no_subscriptions()
        orders = _Orders(
            hub=hub,
            targets=population.targets,
            bearer=_bearer(population),
            proofs=_proofs(hub.listing),
            shared=shared,
            finished=finished,
            sink=once(sink, finished, None if isinstance(hub.caller, Unknown) else hub.caller),
        )
        _leave_out(population, orders)
        parts = self._read_here(orders) if executor is None else self._read_elsewhere(orders, executor)
        if hub.listing.failure and not self._config.subscriptions:
            self._tell_missing(orders, hub.listing.failure)
        hub.connection.release()
        return _collection(hub, [*finished.known(), *parts], shared.meter)

    def _read_here(self, orders: "_Orders") -> list[HeaderPart]:
        """Every subscription, a few at a time, in threads of this process."""
        with pools(self._config.concurrency) as (subscriptions, vaults, calls):
            desk = Desk(
                connection=orders.hub.connection,
                caller=orders.hub.caller,
                management=management(self._config),
                addresses=addresses(self._config),
                instruments=orders.shared,
                vaults=vaults,
                calls=calls,
                window=self._config.concurrency,
                logs=logs(self._config),
                as_of=self._as_of,
                sink=orders.sink,
                finished=orders.finished,
            )

            def read(target: Account) -> HeaderPart:
                return read_subscription(desk, target, orders.lent(target.id), orders.proof(target.id))

            return list(in_windows(subscriptions, ACCOUNTS_AT_ONCE, read, orders.targets))

    def _read_elsewhere(self, orders: "_Orders", executor: Executor) -> list[HeaderPart]:
        """Every subscription as a job; its limits are its own, so no two jobs share any vault."""
        jobs = (
            SubscriptionJob(
                config=self._config,
                target=target,
                clock=self._clock,
                as_of=self._as_of,
                finished=orders.finished.only(target.id),
                lent=merge(orders.lent(target.id)),
                proof=orders.proof(target.id),
            )
            for target in orders.targets
            if not orders.finished.whole(target.id)
        )
        return read_jobs(executor, collect_subscription, jobs, orders.sink, orders.shared)

    def _tell_missing(self, orders: "_Orders", failure: Failure) -> None:
        """Subscriptions that nobody knows of are a subject too."""
        now = self._clock()
        proof = Proof(evidence=orders.hub.listing.evidence("keys"), raw=orders.hub.listing.raw)
        period = Period(started_at=now, finished_at=now, calls=())
        orders.sink(unreached_shard(_NOBODY_KNOWS, _NO_LIST, failure.unknown, proof, period))


class _Hub(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are, and which subscriptions we can see."""

    connection: Connection
    caller: str | Unknown
    listing: Answer[replies.Subscriptions]
    tally: Tally


class _Orders(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be read, and where it goes; `bearer` is the subscription whose scope counts the listing's calls."""

    hub: _Hub
    targets: tuple[Account, ...]
    bearer: str | None
    proofs: dict[str, RawResponse]
    shared: Instruments
    finished: Finished
    sink: Sink

    def lent(self, account: str) -> tuple[Tally, ...]:
        """The calls that were made for no subscription in particular, to the one that bears them."""
        return (self.hub.tally,) if account == self.bearer else ()

    def proof(self, account: str) -> Proof:
        """The page of the listing that names the subscription."""
        page = self.proofs.get(account)
        return Proof(evidence=evidence_of("accounts", [page]), raw=(page,)) if page else NOTHING


def _open(config: AzureConfig, shared: Instruments) -> _Hub:
    """Signs in and lists the subscriptions; raises AccessError when nobody lets us in."""
    connection = Connection(client_settings(config))
    caller = connection.caller()
    if isinstance(caller, Failure) and is_of_credentials(caller):
        raise no_access(caller)
    reader = Reader(connection, "", None, management(config), shared)
    listing = reader.ask(LIST_SUBSCRIPTIONS, Question())
    if listing.failure and (is_of_credentials(listing.failure) or not (listing.pages or config.subscriptions)):
        raise no_access(listing.failure)
    return _Hub(
        connection=connection,
        caller=caller.unknown if isinstance(caller, Failure) else caller.id,
        listing=listing,
        tally=reader.tally,
    )


def _listed(listing: Answer[replies.Subscriptions]) -> list[replies.Subscription]:
    return [item for page in listing.pages for item in page.value]


def _proofs(listing: Answer[replies.Subscriptions]) -> dict[str, RawResponse]:
    pages = zip(listing.pages, listing.raw, strict=False)
    return {item.subscription_id.lower(): response for page, response in pages for item in page.value}


def _leave_out(population: Population, orders: _Orders) -> None:
    """Hands over the subscriptions that are not read."""
    for left in population.left_out:
        orders.sink(left_out_shard(left, LIST_VAULTS.action, orders.proofs.get(left.id), merge(orders.lent(left.id))))


def _bearer(population: Population) -> str | None:
    known = [target.id for target in population.targets] + [left.id for left in population.left_out]
    return next(iter(known), None)


def _collection(hub: _Hub, parts: Sequence[HeaderPart], meter: Meter) -> Collection:
    """What the snapshot's header says of Azure; what was learned first holds."""
    identities = identities_of(parts)
    count = hub.listing.failure.unknown if hub.listing.failure else len(_listed(hub.listing))
    return Collection(
        provider=Provider.AZURE,
        identities=tuple(identities[account] for account in sorted(identities)),
        endpoints=endpoints_of(parts, hub.connection.endpoints),
        organisations=(Organisation(provider=Provider.AZURE, accounts=count),),
        clock_offset_seconds=clock_offset_of(parts, meter),
        regions_outside={},
        answered=meter.answered,
    )
