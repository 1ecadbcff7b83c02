"""Private files, written whole or not at all. Knows nothing of what is in them."""

import os
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from scanner.model.errors import UsageError

FOLDER_MODE = 0o700
WRITING = ".writing-"
"""How the name of a file begins that is not whole yet."""

GZIP_WINDOW = 31
"""zlib's way to ask for a gzip wrapper; its header then holds no time and no name."""

_AT_ONCE = 64 * 1024
"""Compressed bytes that are taken at once."""


def make_folder(path: Path) -> None:
    """Makes a folder and its parents, readable by the owner alone; folders that exist keep their mode."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def claim_folder(path: Path) -> None:
    """Makes the folder that a user asked for; raises UsageError when that cannot be."""
    try:
        make_folder(path)
        path.mkdir(exist_ok=True)  # which a file in its place refuses
    except OSError as error:
        raise UsageError(f"{path}: cannot be made: {error.strerror}", hint="give another --out") from error


def write_atomic(path: Path, data: bytes) -> None:
    """Writes a file of mode 0600 that is there whole or not at all, even when the machine stops midway."""
    make_folder(path.parent)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=WRITING)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def gzip_bytes(data: bytes) -> bytes:
    """Compresses so that equal bytes give equal bytes: level 1, no time, no file name."""
    return zlib.compress(data, level=1, wbits=GZIP_WINDOW)


def gunzip_bytes(data: bytes) -> bytes:
    """Undoes `gzip_bytes`; raises zlib.error on anything else, also on bytes after the end."""
    return b"".join(_pieces(data))


def gunzip_lines(data: bytes) -> Iterator[bytes]:
    """The same in pieces of whole lines, small enough to be read while they are in the processor's cache."""
    begun = b""
    for piece in _pieces(data):
        whole, end, rest = piece.rpartition(b"\n")
        if end:
            yield begun + whole
        begun = rest if end else begun + rest
    if begun:
        yield begun


def _pieces(data: bytes) -> Iterator[bytes]:
    decompressor = zlib.decompressobj(wbits=GZIP_WINDOW)
    stored = memoryview(data)
    for start in range(0, len(stored), _AT_ONCE):
        yield decompressor.decompress(stored[start : start + _AT_ONCE])
    if not decompressor.eof or decompressor.unused_data:
        message = "not one whole gzip member"
        raise zlib.error(message)
