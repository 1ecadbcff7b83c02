"""`keymuster evaluate`: offline, repeatable, and with what the pack itself holds."""

import hashlib
import json
import stat
import subprocess
import sys
from datetime import UTC, datetime

import msgspec
import pytest

import records
from commands import keymuster
from scanner.evidence.root import digests
from scanner.model.raw import CollectedShard
from scanner.snapshots.write import SnapshotWriter

HEADER = records.header(finished_at=datetime(2026, 12, 1, tzinfo=UTC))
DATA = ("csv", "sarif", "junit", "markdown")


@pytest.fixture
def snapshot(tmp_path):
    """A stored snapshot: one good key, one whose rotation is off, one that could not be described."""
    good = records.key()
    off = records.key(id=good.id + "-off", rotation=msgspec.structs.replace(good.rotation, enabled=False))
    unseen = records.key(id=good.id + "-unseen", metadata=records.unread("metadata"))
    writer = SnapshotWriter(tmp_path / "snapshot")
    writer.write(CollectedShard(shard=records.shard(good, off, unseen), raw=()))
    writer.finish(HEADER)
    return tmp_path / "snapshot"


@pytest.mark.slow
def test_two_evaluations_give_the_same_bytes_in_every_file(snapshot, tmp_path):
    assert keymuster("evaluate", snapshot, "--out", tmp_path / "a").returncode == 1
    assert keymuster("evaluate", snapshot, "--out", tmp_path / "b").returncode == 1
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert (tmp_path / "a" / "report.pdf").read_bytes().startswith(b"%PDF")


def test_a_pack_judged_again_gives_the_same_findings(snapshot, tmp_path):
    config = tmp_path / "keymuster.yaml"
    config.write_text("providers: {aws: {}}\nfail_on: low\ntags: {owner: {keys: [team]}}\noutputs: {formats: [csv]}\n")
    keymuster("evaluate", snapshot, "--config", config, "--out", tmp_path / "first")
    again = keymuster("evaluate", tmp_path / "first", "--format", "json")
    assert again.stdout == (tmp_path / "first" / "findings.json").read_text()


@pytest.mark.parametrize("before", ["before", "missing"])
def test_a_pack_judged_again_is_compared_with_what_it_was_compared_with(snapshot, tmp_path, before):
    config = tmp_path / "keymuster.yaml"
    config.write_text("providers: {aws: {}}\noutputs: {formats: [csv, sarif, junit, markdown]}\n")
    keymuster("evaluate", snapshot, "-c", config, "--out", tmp_path / "before")
    first = keymuster("evaluate", snapshot, "-c", config, "--previous", tmp_path / before, "--out", tmp_path / "first")
    (tmp_path / "before").rename(tmp_path / "gone")
    again = keymuster("evaluate", tmp_path / "first")
    assert (again.stdout, again.returncode) == (first.stdout, first.returncode)
    for form, file in {"json": "findings.json", "csv": "findings.csv", "sarif": "findings.sarif"}.items():
        printed = keymuster("report", tmp_path / "first", "--format", form)
        assert printed.stdout == (tmp_path / "first" / file).read_text()


def test_a_report_under_another_configuration_does_not_carry_the_packs_root(snapshot, tmp_path):
    config = tmp_path / "keymuster.yaml"
    config.write_text("providers: {aws: {}}\noutputs: {formats: [html]}\n")
    keymuster("evaluate", snapshot, "-c", config, "--out", tmp_path / "pack")
    root = json.loads((tmp_path / "pack" / "manifest.json").read_text())["evidence_root"]
    assert root in keymuster("report", tmp_path / "pack", "--format", "html").stdout
    assert root not in keymuster("report", tmp_path / "pack", "-c", config, "--format", "html").stdout


def test_unknown_alone_ends_with_4_and_names_the_permission(tmp_path):
    writer = SnapshotWriter(tmp_path / "snapshot")
    key = records.key(tags=records.unread("tags"))
    writer.write(CollectedShard(shard=records.shard(key), raw=()))
    writer.finish(HEADER)
    done = keymuster("evaluate", tmp_path / "snapshot")
    assert done.returncode == 4
    assert "tag:GetResources" in done.stdout


@pytest.mark.parametrize("flags", [(), ("--exit-zero",)])
def test_a_snapshot_without_a_subject_is_never_clean(tmp_path, flags):
    SnapshotWriter(tmp_path / "snapshot").finish(HEADER)
    done = keymuster("evaluate", tmp_path / "snapshot", *flags)
    assert done.returncode == 3
    assert "nothing was judged" in done.stderr


def test_an_override_without_a_configuration_is_refused_rather_than_ignored(snapshot):
    done = keymuster("evaluate", snapshot, "--set", "fail_on=low")
    assert done.returncode == 2
    assert "-c FILE" in done.stderr


