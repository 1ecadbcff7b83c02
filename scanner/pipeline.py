"""The way the data goes: collect, snapshot, assess, render, seal. Holds no decision of its own."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from scanner import __version__
from scanner.assessment import Inputs, assess
from scanner.evidence.pack import Pack
from scanner.model.report import Report
from scanner.model.snapshot import SNAPSHOT_SCHEMA, SnapshotHeader, Tool
from scanner.outputs.formats import OutputOptions
from scanner.providers.protocol import Clock, Collection, Progress, Provider
from scanner.snapshots.read import read_snapshot
from scanner.snapshots.write import SnapshotWriter


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended: its report, how many calls were answered, and what could not be rendered (a sentence each)."""

    report: Report
    answered: int
    not_rendered: tuple[str, ...]


def collect(providers: Sequence[Provider], folder: Path, progress: Progress, *, as_of: datetime, clock: Clock) -> int:
    """Reads every platform into a snapshot in `folder`; returns how many calls were answered."""
    writer = SnapshotWriter(folder)
    collections = [provider.collect(writer.write, progress) for provider in providers]
    writer.finish(header(collections, as_of=as_of, finished_at=clock()))
    return sum(collection.answered for collection in collections)


def evaluate(pack: Pack, inputs: Inputs, options: OutputOptions, *, answered: int = 1) -> Outcome:
    """Judges the snapshot in the pack's folder and writes everything that follows from it."""
    report = assess(read_snapshot(pack.snapshot), inputs)
    pack.write_inputs(inputs)
    pack.write_data(report, options)
    root = pack.write_root()
    not_rendered = pack.write_reports(report, options, root)
    pack.seal(report, root)
    return Outcome(report=report, answered=answered, not_rendered=not_rendered)


def assess_stored(snapshot: Path, inputs: Inputs) -> Outcome:
    """Judges a stored snapshot without writing anything."""
    return Outcome(report=assess(read_snapshot(snapshot), inputs), answered=1, not_rendered=())


def header(collections: Sequence[Collection], *, as_of: datetime, finished_at: datetime) -> SnapshotHeader:
    """What holds for the whole snapshot; any endpoint that is not a provider's own makes it simulated."""
    endpoints = sorted(
        {endpoint for collection in collections for endpoint in collection.endpoints},
        key=lambda endpoint: (endpoint.provider, endpoint.service, endpoint.url),
    )
    return SnapshotHeader(
        schema=SNAPSHOT_SCHEMA,
        as_of=as_of,
        finished_at=finished_at,
        tool=Tool(name="keymuster", version=__version__),
        simulated=not all(endpoint.official for endpoint in endpoints),
        identities=tuple(identity for collection in collections for identity in collection.identities),
        endpoints=tuple(endpoints),
        organisations=tuple(item for collection in collections for item in collection.organisations),
        clock_offset_seconds={
            collection.provider.value: collection.clock_offset_seconds
            for collection in collections
            if collection.clock_offset_seconds is not None
        },
        regions_outside={
            account: regions for collection in collections for account, regions in collection.regions_outside.items()
        },
    )
