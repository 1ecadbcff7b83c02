"""findings.sarif: SARIF 2.1.0 as GitHub accepts it. Its levels never change an exit code.

Every result stands at its rule's file, since a key has no source line, and names the key as its logical location.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from scanner.model.finding import Finding, Verdict, VerdictRow
from scanner.model.report import Report, RuleResult, WaiverResult
from scanner.outputs.escape import line
from scanner.outputs.escape import sarif as safe
from scanner.outputs.json_document import Json, encode
from scanner.outputs.limitations import limitations
from scanner.outputs.options import OutputOptions
from scanner.outputs.sarif_rules import LEVELS, descriptor
from scanner.outputs.sentences import (
    SIMULATED,
    observed_text,
    report_number,
    unread_calls,
    unread_sentence,
    verdict_sentence,
)
from scanner.outputs.worst import worst_first

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
RESULT_LIMIT = 25_000
"""Results GitHub takes in one run."""

_KINDS = {Verdict.PASS: "pass", Verdict.FAIL: "fail", Verdict.UNKNOWN: "open", Verdict.NOT_APPLICABLE: "notApplicable"}


def render(report: Report, options: OutputOptions) -> bytes:
    """The file: one run, fails and unknowns worst first, then (with `sarif_all`) what passes or does not apply."""
    document: Json = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, options)]}
    return encode(document)


def _run(report: Report, options: OutputOptions) -> Json:
    rules = [rule for guardrail in report.guardrails for rule in guardrail.rules]
    index = {rule.id: number for number, rule in enumerate(rules)}
    results = _results(report, options, rules)
    for result in results:
        result["ruleIndex"] = index[str(result["ruleId"])]
    return {
        "tool": {
            "driver": {
                "name": "keymuster",
                "version": report.header.tool.version,
                "rules": [descriptor(rule) for rule in rules],
            }
        },
        "automationDetails": {"id": "keymuster/"},
        "invocations": [_invocation(report, dropped=len(results) - RESULT_LIMIT)],
        "columnKind": "unicodeCodePoints",
        "results": results[:RESULT_LIMIT],
        "properties": {"report": report_number(report), "simulated": report.header.simulated, "summary": report.counts},
    }


def _results(report: Report, options: OutputOptions, rules: Sequence[RuleResult]) -> list[Json]:
    by_id = {rule.id: rule for rule in rules}
    waivers = {waiver.id: waiver for waiver in report.waivers}
    found = [_finding(item, by_id[item.rule], waivers, options) for item in worst_first(report.findings)]
    if not options.sarif_all:
        return found
    rest = [row for row in report.verdicts if row.verdict in {Verdict.PASS, Verdict.NOT_APPLICABLE}]
    return found + [_row(row, by_id[row.rule]) for row in rest]


def _finding(finding: Finding, rule: RuleResult, waivers: Mapping[str, WaiverResult], options: OutputOptions) -> Json:
    subject, is_fail = finding.subject, finding.verdict is Verdict.FAIL
    open_level = "note" if options.sarif_unknown == "note" else "none"
    words = "" if is_fail else "could not be judged: "
    # a result with a level other than none must be of kind fail (SARIF 2.1.0, 3.27.9 and 3.27.10)
    kind = "fail" if is_fail or open_level == "note" else "open"
    return {
        "ruleId": finding.rule,
        "kind": kind,
        "level": LEVELS[finding.severity] if is_fail else open_level,
        "message": {"text": safe(f"{subject.name}: {words}{observed_text(finding)}")},
        "locations": [_location(rule, subject.id, subject.name, subject.kind)],
        "partialFingerprints": {"keymuster/v1": finding.fingerprint, "primaryLocationLineHash": finding.fingerprint},
        "suppressions": _suppressions(finding, waivers),
        "properties": {
            "verdict": finding.verdict,
            "severity": finding.severity,
            "provider": subject.provider,
            "account": subject.account,
            "region": subject.region,
            "first_seen": finding.first_seen,
        },
    }


def _row(row: VerdictRow, rule: RuleResult) -> Json:
    words = "passes" if row.verdict is Verdict.PASS else "does not apply"
    return {
        "ruleId": row.rule,
        "kind": _KINDS[row.verdict],
        "level": "none",
        "message": {"text": safe(f"{row.subject}: {words}")},
        "locations": [_location(rule, row.subject, row.subject, row.kind)],
        "properties": {"verdict": row.verdict},
    }


def _location(rule: RuleResult, subject_id: str, name: str, kind: str) -> Json:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(rule.file)},
            "region": {"startLine": max(1, rule.line)},
        },
        "logicalLocations": [{"name": line(name), "fullyQualifiedName": line(subject_id), "kind": kind}],
    }


def _suppressions(finding: Finding, waivers: Mapping[str, WaiverResult]) -> list[Json]:
    """The waiver as SARIF says it: an empty list states that nothing suppresses the result."""
    mark = finding.waiver
    if mark is None:
        return []
    waiver = waivers.get(mark.id)
    reason = f": {waiver.reason}" if waiver else ""
    text = safe(f"waiver {mark.id} until {mark.expires.isoformat()}{reason}")
    return [{"kind": "external", "status": "accepted", "justification": text}]


def _invocation(report: Report, *, dropped: int) -> Json:
    """What the tool has to say about itself: what was cut, what could not be read, what nobody may conclude."""
    said = [("note", verdict_sentence(report))]
    if report.header.simulated:
        said.append(("warning", SIMULATED))
    if dropped > 0:
        said.append(
            (
                "warning",
                f"{dropped:,} results of the lowest rank were left out: GitHub takes {RESULT_LIMIT:,} in one run.",
            )
        )
    said += [("warning", f"{unread_sentence(unread)}.") for unread in unread_calls(report.unread)]
    said += [("note", text) for text in limitations(report)]
    return {
        "executionSuccessful": True,
        "startTimeUtc": report.header.as_of,
        "endTimeUtc": report.header.finished_at,
        "toolExecutionNotifications": [{"level": level, "message": {"text": safe(text)}} for level, text in said],
    }
