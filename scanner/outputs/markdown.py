"""summary.md: the run on one page, for pull requests and job summaries. Names the worst, counts the rest."""

from collections.abc import Iterable, Sequence

from scanner.model.finding import Finding, Verdict
from scanner.model.report import Population, Report
from scanner.outputs.escape import markdown as code
from scanner.outputs.escape import markdown_text
from scanner.outputs.limitations import limitations
from scanner.outputs.protection_words import protection_sentence
from scanner.outputs.provider_words import belongs_to
from scanner.outputs.sentences import (
    SIMULATED,
    changes_sentence,
    moment,
    observed_text,
    population_sentence,
    pressing_waivers,
    report_number,
    score_text,
    unread_calls,
    unread_sentence,
    verdict_sentence,
    waiver_sentence,
)
from scanner.outputs.worst import worst_first

FINDING_LIMIT = 50
"""Findings named; findings.json holds all."""

Rows = Iterable[Sequence[str]]


def render(report: Report, root: str | None) -> bytes:
    """The page. `root` is printed when it is known: inside a pack it is not, since it covers this file."""
    blocks = (
        [f"**{verdict_sentence(report)}**"],
        _about(report, root),
        [markdown_text(protection_sentence(report))],
        _guardrails(report),
        _findings(report),
        _unread(report),
        _population(report.population),
        _waivers(report),
        _changes(report),
        ["## Limitations", _bullets(map(markdown_text, limitations(report)))],
    )
    return ("\n\n".join(part for block in blocks for part in block if part) + "\n").encode()


def _about(report: Report, root: str | None) -> list[str]:
    pack = report.pack
    rules = f"rules {code(f'{pack.name} {pack.version}')}, baseline {code(pack.baseline)}"
    about = f"report {report_number(report)}, as at {moment(report.header.as_of)}; {rules}"
    return [
        f"**{SIMULATED}**" if report.header.simulated else "",
        f"{markdown_text(report.settings.organisation)}, {about}.",
        f"Evidence root {code(root)}." if root else "",
    ]


def _guardrails(report: Report) -> list[str]:
    rows = [
        (
            result.guardrail.value,
            score_text(result.score),
            f"{result.counts.passed:,}",
            f"{result.counts.fail:,}",
            f"{result.counts.waived:,}",
            f"{result.counts.unknown:,}",
            f"{result.counts.not_applicable:,}",
        )
        for result in report.guardrails
    ]
    total = report.counts
    rows.append(
        (
            "**all**",
            score_text(report.score),
            f"{total.passed:,}",
            f"{total.fail:,}",
            f"{total.waived:,}",
            f"{total.unknown:,}",
            f"{total.not_applicable:,}",
        )
    )
    head = ("Guardrail", "Score (lowest - highest)", "Pass", "Fail", "of it waived", "Unknown", "Not applicable")
    return ["## Guardrails", _table(head, rows, numbers_from=2)]


def _findings(report: Report) -> list[str]:
    if not report.findings:
        return ["## Findings", "None."]
    ordered = worst_first(report.findings)
    rest = len(ordered) - FINDING_LIMIT
    where = belongs_to(report.providers).capitalize()
    head = ("Severity", "Rule", "Verdict", "Subject", where, "Observed", "First seen")
    more = f"And {rest:,} more: every one is in findings.json." if rest > 0 else ""
    return ["## Findings", _table(head, map(_finding, ordered[:FINDING_LIMIT])), more]


def _finding(finding: Finding) -> Sequence[str]:
    subject, mark = finding.subject, finding.waiver
    verdict = "unknown" if finding.verdict is Verdict.UNKNOWN else "fail"
    by = f", waived by {code(mark.id)} until {mark.expires}" if mark else ""
    accepted = f", accepted by {code(finding.accepted)}" if finding.accepted else ""
    return (
        finding.severity.value,
        code(finding.rule),
        verdict + by + accepted,
        code(subject.name),
        " ".join(code(part) for part in (subject.account, subject.region) if part),
        "<br>".join((code(observed_text(finding)), *map(markdown_text, finding.notes))),
        f"{finding.first_seen:%Y-%m-%d}",
    )


def _unread(report: Report) -> list[str]:
    lines = [
        f"{markdown_text(unread_sentence(unread))}: {', '.join(map(code, unread.rules))}"
        for unread in unread_calls(report.unread)
    ]
    return ["## Not read", _bullets(lines) if lines else "Everything that the selected rules read was read."]


def _population(population: Population) -> list[str]:
    return ["## Population", population_sentence(population)]


def _waivers(report: Report) -> list[str]:
    pressing = pressing_waivers(report.waivers)
    lines = [f"{markdown_text(waiver_sentence(waiver))}. {code(waiver.reason)}" for waiver in pressing]
    return ["## Waivers to look at", _bullets(lines)] if lines else []


def _changes(report: Report) -> list[str]:
    chain = report.chain
    link = f"Previous evidence root {code(chain.previous_root)}." if chain.previous_root else ""
    return ["## Changes", markdown_text(changes_sentence(report)), link]


def _table(head: Sequence[str], rows: Rows, *, numbers_from: int | None = None) -> str:
    right = range(numbers_from if numbers_from is not None else len(head), len(head))
    rule = ["---:" if column in right else "---" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {text}" for text in lines)
