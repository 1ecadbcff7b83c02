"""The score is a range over the unknowns, and honest at its ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.kpis.score import add, score
from scanner.model.report import Counts

COUNTS = st.builds(
    lambda passed, fail, unknown: Counts(passed=passed, fail=fail, unknown=unknown),
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(0, 100),
)
ROWS = st.lists(st.tuples(st.sampled_from([8, 4, 2, 1]), COUNTS), max_size=6)


def test_pass_over_pass_and_fail_weighted_by_severity():
    result = score([(8, Counts(passed=1, fail=1)), (1, Counts(passed=8, fail=0))])
    assert result.value == pytest.approx(66.7)


def test_unknowns_widen_the_range_and_do_not_move_the_value():
    result = score([(1, Counts(passed=8, fail=1, unknown=1))])
    assert (result.lowest, result.value, result.highest) == (80.0, 88.9, 90.0)


def test_nothing_to_judge_is_not_zero():
    assert score([(8, Counts(not_applicable=5))]).reason == "nothing to judge"


def test_more_than_a_fifth_unknown_is_not_computable():
    assert score([(1, Counts(passed=79, unknown=21))]).value is None
    assert score([(1, Counts(passed=80, unknown=20))]).value == 100.0


def test_one_fail_in_ten_thousand_is_not_a_hundred_percent():
    assert score([(1, Counts(passed=9_999, fail=1))]).value == 99.9


@given(ROWS)
def test_the_value_lies_in_its_range_and_hundred_means_no_fail(rows):
    result = score(rows)
    if result.value is None:
        assert result.reason
        return
    assert 0 <= result.lowest <= result.value <= result.highest <= 100
    if result.value == 100.0:
        assert add(counts for _, counts in rows).fail == 0


@given(ROWS)
def test_waiving_changes_no_score(rows):
    waived = [(w, Counts(passed=c.passed, fail=c.fail, unknown=c.unknown, waived=c.fail)) for w, c in rows]
    assert score(waived) == score(rows)
