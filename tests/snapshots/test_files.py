"""Files are private, whole, and the same for the same content."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.snapshots.files import gunzip_bytes, gzip_bytes, make_folder, write_atomic


def test_files_are_0600_and_folders_0700(tmp_path):
    write_atomic(tmp_path / "a" / "b" / "file.json", b"x")
    assert (tmp_path / "a" / "b" / "file.json").stat().st_mode & 0o777 == 0o600
    assert [(tmp_path / part).stat().st_mode & 0o777 for part in ("a", "a/b")] == [0o700, 0o700]


def test_a_failed_write_leaves_the_old_file_and_no_trace(tmp_path):
    write_atomic(tmp_path / "file", b"old")
    with pytest.raises(TypeError):
        write_atomic(tmp_path / "file", "text is not bytes")  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"old"


def test_existing_folders_keep_their_mode(tmp_path):
    tmp_path.chmod(0o755)
    make_folder(tmp_path / "new")
    assert tmp_path.stat().st_mode & 0o777 == 0o755


@given(st.binary(max_size=2_000))
def test_gzip_is_reversible_and_carries_no_time_or_name(data):
    zipped = gzip_bytes(data)
    assert gunzip_bytes(zipped) == gzip.decompress(zipped) == data
    assert zipped[3] == 0
    assert zipped[4:8] == bytes(4)


@pytest.mark.parametrize("bad", [b"", b"plain", gzip_bytes(b"x")[:-3], gzip_bytes(b"x") + b"more"])
def test_half_a_file_or_two_is_an_error(bad):
    with pytest.raises(zlib.error):
        gunzip_bytes(bad)
