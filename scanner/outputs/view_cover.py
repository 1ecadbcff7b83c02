"""The words of the cover: what this is, of when, how much of what was judged, and the result in plain sentences."""

from collections import Counter

from scanner.model.report import GuardrailResult, Report
from scanner.model.scope import ScopeStatus
from scanner.outputs.provider_words import PROVIDER_NAMES, SCOPE_WORDS, listed
from scanner.outputs.sentences import counted, moment, population_sentence, verdict_sentence

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def long_moment(report: Report) -> str:
    """The moment the report is as at, in words, whatever the machine's language."""
    at = report.header.as_of
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M:%S} UTC"


def verdict(report: Report) -> tuple[str, ...]:
    """The result in plain sentences, the unknown never left out."""
    judged = [guardrail for guardrail in report.guardrails if guardrail.rules]
    met = sum(map(_is_met, judged))
    return (
        verdict_sentence(report),
        f"{met} of {counted(len(judged), 'guardrail is', 'guardrails are')} met: nothing in them fails or is unknown.",
        population_sentence(report.population),
    )


def scope(report: Report) -> str:
    """How much of what was judged."""
    scanned = [row.scope for row in report.population.rows if row.scope.status is ScopeStatus.SCANNED]
    accounts = Counter(provider for provider, _ in {(item.provider, item.account) for item in scanned})
    told = [
        f"{counted(accounts[provider], *SCOPE_WORDS[provider])} of {PROVIDER_NAMES[provider]}"
        for provider in report.providers
    ]
    return (
        f"{listed(told, 'and')}, {counted(len(scanned), 'region', 'regions')} in all; "
        f"{counted(report.population.listed, 'key', 'keys')} listed, no sampling"
    )


def chain(report: Report) -> str:
    """The pack before this one, or that there is none."""
    link = report.chain
    if link.previous_as_of is None:
        return link.note or "first of chain"
    return moment(link.previous_as_of)


def _is_met(guardrail: GuardrailResult) -> bool:
    """Nothing fails and nothing is unknown."""
    return guardrail.counts.fail == 0 and guardrail.counts.unknown == 0
