"""The fast form of a rule set: one generated function that judges a subject by all rules. `evaluate` is its meaning.

A shared condition is worked out once a subject, one that a single rule requires only where that rule applies.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import cast

from scanner.facts.subjects import SubjectFacts
from scanner.model.finding import Verdict
from scanner.model.verdicts import CODES
from scanner.rules.conditions import Asked, Compare, CompareField, Condition, Operator, Path, asked, children
from scanner.rules.ruleset import Rule
from scanner.rules.shape import Block, Kind, Leaf
from scanner.rules.source import STEP, Module, Writer

Cause = Hashable
"""Whatever decides which leaf of a `when` rules a subject out: equal causes, equal reasons (see `is_told_by_cause`)."""
Judgement = Callable[[SubjectFacts], tuple[bytes, Cause]]
"""Judges a subject: a code per rule, as in `CODES`, and the cause."""

_NAMED_VALUES = frozenset({Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN, Operator.ABSENT})
_CLOSED = frozenset({Kind.BOOLEAN, Kind.CHOICE})
_PASS, _FAIL, _UNKNOWN, _NOT_APPLICABLE = (
    CODES.index(verdict) for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE)
)


def compile_rules(rules: Sequence[Rule], block: Block) -> Judgement:
    """One function for rules about subjects of one shape; raises KeyError for a condition off that shape."""
    module = Module()
    writer = Writer(module, block)
    _write_shared(writer, rules)
    cause = _cause(writer, [rule.when for rule in rules if rule.when is not None])
    codes = [_write_rule(writer, rule, f"r{index}") for index, rule in enumerate(rules)]
    result = f"bytes(({''.join(f'{code}, ' for code in codes)})), ({''.join(f'{name}, ' for name in cause)})"
    source = "\n".join((*module.lines, "def judge(of):", *writer.lines, f"{STEP}return {result}"))
    exec(compile(source, "<rules>", "exec"), module.namespace)  # noqa: S102 (no word of a rule file is in the source)
    return cast("Judgement", module.namespace["judge"])  # the function that the line above has just made


def is_told_by_cause(rule: Rule) -> bool:
    """Whether subjects that the rule does not apply to for equal causes are ruled out by the same words."""
    return rule.when is None or all(isinstance(node, Compare) for node in asked(rule.when))


def _write_shared(writer: Writer, rules: Sequence[Rule]) -> None:
    """Every `when`, and whatever several rules require."""
    for rule in rules:
        if rule.when is not None:
            writer.truth(rule.when)
    for path, count in Counter(path for rule in rules for path in sorted(_paths(rule.require))).items():
        if count > 1:
            writer.place(path)
    for condition, count in Counter(node for rule in rules for node in dict.fromkeys(_nodes(rule.require))).items():
        if count > 1:
            writer.truth(condition)


def _write_rule(writer: Writer, rule: Rule, code: str) -> str:
    """The lines that set a rule's code; returns the name that holds it."""
    if rule.when is None:
        _write_require(writer, rule.require, code)
        return code
    when = writer.truth(rule.when)
    outside = writer.open(f"if {when.name}:")
    _write_require(writer, rule.require, code)
    writer.close(outside)
    writer.line("else:")
    otherwise = f"{_UNKNOWN} if {when.name} is None else {_NOT_APPLICABLE}" if when.open else f"{_NOT_APPLICABLE}"
    writer.line(f"{STEP}{code} = {otherwise}")
    return code


def _write_require(writer: Writer, require: Condition, code: str) -> None:
    kept = writer.truth(require)
    otherwise = f"{_UNKNOWN} if {kept.name} is None else {_FAIL}" if kept.open else f"{_FAIL}"
    writer.line(f"{code} = {_PASS} if {kept.name} else {otherwise}")


def _cause(writer: Writer, whens: Iterable[Condition]) -> tuple[str, ...]:
    """What the words of `ruled_out_by` rest on: of a leaf with few values the value, of another only its truth."""
    found: list[str] = []
    for when in whens:
        for node in _nodes(when):
            if isinstance(node, Compare):
                found += _told(writer, node)
    return tuple(dict.fromkeys(found))


def _told(writer: Writer, compare: Compare) -> tuple[str, ...]:
    place = writer.place(compare.path)
    if isinstance(place.field, Leaf) and place.field.kind in _CLOSED:
        return (place.name,)
    truth = writer.truth(compare).name
    return (truth, f"{place.name} is None") if place.absent and compare.operator in _NAMED_VALUES else (truth,)


def _nodes(condition: Condition) -> Iterator[Condition]:
    """The condition and those inside it that ask the same value, so not those about elements of a list."""
    yield condition
    if not isinstance(condition, Asked):
        for part in children(condition):
            yield from _nodes(part)


def _paths(condition: Condition) -> set[Path]:
    leaves = [node for node in _nodes(condition) if isinstance(node, Asked)]
    others = {leaf.other for leaf in leaves if isinstance(leaf, CompareField)}
    return {leaf.path for leaf in leaves} | others
