from collections.abc import Iterator

import pytest
from fontTools.ttLib import TTFont

from scanner.outputs.assets import templates_folder
from scanner.outputs.printable import MAX_WORD, in_fonts, shortened, visible

FONTS = templates_folder() / "fonts"


def listed() -> Iterator[int]:
    for line in (FONTS / "coverage.txt").read_text().split():
        first, _, last = line.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


@pytest.mark.parametrize("name", sorted(path.name for path in FONTS.glob("*.ttf")))
def test_every_listed_character_is_in_every_font(name: str):
    font = TTFont(FONTS / name)
    assert font.sfntVersion == "\x00\x01\x00\x00"
    assert set(listed()) <= set(font.getBestCmap())


def test_the_licences_of_both_families_travel_with_them():
    for name in ("LICENSE-Inter-OFL.txt", "LICENSE-JetBrainsMono-OFL.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / name).read_text()


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\u200b", "\u202e", "\u2066", "\ufeff", "\u061c", "\ue000", "\u2028"])
def test_unseen_characters_are_spelled_out(char: str):
    assert visible(f"a{char}b") == in_fonts(f"a{char}b") == f"a[U+{ord(char):04X}]b"


def test_letters_that_the_fonts_hold_stay_as_they_are():
    assert in_fonts("Zürich, Łódź, Αθήνα, Київ → ok") == "Zürich, Łódź, Αθήνα, Київ → ok"


def test_letters_that_the_fonts_lack_are_spelled_out_on_paper_only():
    assert in_fonts("鍵") == "[U+9375]"
    assert visible("鍵") == "鍵"


def test_an_accent_of_its_own_becomes_part_of_its_letter():
    assert in_fonts("e\u0301") == "é"


def test_only_words_that_no_line_can_hold_are_cut():
    assert shortened("a b " * 200) == "a b " * 200
    assert shortened("x" * (MAX_WORD + 1)) == "x" * MAX_WORD + "…"
