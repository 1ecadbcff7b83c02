"""Three values with reasons: true, false, or open until something named is known. Knows no policy."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeAlias, final

import msgspec


class NeedKind(StrEnum):
    """Why a question is open: it depends on the request, or on something that was not read."""

    REQUEST = "request"
    DATA = "data"


class Need(msgspec.Struct, frozen=True):
    """One thing that has to be known: a residual condition on the request, or a missing datum, in words."""

    kind: NeedKind
    text: str


@final
class Open(msgspec.Struct, frozen=True):
    """Neither true nor false; every need that could decide it, each once."""

    needs: tuple[Need, ...]


Truth: TypeAlias = bool | Open


SPARED = Need(NeedKind.DATA, "whether a denial spares somebody in it")
"""What is missing where a denial of everybody has exceptions, and who is in a group is not told apart."""


def on_request(text: str) -> Open:
    """Open until the request is known."""
    return Open((Need(NeedKind.REQUEST, text),))


def on_data(text: str) -> Open:
    """Open because something was not read."""
    return Open((Need(NeedKind.DATA, text),))


def all_of(truths: Iterable[Truth]) -> Truth:
    """False when one is false; open with the needs of all that are open; else true."""
    return _decided_by(truths, decisive=False)


def any_of(truths: Iterable[Truth]) -> Truth:
    """True when one is true; open with the needs of all that are open; else false."""
    return _decided_by(truths, decisive=True)


def _decided_by(truths: Iterable[Truth], *, decisive: bool) -> Truth:
    needs: dict[Need, None] = {}
    for truth in truths:
        if truth is decisive:
            return decisive
        if type(truth) is Open:
            needs.update(dict.fromkeys(truth.needs))
    return Open(tuple(needs)) if needs else not decisive


def negate(truth: Truth) -> Truth:
    """The opposite; what is open stays open on the same needs."""
    return truth if type(truth) is Open else not truth
