"""`keymuster scan --resume`: killed at any moment, a run ends as if nothing had happened, and asks no key twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager

import msgspec
import pytest

from commands import keymuster
from scanner.assessment import Inputs, assess
from scanner.cli.clock import now
from scanner.evidence.pack import pack_at
from scanner.evidence.previous import FIRST
from scanner.model.settings import Settings
from scanner.rules.load import load_rules
from scanner.rules.shipped import shipped_policies
from scanner.simulator.aws.bank import bank
from scanner.simulator.aws.faults import Effect, Fault
from scanner.simulator.aws.server import serve
from scanner.simulator.demo import credentials
from scanner.snapshots.layout import SCOPE
from scanner.snapshots.read import read_snapshot
from scanner.waivers.schema import NO_WAIVERS
from worlds import bank_config, document, good_world, scan

MOMENT = now()
"""The same for every world here, so that they are the same world."""

TIMES = frozenset({"started_at", "finished_at", "captured_at", "calls", "request_id", "sha256"})
"""What may differ between two collections of the same world: moments, call counts, and what the wire carried."""


@contextmanager
def estate(folder):
    """The bank, slow enough to be caught in the act; gives the world and how the command is run on it."""
    world = bank(MOMENT)
    world.faults.append(Fault(effect=Effect.SLOW, delay=0.002))
    with serve(world) as endpoint:
        bank_config(folder, endpoint.url, concurrency=4)
        yield world, credentials(world, {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})


def command(folder, *extra):
    return [sys.executable, "-m", "scanner", "scan", "-c", folder / "keymuster.yaml", "--out", folder / "pack", *extra]


def run_and_kill(world, arguments, environment, *, calls, seconds):
    """Kills the command `seconds` after it has made so many calls; says whether it was still there to be killed."""
    begun = len(world.calls)
    with subprocess.Popen(arguments, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None and len(world.calls) - begun < calls:
            time.sleep(0.001)
        time.sleep(seconds)
        if running.poll() is not None:
            return False
        os.kill(running.pid, signal.SIGKILL)
    return True


def done_scopes(folder):
    """(account, region) of the scopes that are whole on disk."""
    snapshot = folder / ".pack.keymuster-partial" / "pack" / "snapshot"
    return {file.parts[-3:-1] for file in snapshot.glob(f"*/*/*/{SCOPE}")}


def asked_of_keys(calls, scopes):
    """(operation, key) of every call about a key in one of the scopes."""
    return [
        (call.operation, call.resource)
        for call in calls
        if call.service == "kms" and ":key/" in call.resource and (call.account, call.region) in scopes
    ]


def plain(value):
    """A record without what two collections may differ in."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if name not in TIMES}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def records(snapshot):
    return plain(msgspec.to_builtins(list(snapshot.shards)))


def header(snapshot):
    """The header without moments, session names and the port that the world listens on."""
    whole = msgspec.to_builtins(snapshot.header)
    places = [(place["service"], place["tls"], place["official"]) for place in whole["endpoints"]]
    callers = [(who["account"], who["caller"].rpartition("/keymuster-")[0]) for who in whole["identities"]]
    varying = {"as_of", "finished_at", "clock_offset_seconds", "identities", "endpoints"}
    return {name: value for name, value in whole.items() if name not in varying}, places, callers


def judged(snapshot, as_of):
    """Findings and verdicts of a snapshot as if it had been taken at `as_of`."""
    rules = load_rules([shipped_policies()], baseline="default", lists={})
    inputs = Inputs(rules=rules, waivers=NO_WAIVERS, waivers_text=None, settings=Settings(), previous=None, chain=FIRST)
    same = msgspec.structs.replace(snapshot, header=msgspec.structs.replace(snapshot.header, as_of=as_of))
    report = assess(same, inputs)
    return plain(msgspec.to_builtins(report.findings)), msgspec.to_builtins(report.verdicts)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The snapshot of a run that nobody interrupted, and how many calls it took."""
    folder = tmp_path_factory.mktemp("whole")
    with estate(folder) as (world, environment):
        done = subprocess.run(command(folder), env=environment, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1, 4), done.stderr
        return read_snapshot(folder / "pack"), len(world.calls)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_run_killed_at_any_moment_ends_as_if_nothing_had_happened(seed, whole, tmp_path):
    uninterrupted, calls = whole
    chance = random.Random(seed)  # noqa: S311 (a seed makes a failing moment come back)
    with estate(tmp_path) as (world, environment):
        stops, extra, ended = [], [], False
        for left in (calls, calls // 2):
            late = chance.random() < 0.15
            moment = {"calls": left if late else chance.randrange(1, left), "seconds": chance.random() / 2 * late}
            if run_and_kill(world, command(tmp_path, *extra), environment, **moment):
                stops.append((len(world.calls), done_scopes(tmp_path)))
                extra = ["--resume"]
            elif stops:
                ended = True  # a run that was killed late had all it needed: gone on with, it came to its end by itself
                break
        if not ended:
            done = subprocess.run(
                command(tmp_path, *extra), env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode in (0, 1, 4), done.stderr
    assert stops
    assert [call for at, finished in stops for call in asked_of_keys(world.calls[at:], finished)] == []
    assert max(Counter(asked_of_keys(world.calls, stops[0][1])).values(), default=1) == 1
    resumed = read_snapshot(tmp_path / "pack")
    assert records(resumed) == records(uninterrupted)
    assert header(resumed) == header(uninterrupted)
    as_of = uninterrupted.header.as_of
    assert judged(resumed, as_of) == judged(uninterrupted, as_of)
    assert keymuster("evaluate", tmp_path / "pack").returncode in (0, 1, 4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keymuster.yaml", "pack"]


def test_a_second_run_into_the_same_pack_is_refused(tmp_path):
    world = good_world()
    with pack_at(tmp_path / "pack"):
        done, pack = scan(world, tmp_path)
    assert (done.returncode, world.calls, pack.exists()) == (2, [], False)
    assert "another run is writing there" in done.stderr


def test_resume_without_an_interrupted_run_begins_a_new_one(tmp_path):
    done, pack = scan(good_world(), tmp_path, "--resume")
    assert done.returncode == 0
    assert "there is no interrupted run to resume" in done.stderr
    assert document(pack, "findings.json")["findings"] == []


@pytest.mark.slow
def test_another_configuration_is_not_resumed_and_its_run_can_be_replaced(tmp_path):
    with estate(tmp_path) as (world, environment):
        assert run_and_kill(world, command(tmp_path), environment, calls=20, seconds=0)
        narrower = ["--resume", "--set", "providers.aws.regions=eu-central-1"]
        refused = subprocess.run(
            command(tmp_path, *narrower), env=environment, capture_output=True, text=True, check=False
        )
        begun = len(world.calls)
        anew = subprocess.run(command(tmp_path), env=environment, capture_output=True, text=True, check=False)
    assert (refused.returncode, begun) == (2, len(world.calls[:begun]))
    assert "providers.aws.regions changed since it began" in refused.stderr
    assert "--resume would have gone on with it" in anew.stderr
