import pytest
from msgspec.structs import replace

from reports import KEYS, OUTCOMES, report, report_of
from scanner.model.finding import Verdict
from scanner.model.report import Counts, Report, Score
from scanner.outputs.sentences import (
    changes_sentence,
    counted,
    observed_text,
    population_sentence,
    report_number,
    score_text,
    unread_calls,
    unread_sentence,
    verdict_word,
    waiver_sentence,
)


def complete(**changes: object) -> Report:
    """Nothing fails and nothing is missing."""
    whole = report_of(KEYS, {})
    return replace(whole, unread=(), population=replace(whole.population, unlisted_scopes=0), **changes)


def test_clean_is_said_only_when_nothing_is_missing():
    assert verdict_word(complete()) == "Clean"
    assert verdict_word(complete(counts=Counts(passed=9, unknown=1))) == "Incomplete"
    assert verdict_word(replace(complete(), unread=report().unread)) == "Incomplete"
    assert verdict_word(replace(complete(), chain=replace(report().chain, missing=True))) == "Incomplete"
    assert verdict_word(replace(complete(), population=report().population)) == "Incomplete"


def test_fails_come_before_gaps_and_waived_ones_do_not_count_as_fails():
    assert verdict_word(report()) == "Fail"
    assert verdict_word(complete(counts=Counts(passed=9, fail=2, waived=2))) == "Clean, with waivers"
    assert verdict_word(complete(counts=Counts(not_applicable=4))) == "Nothing judged"


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (Score(value=92.3, lowest=91.0, highest=94.1, reason=None), "92.3 % (91.0 - 94.1)"),
        (Score(value=100.0, lowest=100.0, highest=100.0, reason=None), "100.0 % (100.0 - 100.0)"),
        (Score(value=None, lowest=None, highest=None, reason="nothing to judge"), "not computable: nothing to judge"),
    ],
)
def test_a_score_shows_its_range_or_why_there_is_none(score: Score, text: str):
    assert score_text(score) == text


def test_a_missing_call_names_subjects_cause_and_rules():
    texts = [unread_sentence(unread) for unread in unread_calls(report().unread)]
    assert texts == [
        "Could not read kms:GetKeyPolicy on 1 key (denied): 1 rule left open",
        "Could not read kms:ListKeys in 1 scope (throttled): 1 rule left open",
        "Could not read kms:GetKeyPolicy on 1 key (denied): 1 rule left open; accepted by A-1",
    ]


def test_subjects_are_counted_once_though_several_rules_wait_for_them():
    first = report().unread[0]
    (line,) = unread_calls([first, replace(first, group="grants", rules=("KEY-ACC-002",))])
    assert (line.subjects, line.rules) == (1, ("KEY-ACC-001", "KEY-ACC-002"))


def test_the_population_sentence_does_not_hide_scopes_that_could_not_be_listed():
    text = population_sentence(report().population)
    assert text == ("9 keys listed: 3 read, 3 partly read, 0 unread, 3 excluded; 2 scopes could not be listed.")


def test_changes_without_a_previous_pack_say_why():
    chain = replace(report().chain, previous_as_of=None, note="previous pack missing: /x")
    assert changes_sentence(report(chain=chain, changes=None)) == "Previous pack missing: /x."


def test_a_waiver_says_what_it_covers_in_the_words_of_its_kind():
    texts = {waiver.id: waiver_sentence(waiver) for waiver in report().waivers}
    assert texts["W-1"] == "Waiver W-1 expires on 2026-11-20 (19 days left, covers 1 finding)"
    assert texts["A-1"] == "Accepted unknown A-1 expires on 2026-11-20 (50 days left, covers 1 missing answer)"


def test_small_words():
    assert report_number(report()) == "KM-20261101T020000Z"
    assert (counted(1, "key", "keys"), counted(1204, "key", "keys")) == ("1 key", "1,204 keys")


def test_a_finding_without_reasons_still_says_something():
    finding = next(item for item in report().findings if item.verdict is Verdict.UNKNOWN)
    assert observed_text(replace(finding, reasons=())) == "not read: kms:GetKeyPolicy (denied)"
    assert observed_text(replace(finding, reasons=(), unread=())) == finding.title


def test_the_default_report_is_what_its_builder_says():
    counts = report().counts
    assert len(OUTCOMES) == counts.fail + counts.unknown + counts.not_applicable
