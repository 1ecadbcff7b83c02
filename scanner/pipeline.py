"""The way the data goes: collect, snapshot, assess, render, seal. Holds no decision of its own."""

from collections.abc import Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from scanner.assessment import Inputs, assess
from scanner.evidence.pack import Pack
from scanner.model.raw import CollectedShard
from scanner.model.report import Report
from scanner.outputs.formats import OutputOptions
from scanner.providers.header import header
from scanner.providers.protocol import Clock, Finished, Progress, Provider
from scanner.providers.several import collect_all
from scanner.snapshots.journal import Journal
from scanner.snapshots.read import calls_answered, is_complete, read_snapshot
from scanner.snapshots.write import SnapshotWriter


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How a run goes: one without a journal cannot be resumed, one without an executor stays in this process."""

    as_of: datetime
    clock: Clock
    journal: Journal | None = None
    executor: Executor | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended: its report, how many calls were answered, and what could not be rendered (a sentence each)."""

    report: Report
    answered: int
    not_rendered: tuple[str, ...]


def collect(providers: Sequence[Provider], folder: Path, progress: Progress, course: Course) -> int:
    """Reads every platform into a snapshot in `folder`, less what is there; returns how many calls were answered."""
    if not is_complete(folder):
        writer, journal = SnapshotWriter(folder), course.journal

        def keep(collected: CollectedShard) -> None:
            if journal:
                journal.note(collected)
            writer.write(collected)

        done = {one.name: Finished(parts=journal.finished(one.name) if journal else {}) for one in providers}
        reads = [partial(one.collect, keep, progress, done[one.name], course.executor) for one in providers]
        collections = collect_all(
            [(one.name, read) for one, read in zip(providers, reads, strict=True)], keep, course.clock
        )
        for organisation in (tree for collection in collections for tree in collection.trees):
            writer.write_organisation(organisation)
        writer.finish(header(collections, as_of=course.as_of, finished_at=course.clock()))
    return calls_answered(folder)


def evaluate(
    pack: Pack, inputs: Inputs, options: OutputOptions, *, answered: int = 1, executor: Executor | None = None
) -> Outcome:
    """Judges the snapshot in the pack's folder and writes everything that follows from it."""
    report = assess(read_snapshot(pack.snapshot), inputs, executor)
    pack.write_inputs(inputs)
    pack.write_data(report, options)
    root = pack.write_root()
    not_rendered = pack.write_reports(report, options, root)
    pack.seal(report, root)
    return Outcome(report=report, answered=answered, not_rendered=not_rendered)


def assess_stored(snapshot: Path, inputs: Inputs, executor: Executor | None = None) -> Outcome:
    """Judges a stored snapshot without writing anything."""
    return Outcome(report=assess(read_snapshot(snapshot), inputs, executor), answered=1, not_rendered=())
