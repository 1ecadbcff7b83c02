"""Accounts, projects or subscriptions read as jobs, wherever an executor puts them. Reads none of them itself."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import Protocol, TypeVar

import msgspec

from scanner.model.raw import CollectedShard, HeaderPart
from scanner.providers.protocol import Progress, Sink
from scanner.providers.retelling import retell
from scanner.providers.tally import Meter
from scanner.windows import as_done

_JOBS_AT_ONCE = 64
"""Jobs handed to an executor at once; bounds how many outcomes wait here to be written."""

Job = TypeVar("Job")


class JobYield(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker hands back; `answered` counts the calls that succeeded."""

    shards: tuple[CollectedShard, ...]
    part: HeaderPart
    answered: int


class Shared(Protocol):
    """What a collection counts with, and who hears how it goes."""

    @property
    def meter(self) -> Meter:
        """Counts the whole collection's calls."""

    @property
    def progress(self) -> Progress:
        """Hears how it goes."""


def read_jobs(
    executor: Executor, collect: Callable[[Job], JobYield], jobs: Iterable[Job], sink: Sink, shared: Shared
) -> list[HeaderPart]:
    """Hands over the shards of each job as it ends; returns what the jobs add to the header, by account."""
    parts = []
    for done in as_done(executor, _JOBS_AT_ONCE, collect, jobs):
        for collected in done.shards:
            sink(collected)
        retell(done.shards, shared.progress)
        shared.meter.add(done.answered, done.part.clock_offset_seconds)
        parts.append(done.part)
    return sorted(parts, key=lambda part: part.account)
