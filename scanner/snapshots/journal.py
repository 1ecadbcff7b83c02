"""What a run has to remember of itself, so that another process can go on with it. Collects and judges nothing."""

import hashlib
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from scanner.model.decoding import decode
from scanner.model.errors import InputError, UsageError
from scanner.model.key import Provider
from scanner.model.raw import CollectedShard, HeaderPart
from scanner.model.scope import Scope
from scanner.snapshots import layout
from scanner.snapshots.files import WRITING, gunzip_bytes, write_atomic

JOURNAL = "journal.json"
JOURNAL_SCHEMA = "keymuster/journal/1"
PARTS = "scopes"

Parts = dict[tuple[str, str | None], HeaderPart | None]
T = TypeVar("T")


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must be the same for the whole run.

    `collecting` holds a digest of each configuration key that decides what is collected, so that a key that was
    changed can be named and no value is kept.
    """

    schema: str = JOURNAL_SCHEMA
    as_of: datetime
    version: str
    collecting: dict[str, str]


class _Noted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    part: HeaderPart | None


class Journal:
    """The journal of one run, in a folder outside the pack, beside the snapshot that the run collects."""

    def __init__(self, folder: Path, snapshot: Path, run: Run) -> None:
        self.run = run
        self._folder = folder
        self._snapshot = snapshot

    def note(self, collected: CollectedShard) -> None:
        """Keeps what the scope adds to the header; to be called before the shard itself is written."""
        write_atomic(self._part(collected.shard.scope), msgspec.json.encode(_Noted(part=collected.part)))

    def finished(self, provider: Provider) -> Parts:
        """The provider's scopes that are whole on disk, by (account, region), with what they add to the header."""
        scopes = [_scope(file) for file in sorted(self._snapshot.glob(f"{provider.value}/*/*/{layout.SCOPE}"))]
        return {
            (scope.account, scope.region): _decode(self._part(scope), _Noted).part
            for scope in scopes
            if self._part(scope).is_file()
        }

    def count(self) -> int:
        """How many scopes are whole on disk."""
        return sum(1 for _ in self._snapshot.glob(f"*/*/*/{layout.SCOPE}"))

    def _part(self, scope: Scope) -> Path:
        folder = layout.shard_folder(scope)
        return self._folder / PARTS / folder.parent / f"{folder.name}.json"


def begin(folder: Path, snapshot: Path, run: Run) -> Journal:
    """The journal of a new run, on disk before anything is asked."""
    write_atomic(folder / JOURNAL, msgspec.json.format(msgspec.json.encode(run)))
    return Journal(folder, snapshot, run)


def is_begun(folder: Path) -> bool:
    """A run was begun here, and not ended."""
    return (folder / JOURNAL).is_file()


def go_on(folder: Path, snapshot: Path, run: Run) -> Journal:
    """The journal of the run that was begun here; raises UsageError when `run` would not collect the same."""
    earlier = _decode(folder / JOURNAL, Run)
    differing = _differences(earlier, run)
    if differing:
        raise UsageError(
            f"the interrupted run cannot be resumed: {', '.join(differing)} changed since it began",
            hint="run it as it was begun, or leave --resume out to begin anew",
        )
    _sweep(snapshot)
    return Journal(folder, snapshot, earlier)


def digests_of(settings: Mapping[str, object]) -> dict[str, str]:
    """SHA-256 (hex) of each value's JSON text by its dotted key."""
    return {key: hashlib.sha256(msgspec.json.encode(value)).hexdigest() for key, value in sorted(settings.items())}


def _differences(earlier: Run, now: Run) -> list[str]:
    versions = [] if earlier.version == now.version else [f"keymuster's version ({earlier.version}, now {now.version})"]
    keys = sorted(earlier.collecting.keys() | now.collecting.keys())
    return versions + [key for key in keys if earlier.collecting.get(key) != now.collecting.get(key)]


def _sweep(snapshot: Path) -> None:
    """Removes what belongs to no finished part: it would be sealed as evidence that nothing speaks of."""
    for file in snapshot.rglob(f"{WRITING}*"):
        file.unlink()
    for folder in (path for path in snapshot.glob("*/*/*/") if path.relative_to(snapshot).parts[0] != layout.RAW):
        if not (folder / layout.SCOPE).is_file():
            shutil.rmtree(folder)
    named = _shared_files(snapshot)
    for file in snapshot.glob(f"{layout.RAW}/*/*/*"):
        if file in named:
            continue
        part = snapshot / file.relative_to(snapshot / layout.RAW).parent / file.name.partition(".")[0]
        if not part.is_dir() and not any(part.parent.glob(f"{part.name}.*")):
            file.unlink()


def _shared_files(snapshot: Path) -> set[Path]:
    """The files of responses that finished scopes share."""
    scopes = (_scope(file) for file in snapshot.glob(f"*/*/*/{layout.SCOPE}"))
    return {snapshot / layout.shared_raw_file(one, one.shared_raw) for one in scopes if one.shared_raw}


def _scope(file: Path) -> Scope:
    return decode(gunzip_bytes(file.read_bytes()), Scope)


def _decode(file: Path, what: type[T]) -> T:
    try:
        return decode(file.read_bytes(), what)
    except (OSError, msgspec.DecodeError) as error:
        raise InputError(
            f"{file}: cannot be read, so the run cannot be resumed: {error}", hint="leave --resume out to begin anew"
        ) from error
