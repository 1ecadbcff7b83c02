"""Makes text safe to look at: what cannot be seen or would reorder its neighbours is spelled out. Escapes no markup."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from scanner.outputs.assets import templates_folder

MAX_WORD = 160
"""Characters of an unbroken word that are printed; the rest is cut with an ellipsis, findings.json holds it whole."""

_LONG_WORD = re.compile(rf"\S{{{MAX_WORD + 1},}}")
_ALLOWED_CONTROLS = frozenset("\n\t")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    """The text with control, zero-width, bidirectional, private and unassigned characters spelled as `[U+202E]`."""
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def in_fonts(text: str) -> str:
    """As `visible`, with characters that the shipped fonts lack spelled out too: a PDF embeds no other font."""
    if text.isascii() and text.isprintable():
        return text
    held = _held()
    return "".join(
        char if ord(char) in held or char in _ALLOWED_CONTROLS else _spelled(char) for char in visible(_composed(text))
    )


def shortened(text: str) -> str:
    """The text with overlong words cut."""
    return _LONG_WORD.sub(lambda match: match.group()[:MAX_WORD] + "…", text) if len(text) > MAX_WORD else text


def finalizer(clean: Callable[[str], str]) -> Callable[[object], object]:
    """For a template environment: cleans every printed string but leaves markup, numbers and the rest as they are."""

    def finalize(value: object) -> object:
        return clean(shortened(value)) if type(value) is str else value

    return finalize


def _composed(text: str) -> str:
    """Letters and their accents as one character where Unicode has one: the fonts then need no combining marks."""
    return unicodedata.normalize("NFC", text)


def _shown(char: str) -> str:
    hidden = unicodedata.category(char) in _HIDDEN_CATEGORIES and char not in _ALLOWED_CONTROLS
    return _spelled(char) if hidden else char


def _spelled(char: str) -> str:
    return f"[U+{ord(char):04X}]"


@cache
def _held() -> frozenset[int]:
    """Code points that every shipped font holds, from the ranges in `fonts/coverage.txt`."""
    ranges = (templates_folder() / "fonts" / "coverage.txt").read_text(encoding="ascii").split()
    pairs = (line.partition("-") for line in ranges)
    return frozenset(point for first, _, last in pairs for point in range(int(first, 16), int(last or first, 16) + 1))
