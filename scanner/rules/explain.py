"""Says why a rule gave its verdict, leaf by leaf, by walking its conditions once more. Never decides a verdict."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice

import msgspec

from scanner.facts.subjects import SubjectFacts
from scanner.facts.subjects.fact import Facts
from scanner.model.finding import Reason, Verdict
from scanner.model.unknown import Unknown
from scanner.rules.conditions import (
    Among,
    Asked,
    Compare,
    CompareField,
    Condition,
    Count,
    Elements,
    Not,
    Operator,
    asked,
    children,
)
from scanner.rules.evaluate import fetch, holds, judge
from scanner.rules.expectations import count_expectation, expectation, field_expectation
from scanner.rules.placeholders import fill
from scanner.rules.ruleset import Rule
from scanner.rules.wording import printed

MAX_REASONS = 20


class Look(StrEnum):
    """Which leaves are asked for: those that are not as wanted, those left open by the unread, or all."""

    BROKEN = "broken"
    OPEN = "open"
    ALL = "all"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf with what was found: `path` with indexes, `of` the block it looks into, `wanted` False when denied.

    An element that should not be there and has a name is one leaf, with the `leaves` that it matches by.
    """

    node: Asked
    path: str
    of: object
    wanted: bool
    leaves: tuple["Seen", ...] = ()


def reasons(rule: Rule, facts: SubjectFacts, verdict: Verdict | None = None) -> tuple[Reason, ...]:
    """For fail and unknown the leaves that keep the rule from passing, else every leaf with its value.

    Here and in `unread` the verdict can be given by who has judged already.
    """
    seen = _seen(rule, facts, verdict or judge(rule, facts))
    shown = [_reason(leaf, facts) for leaf in islice(seen, MAX_REASONS)]
    more = sum(1 for _ in seen)
    if more:
        path = f"and {more} more"
        shown.append(Reason(path=path, operator="more", expected="as above", actual="not shown here", call=None))
    return tuple(shown)


def unread(rule: Rule, facts: SubjectFacts, verdict: Verdict | None = None) -> tuple[Unknown, ...]:
    """The distinct Unknowns that leave the verdict open, sorted by call; nothing for a definite verdict."""
    if (verdict or judge(rule, facts)) is not Verdict.UNKNOWN:
        return ()
    values = {value for leaf in _seen(rule, facts, Verdict.UNKNOWN) for value in _values(leaf)}
    unknowns = [value for value in values if isinstance(value, Unknown)]
    return tuple(sorted(unknowns, key=lambda unknown: (unknown.call, unknown.cause)))


def groups_read(rule: Rule) -> frozenset[str]:
    """The groups of the record that the rule's facts are derived from."""
    conditions = (rule.require,) if rule.when is None else (rule.when, rule.require)
    return frozenset(group for condition in conditions for node in asked(condition) for group in node.groups)


def ruled_out_by(rule: Rule, facts: SubjectFacts) -> str:
    """The first leaf of `when` that makes the rule not applicable: `rotation.supported is false`."""
    if rule.when is None or holds(rule.when, facts) is not False:
        return ""
    leaf = next(_walk(rule.when, facts, Look.BROKEN, wanted=True))
    reason = _reason(leaf, facts)
    if isinstance(leaf.node, Compare) and leaf.node.operator in _NAMED_VALUES and _is_closed(leaf):
        return f"{reason.path} is {reason.actual}"
    return f"{reason.path} is not {reason.expected}"


def remediation(rule: Rule, facts: SubjectFacts) -> str:
    """What to do about it on this subject's provider, with placeholders filled; empty when the rule does not say."""
    return fill(rule.remediation.get(facts.provider.value, ""), facts, rule.values)


_NAMED_VALUES = frozenset({Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN, Operator.ABSENT})


def _is_closed(leaf: Seen) -> bool:
    """Whether what was found is one of few possible values, so that subjects can be counted by it."""
    value = fetch(leaf.of, leaf.node.path)
    return value is None or isinstance(value, bool) or hasattr(value, "name")


def _seen(rule: Rule, facts: SubjectFacts, verdict: Verdict) -> Iterator[Seen]:
    """The leaves behind a verdict; an unknown is left open by `when` as long as that is open."""
    if verdict is Verdict.FAIL:
        yield from _walk(rule.require, facts, Look.BROKEN, wanted=True)
    elif verdict is Verdict.UNKNOWN:
        asks = rule.when if rule.when is not None and holds(rule.when, facts) is None else rule.require
        yield from _walk(asks, facts, Look.OPEN, wanted=True)
    else:
        if rule.when is not None:
            yield from _walk(rule.when, facts, Look.ALL, wanted=True)
        yield from _walk(rule.require, facts, Look.ALL, wanted=True)


