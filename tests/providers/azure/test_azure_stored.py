"""A whole tenant is written and comes back as it was, and every record rests on a stored reply."""

import pytest

from azure_worlds import NOW
from scanner.providers.header import header
from scanner.simulator.azure.bank import BRANCHES, WEALTH, bank
from scanner.snapshots.read import read_snapshot
from scanner.snapshots.write import SnapshotWriter


@pytest.fixture
def world():
    return bank(NOW)


def test_what_is_written_comes_back(read, tmp_path):
    found = read()
    writer = SnapshotWriter(tmp_path / "snapshot")
    for collected in found.shards.values():
        writer.write(collected)
    writer.finish(header([found.collection], as_of=NOW, finished_at=NOW))
    stored = {(shard.scope.account, shard.scope.region): shard for shard in read_snapshot(tmp_path).shards}
    assert stored == {place: collected.shard for place, collected in found.shards.items()}
    assert {stored[account, "global"].watching is not None for account in (WEALTH, BRANCHES)} == {True}


def test_every_piece_of_evidence_names_a_reply_of_its_shard(read):
    for collected in (one for one in read().shards.values() if one.shard.scope.region):
        shard = collected.shard
        ids = [response.id for response in (*collected.raw, *(collected.shared.raw if collected.shared else ()))]
        records = [shard.scope, *shard.keys, *shard.containers, *shard.stores]
        records += [shard.access, shard.watching, shard.history]
        named = {item.raw for record in records if record is not None for item in record.evidence}
        assert named <= set(ids)
        assert len(ids) == len(set(ids))
