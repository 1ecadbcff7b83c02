"""Reads a snapshot folder (or the one inside a pack), shard by shard. Changes nothing on disk."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from scanner.model.errors import InputError
from scanner.model.key import Key
from scanner.model.scope import Scope
from scanner.model.snapshot import SNAPSHOT_SCHEMA, Shard, Snapshot, SnapshotHeader
from scanner.model.store import DataStore, Inventory
from scanner.model.trail import AuditCoverage
from scanner.snapshots import layout
from scanner.snapshots.files import gunzip_bytes

T = TypeVar("T")


class ShardFolder:
    """The shards of a snapshot in order of (provider, account, region); each is read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __iter__(self) -> Iterator[Shard]:
        for scope_file in sorted(self._folder.glob(f"*/*/*/{layout.SCOPE}")):
            yield _read_shard(scope_file.parent)


def snapshot_folder(path: Path) -> Path:
    """The snapshot's own folder, given that folder or a pack; raises InputError when there is none."""
    for folder in (path, path / "snapshot"):
        if (folder / layout.HEADER).is_file():
            return folder
    raise InputError(
        f"{path}: no snapshot here",
        hint=f"give a pack, or a folder that holds {layout.HEADER}; a collection that was cut off has none",
    )


def is_complete(folder: Path) -> bool:
    """The snapshot in the folder was collected to its end."""
    return (folder / layout.HEADER).is_file()


def calls_answered(folder: Path) -> int:
    """How many calls of a snapshot's scopes, counted by page, were answered; reads nothing but the scopes."""
    files = sorted(folder.glob(f"*/*/*/{layout.SCOPE}"))
    scopes = (_decode(file, _unzipped(file), msgspec.json.Decoder(Scope)) for file in files)
    return sum(count.pages for scope in scopes for count in scope.calls)


def read_snapshot(path: Path) -> Snapshot:
    """Reads the header at once and the shards as they are iterated; raises InputError for what is not a snapshot."""
    folder = snapshot_folder(path)
    file = folder / layout.HEADER
    header = _decode(file, file.read_bytes(), msgspec.json.Decoder(SnapshotHeader))
    if header.schema != SNAPSHOT_SCHEMA:
        raise InputError(
            f"{file}: schema {header.schema!r} is not {SNAPSHOT_SCHEMA!r}", hint="written by another version"
        )
    return Snapshot(header=header, shards=ShardFolder(folder))


def _read_shard(folder: Path) -> Shard:
    return Shard(
        scope=_decode(folder / layout.SCOPE, _unzipped(folder / layout.SCOPE), msgspec.json.Decoder(Scope)),
        audit=_decode_if_there(folder / layout.AUDIT, msgspec.json.Decoder(AuditCoverage)),
        keys=tuple(_decode_lines(folder / layout.KEYS, msgspec.json.Decoder(Key))),
        inventory=_decode_if_there(folder / layout.INVENTORY, msgspec.json.Decoder(Inventory)),
        stores=tuple(_decode_lines(folder / layout.STORES, msgspec.json.Decoder(DataStore))),
    )


def _decode_if_there(file: Path, decoder: msgspec.json.Decoder[T]) -> T | None:
    return _decode(file, _unzipped(file), decoder) if file.is_file() else None


def _unzipped(file: Path) -> bytes:
    try:
        return gunzip_bytes(file.read_bytes())
    except (OSError, zlib.error) as error:
        raise InputError(f"{file}: cannot be read: {error}") from error


def _decode_lines(file: Path, decoder: msgspec.json.Decoder[T]) -> list[T]:
    try:
        return decoder.decode_lines(_unzipped(file))
    except msgspec.DecodeError as error:
        raise InputError(f"{file}: not what a snapshot holds: {error}") from error


def _decode(file: Path, data: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    try:
        return decoder.decode(data)
    except msgspec.DecodeError as error:
        raise InputError(f"{file}: not what a snapshot holds: {error}") from error
