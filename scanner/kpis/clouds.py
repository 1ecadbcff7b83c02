"""What the rules came to on each cloud, apart. Compares none: what a cloud does not have, no rule asks of it."""

from collections.abc import Iterable

from scanner.kpis.guardrails import rule_counts
from scanner.model.key import Provider
from scanner.model.report import CloudResult
from scanner.model.verdicts import Verdicts, VerdictTable


def cloud_results(judged: Iterable[tuple[Provider, Iterable[VerdictTable]]]) -> tuple[CloudResult, ...]:
    """One result per provider, by its name; `judged` are the verdicts of each shard."""
    tables: dict[Provider, list[VerdictTable]] = {}
    for provider, found in judged:
        tables.setdefault(provider, []).extend(found)
    return tuple(
        CloudResult(provider=provider, rules=rule_counts(Verdicts(tables=tuple(found))))
        for provider, found in sorted(tables.items())
    )
