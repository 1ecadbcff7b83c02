"""The pack of the run before is read or refused, never a crash."""

import hashlib
import json

import pytest

from scanner.evidence.previous import read_previous
from scanner.evidence.root import root
from scanner.model.errors import InputError, TamperError

FINDINGS = {"schema": "keymuster/findings/1", "findings": [], "scores": {"rotation": 75.0}}


def pack(folder, findings=FINDINGS, more=b""):
    """A pack whose hashes agree, whatever it holds."""
    data = json.dumps(findings).encode()
    sums = f"{hashlib.sha256(data).hexdigest()}  findings.json\n".encode() + more
    (folder / "findings.json").write_bytes(data)
    (folder / "SHA256SUMS").write_bytes(sums)
    manifest = {"created": "2026-11-23T06:00:00Z", "evidence_root": root(sums)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return str(folder)


def test_an_intact_pack_gives_its_findings_scores_and_root(tmp_path):
    previous, chain = read_previous(pack(tmp_path))
    assert (dict(previous.findings), dict(previous.scores)) == ({}, {"rotation": 75.0})
    assert chain.previous_root == root((tmp_path / "SHA256SUMS").read_bytes())


@pytest.mark.parametrize(
    "wrong", [{"scores": {"unheard-of": 1.0}}, {"scores": []}, {"schema": "x/9", "scores": 1}, {"findings": [{}]}]
)
def test_findings_of_another_make_are_refused(tmp_path, wrong):
    with pytest.raises(InputError, match=r"findings\.json"):
        read_previous(pack(tmp_path, FINDINGS | wrong))


def test_sums_that_are_no_text_are_read_as_bytes(tmp_path):
    _, chain = read_previous(pack(tmp_path, more=b"\xff\xfe  x\n"))
    assert not chain.missing


def test_changed_findings_are_tampering(tmp_path):
    where = pack(tmp_path)
    (tmp_path / "findings.json").write_text("{}")
    with pytest.raises(TamperError, match="does not match its hash"):
        read_previous(where)


def test_a_pack_that_is_not_there_starts_a_chain_and_is_missing(tmp_path):
    previous, chain = read_previous(str(tmp_path / "none"))
    assert previous is None
    assert chain.missing
