"""Files are private, whole, and the same for the same content."""

import gzip
import zlib
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.snapshots import files
from scanner.snapshots.files import gunzip_bytes, gunzip_lines, gzip_bytes, make_folder, write_atomic


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


LARGE = b"".join(sha256(number.to_bytes(2, "big")).digest() for number in range(9_400)).replace(b"\n", b" ")
"""One line of 300 kB that does not compress."""


@given(st.lists(st.binary(max_size=200_000).filter(lambda line: b"\n" not in line), max_size=6), st.booleans())
def test_lines_come_in_pieces_of_whole_ones(lines, ended):
    whole = b"\n".join(lines) + (b"\n" if ended else b"")
    pieces = list(gunzip_lines(gzip_bytes(whole)))
    assert b"\n".join(pieces).rstrip(b"\n") == whole.rstrip(b"\n")


def test_lines_longer_than_what_is_taken_at_once_stay_whole():
    assert list(gunzip_lines(gzip_bytes(LARGE + b"\n" + LARGE + b"\nend"))) == [LARGE, LARGE, b"end"]


@pytest.mark.parametrize("content", [b"x", LARGE])
def test_half_a_file_or_two_is_an_error(content):
    whole = gzip_bytes(content)
    for bad in (b"", b"plain", whole[:-3], whole + b"more", whole + gzip_bytes(b"x")):
        with pytest.raises(zlib.error):
            gunzip_bytes(bad)
        with pytest.raises(zlib.error):
            list(gunzip_lines(bad))


def test_bytes_after_the_end_are_an_error_where_the_end_is_that_of_a_piece():
    whole = next(zipped for size in range(65_400, 65_600) if len(zipped := gzip_bytes(LARGE[:size])) == files._AT_ONCE)
    assert len(list(gunzip_lines(whole))) == 1
    with pytest.raises(zlib.error):
        list(gunzip_lines(whole + b"more"))
