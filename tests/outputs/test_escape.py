import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reports import HOSTILE_NAME, HOSTILE_OWNER
from scanner.outputs import escape

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
PIECES = (
    "|",
    "`",
    "``",
    "<b>",
    "</td>",
    "[a](b)",
    "@me",
    "::error::x",
    "\\",
    "\n",
    "\x1b[2J",
    "*",
    "_",
    "#1",
    "http://a.b",
    " ",
    "x",
    "&lt;",
    "<!--",
    "-->",
)
texts = st.one_of(
    st.text(), st.lists(st.sampled_from(PIECES)).map("".join), st.sampled_from([HOSTILE_NAME, HOSTILE_OWNER])
)
renderer = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])


def table_with(cell: str) -> str:
    return f"| a | b |\n| --- | --- |\n| {cell} | end |\n"


@given(texts)
def test_a_line_is_one_line_without_anything_hidden(text: str):
    shown = escape.line(text)
    assert [char for char in shown if unicodedata.category(char) in HIDDEN] == []


@given(texts)
def test_no_text_starts_a_log_line_as_a_command(text: str):
    assert not escape.log_line(text).lstrip().startswith(("::", "##[", "##vso["))


@given(texts)
def test_a_markdown_cell_stays_one_cell_without_markup_of_its_own(text: str):
    page = renderer.render(table_with(escape.markdown(text)))
    assert page.count("<td>") == 2
    assert "<td>end</td>" in page
    cell = page.split("<td>")[1].removesuffix("\n").split("</td>")[0]
    inside = cell.replace("<code>", "").replace("</code>", "").replace("<!-- -->", "")
    assert "<" not in inside
    assert page.count("<code>") == page.count("</code>") <= 1


@given(texts)
@example("    code")
@example("  - item")
def test_markdown_text_stays_text(text: str):
    page = renderer.render(f"- {escape.markdown_text(text)}\n").replace("<!-- -->", "")
    assert page.startswith("<ul>\n<li>")
    inside = page.removeprefix("<ul>\n<li>").removesuffix("</li>\n</ul>\n")
    assert "<" not in inside


@pytest.mark.parametrize("text", ["@admin", "a@admin", "#12"])
def test_mentions_and_references_are_parted_from_their_sign(text: str):
    assert "@admin" not in escape.markdown(text) or escape.markdown(text).startswith("`")
    assert "<!-- -->" in escape.markdown_text(text)


def test_readable_text_stays_readable_in_markdown():
    assert escape.markdown("alias/payments") == "`alias/payments`"
    assert escape.markdown("rotation.period: expected <= 365d") == "`rotation.period: expected <= 365d`"
    assert (
        escape.markdown_text("Could not read kms:GetKeyPolicy on 1 key") == "Could not read kms:GetKeyPolicy on 1 key"
    )
    assert escape.markdown("") == "(empty)"


def test_overlong_text_is_cut_and_says_so():
    assert escape.line("x" * 10_000).endswith("x…")
    assert len(escape.line("x" * 10_000)) == escape.SHOWN + 1


@given(texts)
def test_a_sarif_message_never_holds_a_live_link(text: str):
    shown = escape.sarif(text)
    assert "](" not in shown.replace("\\]", "")
