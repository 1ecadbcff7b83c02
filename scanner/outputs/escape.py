"""Hostile text made harmless, one function per medium. Changes only what a medium would act on or hide.

Names, tags and descriptions are written by whoever may tag a key. Nothing of theirs may run, link, mention, reorder
or end a line.
"""

import re
import unicodedata

from scanner.outputs.printable import visible

SHOWN = 500
"""Characters of one text that a line shows; the JSON files hold it whole."""

SHOWN_IN_MARKDOWN = 200
"""The same for Markdown, whose pages have to fit a comment."""

SHOWN_IN_LOG = 4 * SHOWN
"""The same for a whole line of several texts."""

_FORMULA = frozenset("=+-@\t\r\n")
_LEADING = re.compile(r"[\s\x00-\x1f\"'`\u200b\ufeff]+")
_LINE_BREAKS = str.maketrans({"\n": "[U+000A]", "\t": "[U+0009]"})
_NOT_IN_A_CODE_SPAN = re.compile(r"[`|\\@]|<[a-zA-Z/!?]|\]\(|^\s|\s$|^::|^##")
"""What would end a span or a table cell, and what readers without Markdown could take for markup."""

_ACTING = re.compile(
    r"[\\`*_{}\[\]<>|~@#!&$]"  # markup, HTML, tables, mentions, references, formulas
    r"|:(?=[\w+-]*:|/)"  # the start of `:emoji:`, of `::command::` and of `://`
    r"|(?<=[wW]{3})\."  # bare `www.` addresses
    r"|^[-+=]|^\d+[.)]",  # lists and headings
    re.ASCII,
)
_PARTED = frozenset("@#!")
"""Signs that renderers look for in the finished page; a comment parts them from what follows."""
_EMBEDDED_LINK = re.compile(r"[\[\]\\]")


def line(text: str, limit: int = SHOWN) -> str:
    """For a terminal or a log: one line in which every control character is spelled out (`[U+001B]`)."""
    return visible(text if len(text) <= limit else f"{text[:limit]}…").translate(_LINE_BREAKS)


def log_line(text: str) -> str:
    """A whole line for a log: as `line`, and nothing at its start that a CI runner takes for a command."""
    shown = line(text, SHOWN_IN_LOG)
    return f"\u00b7{shown}" if shown.lstrip().startswith(("::", "##[", "##vso[")) else shown


def csv_cell(text: str) -> str:
    """For a spreadsheet: no control character, and an apostrophe before anything that could start a formula.

    Blanks, quotes and full-width signs do not hide a start: spreadsheets strip or fold them.
    """
    if text[:1].isalnum() and text.isascii() and text.isprintable():
        return text
    shown = visible(text).translate(_LINE_BREAKS)
    start = unicodedata.normalize("NFKC", _LEADING.sub("", text, count=1)[:1])
    return f"'{shown}" if text[:1] in _FORMULA or start[:1] in _FORMULA else shown


def markdown(text: str) -> str:
    """For Markdown, also inside a table: a code span, in which nothing is a link, a mention, markup or HTML."""
    shown = line(text, SHOWN_IN_MARKDOWN)
    if not shown:
        return "(empty)"
    return f"<code>{_entities(shown)}</code>" if _NOT_IN_A_CODE_SPAN.search(shown) else f"`{shown}`"


def markdown_text(text: str) -> str:
    """For running text in Markdown (sentences around hostile names): every sign stands for itself alone.

    Blanks at the start, which no reader would see, could make it code or hide the start of a list.
    """
    return _entities(line(text).lstrip())


def xml(text: str) -> str:
    """For XML: characters that XML cannot hold are spelled out; the writer escapes markup itself."""
    return line(text)


def sarif(text: str) -> str:
    """For a SARIF message, in which `[text](target)` would become a link."""
    shown = line(text)
    return _EMBEDDED_LINK.sub(r"\\\g<0>", shown) if "](" in shown else shown


def _entities(text: str) -> str:
    """Every sign that could act, as a character reference, which Markdown never takes for markup."""
    return _ACTING.sub(_entity, text)


def _entity(found: re.Match[str]) -> str:
    before, char = found.group()[:-1], found.group()[-1]
    return f"{before}&#{ord(char)};" + ("<!-- -->" if char in _PARTED else "")
