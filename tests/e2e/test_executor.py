"""One process, several, or a cluster: the same snapshot is judged alike to the byte, and the same world read alike."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from commands import keymuster
from scanner.cli.clock import now
from scanner.simulator.aws.bank import bank
from scanner.simulator.aws.faults import Effect, Fault
from scanner.simulator.aws.server import serve
from scanner.simulator.demo import credentials
from scanner.snapshots.read import read_snapshot
from worlds import bank_config

CLUSTER = """
import sys, warnings
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""
VARYING = frozenset({"started_at", "finished_at", "captured_at", "calls", "request_id", "sha256"})


@contextmanager
def local_cluster(folder, environment):
    """A LocalCluster in a process of its own, with the workers' credentials in its environment; gives its address."""
    script = folder / "cluster.py"
    script.write_text(CLUSTER)
    command = [sys.executable, str(script)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as running:
        try:
            yield running.stdout.readline().strip()
        finally:
            running.stdin.close()
            running.wait(30)


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    """The bank scanned by one process, by two, and by a cluster."""
    folder = tmp_path_factory.mktemp("packs")
    world = bank(now())
    with serve(world) as endpoint:
        file = bank_config(folder, endpoint.url, "csv", "sarif")
        environment = credentials(world, {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})
        with local_cluster(folder, environment) as address:
            ways = {"one": (), "two": ("--workers", "2"), "cluster": ("--scheduler", address)}
            for name, flags in ways.items():
                done = keymuster("scan", "-c", file, "--out", folder / name, *flags, environment=environment)
                assert done.returncode in (0, 1, 4), done.stderr
                again = ("evaluate", folder / "one", "--out", folder / f"{name}-again")
                judged = keymuster(*again, *flags, environment=environment)
                assert judged.returncode == done.returncode, judged.stderr
    return folder


def plain(value):
    """A record without what two collections may differ in."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if name not in VARYING}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def verdicts(pack):
    rows = json.loads((pack / "findings.json").read_bytes())["findings"]
    return sorted((row["rule"], row["subject"]["id"], row["verdict"]) for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["two", "cluster"])
def test_every_way_of_running_collects_the_same(way, packs):
    alone, spread = read_snapshot(packs / "one"), read_snapshot(packs / way)
    assert plain(msgspec.to_builtins(list(spread.shards))) == plain(msgspec.to_builtins(list(alone.shards)))
    ignored = {"as_of": alone.header.as_of, "finished_at": alone.header.finished_at, "clock_offset_seconds": {}}
    ignored["identities"] = ()  # a session's name holds the moment of the run
    changed = [msgspec.structs.replace(snapshot.header, **ignored) for snapshot in (alone, spread)]
    assert changed[0] == changed[1]
    assert verdicts(packs / way) == verdicts(packs / "one") != []


@pytest.mark.slow
@pytest.mark.parametrize("way", ["two", "cluster"])
def test_every_way_of_running_judges_a_snapshot_alike_to_the_byte(way, packs):
    names = ["findings.json", "verdicts.jsonl.gz", "findings.sarif", "kpis.json", "SHA256SUMS"]
    for name in names:
        assert (packs / f"{way}-again" / name).read_bytes() == (packs / "one-again" / name).read_bytes()


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_said(tmp_path):
    (tmp_path / "keymuster.yaml").write_text("providers: {aws: {regions: [eu-central-1]}}\n")
    done = keymuster(
        "scan", "-c", "keymuster.yaml", "--scheduler", "tcp://127.0.0.1:9", "--out", "pack", folder=tmp_path
    )
    assert (done.returncode, "no scheduler could be reached" in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def workers_of(pid):
    """The ids of a command's worker processes."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = status.read_text().rpartition(")")[2].split()[1]
            if parent == str(pid) and b"spawn_main" in (status.parent / "cmdline").read_bytes():
                found.append(int(status.parent.name))
    return found


@pytest.mark.slow
def test_a_run_that_loses_a_worker_says_so_and_can_be_gone_on_with(tmp_path):
    world = bank(now())
    world.faults.append(Fault(effect=Effect.SLOW, delay=0.01))
    with serve(world) as endpoint:
        file = bank_config(tmp_path, endpoint.url)
        environment = credentials(world, {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})
        command = [
            sys.executable,
            "-m",
            "scanner",
            "scan",
            "-c",
            file,
            "--out",
            tmp_path / "pack",
        ]
        with subprocess.Popen(
            [*command, "--workers", "2"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment
        ) as running:
            while running.poll() is None and len(world.calls) < 100:
                time.sleep(0.01)
            os.kill(workers_of(running.pid)[0], signal.SIGKILL)
            told = running.communicate(timeout=120)[1]
        assert (running.returncode, "a worker was lost" in told, "--resume" in told) == (2, True, True), told
        world.faults.clear()
        again = subprocess.run([*command, "--resume"], capture_output=True, text=True, check=False, env=environment)
        assert again.returncode in (0, 1, 4), again.stderr
    assert (tmp_path / "pack" / "SHA256SUMS").is_file()
