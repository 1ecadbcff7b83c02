"""Reads a snapshot folder (or the one inside a pack), shard by shard. Changes nothing on disk."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from scanner.model.access_inputs import Access
from scanner.model.alerting import Alerting
from scanner.model.container import KeyContainer
from scanner.model.decoding import decode, decoder
from scanner.model.errors import InputError
from scanner.model.history import History
from scanner.model.identity import AccountIdentities
from scanner.model.key import Key, Provider
from scanner.model.network import Network
from scanner.model.organisation import OrganisationTree
from scanner.model.scope import Scope
from scanner.model.snapshot import SNAPSHOT_SCHEMA, Shard, Snapshot, SnapshotHeader
from scanner.model.store import DataStore, Inventory
from scanner.model.surroundings import Surroundings
from scanner.model.trail import AuditCoverage
from scanner.model.watching import Watching
from scanner.model.watching_google import ProjectWatching
from scanner.snapshots import layout
from scanner.snapshots.files import gunzip_bytes, gunzip_lines

T = TypeVar("T")


class ShardFolder:
    """The shards of a snapshot in order of (provider, account, region); each is read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __iter__(self) -> Iterator[Shard]:
        return (load() for load in StoredShards(self._folder))


class IdentityFiles:
    """The identities of a snapshot's accounts in order of (provider, account); each is read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __iter__(self) -> Iterator[AccountIdentities]:
        files = sorted(self._folder.glob(f"*/*/{layout.IDENTITIES}"))
        return (_decode(file, _content(file, _read(file)), AccountIdentities) for file in files)


class StoredShards:
    """The same shards as they are stored, each read from the disk when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __iter__(self) -> Iterator["StoredShard"]:
        for scope_file in sorted(self._folder.glob(f"*/*/*/{layout.SCOPE}")):
            yield _stored(scope_file.parent)


class StoredShard(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes of one shard's files by name, and where they are from; needs no disk to become the shard."""

    folder: Path
    files: dict[str, bytes]

    def __call__(self) -> Shard:
        """The shard."""
        scope = self._one(layout.SCOPE, Scope)
        watched: type[Watching | ProjectWatching] = ProjectWatching if scope.provider is Provider.GCP else Watching
        return Shard(
            scope=scope,
            audit=self._optional(layout.AUDIT, AuditCoverage),
            keys=self._lines(layout.KEYS, Key),
            inventory=self._optional(layout.INVENTORY, Inventory),
            stores=self._lines(layout.STORES, DataStore),
            alerting=self._optional(layout.ALERTING, Alerting),
            network=self._optional(layout.NETWORK, Network),
            containers=self._lines(layout.CONTAINERS, KeyContainer) if layout.CONTAINERS in self.files else (),
            access=self._optional(layout.ACCESS, Access),
            watching=self._optional(layout.WATCHING, watched),
            history=self._optional(layout.HISTORY, History),
            surroundings=self._optional(layout.SURROUNDINGS, Surroundings),
        )

    def _optional(self, name: str, what: type[T]) -> T | None:
        return self._one(name, what) if name in self.files else None

    def _one(self, name: str, what: type[T]) -> T:
        file = self.folder / name
        return _decode(file, _content(file, self._stored(name)), what)

    def _lines(self, name: str, what: type[T]) -> tuple[T, ...]:
        file, found = self.folder / name, list[T]()
        try:
            for piece in gunzip_lines(self._stored(name)):
                found += decoder(what).decode_lines(piece)
        except zlib.error as error:
            raise InputError(f"{file}: cannot be read: {error}") from error
        except msgspec.DecodeError as error:
            raise InputError(f"{file}: not what a snapshot holds: after line {len(found)}: {error}") from error
        return tuple(found)

    def _stored(self, name: str) -> bytes:
        if name not in self.files:
            raise InputError(f"{self.folder / name}: cannot be read: it is missing")
        return self.files[name]


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
    scopes = (_decode(file, _content(file, _read(file)), Scope) for file in files)
    return sum(count.pages for scope in scopes for count in scope.calls)


def read_snapshot(path: Path) -> Snapshot:
    """Reads the header at once and the shards as they are iterated; raises InputError for what is not a snapshot."""
    folder = snapshot_folder(path)
    file = folder / layout.HEADER
    header = _decode(file, file.read_bytes(), SnapshotHeader)
    if header.schema != SNAPSHOT_SCHEMA:
        raise InputError(
            f"{file}: schema {header.schema!r} is not {SNAPSHOT_SCHEMA!r}", hint="written by another version"
        )
    return Snapshot(
        header=header,
        shards=ShardFolder(folder),
        organisations=_organisations(folder),
        accounts=IdentityFiles(folder),
        loaders=StoredShards(folder),
    )


def _organisations(folder: Path) -> tuple[OrganisationTree, ...]:
    files = sorted(folder.glob(f"*/{layout.ORGANISATION}"))
    return tuple(_decode(file, _content(file, _read(file)), OrganisationTree) for file in files)


def _stored(folder: Path) -> StoredShard:
    return StoredShard(
        folder=folder, files={file.name: _read(file) for file in sorted(folder.iterdir()) if file.is_file()}
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error}") from error


def _content(file: Path, stored: bytes) -> bytes:
    try:
        return gunzip_bytes(stored)
    except zlib.error as error:
        raise InputError(f"{file}: cannot be read: {error}") from error


def _decode(file: Path, data: bytes, what: type[T]) -> T:
    try:
        return decode(data, what)
    except msgspec.DecodeError as error:
        raise InputError(f"{file}: not what a snapshot holds: {error}") from error
