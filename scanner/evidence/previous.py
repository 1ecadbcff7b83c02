"""Reads the pack of the run before: what it found, and the hash that links the next one to it. Changes nothing."""

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec

from scanner.evidence.root import MANIFEST, SUMS, root
from scanner.model.decoding import decode
from scanner.model.errors import InputError, TamperError
from scanner.model.finding import Guardrail
from scanner.model.report import Chain, Previous
from scanner.outputs.findings_json import FINDINGS, read_findings

NONE = "none"
FIRST = Chain(previous_as_of=None, previous_manifest=None, previous_root=None, note="first of chain", missing=False)


class _Manifest(msgspec.Struct, frozen=True):
    created: datetime
    evidence_root: str


class _Scores(msgspec.Struct, frozen=True):
    scores: dict[Guardrail, float] = {}


class Comparison(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run was compared with, as its own pack keeps it: a replay then needs no other pack."""

    previous: Previous | None
    chain: Chain


def read_comparison(file: Path) -> tuple[Previous | None, Chain]:
    """What a stored pack was compared with; the first of a chain keeps no such file."""
    if not file.is_file():
        return None, FIRST
    try:
        kept = decode(file.read_bytes(), Comparison)
    except msgspec.DecodeError as error:
        raise InputError(f"{file}: is not what a pack was compared with: {error}", hint="use an intact pack") from error
    return kept.previous, kept.chain


def read_previous(where: str) -> tuple[Previous | None, Chain]:
    """The previous findings and the link to them; `none` starts a chain, a missing pack is said and counted.

    Raises TamperError when the pack does not match its own hashes, InputError when it cannot be read.
    """
    if where == NONE:
        return None, FIRST
    folder = Path(where)
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        note = f"first of chain: the configured previous pack was not found ({folder.name})"
        return None, msgspec.structs.replace(FIRST, note=note, missing=True)
    manifest_bytes = _read(folder / MANIFEST)
    manifest = _decode(folder / MANIFEST, manifest_bytes)
    findings = _read(folder / FINDINGS)
    _check(folder, manifest, findings)
    stored = {item.fingerprint: item for item in read_findings(findings)}
    chain = Chain(
        previous_as_of=manifest.created,
        previous_manifest=hashlib.sha256(manifest_bytes).hexdigest(),
        previous_root=manifest.evidence_root,
        note=None,
        missing=False,
    )
    return Previous(findings=stored, scores=_scores(findings)), chain


def _check(folder: Path, manifest: _Manifest, findings: bytes) -> None:
    """The hashes that a comparison rests on: SHA256SUMS under the root, findings.json under SHA256SUMS."""
    sums = _read(folder / SUMS)
    if root(sums) != manifest.evidence_root:
        raise TamperError(f"{folder / SUMS}: does not match the evidence root in {MANIFEST}", hint="use an intact pack")
    expected = f"{hashlib.sha256(findings).hexdigest()}  {FINDINGS}"
    if expected.encode() not in sums.splitlines():
        raise TamperError(f"{folder / FINDINGS}: does not match its hash in {SUMS}", hint="use an intact pack")


def _scores(findings: bytes) -> dict[Guardrail, float]:
    try:
        return decode(findings, _Scores).scores
    except msgspec.DecodeError as error:
        raise InputError(
            f"{FINDINGS}: is not a pack's findings: {error}", hint="give a whole pack, or `none`"
        ) from error


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}", hint="give a whole pack, or `none`") from error


def _decode(file: Path, data: bytes) -> _Manifest:
    try:
        return decode(data, _Manifest)
    except msgspec.DecodeError as error:
        raise InputError(f"{file}: is not a pack's manifest: {error}") from error
