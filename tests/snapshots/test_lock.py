"""The lock: one holder at a time, gone with its holder, and nothing left behind."""

import os
import signal
import subprocess
import sys

import pytest

from scanner.model.errors import UsageError
from scanner.snapshots.lock import only_one

HOLDER = """
import sys, time, pathlib
from scanner.snapshots.lock import only_one
with only_one(pathlib.Path(sys.argv[1]), "pack"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_holder_is_refused_and_a_third_comes_after_the_first(tmp_path):
    file = tmp_path / "lock"
    with only_one(file, "pack"):
        with pytest.raises(UsageError, match="pack: another run is writing there"), only_one(file, "pack"):
            pass
        assert file.exists()
    assert not file.exists()
    with only_one(file, "pack"):
        assert file.exists()


def test_a_killed_holder_lets_go(tmp_path):
    file = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(file)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UsageError), only_one(file, "pack"):
            pass
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    with only_one(file, "pack"):
        assert file.exists()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("taken")
    with pytest.raises(UsageError), only_one(tmp_path / "file" / "lock", "pack"):
        pass
