"""Collects every fault of a file that people write, each with its place. Decides nothing about what is a fault."""

from collections.abc import Iterable
from difflib import get_close_matches

import msgspec

from scanner.model.errors import ConfigError

SHOWN_OPTIONS = 20
SHOWN_CHARACTERS = 60
CLOSE_ENOUGH = 0.6


class Place(msgspec.Struct, frozen=True, order=True):
    """Where something was written: a position in a file, or (`line` 0) a variable or a flag named by `source`."""

    line: int
    column: int
    source: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


class Fault(msgspec.Struct, frozen=True, order=True):
    """One thing that is wrong, in words of the product."""

    place: Place
    text: str


def refuse(faults: Iterable[Fault], hint: str) -> None:
    """Raises ConfigError with every fault when there is one."""
    found = tuple(faults)
    if found:
        raise refusal(found, hint)


def refusal(faults: Iterable[Fault], hint: str) -> ConfigError:
    """The error that names every fault: file positions in the order of the file, then variables and flags."""
    ordered = sorted(set(faults), key=lambda fault: (fault.place.line == 0, fault))
    return ConfigError("\n".join(f"{fault.place}: {fault.text}" for fault in ordered), hint=hint)


def nearest(word: str, options: Iterable[str]) -> str:
    """The end of a sentence that names the closest option, or nothing when none is close."""
    known = {option.casefold(): option for option in options}
    near = get_close_matches(word.casefold(), sorted(known), 1, CLOSE_ENOUGH)
    return f"; did you mean '{known[near[0]]}'?" if near else ""


def choices(options: Iterable[str]) -> str:
    """Options as a list for a sentence, cut to a readable length."""
    known = list(options)
    more = f" and {len(known) - SHOWN_OPTIONS} more" if len(known) > SHOWN_OPTIONS else ""
    return ", ".join(known[:SHOWN_OPTIONS]) + more


def shown(text: str) -> str:
    """Text as a message may carry it: in quotes, on one line, printable, cut to a readable length."""
    cut = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
    return "'" + "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in cut) + "'"
