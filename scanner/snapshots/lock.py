"""One run at a time: a lock that the system itself lets go when its holder dies. Knows nothing of what is guarded."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scanner.model.errors import UsageError
from scanner.snapshots.files import claim_folder

_FILE_MODE = 0o600


@contextmanager
def only_one(file: Path, what: str) -> Iterator[None]:
    """Holds `file` locked until the block ends; raises UsageError when another run holds it for `what`."""
    claim_folder(file.parent)
    handle = _locked(file, what)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)  # before letting go: whoever waits for the old file sees that it is gone
        os.close(handle)


def _locked(file: Path, what: str) -> int:
    """An open handle on the locked file; a file that its holder removed meanwhile is made anew."""
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _FILE_MODE)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(file, handle):
                return handle
        except BlockingIOError as error:
            os.close(handle)
            raise UsageError(
                f"{what}: another run is writing there", hint="wait for it, or give another --out"
            ) from error
        except OSError as error:
            os.close(handle)
            raise UsageError(f"{file}: cannot be locked: {error.strerror}", hint="give another --out") from error
        os.close(handle)


def _is_still(file: Path, handle: int) -> bool:
    try:
        return file.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False
