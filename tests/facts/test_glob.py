"""Wildcards against the plainest possible reading of them."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from scanner.facts.glob import matches


@cache
def plainly(pattern, text):
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(plainly(pattern[1:], text[cut:]) for cut in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and plainly(pattern[1:], text[1:])


@given(st.text("ab*?", max_size=7), st.text("ab*?", max_size=7))
def test_a_pattern_fits_a_text_as_a_plain_reading_says(pattern, text):
    assert matches(pattern, text) is plainly(pattern, text)
