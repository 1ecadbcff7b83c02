"""The actions of `keymuster rules`. Each loads the rules the configuration selects and prints one thing."""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping

from scanner.cli.exit_codes import ExitCode
from scanner.cli.rules_chosen import rules_at, selected
from scanner.cli.stored import stored_inputs
from scanner.cli.terminal import say, show
from scanner.facts.derive import derive
from scanner.facts.neighbours import completed, neighbours_of
from scanner.facts.subjects import SubjectFacts
from scanner.model.errors import UsageError
from scanner.model.finding import Guardrail, SubjectKind, Verdict
from scanner.outputs.escape import line
from scanner.outputs.sentences import reason_text
from scanner.rules.document import rule_page
from scanner.rules.evaluate import judge
from scanner.rules.explain import reasons
from scanner.rules.ruleset import Rule, RuleSet, by_name, in_force
from scanner.rules.scaffold import chosen_id, new_rule
from scanner.rules.schema import json_schema, subject_schema
from scanner.rules.testing import mutate, run_tests, uncovered
from scanner.snapshots.files import write_atomic
from scanner.snapshots.read import read_snapshot


def listing(arguments: argparse.Namespace) -> int:
    """Every rule with its severity and guardrail."""
    rules = selected(arguments)
    if arguments.format == "json":
        show(json.dumps([_summary(rule) for rule in rules.rules], indent=2))
        return ExitCode.CLEAN
    for rule in rules.rules:
        show(f"{rule.id}  {rule.severity.value:<8}  {rule.guardrail.value:<10}  {rule.title}")
    return ExitCode.CLEAN


def page(arguments: argparse.Namespace) -> int:
    """One rule as its documentation page."""
    rules = selected(arguments)
    show(rule_page(_find(rules, arguments.rule), rules.frameworks))
    return ExitCode.CLEAN


def test(arguments: argparse.Namespace) -> int:
    """Runs the tests of every rule, or of those at a path; 1 when one fails."""
    rules = rules_at(arguments.path, arguments) if arguments.path else selected(arguments).rules
    problems = [problem for rule in rules for problem in _problems(rule, arguments)]
    for problem in problems:
        show(problem)
    count = sum(len(rule.tests) for rule in rules)
    show(f"{len(rules)} rules, {count} tests: " + (f"{len(problems)} problems" if problems else "all tests passed"))
    return ExitCode.FINDINGS if problems else ExitCode.CLEAN


def scaffold(arguments: argparse.Namespace) -> int:
    """Writes a rule that loads and whose tests run, to be changed."""
    rule_id = chosen_id(selected(arguments), arguments.rule)
    text = new_rule(rule_id, Guardrail(arguments.guardrail), SubjectKind(arguments.subject))
    if arguments.out is None:
        show(text)
    elif arguments.out.name != f"{rule_id}.yaml":
        raise UsageError(
            f"--out {arguments.out}: a rule stands in a file of its name", hint=f"end it with {rule_id}.yaml"
        )
    elif arguments.out.exists():
        raise UsageError(f"{arguments.out}: exists already", hint="give another --out")
    else:
        write_atomic(arguments.out, text.encode())
        say(f"wrote {arguments.out}; next: keymuster rules test {arguments.out}")
    return ExitCode.CLEAN


def schema(arguments: argparse.Namespace) -> int:
    """The facts of each subject, or the JSON Schema for editors."""
    if arguments.format == "json":
        show(json.dumps(json_schema(), indent=2))
        return ExitCode.CLEAN
    kinds = [SubjectKind(arguments.subject)] if arguments.subject else list(SubjectKind)
    show("\n\n".join(subject_schema(kind) for kind in kinds))
    return ExitCode.CLEAN


def explain(arguments: argparse.Namespace) -> int:
    """Each leaf of a rule with expected, actual and source, for one subject of a stored snapshot."""
    judging, _ = stored_inputs(arguments, {})
    snapshot = read_snapshot(arguments.snapshot)
    rule = _find(in_force(judging.rules, snapshot.header.as_of.date()), arguments.rule)
    around = neighbours_of(snapshot)
    vocabulary = judging.settings.tags
    found = [
        facts
        for shard in snapshot.shards
        for facts in derive(
            completed(shard, around.buckets),
            as_of=snapshot.header.as_of,
            vocabulary=vocabulary,
            around=around,
        )
        if arguments.subject in (facts.id, facts.name, facts.id.rpartition("/")[2]) and _fits(rule, facts)
    ]
    if not found:
        raise UsageError(f"{arguments.subject}: no {rule.subject.value} of this id or name in the snapshot")
    for facts in found:
        _explain(rule, facts, arguments.format)
    return ExitCode.CLEAN


ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": listing,
    "show": page,
    "test": test,
    "new": scaffold,
    "schema": schema,
    "explain": explain,
}


def _problems(rule: Rule, arguments: argparse.Namespace) -> Iterator[str]:
    for outcome in run_tests(rule):
        if not outcome.passed:
            yield f"{rule.file}:{outcome.line}: {rule.id} {line(outcome.name)}: {line(outcome.problem)}"
    if arguments.coverage:
        for verdict in uncovered(rule):
            yield f"{rule.file}:{rule.line}: {rule.id} has no test that expects {verdict.value}"
    if arguments.mutate:
        for change in mutate(rule):
            yield f"{rule.file}:{rule.line}: {rule.id} no test notices: {change}"


def _explain(rule: Rule, facts: SubjectFacts, form: str) -> None:
    verdict, leaves = judge(rule, facts), reasons(rule, facts)
    if form == "json":
        rows = [{name: getattr(leaf, name) for name in leaf.__struct_fields__} for leaf in leaves]
        show(json.dumps({"rule": rule.id, "subject": facts.id, "verdict": verdict.value, "reasons": rows}, indent=2))
        return
    show(f"{verdict.value}  {rule.id} {rule.title}")
    show(f"  {line(facts.name)}  {line(facts.id)}")
    for leaf in leaves:
        show(f"  {line(reason_text(leaf))}" + (f"   [{leaf.call}]" if leaf.call else ""))
    if verdict is Verdict.PASS and not leaves:
        show("  nothing to compare")


def _fits(rule: Rule, facts: SubjectFacts) -> bool:
    from scanner.rules.panel import KINDS

    return KINDS[type(facts)] is rule.subject


def _find(rules: RuleSet, name: str) -> Rule:
    from scanner.rules.faults import did_you_mean

    known = by_name(rules)
    if name not in known:
        raise UsageError(f"{name}: no such rule{did_you_mean(name, known)}", hint="keymuster rules list")
    return known[name]


def _summary(rule: Rule) -> dict[str, str]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.value,
        "guardrail": rule.guardrail.value,
        "subject": rule.subject.value,
        "file": rule.file,
    }
