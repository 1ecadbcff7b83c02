from datetime import timedelta

import pytest

from scanner.rules.wording import duration, printed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(days=730), "730d"),
        (timedelta(hours=36), "1d 12h"),
        (timedelta(minutes=5), "5m"),
        (timedelta(days=400, hours=3, minutes=9), "400d 3h"),
        (timedelta(days=372, seconds=1), "372d 1s"),
        (timedelta(0), "0s"),
        (timedelta(milliseconds=3), "0s"),
        (timedelta(days=-2), "-2d"),
        (timedelta(hours=-1), "-1h"),
    ],
)
def test_durations_print_their_two_largest_units(value, text):
    assert duration(value) == text


def test_long_lists_are_cut_and_counted():
    assert printed(tuple(range(12))) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"
    assert printed({"b": "1", "a": "2"}) == "a, b"
