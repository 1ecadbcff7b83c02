"""The clouds of a report beside one another: each in its own words, none ranked, nothing for a report on one."""

import msgspec

import reports
from scanner.kpis.clouds import cloud_results
from scanner.model.finding import SubjectKind
from scanner.model.key import Provider
from scanner.model.report import Counts
from scanner.model.verdicts import CODES, VerdictTable
from scanner.outputs import html
from scanner.outputs.view_clouds import clouds


def table(rule, *verdicts):
    codes = bytes([next(code for code, one in enumerate(CODES) if one.value == verdict) for verdict in verdicts])
    subjects = tuple(f"key-{number}" for number in range(len(verdicts)))
    return VerdictTable(kind=SubjectKind.KEY, rules=(rule,), subjects=subjects, codes=codes)


def test_verdicts_of_each_cloud_are_counted_apart():
    found = cloud_results(
        [
            (Provider.GCP, [table("R-1", "pass", "fail")]),
            (Provider.AWS, [table("R-1", "pass"), table("R-2", "not_applicable")]),
            (Provider.GCP, [table("R-1", "unknown")]),
        ]
    )
    assert [(cloud.provider, cloud.rules) for cloud in found] == [
        (Provider.AWS, {"R-1": Counts(passed=1), "R-2": Counts(not_applicable=1)}),
        (Provider.GCP, {"R-1": Counts(passed=1, fail=1, unknown=1)}),
    ]


def on_two_clouds():
    """A report on AWS and Azure; one key of each, rules on either alone and on both."""
    aws = reports.subject(1, "alias/payments")
    azure = msgspec.structs.replace(aws, id="https://kv.example/keys/one", provider=Provider.AZURE)
    counted = cloud_results(
        [
            (Provider.AZURE, [table("KEY-ROT-001", "fail"), table("KEY-TAG-001", "not_applicable")]),
            (Provider.AWS, [table("KEY-ROT-001", "pass", "unknown"), table("KEY-TAG-001", "pass")]),
        ]
    )
    rows = [msgspec.structs.replace(reports.report().keys[0], subject=subject) for subject in (aws, azure)]
    return reports.report(clouds=counted, keys=tuple(rows))


def test_each_cloud_has_a_column_in_its_own_words():
    found = clouds(on_two_clouds())
    assert found.names == ("AWS", "Azure")
    lines = {line.label: line.cells for line in found.lines}
    assert lines["Read"] == ("2 of 5 accounts", "0 of 0 subscriptions")
    assert [cell.partition(" ")[0] for cell in lines["Keys"]] == ["1", "1"]
    assert {len(line.cells) for line in (*found.lines, *found.guardrails)} == {2}


def test_a_guardrail_says_what_its_rules_came_to_or_that_none_asks():
    cells = {line.label: line.cells for line in clouds(on_two_clouds()).guardrails}
    assert cells["Rotation"] == ("1 pass, 0 fail, 1 unknown", "0 pass, 1 fail")
    assert cells["Tagging"] == ("1 pass, 0 fail", "no rule asks")


def test_rules_that_ask_on_some_clouds_only_are_named():
    assert [(group.where, group.ids) for group in clouds(on_two_clouds()).own] == [("AWS alone", ("KEY-TAG-001",))]


def test_a_report_on_one_cloud_has_no_such_section():
    assert clouds(reports.report()) is None


def test_the_page_has_the_section():
    page = html.render(on_two_clouds(), "ab" * 32).decode()
    assert page.count("The clouds side by side") == 1
    assert "The clouds side by side" not in html.render(reports.report(), "ab" * 32).decode()
