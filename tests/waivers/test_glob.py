"""A pattern matches what it spells out, and never reaches beyond one account."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.waivers.glob import matches, matches_any, unbounded

LETTERS = st.text(alphabet="aAb:/*?[", max_size=12)
IDS = st.text(alphabet="aAb:/?[\n", max_size=14)


def reference(pattern: str, text: str) -> bool:
    spelled = "".join("[^:/]*" if letter == "*" else re.escape(letter) for letter in pattern)
    return re.fullmatch(spelled, text, re.DOTALL) is not None


@given(LETTERS, IDS)
def test_matching_equals_the_reference(pattern, text):
    assert matches(pattern, text) is reference(pattern, text)


@given(st.lists(st.sampled_from(["*", "a", "b", "ab", ":", "/"]), max_size=8), st.data())
def test_filling_the_stars_of_a_pattern_gives_an_id_it_matches(parts, data):
    filled = [data.draw(st.text(alphabet="abA?", max_size=3)) if part == "*" else part for part in parts]
    assert matches("".join(parts), "".join(filled))


@given(IDS)
def test_an_exact_id_matches_itself_alone(text):
    assert matches(text, text)
    assert not matches(text, text + "a")
    assert not matches(text, "a" + text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("test", "contest"),
        ("test", "test-2"),
        ("arn:aws:kms:*:111122223333:key/*", "arn:aws:kms:eu-west-1:444455556666:key/1"),
        ("arn:aws:kms:eu-west-1:111122223333:*", "arn:aws:kms:eu-west-1:111122223333:key/1"),
        ("arn:aws:kms:eu-west-1:111122223333:key/A*", "arn:aws:kms:eu-west-1:111122223333:key/a1"),
        ("arn:aws:kms:eu-west-1:111122223333:key/?", "arn:aws:kms:eu-west-1:111122223333:key/1"),
        ("aws:111122223333:*", "aws:111122223333"),
        ("a*bb", "ab"),
        ("a*b*c", "axxc"),
    ],
)
def test_does_not_match(pattern, text):
    assert not matches(pattern, text)


def test_a_pattern_takes_time_in_proportion_to_the_text():
    assert not matches("*a" * 5_000 + "*b", "a" * 200_000)


def test_one_matching_pattern_is_enough():
    assert matches_any(["x", "aws:1:*"], "aws:1:eu")
    assert not matches_any([], "aws:1:eu")


@pytest.mark.parametrize(
    "pattern",
    [
        "exact",
        "arn:aws:kms:*:111122223333:key/*",
        "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-*",
        "aws:111122223333:*",
        "gcp:p:*",
        "projects/bank/locations/*/keyRings/*",
    ],
)
def test_is_bounded(pattern):
    assert unbounded(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("*", "12 characters before the first `*`, got 0"),
        ("key/*", "12 characters before the first `*`, got 4"),
        ("projects/**/keys", "`**` has no meaning"),
        ("arn:aws:kms:*", "expected the account written out, as in arn:aws:kms"),
        ("arn:aws:kms:*:*:key/*", "expected the account written out, as in arn:aws:kms"),
        ("arn:aws:kms:eu-west-1:1111*:key/1", "expected the account written out, as in arn:aws:kms"),
        ("arn:aws:s3:::logs-*", "expected the account written out, as in arn:aws:kms"),
        ("arn:*:kms:eu-west-1:111122223333:key/1", "12 characters before the first `*`, got 4"),
        ("aws:*", "expected the account written out, as in aws:111122223333:*"),
        ("aws:*:eu-central-1", "expected the account written out, as in aws:111122223333:*"),
    ],
)
def test_is_not_bounded(pattern, reason):
    assert reason in unbounded(pattern)
