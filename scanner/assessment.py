"""The one pure core: a snapshot and the rules in, a report out. No clock, no network, no environment."""

from collections.abc import Iterable
from concurrent.futures import Executor

import msgspec

from scanner.facts.coverage.blast import protections
from scanner.facts.neighbours import neighbours_of
from scanner.facts.population import population
from scanner.facts.register import key_row
from scanner.facts.subjects import KeyFacts
from scanner.kpis.changes import compare
from scanner.kpis.clouds import cloud_results
from scanner.kpis.frameworks import control_results
from scanner.kpis.guardrails import guardrail_results, overall
from scanner.kpis.measure import measure
from scanner.model.effective import KeyAccess
from scanner.model.finding import Finding, Verdict
from scanner.model.protection import KeyProtection
from scanner.model.report import Chain, KeyRow, PopulationRow, Previous, Report
from scanner.model.settings import Settings
from scanner.model.snapshot import Snapshot
from scanner.rules.findings import Judged, merge
from scanner.rules.ruleset import RuleSet, in_force, left_out
from scanner.rules.shard import Basis, judge_elsewhere, judge_here
from scanner.waivers.mark import mark
from scanner.waivers.schema import WaiverFile


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """What judging rests on besides the snapshot; all of it travels in the pack."""

    rules: RuleSet
    waivers: WaiverFile
    waivers_text: str | None
    settings: Settings
    previous: Previous | None
    chain: Chain


def assess(snapshot: Snapshot, inputs: Inputs, executor: Executor | None = None) -> Report:
    """Judges a snapshot: facts, rules, waivers, changes, scores and indicators, in that order.

    With an `executor` the shards are judged by it; the report is the same.
    """
    as_of = snapshot.header.as_of
    rules = in_force(inputs.rules, as_of.date())
    parts = _judge(snapshot, rules, inputs.settings, executor)
    judged, keys, rows = merge(parts.judged), parts.keys, parts.rows
    people = population(rows)
    marked = mark(judged, inputs.waivers, rules, inputs.previous, as_of.date())
    guardrails = guardrail_results(rules, marked.verdicts, marked.ruled_out, inputs.previous)
    score, counts = overall(guardrails, rules.pack.weights)
    applied = [rule for guardrail in guardrails for rule in guardrail.rules]
    previous = inputs.previous
    return Report(
        header=snapshot.header,
        settings=inputs.settings,
        pack=msgspec.structs.replace(rules.pack, left_out=left_out(rules)),
        counts=counts,
        score=score,
        guardrails=guardrails,
        findings=marked.findings,
        verdicts=marked.verdicts,
        population=people,
        unread=marked.unread,
        waivers=marked.waivers,
        frameworks=control_results(rules.frameworks, applied),
        keys=_register(keys, marked.findings),
        kpis=measure(keys, people, counts, as_of),
        changes=compare(marked.findings, marked.verdicts, people, previous) if previous else None,
        chain=inputs.chain,
        providers=tuple(sorted({row.scope.provider for row in rows})),
        protection=protections(parts.protection),
        access=tuple(sorted(parts.access, key=lambda found: found.key)),
        clouds=cloud_results(
            (row.scope.provider, judged.verdicts) for row, judged in zip(rows, parts.judged, strict=True)
        ),
    )


class _Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the outcomes of all shards add up to."""

    judged: list[Judged]
    keys: list[KeyFacts]
    rows: list[PopulationRow]
    protection: list[KeyProtection]
    access: list[KeyAccess]


def _judge(snapshot: Snapshot, rules: RuleSet, settings: Settings, executor: Executor | None) -> _Parts:
    """Every shard judged by itself; outcomes add up."""
    around = neighbours_of(snapshot)
    basis = Basis(rules=rules, tags=settings.tags, as_of=snapshot.header.as_of, around=around)
    parts = _Parts(judged=[], keys=[], rows=[], protection=[], access=[])
    if executor is not None and snapshot.loaders is not None:
        judged = judge_elsewhere(snapshot.loaders, basis, executor)
    else:
        judged = judge_here(snapshot.shards, basis)
    for outcome in judged:
        parts.judged.append(outcome.judged)
        parts.keys.extend(outcome.keys)
        parts.rows.append(outcome.row)
        parts.protection.extend(outcome.protection)
        parts.access.extend(outcome.access)
    return parts


def _register(keys: Iterable[KeyFacts], findings: Iterable[Finding]) -> tuple[KeyRow, ...]:
    """Every key with the rules it fails and the rules that are open for it, sorted by id."""
    failed: dict[str, list[str]] = {}
    unknown: dict[str, list[str]] = {}
    for finding in findings:
        side = failed if finding.verdict is Verdict.FAIL else unknown
        side.setdefault(finding.subject.id, []).append(finding.rule)
    return tuple(
        key_row(facts, tuple(failed.get(facts.id, ())), tuple(unknown.get(facts.id, ())))
        for facts in sorted(keys, key=lambda facts: facts.id)
    )
