"""Counts and scores per rule, per guardrail and overall. Judges nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence

from scanner.kpis.score import add, score
from scanner.model.finding import Guardrail, Severity, Verdict
from scanner.model.report import Counts, GuardrailResult, Previous, RuleResult, Score
from scanner.model.verdicts import Verdicts
from scanner.rules.ruleset import Rule, RuleSet

Weights = dict[Severity, int]


def guardrail_results(
    rules: RuleSet,
    verdicts: Verdicts,
    ruled_out: dict[str, dict[str, int]],
    previous: Previous | None,
) -> tuple[GuardrailResult, ...]:
    """One result per guardrail that has a selected rule, in the order of `Guardrail`."""
    counts = rule_counts(verdicts)
    applied = [_rule_result(rule, counts.get(rule.id, Counts()), ruled_out.get(rule.id, {})) for rule in rules.rules]
    return tuple(
        GuardrailResult(
            guardrail=guardrail,
            counts=add(rule.counts for rule in own),
            score=_weighted(own, rules.pack.weights),
            previous=previous.scores.get(guardrail) if previous else None,
            rules=tuple(own),
        )
        for guardrail in Guardrail
        if (own := [rule for rule in applied if rule.guardrail is guardrail])
    )


def overall(guardrails: Sequence[GuardrailResult], weights: Weights) -> tuple[Score, Counts]:
    """The score and the counts of all rules together."""
    rules = [rule for result in guardrails for rule in result.rules]
    return _weighted(rules, weights), add(rule.counts for rule in rules)


def _weighted(rules: Iterable[RuleResult], weights: Weights) -> Score:
    return score((weights[rule.severity], rule.counts) for rule in rules)


def rule_counts(verdicts: Verdicts) -> dict[str, Counts]:
    """What each rule came to that judged something."""
    waived = Counter(rule for rule, _ in verdicts.waived)
    return {
        rule: Counts(
            passed=found[Verdict.PASS],
            fail=found[Verdict.FAIL],
            unknown=found[Verdict.UNKNOWN],
            not_applicable=found[Verdict.NOT_APPLICABLE],
            waived=waived[rule],
        )
        for rule, found in verdicts.counted().items()
    }


def _rule_result(rule: Rule, counts: Counts, ruled_out: dict[str, int]) -> RuleResult:
    return RuleResult(
        id=rule.id,
        title=rule.title,
        guardrail=rule.guardrail,
        severity=rule.severity,
        subject=rule.subject,
        rationale=rule.rationale,
        remediation=rule.remediation,
        controls=rule.controls,
        params=rule.params,
        changes=rule.changes,
        file=rule.file,
        line=rule.line,
        text=rule.text,
        counts=counts,
        not_applicable_because=ruled_out,
    )
