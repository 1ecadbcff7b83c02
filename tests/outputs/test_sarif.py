import json
import re
from datetime import timedelta

from msgspec.structs import replace

from reports import AS_OF, big_report, report
from scanner.model.finding import Verdict
from scanner.model.report import Report
from scanner.outputs import sarif
from scanner.outputs.options import OutputOptions

DEFAULT = OutputOptions()


def run(about: Report | None = None, options: OutputOptions = DEFAULT) -> dict:
    document = json.loads(sarif.render(about or report(), options))
    assert (document["version"], len(document["runs"])) == ("2.1.0", 1)
    return document["runs"][0]


def of_kind(kind: str, found: dict) -> list[dict]:
    return [result for result in found["results"] if result["kind"] == kind]


def notifications(found: dict) -> list[str]:
    return [note["message"]["text"] for note in found["invocations"][0]["toolExecutionNotifications"]]


def test_every_result_has_what_github_asks_for():
    found = run(options=OutputOptions(sarif_all=True))
    rules = found["tool"]["driver"]["rules"]
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert 0 < len(result["message"]["text"]) <= 1000
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert re.fullmatch(r"policies/rules/\w+/KEY-[A-Z]+-\d+\.yaml", physical["artifactLocation"]["uri"])
        assert physical["region"] == {"startLine": 3}
        assert location["logicalLocations"][0]["fullyQualifiedName"].startswith(("arn:aws:kms:", "aws:"))


def test_fails_carry_the_level_of_their_severity():
    levels = {(r["properties"]["severity"], r["level"]) for r in of_kind("fail", run())}
    assert levels == {("critical", "error"), ("high", "error"), ("medium", "warning"), ("low", "note")}


def test_unknowns_are_open_without_a_level():
    found = of_kind("open", run())
    assert {result["level"] for result in found} == {"none"}
    assert len(found) == 3
    assert all("could not be judged" in result["message"]["text"] for result in found)


def test_unknowns_become_notes_when_asked_for():
    found = run(options=OutputOptions(sarif_unknown="note"))
    unknown = [result for result in found["results"] if result["properties"]["verdict"] == "unknown"]
    assert {result["level"] for result in unknown} == {"note"}
    assert len(unknown) == 3


def test_only_a_fail_has_a_level_as_the_standard_demands():
    for options in (DEFAULT, OutputOptions(sarif_unknown="note", sarif_all=True)):
        assert {r["level"] for r in run(options=options)["results"] if r["kind"] != "fail"} <= {"none"}


def test_passes_and_not_applicable_come_when_asked_for():
    found = run(options=OutputOptions(sarif_all=True))
    assert len(of_kind("pass", found)) == 31
    assert len(of_kind("notApplicable", found)) == 3
    assert of_kind("pass", run()) == []


def test_a_waived_fail_is_suppressed_with_its_reason_and_nothing_else_is():
    suppressed = [result for result in run()["results"] if result["suppressions"]]
    assert [result["ruleId"] for result in suppressed] == ["KEY-ROT-001"]
    (suppression,) = suppressed[0]["suppressions"]
    assert suppression["kind"] == "external"
    assert suppression["justification"].startswith("waiver W-1 until 2026-11-20: Moves to the new vault")


def test_fingerprints_are_those_of_the_findings():
    marks = {result["partialFingerprints"]["keymuster/v1"] for result in run()["results"]}
    assert marks == {finding.fingerprint for finding in report().findings}


def test_rules_carry_help_weight_and_at_most_ten_tags():
    many = {"nist-800-53r5": tuple(f"SC-{n}" for n in range(30))}
    guardrails = tuple(
        replace(guardrail, rules=tuple(replace(rule, controls=many) for rule in guardrail.rules))
        for guardrail in report().guardrails
    )
    for rule in run(report(guardrails=guardrails))["tool"]["driver"]["rules"]:
        assert len(rule["properties"]["tags"]) == 10
        assert 0.0 < float(rule["properties"]["security-severity"]) <= 10.0
        assert "Fix (aws): aws kms describe-key" in rule["help"]["text"]


def test_a_run_says_what_could_not_be_read_and_that_it_was_simulated():
    found = run()
    assert found["invocations"][0]["executionSuccessful"] is True
    assert "SIMULATED: NOT EVIDENCE" in notifications(found)
    assert "Could not read kms:ListKeys in 1 scope (throttled): 1 rule left open." in notifications(found)


def test_more_results_than_github_takes_are_cut_from_the_lowest_rank_and_said():
    about = big_report(sarif.RESULT_LIMIT + 10)
    found = run(about)
    assert len(found["results"]) == sarif.RESULT_LIMIT
    assert "10 results of the lowest rank were left out: GitHub takes 25,000 in one run." in notifications(found)
    waived = sum(bool(result["suppressions"]) for result in found["results"])
    assert waived == about.counts.waived - 10
    assert len(of_kind("open", found)) == about.counts.unknown


def test_a_name_cannot_make_a_link_in_a_message():
    texts = [result["message"]["text"] for result in run()["results"] if "javascript" in result["message"]["text"]]
    assert texts
    assert [text for text in texts if re.search(r"(?<!\\)\]\(", text)] == []


def test_the_longest_known_comes_first_among_equals():
    first, second, *rest = report().findings
    fails = [replace(f, verdict=Verdict.FAIL, severity="high", waived=False, waiver=None) for f in (first, second)]
    older = replace(fails[1], first_seen=AS_OF - timedelta(days=9))
    found = run(report(findings=(fails[0], older, *rest)))
    order = [result["partialFingerprints"]["keymuster/v1"] for result in found["results"]]
    assert order.index(older.fingerprint) < order.index(fails[0].fingerprint)
