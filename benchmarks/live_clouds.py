"""Times a collection of one simulated cloud: wall and processor time, memory, calls a key.

`python benchmarks/live_clouds.py gcp|azure [KEYS] [SCOPES]`: so many keys, spread over projects or subscriptions.
Simulator and collection run in processes of their own; the figures are those of the collecting one.
"""

import argparse
import json
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

from scanner.config.schema import Config
from scanner.providers.catalogue import providers
from scanner.providers.retelling import Deaf
from scanner.snapshots.write import SnapshotWriter

NOW = datetime(2026, 11, 24, tzinfo=UTC)
UNPACED = {"rate_limiter": False, "concurrency": 32}

Served = tuple[list, dict, dict]
"""The calls that were answered, the section of the configuration that leads here, and the environment to sign in."""


@contextmanager
def gcp(keys: int, scopes: int) -> Iterator[Served]:
    """Projects of an organisation with one ring each; three versions and a policy a key."""
    from scanner.simulator.gcp.server import serve  # noqa: PLC0415 (the collecting process has no simulator in it)
    from scanner.simulator.gcp.world import World, binding, policy  # noqa: PLC0415 (the same)

    world = World(NOW)
    world.node("organizations/1", title="bench")
    for number in range(scopes):
        project = f"bench-project-{number:03d}"
        world.node(project, "organizations/1")
        ring = world.ring(project, "europe-west3", "ring")
        ring.policy = policy(binding("roles/cloudkms.viewer", "user:a@bench.example"))
        for index in range(keys // scopes):
            world.key(ring, f"key-{index:05d}", age_days=200, period=timedelta(days=90), labels={"owner": "a"})
    with serve(world) as endpoint:
        yield world.calls, {"discover": ["organizations/1"], "endpoint_url": endpoint.url}, {}


@contextmanager
def azure(keys: int, scopes: int) -> Iterator[Served]:
    """Subscriptions with one vault each; three versions and a policy that rotates a key."""
    from scanner.simulator.azure.server import serve  # noqa: PLC0415 (the collecting process has no simulator in it)
    from scanner.simulator.azure.world import World  # noqa: PLC0415 (the same)

    rotating = {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P90D"}, "action": {"type": "Rotate"}}]}
    world = World(NOW)
    for number in range(scopes):
        subscription, vault = f"aaaaaaaa-0000-4000-8000-{number:012d}", f"kv-bench-{number:03d}"
        world.add_subscription(subscription, f"bench {number}")
        world.add_vault(vault, subscription=subscription)
        for index in range(keys // scopes):
            traits = {"age_days": 200, "rotated_days_ago": (110, 20), "policy": rotating, "tags": {"owner": "a"}}
            world.add_key(vault, f"key-{index:05d}", **traits)
    with serve(world) as endpoint:
        places = {
            "management": endpoint.url,
            "authority": endpoint.url,
            "vault": endpoint.vault_url,
            "ca_file": str(endpoint.ca_file),
        }
        yield world.calls, {"endpoints": places}, world.credentials()


CLOUDS = {"gcp": gcp, "azure": azure}


def serve_until(cloud: str, keys: int, scopes: int, told: Queue, done: Event) -> None:
    with CLOUDS[cloud](keys, scopes) as (calls, section, environment):
        told.put((section, environment))
        done.wait()
        told.put(len(calls))


def collect(cloud: str, section: dict, environment: dict, told: Queue) -> None:
    os.environ.update(environment)  # noqa: TID251 (where the SDK looks for who signs in)
    config = Config.model_validate_json(json.dumps({"providers": {cloud: {**section, **UNPACED}}}))
    (provider,) = providers(config, clock=lambda: NOW, as_of=NOW)
    with tempfile.TemporaryDirectory() as folder:
        writer = SnapshotWriter(Path(folder) / "snapshot")
        wall, processor = time.perf_counter(), time.process_time()
        provider.collect(writer.write, Deaf())
        figures = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - processor}
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    figures |= {"rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "snapshot_mb": size / 2**20}
    told.put(figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cloud", choices=CLOUDS)
    parser.add_argument("keys", type=int, nargs="?", default=10_000)
    parser.add_argument("scopes", type=int, nargs="?", default=20)
    asked = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    told, figures, done = spawn.Queue(), spawn.Queue(), spawn.Event()
    server = spawn.Process(target=serve_until, args=(asked.cloud, asked.keys, asked.scopes, told, done))
    server.start()
    reader = spawn.Process(target=collect, args=(asked.cloud, *told.get(), figures))
    reader.start()
    found = figures.get()
    done.set()
    found["calls_a_key"] = told.get() / asked.keys
    reader.join()
    server.join()
    print(json.dumps({**vars(asked), **{name: round(value, 2) for name, value in found.items()}}))


if __name__ == "__main__":
    main()
