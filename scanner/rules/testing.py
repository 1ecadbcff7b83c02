"""Runs the tests that stand in rule files, and breaks rules on purpose to see whether their tests notice."""

from collections.abc import Iterator

import msgspec

from scanner.model.finding import Verdict
from scanner.rules.assemble import Conditions, missing_verdicts
from scanner.rules.conditions import (
    AllOf,
    Among,
    AnyOf,
    Compare,
    CompareField,
    Condition,
    Count,
    Elements,
    Not,
    Operator,
    Value,
    rebind,
    rewrite,
)
from scanner.rules.evaluate import judge
from scanner.rules.explain import reasons
from scanner.rules.ruleset import Rule, RuleTest
from scanner.rules.wording import sentence


class TestOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One test of a rule with what came out; `problem` is empty when it is as expected."""

    __test__ = False

    rule: str
    name: str
    file: str
    line: int
    expect: Verdict
    verdict: Verdict
    reasons: tuple[str, ...]
    problem: str

    @property
    def passed(self) -> bool:
        """Whether verdict and reason are as expected."""
        return not self.problem


def run_tests(rule: Rule) -> tuple[TestOutcome, ...]:
    """Every test of a rule, with the rule's own parameters, whatever the baseline sets."""
    return tuple(_run(rule, test) for test in rule.tests)


def _run(rule: Rule, test: RuleTest) -> TestOutcome:
    bound = _bound(rule, test)
    verdict = judge(bound, test.facts)
    printed = tuple(sentence(reason) for reason in reasons(bound, test.facts))
    return TestOutcome(
        rule=rule.id,
        name=test.name,
        file=rule.file,
        line=test.line,
        expect=test.expect,
        verdict=verdict,
        reasons=printed,
        problem=_problem(test, verdict, printed),
    )


def _bound(rule: Rule, test: RuleTest) -> Rule:
    lists: dict[str, Value] = {f"@{name}": values for name, values in test.lists.items()}
    values = rule.defaults | lists
    return msgspec.structs.replace(
        rule,
        when=None if rule.when is None else rebind(rule.when, values),
        require=rebind(rule.require, values),
    )


def _problem(test: RuleTest, verdict: Verdict, printed: tuple[str, ...]) -> str:
    if verdict is not test.expect:
        because = f", because {'; '.join(printed)}" if printed else ""
        return f"expected {test.expect}, got {verdict}{because}"
    if test.because is not None and not any(test.because in line for line in printed):
        return f"expected a reason containing '{test.because}', got {'; '.join(printed) or 'none'}"
    return ""


def uncovered(rule: Rule) -> tuple[Verdict, ...]:
    """The verdicts the rule can give that no test of it expects."""
    return tuple(missing_verdicts(rule, Conditions(rule.when, rule.require)))


class Mutant(msgspec.Struct, frozen=True, kw_only=True):
    """A way to break a rule; it survives when no test of the rule notices."""

    change: str
    survives: bool


def mutate(rule: Rule) -> tuple[str, ...]:
    """The ways to break the rule that none of its tests notices, a description each."""
    return tuple(mutant.change for mutant in mutants(rule) if mutant.survives)


def mutants(rule: Rule) -> tuple[Mutant, ...]:
    """Each leaf denied, left out or never true, each bound moved, each connective and quantifier swapped."""
    return tuple(Mutant(change=change, survives=not _is_noticed(broken)) for change, broken in _broken_rules(rule))


def _is_noticed(rule: Rule) -> bool:
    return any(judge(_bound(rule, test), test.facts) is not test.expect for test in rule.tests)


def _broken_rules(rule: Rule) -> Iterator[tuple[str, Rule]]:
    if rule.when is not None:
        for change, broken in _broken(rule.when):
            yield f"when: {change}", msgspec.structs.replace(rule, when=broken)
    for change, broken in _broken(rule.require):
        yield f"require: {change}", msgspec.structs.replace(rule, require=broken)


def _broken(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """The condition with one node replaced, for every node and every replacement."""
    nodes: list[Condition] = []

    def note(node: Condition) -> Condition:
        nodes.append(node)
        return node

    rewrite(condition, note)
    for index, node in enumerate(nodes):
        for what, replacement in _replacements(node):
            yield what, _replace_at(condition, index, replacement)


def _replace_at(condition: Condition, index: int, replacement: Condition) -> Condition:
    positions = iter(range(index + 1))
    return rewrite(condition, lambda node: replacement if next(positions, None) == index else node)


_SWAPPED = {
    Operator.LT: Operator.LTE,
    Operator.LTE: Operator.LT,
    Operator.GT: Operator.GTE,
    Operator.GTE: Operator.GT,
}
_AMONG = {Among.EVERY: Among.ANY, Among.ANY: Among.EVERY, Among.NONE: Among.EVERY}


def _replacements(node: Condition) -> Iterator[tuple[str, Condition]]:
    match node:
        case Compare() | CompareField() | Count():
            name = ".".join(node.path) or "element"
            yield f"{name} denied", Not(node)
            yield f"{name} left out", AllOf(())
            yield f"{name} never true", AnyOf(())
            yield from ((f"{name} {what}", moved) for what, moved in _moved(node))
        case Elements(path=path, among=among):
            yield f"{'.'.join(path)} {_AMONG[among]} for {among}", msgspec.structs.replace(node, among=_AMONG[among])
        case AllOf(of=parts):
            yield "any_of for all_of", AnyOf(parts)
        case AnyOf(of=parts):
            yield "all_of for any_of", AllOf(parts)
        case _:
            yield "not left out", node.of


def _moved(node: Condition) -> Iterator[tuple[str, Condition]]:
    """The node with one bound moved to the other side of its own value."""
    match node:
        case Compare(operator=operator) if operator in _SWAPPED:
            yield f"{_SWAPPED[operator]} for {operator}", msgspec.structs.replace(node, operator=_SWAPPED[operator])
        case Count(bounds=bounds):
            for index, bound in enumerate(bounds):
                for what, moved in _moved(bound):
                    yield what, msgspec.structs.replace(node, bounds=(*bounds[:index], moved, *bounds[index + 1 :]))
        case _:
            return
