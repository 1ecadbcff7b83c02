"""Writes the pages of the rules: an index and a page for each, with examples from its own tests. Judges nothing."""

from collections.abc import Iterable, Iterator, Sequence

from scanner.model.finding import Guardrail, Verdict
from scanner.rules.conditions import Asked, Condition, children
from scanner.rules.ruleset import FrameworkCatalogue, Rule, RuleSet
from scanner.rules.schema import fact_rows
from scanner.rules.testing import TestOutcome, run_tests

FOLDER = "docs/rules"


def pages(rules: RuleSet) -> dict[str, str]:
    """Every page by its path in the repository: the index, and one page a rule."""
    index = {f"{FOLDER}/README.md": _index(rules)}
    return index | {f"{FOLDER}/{rule.id}.md": rule_page(rule, rules.frameworks) for rule in rules.rules}


def _index(rules: RuleSet) -> str:
    lines = [
        "# Rules",
        "",
        f"{len(rules.rules)} rules of {rules.pack.name} {rules.pack.version}, generated from `policies/`.",
        "The language is described in [rule-language.md](../rule-language.md).",
    ]
    for guardrail in Guardrail:
        own = [rule for rule in rules.rules if rule.guardrail is guardrail]
        if own:
            lines += [
                "",
                f"## {guardrail.value.capitalize()}",
                "| rule | severity | subject | title |",
                "|---|---|---|---|",
            ]
            lines += [
                f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {rule.subject} | {_cell(rule.title)} |"
                for rule in own
            ]
    return "\n".join(lines) + "\n"


def rule_page(rule: Rule, frameworks: Sequence[FrameworkCatalogue] = ()) -> str:
    """The page of one rule, as `keymuster rules show` prints it; `frameworks` give the controls their titles."""
    sections = (
        (f"# {rule.id}: {rule.title}", _summary(rule)),
        ("## What", _what(rule)),
        ("## Why", (_prose(rule.rationale),)),
        ("## Fails", _fails(rule)),
        ("## Passes", _passes(rule)),
        ("## Fix", _fix(rule)),
        ("## Controls", _controls(rule, frameworks)),
        ("## Facts used", _facts(rule)),
    )
    return "\n".join("\n".join((heading, *lines, "")) for heading, lines in sections).rstrip("\n") + "\n"


def _summary(rule: Rule) -> Iterator[str]:
    waiver = rule.waiver
    bounds = f"at most {waiver.max_days} days, approvers: {waiver.approvers}" if waiver.allowed else "not allowed"
    yield f"Guardrail {rule.guardrail}, severity {rule.severity}, subject {rule.subject}, {rule.status}."
    yield f"Waiver: {bounds}."
    if rule.aliases:
        yield f"Formerly {', '.join(rule.aliases)}."


def _what(rule: Rule) -> Iterator[str]:
    yield from ("```yaml", *_source(rule, ("params", "when", "require")), "```")
    if rule.params:
        values = ", ".join(f"`{name}` = {value}" for name, value in sorted(rule.params.items()))
        yield f"Parameters: {values}."
    yield from rule.changes


def _source(rule: Rule, keys: Iterable[str]) -> Iterator[str]:
    """The lines of the rule's own file that stand under the given top-level keys."""
    wanted = tuple(f"{key}:" for key in keys)
    inside = False
    for line in rule.text.splitlines():
        if line and not line[0].isspace() and not line.startswith("#"):
            inside = line.startswith(wanted)
        if inside and line.strip():
            yield line


def _fails(rule: Rule) -> Iterator[str]:
    yield from _examples(rule, Verdict.FAIL) or ("No example.",)


def _passes(rule: Rule) -> Iterator[str]:
    """Passes, and apart from them what is left open or not asked."""
    yield from _examples(rule, Verdict.PASS) or ("No example.",)
    for verdict, heading in ((Verdict.UNKNOWN, "Unknown:"), (Verdict.NOT_APPLICABLE, "Not applicable:")):
        lines = _examples(rule, verdict)
        if lines:
            yield from ("", heading, "", *lines)


def _examples(rule: Rule, verdict: Verdict) -> tuple[str, ...]:
    outcomes = {outcome.name: outcome for outcome in run_tests(rule)}
    return tuple(f"- {test.name}{_because(outcomes[test.name])}" for test in rule.tests if test.expect is verdict)


def _because(outcome: TestOutcome) -> str:
    """The reasons of a fail or an unknown; those of a pass are all its leaves, which say nothing here."""
    if outcome.verdict not in {Verdict.FAIL, Verdict.UNKNOWN}:
        return ""
    return "".join(f"<br>`{line}`" for line in outcome.reasons)


def _fix(rule: Rule) -> Iterator[str]:
    if not rule.remediation:
        yield "Not described."
    for provider, text in rule.remediation.items():
        yield f"- {provider}: {_prose(text)}"


def _controls(rule: Rule, frameworks: Sequence[FrameworkCatalogue]) -> Iterator[str]:
    titles = {(control.framework, control.id): control.title for item in frameworks for control in item.controls}
    names = {catalogue.id: catalogue.title for catalogue in frameworks}
    if not rule.controls:
        yield "None."
    for framework, ids in sorted(rule.controls.items()):
        listed = "; ".join(f"{control} {titles.get((framework, control), '')}".strip() for control in ids)
        yield f"- {names.get(framework, framework)}: {listed}"


def _facts(rule: Rule) -> Iterator[str]:
    rows = {row.path: row for row in fact_rows(rule.subject)}
    paths = dict.fromkeys(path for part in (rule.when, rule.require) if part is not None for path in _paths(part, ""))
    yield from ("| fact | type | meaning | read by |", "|---|---|---|---|")
    for path in paths:
        row = rows[path]
        yield f"| `{path}` | {row.type} | {_cell(row.doc)} | {', '.join(row.groups) or 'listing'} |"


def _paths(condition: Condition, prefix: str) -> Iterator[str]:
    """Every fact a condition looks at; those of list elements as `trails[].logging`."""
    own = f"{prefix}{'.'.join(condition.path)}" if isinstance(condition, Asked) else ""
    if own and not own.endswith("[]."):
        yield own
    inside = f"{own}[]." if isinstance(condition, Asked) else prefix
    for part in children(condition):
        yield from _paths(part, inside)


def _prose(text: str) -> str:
    """Text without accidental HTML."""
    return text.replace("<", "&lt;")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
