"""junit.xml: fails as failures, waived fails as skipped, unknowns as errors. Names passes once per rule only.

A subject that could not be judged is an error, since the test did not run to its end; it stays one when accepted.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from scanner.model.finding import Finding, Verdict, WaiverMark
from scanner.model.report import Counts, GuardrailResult, Report, RuleResult, WaiverResult
from scanner.outputs.escape import log_line, xml
from scanner.outputs.sentences import (
    SIMULATED,
    counted,
    observed_text,
    report_number,
    unread_calls,
    unread_sentence,
    verdict_sentence,
)

Waivers = Mapping[str, WaiverResult]


def render(report: Report) -> bytes:
    """The file: a suite per guardrail, a case per rule and subject that fails or is open."""
    root = ET.Element("testsuites", {"name": "keymuster", "time": "0"})
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_rule[finding.rule].append(finding)
    waivers = {waiver.id: waiver for waiver in report.waivers}
    suites = [_suite(report, result, by_rule, waivers) for result in report.guardrails]
    _number(root, report.counts, sum(int(suite.attrib["tests"]) for suite in suites))
    root.extend(suites)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(
    report: Report, result: GuardrailResult, by_rule: Mapping[str, Sequence[Finding]], waivers: Waivers
) -> ET.Element:
    name = f"keymuster.{result.guardrail.value}"
    suite = ET.Element(
        "testsuite", {"name": name, "time": "0", "timestamp": f"{report.header.as_of:%Y-%m-%dT%H:%M:%S}"}
    )
    suite.append(_properties(report, result.counts))
    cases = [case for rule in result.rules for case in _cases(name, rule, by_rule.get(rule.id, ()), waivers)]
    suite.extend(cases)
    _number(suite, result.counts, len(cases))
    _append_remarks(suite, report, {rule.id for rule in result.rules})
    return suite


def _number(element: ET.Element, counts: Counts, tests: int) -> None:
    element.set("tests", str(tests))
    element.set("failures", str(counts.fail - counts.waived))
    element.set("errors", str(counts.unknown))
    element.set("skipped", str(counts.waived))


def _properties(report: Report, counts: Counts) -> ET.Element:
    """The counts as every other format has them."""
    values = {
        "report": report_number(report),
        "pass": str(counts.passed),
        "fail": str(counts.fail),
        "unknown": str(counts.unknown),
        "not_applicable": str(counts.not_applicable),
        "waived": str(counts.waived),
        **({"mark": SIMULATED} if report.header.simulated else {}),
    }
    element = ET.Element("properties")
    element.extend(ET.Element("property", {"name": name, "value": value}) for name, value in values.items())
    return element


def _cases(suite: str, rule: RuleResult, findings: Sequence[Finding], waivers: Waivers) -> list[ET.Element]:
    cases = [_case(suite, finding, waivers) for finding in findings]
    if rule.counts.passed:
        cases.append(_passes(suite, rule))
    return cases


def _passes(suite: str, rule: RuleResult) -> ET.Element:
    """All passes of a rule as one case; its name has no number, so that it stays the same case from run to run."""
    case = ET.Element("testcase", {"classname": f"{suite}.{rule.id}", "name": "subjects that pass", "time": "0"})
    text = f"{counted(rule.counts.passed, 'subject passes', 'subjects pass')}: {rule.title}"
    ET.SubElement(case, "system-out").text = xml(text)
    return case


def _case(suite: str, finding: Finding, waivers: Waivers) -> ET.Element:
    names = {"classname": f"{suite}.{finding.rule}", "name": xml(finding.subject.id), "time": "0"}
    case = ET.Element("testcase", names)
    message = xml(f"{finding.subject.name}: {observed_text(finding)}")
    if finding.verdict is Verdict.UNKNOWN:
        accepted = f"; accepted by {finding.accepted}" if finding.accepted else ""
        body = ET.SubElement(case, "error", {"type": "unknown", "message": message + xml(accepted)})
    elif finding.waiver:
        ET.SubElement(case, "skipped", {"message": xml(_waived(finding, finding.waiver, waivers))})
        return case
    else:
        body = ET.SubElement(case, "failure", {"type": finding.severity.value, "message": message})
    body.text = "\n".join(map(log_line, (finding.title, f"first seen {finding.first_seen:%Y-%m-%d}", *finding.notes)))
    return case


def _waived(finding: Finding, mark: WaiverMark, waivers: Waivers) -> str:
    """A waived fail says that it fails, and why it is let be."""
    waiver = waivers.get(mark.id)
    reason = f" ({waiver.reason})" if waiver else ""
    return f"waived by {mark.id} until {mark.expires}{reason}; {finding.subject.name}: {observed_text(finding)}"


def _append_remarks(suite: ET.Element, report: Report, rules: set[str]) -> None:
    """The whole run's verdict, and the calls that leave rules of this suite open."""
    ET.SubElement(suite, "system-out").text = verdict_sentence(report)
    said = [unread_sentence(unread) for unread in unread_calls(report.unread) if rules & set(unread.rules)]
    if said:
        ET.SubElement(suite, "system-err").text = "\n".join(map(log_line, said))
