"""The evidence root: one hash over every file that a report can speak of. Reads files, changes none."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
REPORTS = frozenset({"report.pdf", "report.html", "report.xlsx"})
"""Files that print the root and so cannot be covered by it; the manifest covers them."""


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 (hex) of every file's stored bytes by its path below the folder, sorted."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def sums(files: Mapping[str, str]) -> bytes:
    """The text of SHA256SUMS in coreutils' format: everything but the reports, the manifest and itself."""
    covered = (path for path in sorted(files) if path not in REPORTS | {SUMS, MANIFEST})
    return "".join(f"{files[path]}  {path}\n" for path in covered).encode()


def root(sums_text: bytes) -> str:
    """The evidence root: the SHA-256 (hex) of SHA256SUMS."""
    return hashlib.sha256(sums_text).hexdigest()
