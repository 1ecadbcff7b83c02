"""The clouds of a report beside one another, in each one's own words. Ranks none and adds up none. Judges nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from scanner.kpis.score import add
from scanner.model.finding import Guardrail
from scanner.model.key import Provider
from scanner.model.report import CloudResult, Counts, KeyRow, PopulationRow, Report, RuleResult
from scanner.model.scope import ScopeStatus
from scanner.model.unknown import Unknown
from scanner.outputs.provider_words import PROVIDER_NAMES, SCOPE_WORDS
from scanner.outputs.sentences import counted


class CloudLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing told of each cloud, in the order of the columns."""

    label: str
    cells: tuple[str, ...]


class OwnRules(msgspec.Struct, frozen=True, kw_only=True):
    """Rules that ask something on the same clouds and not on all: where, and the ids."""

    where: str
    ids: tuple[str, ...]


class CloudsView(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in columns, and the rules that do not ask something on every cloud."""

    names: tuple[str, ...]
    lines: tuple[CloudLine, ...]
    guardrails: tuple[CloudLine, ...]
    own: tuple[OwnRules, ...]


def clouds(report: Report) -> CloudsView | None:
    """The comparison; None for a report on one cloud."""
    if len(report.clouds) < 2:  # noqa: PLR2004 (a comparison takes two)
        return None
    rules = {rule.id: rule for result in report.guardrails for rule in result.rules}
    return CloudsView(
        names=tuple(PROVIDER_NAMES[cloud.provider] for cloud in report.clouds),
        lines=tuple(_lines(report)),
        guardrails=tuple(
            CloudLine(
                label=result.guardrail.value.replace("_", " ").capitalize(),
                cells=tuple(_verdicts(cloud, rules, result.guardrail) for cloud in report.clouds),
            )
            for result in report.guardrails
        ),
        own=tuple(_own(report.clouds, rules)),
    )


def _lines(report: Report) -> Iterable[CloudLine]:
    providers = [cloud.provider for cloud in report.clouds]
    keys = {provider: [row for row in report.keys if row.subject.provider is provider] for provider in providers}
    scopes = {
        provider: [row for row in report.population.rows if row.scope.provider is provider] for provider in providers
    }
    yield CloudLine(label="Read", cells=tuple(_read(provider, scopes[provider]) for provider in providers))
    yield CloudLine(label="Not entered", cells=tuple(_not_entered(scopes[provider]) for provider in providers))
    yield CloudLine(label="Keys", cells=tuple(_keys(keys[provider]) for provider in providers))
    yield CloudLine(
        label="States",
        cells=tuple(_told(Counter(row.state for row in keys[provider])) or "none" for provider in providers),
    )
    yield CloudLine(label="Next deletion", cells=tuple(_next(report, keys[provider]) for provider in providers))


def _read(provider: Provider, rows: Sequence[PopulationRow]) -> str:
    """How many accounts, projects or subscriptions were read of those that were met."""
    read = {row.scope.account for row in rows if row.scope.status is ScopeStatus.SCANNED}
    met = {row.scope.account for row in rows}
    one, many = SCOPE_WORDS[provider]
    return f"{len(read):,} of {counted(len(met), one, many)}"


def _not_entered(rows: Sequence[PopulationRow]) -> str:
    found = Counter(row.scope.status for row in rows if row.scope.status is not ScopeStatus.SCANNED)
    told = [f"{count:,} {status.value.replace('_', ' ')}" for status, count in sorted(found.items())]
    return ", ".join(told) or "none"


def _keys(rows: Sequence[KeyRow]) -> str:
    managers = Counter(row.manager for row in rows)
    return f"{len(rows):,}" + (f" ({_told(managers)})" if managers else "")


def _told(found: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(found.items()))


def _next(report: Report, rows: Sequence[KeyRow]) -> str:
    """The day of the first deletion that is planned; what was not read may come before it."""
    own = {row.subject.id for row in rows}
    ends = [row.deletion_at for row in report.protection if row.key in own]
    days = [end for end in ends if isinstance(end, datetime)]
    told = f"{min(days):%Y-%m-%d}" if days else "none planned"
    untold = sum(isinstance(end, Unknown) for end in ends)
    return f"{told}; unknown of {untold:,}" if untold else told


def _verdicts(cloud: CloudResult, rules: Mapping[str, RuleResult], guardrail: Guardrail) -> str:
    """Verdicts of a guardrail's rules on a cloud, those that do not apply left aside."""
    own = [counts for rule, counts in cloud.rules.items() if rule in rules and rules[rule].guardrail is guardrail]
    asking = [counts for counts in own if _asked(counts)]
    if not asking:
        return "no rule asks"
    total = add(asking)
    told = [f"{total.passed:,} pass", f"{total.fail:,} fail"] + (
        [f"{total.unknown:,} unknown"] if total.unknown else []
    )
    return ", ".join(told)


def _own(found: Sequence[CloudResult], rules: Iterable[str]) -> Iterable[OwnRules]:
    groups: dict[tuple[Provider, ...], list[str]] = {}
    for rule in sorted(rules):
        here = tuple(cloud.provider for cloud in found if _asked(cloud.rules.get(rule, Counts())))
        if 0 < len(here) < len(found):
            groups.setdefault(here, []).append(rule)
    for here, ids in groups.items():
        names = [PROVIDER_NAMES[provider] for provider in here]
        yield OwnRules(where=f"{' and '.join(names)} alone" if len(names) == 1 else " and ".join(names), ids=tuple(ids))


def _asked(counts: Counts) -> bool:
    return bool(counts.passed or counts.fail or counts.unknown)
