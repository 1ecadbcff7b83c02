"""Finds and reads the files of packs. Understands none of them but pack.yaml."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from scanner.config.faults import Place
from scanner.rules.faults import Faults
from scanner.rules.nodes import parse
from scanner.rules.pack_file import CORE, FOLDERS, PackFile, read_pack

PACK_FILE = "pack.yaml"


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a pack: its path inside an evidence pack's policies folder, and as messages show it."""

    path: str
    shown: str
    folder: str
    content: bytes
    text: str

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return Path(self.path).stem


class PackFolder(msgspec.Struct, frozen=True, kw_only=True):
    """A pack with everything that has to be read to load it again."""

    pack: PackFile
    files: tuple[SourceFile, ...]

    def of(self, folder: str) -> tuple[SourceFile, ...]:
        """The files of one of its folders (rules, baselines, controls)."""
        return tuple(file for file in self.files if file.folder == folder)


def find_packs(paths: Sequence[Path], faults: Faults) -> list[PackFolder]:
    """Every pack under the given folders, the shipped one first, then by name.

    A folder is a pack (it holds pack.yaml), or holds packs as its subfolders, or both, as an evidence pack's does.
    """
    found: dict[str, PackFolder] = {}
    for path in paths:
        folders = [folder for folder in (path, *_subfolders(path)) if (folder / PACK_FILE).is_file()]
        if not folders:
            faults.add(Place(1, 1, str(path)), f"expected a folder with a {PACK_FILE}, found none")
        for folder in folders:
            pack = _read_folder(folder, faults)
            if pack is None:
                continue
            if pack.pack.name in found:
                faults.add(Place(1, 1, str(folder / PACK_FILE)), f"pack '{pack.pack.name}' is given twice")
            found.setdefault(pack.pack.name, pack)
    return sorted(found.values(), key=lambda folder: (folder.pack.name != CORE, folder.pack.name))


def _subfolders(path: Path) -> list[Path]:
    if not path.is_dir():
        return []
    return sorted(child for child in path.iterdir() if child.is_dir() and child.name not in FOLDERS)


def _read_folder(folder: Path, faults: Faults) -> PackFolder | None:
    head = _read_file(folder / PACK_FILE, PACK_FILE, "", faults)
    node = parse(head.text, head.shown, faults) if head is not None else None
    pack = faults.attempt(lambda: read_pack(node, faults), None) if node is not None else None
    if head is None or pack is None:
        return None
    prefix = "" if pack.name == CORE else f"{pack.name}/"
    files = [
        file
        for name in FOLDERS
        for path in _policy_files(folder / name, faults)
        if (file := _read_file(path, path.relative_to(folder).as_posix(), name, faults)) is not None
    ]
    return PackFolder(
        pack=pack,
        files=tuple(msgspec.structs.replace(file, path=f"{prefix}{file.path}") for file in (head, *files)),
    )


def _policy_files(folder: Path, faults: Faults) -> Iterator[Path]:
    """Every YAML file below, sorted; one that ends in .yml would be overlooked elsewhere, so it is noted."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".yml":
            faults.add(Place(1, 1, str(path)), f"expected the ending .yaml; rename it to {path.stem}.yaml")
        elif path.suffix == ".yaml" and not path.is_dir():
            yield path


def _read_file(path: Path, relative: str, folder: str, faults: Faults) -> SourceFile | None:
    try:
        content = path.read_bytes()
        text = content.decode()
    except UnicodeDecodeError as error:
        faults.add(Place(1, 1, str(path)), f"not UTF-8 text: byte {error.start + 1}")
    except OSError as error:
        faults.add(Place(1, 1, str(path)), f"cannot be read: {error.strerror}")
    else:
        return SourceFile(path=relative, shown=str(path), folder=folder, content=content, text=text)
    return None
