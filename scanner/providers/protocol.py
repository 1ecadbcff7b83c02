"""What a provider must offer to the pipeline. Implements nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

from scanner.model.key import Provider as ProviderName
from scanner.model.raw import CollectedShard
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


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for a provider's whole collection; the pipeline puts it into the snapshot's header.

    `answered` counts calls that succeeded: none at all ends a scan with 3.
    """

    provider: ProviderName
    identities: tuple[Identity, ...]
    endpoints: tuple[Endpoint, ...]
    organisations: tuple[Organisation, ...]
    clock_offset_seconds: float | None
    regions_outside: dict[str, tuple[str, ...] | Unknown]
    answered: int


class Provider(Protocol):
    """One platform."""

    def collect(self, sink: Sink, progress: Progress) -> Collection:
        """Read everything in scope, hand each finished shard to `sink`; raises only AccessError."""
