"""Collects every fault of every policy file, so that one run names them all. Decides nothing about what is a fault."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TypeVar

from scanner.config.faults import Place
from scanner.model.errors import PolicyError

SHOWN_OPTIONS = 20
SHOWN_CHARACTERS = 600

Result = TypeVar("Result")


class FaultError(Exception):
    """One fault in a policy file; stays inside this room."""

    def __init__(self, place: Place, text: str) -> None:
        super().__init__(f"{place}: {text}")
        self.place = place
        self.text = text


class Faults:
    """The faults found so far, over all files."""

    def __init__(self) -> None:
        self._found: list[FaultError] = []

    def __len__(self) -> int:
        return len(self._found)

    @property
    def found(self) -> tuple[FaultError, ...]:
        """The faults in the order they were found."""
        return tuple(self._found)

    def add(self, place: Place, text: str) -> None:
        """Notes a fault and goes on."""
        self._found.append(FaultError(place, text))

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Notes a fault raised inside and goes on after the block."""
        try:
            yield
        except FaultError as fault:
            self._found.append(fault)

    def attempt(self, read: Callable[[], Result], otherwise: Result) -> Result:
        """What `read` returns, or a stand-in after noting its fault."""
        try:
            return read()
        except FaultError as fault:
            self._found.append(fault)
            return otherwise

    def settle(self) -> None:
        """Raises PolicyError with every fault, sorted by place, when there is one."""
        if not self._found:
            return
        ordered = sorted(self._found, key=lambda fault: (fault.place.source, fault.place))
        lines = dict.fromkeys(f"{fault.place}: {_one_line(fault.text)}" for fault in ordered)
        raise PolicyError("\n".join(lines), hint="docs/rule-language.md describes the language; nothing was judged")


def _one_line(text: str) -> str:
    """A message on one printable line of bounded length, whatever the file put into it."""
    cut = text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in cut)


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """The nearest option as the end of a sentence, else the options themselves."""
    known = sorted(set(options))
    near = get_close_matches(word, known, 1, 0.6)
    if near:
        return f"; did you mean '{near[0]}'?"
    if not known:
        return "; there is none"
    shown = ", ".join(known[:SHOWN_OPTIONS])
    more = f" and {len(known) - SHOWN_OPTIONS} more" if len(known) > SHOWN_OPTIONS else ""
    return f"; expected one of {shown}{more}"
