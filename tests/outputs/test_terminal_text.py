import unicodedata

from reports import big_report, report, report_of
from scanner.outputs.text import FINDING_LIMIT, render


def lines() -> list[str]:
    return render(report()).decode().splitlines()


def test_the_first_line_is_the_verdict_and_the_second_the_mark():
    assert lines()[:2] == [
        "Fail: 6 fail (1 waived), 3 unknown, 31 pass, 3 not applicable.",
        "SIMULATED: NOT EVIDENCE",
    ]


def test_guardrails_stand_in_aligned_columns():
    start = lines().index("guardrail   pass  fail  waived  unknown  n/a  score (lowest - highest)")
    assert lines()[start + 2] == "rotation       8     3       1        0    3  68.8 % (68.8 - 68.8)"


def test_control_characters_are_shown_and_not_sent():
    text = render(report()).decode()
    assert "[U+001B]" in text
    assert [char for char in text if unicodedata.category(char) in {"Cc", "Cf"} and char != "\n"] == []


def test_findings_beyond_the_limit_are_counted():
    text = render(big_report(200)).decode()
    assert text.count("alias/key-") == FINDING_LIMIT
    assert "and 150 more, every one in findings.json" in text


def test_waived_and_accepted_are_named():
    text = render(report()).decode()
    assert "waived (W-1)" in text
    assert "unknown, accepted (A-1)" in text


def test_an_empty_estate_is_not_called_clean():
    text = render(report_of((), {})).decode()
    assert text.startswith("Incomplete: 0 fail (0 waived), 0 unknown")
    assert "critical" not in text
