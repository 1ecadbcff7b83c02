"""The page of what happens when calls fail tells of every operation there is."""

import re
from pathlib import Path

from campaign import ACTIONS, ELSEWHERE

PAGE = Path(__file__).parents[2] / "docs/faults.md"


def test_the_page_has_a_row_for_every_operation_and_nothing_went_wrong():
    text = PAGE.read_text()
    rows = set(re.findall(r"^\| (\w+):(\w+) \|", text, re.MULTILINE))
    assert rows == ACTIONS.keys() - ELSEWHERE.keys()
    assert ": 0 wrong, 0 failures untold.**" in text
