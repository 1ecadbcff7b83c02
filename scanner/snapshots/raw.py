"""Reads when stored responses were given, by their ids. Decodes no body and changes nothing on disk."""

import zlib
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import msgspec

from scanner.model.decoding import decoder
from scanner.model.errors import InputError
from scanner.model.scope import Scope
from scanner.snapshots import layout
from scanner.snapshots.files import gunzip_bytes


class _Line(msgspec.Struct, frozen=True):
    """What is wanted of a raw line; other fields are passed over."""

    id: str
    at: datetime


def answered_at(snapshot: Path, scope: Scope, ids: Collection[str]) -> dict[str, datetime]:
    """When the responses with these ids were given; those that are not stored are left out. Raises InputError."""
    files = [layout.raw_file(scope)]
    files += [layout.shared_raw_file(scope, scope.shared_raw)] if scope.shared_raw else []
    wanted = frozenset(ids)
    lines = (line for file in files for line in _lines(snapshot / file))
    return {line.id: line.at for line in lines if line.id in wanted}


def _lines(file: Path) -> list[_Line]:
    if not file.is_file():
        return []
    try:
        return decoder(_Line).decode_lines(gunzip_bytes(file.read_bytes()))
    except (OSError, zlib.error, msgspec.DecodeError) as error:
        raise InputError(f"{file}: not what a snapshot holds: {error}") from error
