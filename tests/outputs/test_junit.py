from xml.etree import ElementTree as ET

from reports import report
from scanner.outputs.junit import render


def suites() -> ET.Element:
    return ET.fromstring(render(report()))  # noqa: S314 (our own file)


def cases(outcome: str) -> list[ET.Element]:
    return [case for case in suites().iter("testcase") if case.find(outcome) is not None]


def test_numbers_in_the_head_are_those_of_the_cases():
    for element in (suites(), *suites()):
        for number, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.attrib[number]) == sum(
                case.find(outcome) is not None for case in element.iter("testcase")
            )
        assert int(element.attrib["tests"]) == sum(1 for _ in element.iter("testcase"))


def test_a_waived_fail_is_skipped_with_the_waiver():
    (case,) = cases("skipped")
    assert case.find("skipped").attrib["message"].startswith("waived by W-1 until 2026-11-20 (Moves to the new vault")


def test_an_unknown_is_an_error_also_when_accepted():
    found = cases("error")
    assert {case.find("error").attrib["type"] for case in found} == {"unknown"}
    assert [case.find("error").attrib["message"].endswith("; accepted by A-1") for case in found] == [
        False,
        False,
        True,
    ]


def test_passes_of_a_rule_are_one_case_whose_name_does_not_change():
    found = [case for case in suites().iter("testcase") if case.attrib["name"] == "subjects that pass"]
    assert len(found) == 7
    assert found[0].find("system-out").text == "3 subjects pass: Every key of the scope was read"


def test_a_guardrail_names_the_calls_that_leave_its_rules_open():
    errors = {suite.attrib["name"]: suite.findtext("system-err") for suite in suites()}
    assert errors["keymuster.population"] == "Could not read kms:ListKeys in 1 scope (throttled): 1 rule left open"
    assert errors["keymuster.rotation"] is None


def test_hostile_text_can_neither_break_the_file_nor_start_a_log_line():
    texts = [text for element in suites().iter() for text in (element.text or "", *element.attrib.values())]
    assert any("[U+001B]" in text for text in texts)
    assert [text for text in texts if any(ord(char) < 32 and char != "\n" for char in text)] == []
    assert [line for text in texts for line in text.splitlines() if line.startswith("::")] == []