def test_every_file_and_folder_of_a_pack_is_private(snapshot, tmp_path):
    config = tmp_path / "keymuster.yaml"
    config.write_text("providers: {aws: {}}\noutputs: {formats: [csv, markdown]}\n")
    keymuster("evaluate", snapshot, "--config", config, "--out", tmp_path / "pack")
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "pack").rglob("*")}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}


def test_the_manifest_covers_every_file_and_the_sums_check_out(snapshot, tmp_path):
    keymuster("evaluate", snapshot, "--out", tmp_path / "pack")
    pack = tmp_path / "pack"
    manifest = json.loads((pack / "manifest.json").read_text())
    files = {path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()}
    assert {entry["path"] for entry in manifest["files"]} == files - {"manifest.json"}
    sums = (pack / "SHA256SUMS").read_bytes()
    assert manifest["evidence_root"] == hashlib.sha256(sums).hexdigest()
    for row in sums.decode().splitlines():
        digest, name = row.split("  ")
        assert hashlib.sha256((pack / name).read_bytes()).hexdigest() == digest


def test_a_folder_that_is_no_pack_is_never_replaced(snapshot, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    done = keymuster("evaluate", snapshot, "--out", tmp_path / "mine")
    assert done.returncode == 2
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_folders_beside_the_pack_are_left_alone(snapshot, tmp_path):
    keymuster("evaluate", snapshot, "--out", tmp_path / "pack")
    (tmp_path / "pack").rename(tmp_path / "pack.old")
    (tmp_path / "pack.partial").mkdir()
    for _ in range(2):
        keymuster("evaluate", tmp_path / "pack.old", "--out", tmp_path / "pack", "--previous", tmp_path / "pack.old")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pack", "pack.old", "pack.partial", "snapshot"]


@pytest.mark.parametrize("inside", ["pack/new", "pack/snapshot/new", "pack/snapshot", "pack", "."])
def test_a_pack_that_is_read_is_never_written_to(snapshot, tmp_path, inside):
    config = tmp_path / "keymuster.yaml"
    config.write_text("providers: {aws: {}}\noutputs: {formats: [csv]}\n")
    keymuster("evaluate", snapshot, "-c", config, "--out", tmp_path / "pack")
    before = digests(tmp_path)
    assert keymuster("evaluate", tmp_path / "pack", "--out", tmp_path / inside).returncode == 2
    assert digests(tmp_path) == before


def test_a_reader_that_goes_away_does_not_turn_findings_into_success(snapshot):
    command = f"{sys.executable} -m scanner evaluate {snapshot} | head -c 1 >/dev/null; exit ${{PIPESTATUS[0]}}"
    assert subprocess.run(["bash", "-c", command], check=False, env={"PATH": "/usr/bin:/bin"}).returncode == 1


@pytest.mark.parametrize("broken", ["snapshot.json", "keys.jsonl.gz"])
def test_a_broken_snapshot_is_exit_2_with_the_file_named(snapshot, broken):
    next(snapshot.rglob(broken)).write_bytes(b"not this")
    done = keymuster("evaluate", snapshot)
    assert done.returncode == 2
    assert broken in done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "policies: {baseline: strickt}",
            "keymuster.yaml:2:22: there is no baseline 'strickt'; did you mean 'strict'?",
        ),
        ("policies: {packs: [nowhere]}", "keymuster.yaml:2:20: there is no folder"),
        ("waivers: lost.yaml", "keymuster.yaml:2:10: "),
    ],
)
def test_a_name_that_leads_nowhere_is_told_with_its_place(snapshot, tmp_path, line, said):
    config = tmp_path / "keymuster.yaml"
    config.write_text(f"providers: {{aws: {{}}}}\n{line}\n")
    done = keymuster("evaluate", snapshot, "--config", config)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_replay_writes_the_formats_that_the_pack_holds(snapshot, tmp_path):
    config = tmp_path / "keymuster.yaml"
    config.write_text("providers: {aws: {}}\noutputs: {formats: [sarif], sarif_all: true}\n")
    keymuster("evaluate", snapshot, "--config", config, "--out", tmp_path / "first")
    keymuster("evaluate", tmp_path / "first", "--out", tmp_path / "again")
    assert digests(tmp_path / "again") == digests(tmp_path / "first")


def test_an_empty_folder_where_the_previous_pack_should_be_is_a_missing_pack(tmp_path):
    (tmp_path / "restored").mkdir()
    writer = SnapshotWriter(tmp_path / "snapshot")
    writer.write(CollectedShard(shard=records.shard(records.key()), raw=()))
    writer.finish(HEADER)
    done = keymuster("evaluate", tmp_path / "snapshot", "--previous", tmp_path / "restored")
    assert done.returncode == 4
    assert "first of chain" in done.stderr
