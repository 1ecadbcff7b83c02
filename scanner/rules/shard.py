"""Judges one shard from its facts on, here or wherever an executor runs it. Knows nothing of other shards."""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import lru_cache, partial

import msgspec

from scanner.facts.access.key_access import key_access
from scanner.facts.coverage.blast import rows_of
from scanner.facts.coverage.view import View, look
from scanner.facts.derive import derive_each
from scanner.facts.neighbours import Neighbours, completed
from scanner.facts.population import reconcile
from scanner.facts.subjects import KeyFacts, SubjectFacts
from scanner.facts.unread import told_around, unread_of_shard
from scanner.model.effective import KeyAccess
from scanner.model.protection import KeyProtection
from scanner.model.report import PopulationRow
from scanner.model.settings import TagVocabulary
from scanner.model.snapshot import Shard
from scanner.rules.findings import Judged, judge_shard
from scanner.rules.panel import Decided, Panel, convene, decide_each, key_parts
from scanner.rules.ruleset import RuleSet
from scanner.windows import in_windows

_AT_ONCE = 64
"""Shards handed to an executor at once; bounds how many wait in memory on either side."""

Load = Callable[[], Shard]


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What judging any one shard rests on besides the shard."""

    rules: RuleSet
    tags: TagVocabulary
    as_of: datetime
    around: Neighbours


class ShardOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one shard adds to the report; of `keys` the parts that no rule asks for are left out."""

    judged: Judged
    keys: tuple[KeyFacts, ...]
    row: PopulationRow
    protection: tuple[KeyProtection, ...]
    access: tuple[KeyAccess, ...]


def judge_here(shards: Iterable[Shard], basis: Basis) -> Iterator[ShardOutcome]:
    """Facts, verdicts and findings of every shard, in order, one at a time."""
    panels = convene(basis.rules)
    return (_judge(shard, basis, panels) for shard in shards)


def decide_here(shards: Iterable[Shard], basis: Basis) -> Iterator[tuple[Decided, ...]]:
    """The bare verdicts of every shard, in order, one at a time: nothing is explained, nothing is kept."""
    panels = convene(basis.rules)
    parts = key_parts(panels)
    for shard in shards:
        view = look(completed(shard, basis.around.buckets), basis.around)
        yield decide_each(panels, derive_each(view, as_of=basis.as_of, vocabulary=basis.tags, parts=parts))


def _judge(shard: Shard, basis: Basis, panels: Sequence[Panel]) -> ShardOutcome:
    whole = completed(shard, basis.around.buckets)
    view = look(whole, basis.around)
    subjects, access = _derived(view, basis, panels)
    return ShardOutcome(
        judged=judge_shard(subjects, unread_of_shard(whole), panels, basis.as_of),
        keys=tuple(subject for subject in subjects if isinstance(subject, KeyFacts)),
        row=msgspec.structs.replace(reconcile(whole), around=told_around(whole)),
        protection=rows_of(view),
        access=access,
    )


def _derived(
    view: View, basis: Basis, panels: Sequence[Panel]
) -> tuple[tuple[SubjectFacts, ...], tuple[KeyAccess, ...]]:
    """The facts of every subject, and who may do what with each key: both of a key at once, while it is at hand."""
    keys = {key.id: key for key in view.shard.keys}
    subjects: list[SubjectFacts] = []
    access: list[KeyAccess] = []
    for subject in derive_each(view, as_of=basis.as_of, vocabulary=basis.tags, parts=key_parts(panels)):
        subjects.append(subject)
        if isinstance(subject, KeyFacts):
            key = keys[subject.id]
            site = view.sites.at(key, basis.as_of)
            if site is not None:
                access.append(key_access(key, site))
    return tuple(subjects), tuple(access)


def judge_elsewhere(loads: Iterable[Load], basis: Basis, executor: Executor) -> Iterator[ShardOutcome]:
    """The outcome of every shard, in order, each judged where the executor wants it."""
    carried = pickle.dumps(_slim(basis))
    return in_windows(executor, _AT_ONCE, partial(_judge_carried, carried), loads)


def _judge_carried(carried: bytes, load: Load) -> ShardOutcome:
    return _judge(load(), *_unpacked(carried))


@lru_cache(maxsize=1)
def _unpacked(carried: bytes) -> tuple[Basis, tuple[Panel, ...]]:
    """Unpacked and compiled once by each process, not once for each shard."""
    basis: Basis = pickle.loads(carried)  # noqa: S301 (packed by the process that handed out this very task)
    return basis, convene(basis.rules)


def _slim(basis: Basis) -> Basis:
    """Without what judging does not look at: the files of the rules, and their tests."""
    rules = tuple(msgspec.structs.replace(rule, tests=()) for rule in basis.rules.rules)
    slim = msgspec.structs.replace(basis.rules, rules=rules, frameworks=(), files={}, disabled=())
    return msgspec.structs.replace(basis, rules=slim)
