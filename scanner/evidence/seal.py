"""Seals a pack: the manifest that lists every file and links to the pack before. Writes only the manifest."""

import hashlib
from pathlib import Path

import msgspec

from scanner.evidence.root import MANIFEST, digests
from scanner.model.report import Report
from scanner.outputs.sentences import report_number
from scanner.snapshots.files import gunzip_bytes, write_atomic

MANIFEST_SCHEMA = "keymuster/manifest/1"

_MEDIA = {
    ".json": "application/json",
    ".gz": "application/gzip",
    ".csv": "text/csv",
    ".sarif": "application/sarif+json",
    ".xml": "application/xml",
    ".md": "text/markdown",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".yaml": "application/yaml",
}


def seal(folder: Path, report: Report, evidence_root: str) -> None:
    """Writes manifest.json over everything in the folder: canonical JSON, sorted keys, no floats, no clock."""
    write_atomic(folder / MANIFEST, _canonical(_manifest(folder, report, evidence_root)))


def _manifest(folder: Path, report: Report, evidence_root: str) -> dict[str, object]:
    header, chain, counts = report.header, report.chain, report.counts
    return {
        "schema": MANIFEST_SCHEMA,
        "id": report_number(report),
        "kind": "point-in-time",
        "created": header.as_of,
        "simulated": header.simulated,
        "tool": header.tool,
        "policies": {"name": report.pack.name, "version": report.pack.version, "sha256": report.pack.sha256},
        "identities": header.identities,
        "counts": counts,
        "files": [_entry(folder, path, digest) for path, digest in digests(folder).items() if path != MANIFEST],
        "evidence_root": evidence_root,
        "previous": {
            "as_of": chain.previous_as_of,
            "manifest_sha256": chain.previous_manifest,
            "evidence_root": chain.previous_root,
            "note": chain.note,
        },
    }


def _entry(folder: Path, path: str, digest: str) -> dict[str, object]:
    """One file; for a .gz also the hash of what is inside, since compressors differ and content does not."""
    file = folder / path
    entry: dict[str, object] = {
        "path": path,
        "bytes": file.stat().st_size,
        "sha256": digest,
        "media": _MEDIA.get(file.suffix, "application/octet-stream"),
    }
    if file.suffix == ".gz":
        entry["sha256_content"] = hashlib.sha256(gunzip_bytes(file.read_bytes())).hexdigest()
    return entry


def _canonical(value: object) -> bytes:
    return msgspec.json.encode(value, order="sorted") + b"\n"
