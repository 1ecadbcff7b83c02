"""Writes a snapshot: each shard atomically as it is collected, the header last. Reads nothing back."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from scanner.model.raw import CollectedIdentities, CollectedOrganisation, CollectedShard, SharedRaw
from scanner.model.scope import Scope
from scanner.model.snapshot import SnapshotHeader
from scanner.snapshots import layout
from scanner.snapshots.files import gzip_bytes, make_folder, write_atomic


class SnapshotWriter:
    """Writes into one folder; a snapshot without its header is unfinished and cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        make_folder(folder)

    def write(self, collected: CollectedShard) -> None:
        """Writes one shard and its raw responses; may be called from any thread."""
        shard = collected.shard
        folder = self._folder / layout.shard_folder(shard.scope)
        if collected.identities is not None:
            self._write_identities(collected.identities)
        if collected.shared is not None:
            self._write_shared(shard.scope, collected.shared)
        write_atomic(self._folder / layout.raw_file(shard.scope), _lines(collected.raw))
        write_atomic(folder / layout.KEYS, _lines(shard.keys))
        write_atomic(folder / layout.STORES, _lines(shard.stores))
        if shard.containers:
            write_atomic(folder / layout.CONTAINERS, _lines(shard.containers))
        singles = {
            layout.INVENTORY: shard.inventory,
            layout.ALERTING: shard.alerting,
            layout.NETWORK: shard.network,
            layout.AUDIT: shard.audit,
            layout.ACCESS: shard.access,
            layout.WATCHING: shard.watching,
            layout.HISTORY: shard.history,
            layout.SURROUNDINGS: shard.surroundings,
        }
        for name, record in singles.items():
            if record is not None:
                write_atomic(folder / name, gzip_bytes(msgspec.json.encode(record)))
        write_atomic(folder / layout.SCOPE, gzip_bytes(msgspec.json.encode(shard.scope)))

    def _write_identities(self, collected: CollectedIdentities) -> None:
        """Before the scope of the shard they came with: what stands for a finished shard must be there last."""
        place = (collected.identities.provider, collected.identities.account)
        write_atomic(self._folder / layout.identities_raw_file(*place), _lines(collected.raw))
        write_atomic(
            self._folder / layout.identities_file(*place), gzip_bytes(msgspec.json.encode(collected.identities))
        )

    def _write_shared(self, scope: Scope, shared: SharedRaw) -> None:
        """Once: a file of this name holds exactly this."""
        file = self._folder / layout.shared_raw_file(scope, shared.name)
        if not file.is_file():
            write_atomic(file, _lines(shared.raw))

    def write_organisation(self, collected: CollectedOrganisation) -> None:
        """Writes a provider's organisation and its raw responses."""
        provider = collected.tree.provider
        write_atomic(self._folder / layout.organisation_raw_file(provider), _lines(collected.raw))
        write_atomic(self._folder / layout.organisation_file(provider), gzip_bytes(msgspec.json.encode(collected.tree)))

    def finish(self, header: SnapshotHeader) -> None:
        """Writes the header, which makes the snapshot complete."""
        write_atomic(self._folder / layout.HEADER, msgspec.json.format(msgspec.json.encode(header), indent=2) + b"\n")


def _lines(records: Iterable[msgspec.Struct]) -> bytes:
    return gzip_bytes(msgspec.json.Encoder().encode_lines(records))
