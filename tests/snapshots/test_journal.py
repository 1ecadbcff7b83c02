"""A run's journal: what is finished is known again, what is half done is swept, another run is refused by name."""

from datetime import UTC, datetime

import msgspec
import pytest

from records import key, scope, shard
from scanner.model.errors import InputError, UsageError
from scanner.model.key import Provider
from scanner.model.raw import CollectedShard, HeaderPart, SharedRaw
from scanner.model.snapshot import Identity
from scanner.snapshots.journal import Run, begin, digests_of, go_on, is_begun
from scanner.snapshots.layout import SCOPE, raw_file, shard_folder
from scanner.snapshots.write import SnapshotWriter

MOMENT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
RUN = Run(as_of=MOMENT, version="1.0", collecting=digests_of({"providers.aws.regions": ["eu-central-1"]}))


def a_part(account="111122223333"):
    return HeaderPart(
        provider=Provider.AWS,
        account=account,
        identity=Identity(provider=Provider.AWS, account=account, caller="arn:aws:iam::111122223333:user/ci"),
        regions=("eu-central-1", "us-east-1"),
        regions_outside=("eu-west-1",),
        endpoints=(),
        clock_offset_seconds=1.0,
    )


def a_run(tmp_path):
    """A journal, its folder and its snapshot."""
    folder, snapshot = tmp_path / "run", tmp_path / "run" / "pack" / "snapshot"
    return begin(folder, snapshot, RUN), folder, snapshot


def collect_one(journal, snapshot, part):
    collected = CollectedShard(shard=shard(key()), raw=(), part=part)
    journal.note(collected)
    SnapshotWriter(snapshot).write(collected)
    return collected.shard.scope


def test_a_new_run_is_known_to_have_begun(tmp_path):
    assert not is_begun(tmp_path / "run")
    _, folder, _ = a_run(tmp_path)
    assert is_begun(folder)


@pytest.mark.parametrize("part", [a_part(), None])
def test_finished_scopes_are_read_back_with_what_they_add_to_the_header(tmp_path, part):
    journal, folder, snapshot = a_run(tmp_path)
    scope = collect_one(journal, snapshot, part)
    again = go_on(folder, snapshot, msgspec.structs.replace(RUN, as_of=MOMENT.replace(hour=9)))
    assert (again.run.as_of, again.count()) == (MOMENT, 1)
    assert again.finished(Provider.AWS) == {(scope.account, scope.region): part}


def test_a_scope_whose_shard_is_not_whole_is_not_finished_and_is_swept(tmp_path):
    journal, folder, snapshot = a_run(tmp_path)
    scope = collect_one(journal, snapshot, a_part())
    (snapshot / shard_folder(scope) / SCOPE).unlink()
    (snapshot / raw_file(scope).parent / ".writing-abc").write_text("half")
    again = go_on(folder, snapshot, RUN)
    assert again.finished(Provider.AWS) == {}
    assert [path for path in snapshot.rglob("*") if path.is_file()] == []


def test_replies_whose_shard_was_never_begun_are_swept(tmp_path):
    _, folder, snapshot = a_run(tmp_path)
    stray = snapshot / "raw" / "aws" / "111122223333" / "eu-central-1.jsonl.gz"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"")
    go_on(folder, snapshot, RUN)
    assert not stray.exists()


def test_replies_that_a_finished_scope_shares_are_kept_and_those_of_none_are_swept(tmp_path):
    journal, folder, snapshot = a_run(tmp_path)
    one = shard(key(), scope=scope(shared_raw="0a"))
    for name in ("0a", "0b"):
        collected = CollectedShard(shard=one, raw=(), shared=SharedRaw(name=name, raw=()))
        journal.note(collected)
        SnapshotWriter(snapshot).write(collected)
    go_on(folder, snapshot, RUN)
    kept = {file.name for file in (snapshot / raw_file(one.scope)).parent.iterdir()}
    assert kept == {"eu-central-1.jsonl.gz", "shared_0a.jsonl.gz"}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"version": "1.1"}, "version"),
        ({"collecting": digests_of({"providers.aws.regions": "all"})}, "providers.aws.regions"),
        ({"collecting": {}}, "providers.aws.regions"),
    ],
)
def test_another_run_is_refused_and_what_differs_is_named(tmp_path, changes, named):
    _, folder, snapshot = a_run(tmp_path)
    with pytest.raises(UsageError, match=named):
        go_on(folder, snapshot, msgspec.structs.replace(RUN, **changes))


def test_a_journal_holds_no_value_of_the_configuration(tmp_path):
    folder = tmp_path / "run"
    run = msgspec.structs.replace(RUN, collecting=digests_of({"providers.aws.external_id": "canary-4711"}))
    begin(folder, tmp_path / "snapshot", run)
    assert "canary-4711" not in (folder / "journal.json").read_text()


def test_a_journal_that_cannot_be_read_is_said(tmp_path):
    _, folder, snapshot = a_run(tmp_path)
    (folder / "journal.json").write_text("{")
    with pytest.raises(InputError, match="cannot be resumed"):
        go_on(folder, snapshot, RUN)
