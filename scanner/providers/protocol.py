"""What a provider must offer to the pipeline. Implements nothing."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from datetime import datetime
from typing import Protocol

import msgspec

from scanner.model.key import Provider as ProviderName
from scanner.model.raw import CollectedOrganisation, CollectedShard, HeaderPart
from scanner.model.snapshot import Endpoint, Identity, Organisation
from scanner.model.unknown import Unknown

Clock = Callable[[], datetime]
Sink = Callable[[CollectedShard], None]


class Progress(Protocol):
    """Hears how a collection goes. Methods may be called from any thread and must not raise."""

    def planned(self, account: str, region: str | None) -> None:
        """A scope will be read."""

    def started(self, account: str, region: str | None) -> None:
        """A scope is being read."""

    def called(self, account: str, region: str | None, call: str, *, throttled: int) -> None:
        """A call was answered, after `throttled` refusals."""

    def finished(self, account: str, region: str | None, *, keys: int, unread: int) -> None:
        """A scope is done: `keys` listed, `unread` groups missing."""


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """The scopes of one provider that an earlier part of the same run has collected, by (account, region)."""

    parts: Mapping[tuple[str, str | None], HeaderPart | None]

    def holds(self, account: str, region: str | None) -> bool:
        """The scope is done; so is every region of an account that was done as a whole."""
        return (account, region) in self.parts or (account, None) in self.parts

    def whole(self, account: str) -> bool:
        """Nothing of the account is left to do."""
        wanted = {region for part in self.of(account) for region in part.regions}
        return self.holds(account, None) or (
            bool(wanted) and all(self.holds(account, region) for region in sorted(wanted))
        )

    def of(self, account: str) -> tuple[HeaderPart, ...]:
        """What the account's finished scopes add to the header."""
        return tuple(part for (owner, _), part in self.parts.items() if owner == account and part is not None)

    def only(self, account: str) -> "Finished":
        """Those of one account."""
        return Finished(parts={place: part for place, part in self.parts.items() if place[0] == account})

    def known(self) -> Iterable[HeaderPart]:
        """What all finished scopes add to the header."""
        return (part for part in self.parts.values() if part is not None)


NOTHING_FINISHED = Finished(parts={})


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for a provider's whole collection; the pipeline puts it into the snapshot's header.

    `trees` are stored beside the header. `answered` counts calls that succeeded: none at all ends a scan with 3.
    """

    provider: ProviderName
    identities: tuple[Identity, ...]
    endpoints: tuple[Endpoint, ...]
    organisations: tuple[Organisation, ...]
    clock_offset_seconds: float | None
    regions_outside: dict[str, tuple[str, ...] | Unknown]
    answered: int
    trees: tuple[CollectedOrganisation, ...] = ()


class Provider(Protocol):
    """One platform."""

    name: ProviderName

    def collect(self, sink: Sink, progress: Progress, finished: Finished, executor: Executor | None) -> Collection:
        """Read what is in scope and not `finished`, hand each shard to `sink`.

        Raises AccessError, and UsageError when what is finished was read as somebody else.

        With an `executor` accounts are read by its workers, and handed to `sink` here when one is read whole.
        """
