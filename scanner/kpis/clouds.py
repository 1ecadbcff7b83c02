"""What the rules came to on each cloud, apart. Compares none: what a cloud does not have, no rule asks of it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from scanner.model.finding import Verdict
from scanner.model.key import Provider
from scanner.model.report import CloudResult, Counts
from scanner.model.verdicts import Verdicts, VerdictTable


def cloud_results(judged: Iterable[tuple[Provider, Iterable[VerdictTable]]]) -> tuple[CloudResult, ...]:
    """One result per provider, by its name; `judged` are the verdicts of each shard."""
    tables: dict[Provider, list[VerdictTable]] = {}
    for provider, found in judged:
        tables.setdefault(provider, []).extend(found)
    return tuple(CloudResult(provider=provider, rules=_by_rule(tables[provider])) for provider in sorted(tables))


def _by_rule(tables: Sequence[VerdictTable]) -> dict[str, Counts]:
    counted = Verdicts(tables=tuple(tables)).counted()
    return {rule: _counts(counts) for rule, counts in sorted(counted.items())}


def _counts(found: Counter[Verdict]) -> Counts:
    return Counts(
        passed=found[Verdict.PASS],
        fail=found[Verdict.FAIL],
        unknown=found[Verdict.UNKNOWN],
        not_applicable=found[Verdict.NOT_APPLICABLE],
    )
