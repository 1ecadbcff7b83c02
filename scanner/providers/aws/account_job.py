"""One account read as a job of its own, in whatever process or machine an executor puts it. Writes nothing to disk."""

from datetime import datetime

import msgspec

from scanner.config.schema import AwsConfig
from scanner.model.raw import CollectedShard
from scanner.model.scope import CallCount
from scanner.providers.aws.account_scan import Desk, read_account
from scanner.providers.aws.aggregator import find_aggregator
from scanner.providers.aws.opening import door, instruments, sign_in
from scanner.providers.aws.population import Target
from scanner.providers.hands import pools
from scanner.providers.jobs import JobYield
from scanner.providers.protocol import Clock, Finished
from scanner.providers.retelling import Deaf
from scanner.providers.tally import Tally


class AccountJob(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker must be told; credentials are its own.

    `lent` are calls that others made for the account, `current` its places whose recordings are up to date.
    """

    config: AwsConfig
    target: Target
    as_of: datetime
    clock: Clock
    finished: Finished
    lent: tuple[CallCount, ...]
    current: frozenset[tuple[str, str]]


def collect_account(job: AccountJob) -> JobYield:
    """Signs in with the worker's own credentials and reads what is left of the account."""
    shared = instruments(job.config, job.clock, Deaf())
    hub = sign_in(job.config, shared)
    entrance = door(job.config, hub, shared, job.as_of)
    shards: list[CollectedShard] = []
    with pools(job.config.concurrency) as (_, regions, calls):
        desk = Desk(
            door=entrance,
            regions=regions,
            calls=calls,
            window=job.config.concurrency,
            sink=shards.append,
            finished=job.finished,
            aggregator=find_aggregator(job.config, entrance, job.current),
        )
        part = read_account(desk, job.target, (Tally(job.lent),))
    if hub.reader:
        hub.reader.connection.release()
    return JobYield(shards=tuple(shards), part=part, answered=shared.meter.answered)
