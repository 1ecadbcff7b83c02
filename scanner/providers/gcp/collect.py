"""Reads everything in scope on Google Cloud, many projects at a time. Judges nothing and writes nothing to it."""

from collections.abc import Sequence
from concurrent.futures import Executor
from datetime import datetime

import msgspec

from scanner.config.schema import GcpConfig
from scanner.model.key import Provider
from scanner.model.raw import CollectedOrganisation, HeaderPart
from scanner.model.scope import CallCount
from scanner.model.snapshot import Organisation
from scanner.providers.failure import Failure
from scanner.providers.gcp.access import no_access, no_project
from scanner.providers.gcp.api import Connection
from scanner.providers.gcp.levels import above
from scanner.providers.gcp.opening import connect, instruments
from scanner.providers.gcp.operations import INVENTORY_KEYS
from scanner.providers.gcp.project_job import ProjectJob, chosen, collect_project
from scanner.providers.gcp.project_scan import Desk, read_project
from scanner.providers.gcp.projects import NOTHING_FOUND, Found, Population, discover, plan, tree_of
from scanner.providers.gcp.reader import Reader
from scanner.providers.handing import once
from scanner.providers.hands import ACCOUNTS_AT_ONCE, pools
from scanner.providers.header import clock_offset_of, endpoints_of, identities_of, regions_outside_of
from scanner.providers.jobs import read_jobs
from scanner.providers.protocol import NOTHING_FINISHED, Clock, Collection, Finished, Progress, Sink
from scanner.providers.reader import Instruments
from scanner.providers.scopes import Account, Period, Proof, left_out_shard, unreached_shard
from scanner.providers.tally import Meter, Tally, merge
from scanner.windows import in_windows

_NO_LIST = "not every folder below the organisation could be listed, so there may be projects that nobody read"
_NOBODY_KNOWS = Account(provider=Provider.GCP, id="organisation_tree", name=None)
"""Stands for the projects that nobody knows of; no project has an underscore in its id, so no scope can hide it."""


class GcpProvider:
    """The reader of Google Cloud."""

    name = Provider.GCP

    def __init__(self, config: GcpConfig, *, clock: Clock, as_of: datetime) -> None:
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
        """Hands over a shard for each location of a project that holds keys, one for a project without; none twice."""
        config, shared = self._config, instruments(self._config, self._clock, progress)
        connection = connect(config)
        if isinstance(connection, Failure):
            raise no_access(connection)
        searcher = Reader(connection, "organisation", "global", shared, for_account=True)
        found = discover(searcher, config.discover) if config.discover else NOTHING_FOUND
        population = plan(config, connection.signed.project, found)
        if not population.targets and not population.left_out and not found.missing:
            raise no_project()
        orders = _Orders(
            connection=connection,
            shared=shared,
            population=population,
            lent=searcher.tally,
            finished=finished,
            sink=once(sink, finished, connection.signed.caller),
        )
        _leave_out(orders, found)
        results = self._read_here(orders) if executor is None else self._read_elsewhere(orders, executor)
        if found.missing:
            period = Period(started_at=self._clock(), finished_at=self._clock(), calls=_unborne(orders))
            proof = Proof(evidence=found.evidence, raw=found.raw)
            orders.sink(unreached_shard(_NOBODY_KNOWS, _NO_LIST, found.missing, proof, period))
        made = _collection(connection, found, tree_of(config, found), [*finished.known(), *results], shared.meter)
        connection.release()
        return made

    def _read_here(self, orders: "_Orders") -> list[HeaderPart]:
        """Every project, a few at a time, in threads of this process."""
        targets = orders.population.targets
        with pools(self._config.concurrency) as (projects, locations, calls):
            desk = Desk(
                connection=orders.connection,
                instruments=orders.shared,
                above=above(),
                locations=locations,
                calls=calls,
                window=self._config.concurrency,
                chosen=chosen(self._config),
                sink=orders.sink,
                finished=orders.finished,
            )

            def read(project: Account) -> HeaderPart:
                return read_project(desk, project, (orders.lent,) if project == targets[0] else ())

            return list(in_windows(projects, ACCOUNTS_AT_ONCE, read, targets))

    def _read_elsewhere(self, orders: "_Orders", executor: Executor) -> list[HeaderPart]:
        """Every project as a job; its limits are its own, so no two jobs share any."""
        jobs = (
            ProjectJob(
                config=self._config,
                project=project,
                clock=self._clock,
                finished=orders.finished.only(project.id),
            )
            for project in orders.population.targets
            if not orders.finished.whole(project.id)
        )
        return read_jobs(executor, collect_project, jobs, orders.sink, orders.shared)


class _Orders(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be read, and where it goes; `lent` are the calls that found the projects."""

    connection: Connection
    shared: Instruments
    population: Population
    lent: Tally
    finished: Finished
    sink: Sink


def _leave_out(orders: _Orders, found: Found) -> None:
    """Hands over the projects that are not read; the first bears the search's calls when none is read at all."""
    for number, left in enumerate(orders.population.left_out):
        calls = _unborne(orders) if number == 0 else ()
        orders.sink(left_out_shard(left, INVENTORY_KEYS.action, found.proofs.get(left.id), calls))


def _unborne(orders: _Orders) -> tuple[CallCount, ...]:
    """The search's calls, when no project that is read counts them."""
    return () if orders.population.targets else merge((orders.lent,))


def _collection(
    connection: Connection,
    found: Found,
    tree: CollectedOrganisation | None,
    results: Sequence[HeaderPart],
    meter: Meter,
) -> Collection:
    """What the snapshot's header says of Google Cloud; what was learned first holds."""
    identities = identities_of(results)
    counted = Organisation(provider=Provider.GCP, accounts=found.missing or len(found.projects))
    return Collection(
        provider=Provider.GCP,
        identities=tuple(identities[account] for account in sorted(identities)),
        endpoints=endpoints_of(results, connection.endpoints),
        organisations=(counted,) if tree else (),
        clock_offset_seconds=clock_offset_of(results, meter),
        regions_outside=regions_outside_of(results),
        answered=meter.answered,
        trees=(tree,) if tree else (),
    )
