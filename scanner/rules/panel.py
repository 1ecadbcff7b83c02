"""The rules for one kind of subject, made ready to judge many of them. Explains nothing but what rules subjects out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import msgspec

from scanner.facts.parts import KeyParts, parts_asked
from scanner.facts.subjects import (
    AccountRegionFacts,
    DataStoreFacts,
    KeyContainerFacts,
    KeyFacts,
    PopulationFacts,
    SubjectFacts,
)
from scanner.model.finding import SubjectKind, Verdict
from scanner.model.verdicts import CODES, VerdictTable
from scanner.rules.compile import Cause, Judgement, compile_rules, is_told_by_cause
from scanner.rules.explain import groups_read, ruled_out_by
from scanner.rules.ruleset import Rule, RuleSet
from scanner.rules.shape import subject_shape

KINDS: Mapping[type[SubjectFacts], SubjectKind] = {
    KeyFacts: SubjectKind.KEY,
    PopulationFacts: SubjectKind.POPULATION_SCOPE,
    AccountRegionFacts: SubjectKind.ACCOUNT_REGION,
    DataStoreFacts: SubjectKind.DATA_STORE,
    KeyContainerFacts: SubjectKind.KEY_CONTAINER,
}
_NOT_APPLICABLE = CODES.index(Verdict.NOT_APPLICABLE)
_MOST_CAUSES = 10_000
"""Causes whose words are kept; what a rule may ask in `when` has few values, so that is seldom reached."""


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """Rules for one kind with their compiled form; `groups` are what each reads, `readers` the rules by group.

    Which rules a subject is ruled out of, and by what, `words` remembers by cause for the rules `by_cause`; those that
    ask it of each subject are `singly`, by index.
    """

    kind: SubjectKind
    rules: tuple[Rule, ...]
    judge: Judgement
    groups: tuple[frozenset[str], ...]
    readers: dict[str, tuple[str, ...]]
    by_cause: tuple[Rule, ...]
    singly: dict[int, Rule]
    words: dict[Cause, tuple[tuple[str, str], ...]]


class _Alike(msgspec.Struct):
    """Subjects for the same cause: the first of them, and how many."""

    example: SubjectFacts
    count: int = 0


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """The bare verdicts of a panel, and per rule the leaves of `when` that ruled subjects out, counted."""

    table: VerdictTable
    ruled_out: dict[str, Counter[str]]


def convene(rules: RuleSet) -> tuple[Panel, ...]:
    """A panel for every kind of subject that a rule of the set is about."""
    return tuple(_panel(kind, own) for kind in SubjectKind if (own := [r for r in rules.rules if r.subject is kind]))


def key_parts(panels: Iterable[Panel]) -> KeyParts:
    """The parts of keys' facts that the rules of the panels ask for."""
    return parts_asked({group for panel in panels if panel.kind is SubjectKind.KEY for group in panel.readers})


def subjects_of(panel: Panel, subjects: Sequence[SubjectFacts]) -> list[SubjectFacts]:
    """The subjects that the panel judges, in order."""
    return [facts for facts in subjects if KINDS[type(facts)] is panel.kind]


def decide(panel: Panel, subjects: Iterable[SubjectFacts]) -> Decided:
    """The verdict of every rule of the panel on every subject, which must be of its kind.

    Subjects may be made while they are asked for: none is kept but one for each cause.
    """
    codes, names = bytearray(), list[str]()
    alike: dict[Cause, _Alike] = {}
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for facts in subjects:
        given, cause = panel.judge(facts)
        codes += given
        names.append(facts.id)
        of_cause = alike.get(cause) or alike.setdefault(cause, _Alike(facts))
        of_cause.count += 1
        for index, rule in panel.singly.items():
            if given[index] == _NOT_APPLICABLE:
                told[rule.id][ruled_out_by(rule, facts)] += 1
    for cause, of_cause in alike.items():
        for rule_id, words in _words(panel, cause, of_cause.example):
            told[rule_id][words] += of_cause.count
    table = VerdictTable(
        kind=panel.kind, rules=tuple(rule.id for rule in panel.rules), subjects=tuple(names), codes=bytes(codes)
    )
    return Decided(table=table, ruled_out=dict(told))


def decide_each(panels: Sequence[Panel], subjects: Iterable[SubjectFacts]) -> tuple[Decided, ...]:
    """What every panel decides of subjects that come kind by kind, each judged as soon as it comes.

    Raises ValueError when a kind comes twice.
    """
    by_kind = {panel.kind: panel for panel in panels}
    found: dict[SubjectKind, Decided] = {}
    for build, run in groupby(subjects, type):
        panel = by_kind.get(KINDS[build])
        if panel is not None and panel.kind in found:
            raise ValueError(panel.kind)
        if panel is not None:
            found[panel.kind] = decide(panel, run)
    return tuple(found.get(panel.kind) or decide(panel, ()) for panel in panels)


def _panel(kind: SubjectKind, rules: Sequence[Rule]) -> Panel:
    groups = tuple(groups_read(rule) for rule in rules)
    return Panel(
        kind=kind,
        rules=tuple(rules),
        judge=compile_rules(rules, subject_shape(kind)),
        groups=groups,
        readers={
            group: tuple(rule.id for rule, read in zip(rules, groups, strict=True) if group in read)
            for group in frozenset().union(*groups)
        },
        by_cause=tuple(filter(is_told_by_cause, rules)),
        singly={index: rule for index, rule in enumerate(rules) if not is_told_by_cause(rule)},
        words={},
    )


def _words(panel: Panel, cause: Cause, facts: SubjectFacts) -> tuple[tuple[str, str], ...]:
    known = panel.words.get(cause)
    if known is None:
        if len(panel.words) >= _MOST_CAUSES:
            panel.words.clear()
        told = ((rule.id, ruled_out_by(rule, facts)) for rule in panel.by_cause)
        known = panel.words[cause] = tuple((rule, words) for rule, words in told if words)
    return known
