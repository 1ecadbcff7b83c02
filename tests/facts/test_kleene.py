import fnmatch
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import unread
from scanner.facts.glob import matches
from scanner.facts.kleene import Truth, all_of, any_of, negate

FIRST, SECOND = unread("status"), unread("selectors")
TRUTHS: tuple[Truth, ...] = (True, False, FIRST)


@pytest.mark.parametrize(("left", "right"), list(product(TRUTHS, TRUTHS)))
def test_a_definite_answer_is_that_of_every_filling(left: Truth, right: Truth) -> None:
    fillings = [
        (a, b)
        for a in ((True, False) if left is FIRST else (left,))
        for b in ((True, False) if right is FIRST else (right,))
    ]
    both, either = {a and b for a, b in fillings}, {a or b for a, b in fillings}
    assert all_of((left, right)) == (both.pop() if len(both) == 1 else FIRST)
    assert any_of((left, right)) == (either.pop() if len(either) == 1 else FIRST)


def test_the_first_open_question_is_kept() -> None:
    assert all_of((True, FIRST, SECOND)) is FIRST
    assert any_of((SECOND, FIRST, False)) is SECOND


def test_of_nothing_all_hold_and_none_does() -> None:
    assert all_of(()) is True
    assert any_of(()) is False
    assert negate(FIRST) is FIRST


@given(st.text(alphabet="ab*?", max_size=8), st.text(alphabet="ab", max_size=8))
def test_wildcards_match_as_elsewhere(pattern: str, text: str) -> None:
    assert matches(pattern, text) == fnmatch.fnmatchcase(text, pattern)


def test_a_hostile_pattern_ends_soon() -> None:
    assert not matches("*a" * 5_000 + "b", "a" * 100)


def test_brackets_are_plain_characters() -> None:
    assert matches("[ab]*", "[ab]c")
    assert not matches("[ab]", "a")
