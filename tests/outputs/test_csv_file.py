import csv
import io
import unicodedata

import pytest

from reports import HOSTILE_NAME, report
from scanner.outputs.csv_file import COLUMNS, render
from scanner.outputs.escape import csv_cell


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render(report()).decode(), newline="")))


def test_there_is_one_line_per_finding_ended_as_the_standard_says():
    content = render(report())
    assert content.count(b"\r\n") == content.count(b"\n") == len(report().findings) + 1
    assert tuple(rows()[0]) == COLUMNS


def test_waived_and_unknown_are_columns_of_their_own():
    found = rows()
    assert [row["waiver"] for row in found if row["waived"] == "true"] == ["W-1"]
    assert {row["unread"] for row in found if row["verdict"] == "unknown"} == {
        "kms:GetKeyPolicy (denied)",
        "kms:ListKeys (throttled)",
    }


def test_an_unread_tag_is_not_an_empty_cell():
    environments = {row["rule"]: row["environment"] for row in rows()}
    assert environments["KEY-ACC-001"] == "not read (denied tag:GetResources)"
    assert environments["KEY-DEL-001"] == ""


def test_no_cell_starts_a_formula_or_holds_a_control_character():
    cells = [cell for row in csv.reader(io.StringIO(render(report()).decode(), newline="")) for cell in row]
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"}] == []
    assert [cell for cell in cells if any(unicodedata.category(char) == "Cc" for char in cell)] == []


def test_a_hostile_name_stays_readable():
    names = [row["name"] for row in rows() if "onerror" in row["name"]]
    assert names[0].startswith(HOSTILE_NAME[:20])
    assert "[U+001B]" in names[0]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        "'=1",
        '"=1"',
        "\uff1d1",
        "\uff0b1",
        "\uff20a",
        "\ufeff=1",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str):
    assert csv_cell(text).startswith("'")


@pytest.mark.parametrize(
    "text", ["", "alias/a=b", "a-b", "2026-11-01T02:00:00Z", "arn:aws:kms:eu-central-1:1:key/a", "1+1"]
)
def test_plain_text_is_left_alone(text: str):
    assert csv_cell(text) == text
