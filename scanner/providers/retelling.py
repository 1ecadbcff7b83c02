"""Progress of accounts that other processes read: told afterwards, since they have no terminal. Reads nothing."""

from collections.abc import Iterable

from scanner.model.raw import CollectedShard
from scanner.providers.protocol import Progress
from scanner.providers.scopes import unread_groups


def retell(shards: Iterable[CollectedShard], progress: Progress) -> None:
    """Tells the progress afterwards what it could not hear from another process."""
    for collected in shards:
        scope = collected.shard.scope
        progress.planned(scope.account, scope.region)
        progress.started(scope.account, scope.region)
        for count in scope.calls:
            for _ in range(count.calls - 1):
                progress.called(scope.account, scope.region, count.call, throttled=0)
            progress.called(scope.account, scope.region, count.call, throttled=count.throttled)
        keys, unread = len(collected.shard.keys), unread_groups(collected.shard)
        progress.finished(scope.account, scope.region, keys=keys, unread=unread)


class Deaf:
    """A progress that nobody watches: the worker has no terminal of the user's."""

    def planned(self, account: str, region: str | None) -> None:
        """Nothing."""

    def started(self, account: str, region: str | None) -> None:
        """Nothing."""

    def called(self, account: str, region: str | None, call: str, *, throttled: int) -> None:
        """Nothing."""

    def finished(self, account: str, region: str | None, *, keys: int, unread: int) -> None:
        """Nothing."""
