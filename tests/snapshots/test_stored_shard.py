"""A stored shard comes back as it was, however large, and what is wrong in it is said with its place."""

from hashlib import sha256

import msgspec
import pytest

from records import key, shard
from scanner.model.errors import InputError
from scanner.model.raw import CollectedShard
from scanner.snapshots.files import gzip_bytes
from scanner.snapshots.layout import KEYS
from scanner.snapshots.read import StoredShards
from scanner.snapshots.write import SnapshotWriter

IDS = [sha256(number.to_bytes(2, "big")).hexdigest() for number in range(5_000)]
MANY = shard(*(key(id=f"arn:aws:kms:eu-central-1:111122223333:key/{name}") for name in IDS))


@pytest.fixture
def stored(tmp_path):
    SnapshotWriter(tmp_path).write(CollectedShard(shard=MANY, raw=()))
    (one,) = StoredShards(tmp_path)
    return one


def test_a_shard_of_many_pieces_comes_back_whole(stored):
    assert stored().keys == MANY.keys


def test_a_record_that_is_none_is_placed_in_its_file(stored):
    lines = msgspec.json.Encoder().encode_lines(MANY.keys).replace(b'"state":"enabled"', b'"state":"odd"')
    broken = msgspec.structs.replace(stored, files=stored.files | {KEYS: gzip_bytes(lines)})
    with pytest.raises(InputError, match=r"keys\.jsonl\.gz: not what a snapshot holds: after line 0: .*\[0\].metadata"):
        broken()


def test_a_record_of_a_later_piece_is_counted_from_the_first(stored):
    lines = msgspec.json.Encoder().encode_lines(MANY.keys) + b'{"kind":"key"}\n'
    broken = msgspec.structs.replace(stored, files=stored.files | {KEYS: gzip_bytes(lines)})
    with pytest.raises(InputError) as raised:
        broken()
    said = str(raised.value)
    after = int(said.partition("after line ")[2].partition(":")[0])
    within = int(said.partition("`$[")[2].partition("]")[0])
    assert after > 0
    assert after + within == len(MANY.keys)


@pytest.mark.parametrize("content", [b"", b"plain", gzip_bytes(b"")[:-1]])
def test_a_file_that_is_cut_off_cannot_be_read(stored, content):
    with pytest.raises(InputError, match=r"keys\.jsonl\.gz: cannot be read"):
        msgspec.structs.replace(stored, files=stored.files | {KEYS: content})()


def test_a_missing_file_is_named(stored):
    files = {name: data for name, data in stored.files.items() if name != KEYS}
    with pytest.raises(InputError, match=r"keys\.jsonl\.gz: cannot be read: it is missing"):
        msgspec.structs.replace(stored, files=files)()
