"""One subscription read as a job of its own, in whatever process or machine an executor puts it. Writes no file."""

from datetime import datetime

import msgspec

from scanner.config.schema import AzureConfig
from scanner.model.raw import CollectedShard
from scanner.model.scope import CallCount
from scanner.providers.azure.api import Connection
from scanner.providers.azure.opening import addresses, client_settings, instruments, logs, management
from scanner.providers.azure.subscription_scan import Desk, read_subscription
from scanner.providers.failure import Failure
from scanner.providers.hands import pools
from scanner.providers.jobs import JobYield
from scanner.providers.protocol import Clock, Finished
from scanner.providers.retelling import Deaf
from scanner.providers.scopes import Account, Proof
from scanner.providers.tally import Tally


class SubscriptionJob(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker must be told; credentials are its own. `lent` are calls that others made for the subscription."""

    config: AzureConfig
    target: Account
    clock: Clock
    as_of: datetime
    finished: Finished
    lent: tuple[CallCount, ...]
    proof: Proof


def collect_subscription(job: SubscriptionJob) -> JobYield:
    """Signs in with the worker's own credentials and reads what is left of the subscription."""
    shared = instruments(job.config, job.clock, Deaf())
    connection = Connection(client_settings(job.config))
    caller = connection.caller()
    shards: list[CollectedShard] = []
    with pools(job.config.concurrency) as (_, vaults, calls):
        desk = Desk(
            connection=connection,
            caller=caller.unknown if isinstance(caller, Failure) else caller.id,
            management=management(job.config),
            addresses=addresses(job.config),
            instruments=shared,
            vaults=vaults,
            calls=calls,
            window=job.config.concurrency,
            logs=logs(job.config),
            as_of=job.as_of,
            sink=shards.append,
            finished=job.finished,
        )
        part = read_subscription(desk, job.target, (Tally(job.lent),), job.proof)
    connection.release()
    return JobYield(shards=tuple(shards), part=part, answered=shared.meter.answered)
