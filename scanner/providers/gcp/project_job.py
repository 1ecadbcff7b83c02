"""One project read as a job of its own, in whatever process or machine an executor puts it. Writes nothing to disk."""

import msgspec

from scanner.config.schema import GcpConfig
from scanner.model.raw import CollectedShard
from scanner.providers.failure import Failure
from scanner.providers.gcp.access import no_access
from scanner.providers.gcp.levels import above
from scanner.providers.gcp.opening import connect, instruments
from scanner.providers.gcp.project_scan import Desk, read_project
from scanner.providers.hands import pools
from scanner.providers.jobs import JobYield
from scanner.providers.protocol import Clock, Finished
from scanner.providers.retelling import Deaf
from scanner.providers.scopes import Account


class ProjectJob(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker must be told; credentials are its own."""

    config: GcpConfig
    project: Account
    clock: Clock
    finished: Finished


def collect_project(job: ProjectJob) -> JobYield:
    """Signs in with the worker's own credentials and reads what is left of the project; raises AccessError."""
    shared = instruments(job.config, job.clock, Deaf())
    connection = connect(job.config)
    if isinstance(connection, Failure):
        raise no_access(connection)
    shards: list[CollectedShard] = []
    with pools(job.config.concurrency) as (_, locations, calls):
        desk = Desk(
            connection=connection,
            instruments=shared,
            above=above(),
            locations=locations,
            calls=calls,
            window=job.config.concurrency,
            chosen=chosen(job.config),
            sink=shards.append,
            finished=job.finished,
        )
        part = read_project(desk, job.project, ())
    connection.release()
    return JobYield(shards=tuple(shards), part=part, answered=shared.meter.answered)


def chosen(config: GcpConfig) -> frozenset[str] | None:
    """The locations to read, None for all."""
    return None if config.locations == "all" else frozenset(config.locations)
