"""One account read as a job of its own, in whatever process or machine an executor puts it. Writes nothing to disk."""

from datetime import datetime

import msgspec

from scanner.config.schema import AwsConfig
from scanner.model.raw import CollectedShard, HeaderPart
from scanner.model.scope import CallCount
from scanner.providers.aws.account_scan import Desk, read_account
from scanner.providers.aws.aggregator import find_aggregator
from scanner.providers.aws.opening import door, instruments, pools, sign_in
from scanner.providers.aws.population import Target
from scanner.providers.aws.shards import unread_groups
from scanner.providers.aws.tally import Tally
from scanner.providers.protocol import Clock, Finished, Progress


class AccountJob(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker must be told; credentials are its own. `lent` are calls that others made for the account."""

    config: AwsConfig
    target: Target
    as_of: datetime
    clock: Clock
    finished: Finished
    lent: tuple[CallCount, ...]


class AccountYield(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker hands back; `answered` counts the calls that succeeded."""

    shards: tuple[CollectedShard, ...]
    part: HeaderPart
    answered: int


def collect_account(job: AccountJob) -> AccountYield:
    """Signs in with the worker's own credentials and reads what is left of the account."""
    shared = instruments(job.config, job.clock, _Deaf())
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
            aggregator=find_aggregator(job.config, entrance),
        )
        part = read_account(desk, job.target, (Tally(job.lent),))
    if hub.reader:
        hub.reader.connection.release()
    return AccountYield(shards=tuple(shards), part=part, answered=shared.meter.answered)


def retell(done: AccountYield, progress: Progress) -> None:
    """Tells the progress afterwards what it could not hear from another process."""
    for collected in done.shards:
        scope = collected.shard.scope
        progress.planned(scope.account, scope.region)
        progress.started(scope.account, scope.region)
        for count in scope.calls:
            for _ in range(count.calls - 1):
                progress.called(scope.account, scope.region, count.call, throttled=0)
            progress.called(scope.account, scope.region, count.call, throttled=count.throttled)
        keys, unread = len(collected.shard.keys), unread_groups(collected.shard)
        progress.finished(scope.account, scope.region, keys=keys, unread=unread)


class _Deaf:
    """A progress that nobody watches: the worker has no terminal of the user's."""

    def planned(self, account: str, region: str | None) -> None:
        """Nothing."""

    def started(self, account: str, region: str | None) -> None:
        """Nothing."""

    def called(self, account: str, region: str | None, call: str, *, throttled: int) -> None:
        """Nothing."""

    def finished(self, account: str, region: str | None, *, keys: int, unread: int) -> None:
        """Nothing."""