def _walk(condition: Condition, of: object, look: Look, *, wanted: bool, at: str = "") -> Iterator[Seen]:
    if not _is_looked_for(holds(condition, of), look, wanted=wanted):
        return
    match condition:
        case Compare() | CompareField():
            yield Seen(node=condition, path=_joined(at, condition.path), of=of, wanted=wanted)
        case Elements() | Count():
            yield from _walk_list(condition, of, look, wanted=wanted, at=at)
        case _:
            inner = wanted is not isinstance(condition, Not)
            for part in children(condition):
                yield from _walk(part, of, look, wanted=inner, at=at)


def _is_looked_for(truth: bool | None, look: Look, *, wanted: bool) -> bool:  # noqa: FBT001 (a third value, no switch)
    match look:
        case Look.ALL:
            return True
        case Look.OPEN:
            return truth is None
        case _:
            return truth is (not wanted)


def _walk_list(node: Elements | Count, of: object, look: Look, *, wanted: bool, at: str) -> Iterator[Seen]:
    """The list itself when it was not read, is empty or is counted; else the leaves of its elements."""
    elements = fetch(of, node.path)
    path = _joined(at, node.path)
    readable = not isinstance(elements, Unknown) and bool(elements)
    if not readable or isinstance(node, Count):
        yield Seen(node=node, path=path, of=of, wanted=wanted)
    if not readable or (isinstance(node, Count) and look is not Look.OPEN):
        return
    inner = wanted is not (isinstance(node, Elements) and node.among is Among.NONE)
    for index, element in enumerate(elements):
        at = f"{path}[{index}]"
        leaves = tuple(leaf for part in children(node) for leaf in _walk(part, element, look, wanted=inner, at=at))
        if leaves and look is Look.BROKEN and not inner and _name(element):
            yield Seen(node=node, path=at, of=element, wanted=wanted, leaves=leaves)
        else:
            yield from leaves


def _name(element: object) -> str:
    return element.said if isinstance(element, Facts) else ""


def _joined(at: str, path: tuple[str, ...]) -> str:
    return ".".join(part for part in (at, *path) if part)


def _values(leaf: Seen) -> tuple[object, ...]:
    """What the leaf looked at: one value, or both sides of a comparison of fields."""
    value = fetch(leaf.of, leaf.node.path)
    return (value, fetch(leaf.of, leaf.node.other)) if isinstance(leaf.node, CompareField) else (value,)


def _reason(leaf: Seen, facts: SubjectFacts) -> Reason:
    values = () if leaf.leaves else _values(leaf)
    operator, expected = _expected(leaf, values)
    unread_here = [value for value in values if isinstance(value, Unknown)]
    calls = [value.call for value in unread_here] or [
        item.call for item in facts.evidence if item.group in leaf.node.groups
    ]
    return Reason(
        path=leaf.path,
        operator=operator,
        expected=expected,
        actual=_matched(leaf) if leaf.leaves else _actual(leaf, values[0]),
        call=", ".join(dict.fromkeys(calls)) or None,
    )


def _expected(leaf: Seen, values: tuple[object, ...]) -> tuple[str, str]:
    match leaf.node:
        case Compare() as node:
            return node.operator.value, expectation(node, wanted=leaf.wanted)
        case CompareField() as node:
            other = leaf.path.removesuffix(".".join(node.path)) + ".".join(node.other)
            return node.operator.value, field_expectation(node.operator, other, values[1], wanted=leaf.wanted)
        case Count() as node:
            return "count", count_expectation(node, wanted=leaf.wanted)
        case _ as node:
            return node.among.value, _list_expectation(node)


def _list_expectation(node: Elements) -> str:
    if node.among is Among.NONE:
        return "no element that matches"
    return "no element, or only ones that match" if node.allow_empty else "at least one element"


def _matched(leaf: Seen) -> str:
    """The name of an element, and by what it matches: `arn:...:role/app, policy by key policy account (uses true)`."""
    values = {f"{'.'.join(part.node.path)} {printed(fetch(part.of, part.node.path))}": None for part in leaf.leaves}
    return f"{_name(leaf.of)} ({', '.join(values)})"


def _actual(leaf: Seen, value: object) -> str:
    if isinstance(value, Unknown) or value is None:
        return printed(value)
    match leaf.node:
        case Count(where=where):
            truths = [holds(where, element) for element in value] if isinstance(value, tuple) else []
            certain, unseen = truths.count(True), truths.count(None)
            return f"{certain} to {certain + unseen}" if unseen else str(certain)
        case Compare(operator=Operator.HAS_KEYS, value=tuple() as keys) if leaf.wanted and isinstance(value, dict):
            missing = tuple(key for key in keys if key not in value)
            return f"missing {printed(missing)}" if missing else printed(value)
        case _:
            return printed(value)
