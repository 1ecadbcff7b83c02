"""Reads what machines wrote into its type, the type built by one thread alone. Knows no type of its own.

msgspec 0.22 builds what it needs of a type when the type is first used, and names the type as built before it is
whole: two threads that meet there end the interpreter with a segmentation fault, in the middle of a scan.
"""

from threading import Lock
from typing import Any, TypeVar

import msgspec
from msgspec.json import Decoder  # noqa: TID251 (the one place)

T = TypeVar("T")

_BUILDING = Lock()
_BUILT: dict[type, Decoder[Any]] = {}


def decoder(what: type[T]) -> Decoder[T]:
    """The decoder of a type, built once; decoding raises msgspec.DecodeError."""
    built = _BUILT.get(what)
    if built is None:
        with _BUILDING:
            built = _BUILT.setdefault(what, Decoder(what))
    return built


def decode(data: bytes | str, what: type[T]) -> T:
    """JSON as the type; raises msgspec.DecodeError."""
    return decoder(what).decode(data)


def convert(value: object, what: type[T]) -> T:
    """Plain values as the type; raises msgspec.ValidationError."""
    decoder(what)
    return msgspec.convert(value, type=what)  # noqa: TID251 (the one place)
