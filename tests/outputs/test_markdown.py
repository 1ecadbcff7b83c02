from markdown_it import MarkdownIt
from msgspec.structs import replace

from reports import big_report, report, report_of
from scanner.model.report import Report
from scanner.outputs.markdown import FINDING_LIMIT, render


def page(about: Report | None = None, root: str | None = None) -> str:
    return render(about or report(), root).decode()


def html(text: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(text)


def test_the_first_line_is_the_verdict_with_unknown_counted():
    assert page().splitlines()[0] == "**Fail: 6 fail (1 waived), 3 unknown, 31 pass, 3 not applicable.**"


def test_a_simulated_estate_is_marked_and_a_real_one_is_not():
    real = replace(report().header, simulated=False)
    assert "**SIMULATED: NOT EVIDENCE**" in page()
    assert "SIMULATED" not in page(report(header=real))


def test_every_guardrail_is_a_row_with_score_and_range():
    text = page()
    assert "| rotation | 68.8 % (68.8 - 68.8) | 8 | 3 | 1 | 0 | 3 |" in text
    assert "| access | not computable: 2 of 7 verdicts are unknown" in text
    assert "| **all** | 83.9 % (77.4 - 85.2) | 31 | 6 | 1 | 3 | 3 |" in text


def test_the_worst_come_first_and_the_rest_is_counted():
    text = page(big_report(200))
    assert text.count("alias/key-") == FINDING_LIMIT
    assert "And 150 more: every one is in findings.json." in text
    assert text.index("| critical |") < text.index("| high |")


def test_what_was_not_read_is_listed_with_the_rules_it_leaves_open():
    assert "- Could not read kms:ListKeys in 1 scope (throttled): 1 rule left open: `KEY-POP-001`" in page()


def test_a_clean_estate_says_so():
    text = page(report_of((), {}))
    assert text.startswith("**Incomplete: 0 fail (0 waived), 0 unknown")
    assert "## Findings\n\nNone." in text
    assert "Everything that the selected rules read was read." in text


def test_the_root_is_printed_when_it_is_known():
    assert f"Evidence root `{'ab' * 32}`" in page(root="ab" * 32)
    assert "Evidence root `ab" not in page()


def test_changes_are_told_against_the_previous_pack_or_why_not():
    first = replace(report().chain, previous_as_of=None, note="first of chain")
    assert "3 new, 1 fixed, 3 still open, 1 not judged again." in page()
    assert "First of chain." in page(report(chain=first, changes=None))


def test_waivers_that_need_a_look_are_named():
    text = page()
    assert "Waiver W-0 expired on 2026-10-01" in text
    assert "Waiver W-2 covers nothing" in text
    assert "A-1 expires" not in text


def test_hostile_names_run_link_and_mention_nothing():
    text = page()
    shown = html(text)
    assert [tag for tag in ("<script", "<img", "<a ", "<b>", "<h1") if tag in shown] == []
    assert [line for line in text.splitlines() if line.lstrip().startswith("::")] == []
    assert "@admin" not in text
    assert "\x1b" not in text
