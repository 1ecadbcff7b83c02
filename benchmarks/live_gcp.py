"""Times a collection of one simulated Google Cloud: wall and processor time, memory, calls a key.

`python benchmarks/live_gcp.py [KEYS] [PROJECTS]`; simulator and collection run in processes of their own.
"""

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

from scanner.config.schema import GcpConfig
from scanner.providers.gcp.collect import GcpProvider
from scanner.providers.retelling import Deaf
from scanner.snapshots.write import SnapshotWriter

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def serve_until(keys: int, projects: int, told: Queue, done: Event) -> None:
    from scanner.simulator.gcp.server import serve  # noqa: PLC0415 (the collecting process has no simulator in it)
    from scanner.simulator.gcp.world import World, binding, policy  # noqa: PLC0415 (the same)

    world = World(NOW)
    world.node("organizations/1", title="bench")
    for number in range(projects):
        project = f"bench-project-{number:03d}"
        world.node(project, "organizations/1")
        ring = world.ring(project, "europe-west3", "ring")
        ring.policy = policy(binding("roles/cloudkms.viewer", "user:a@bench.example"))
        for index in range(keys // projects):
            world.key(ring, f"key-{index:05d}", age_days=200, period=timedelta(days=90), labels={"owner": "a"})
    with serve(world) as endpoint:
        told.put(endpoint.url)
        done.wait()
        told.put(len(world.calls))


def collect(url: str, told: Queue) -> None:
    config = GcpConfig(discover=("organizations/1",), endpoint_url=url, rate_limiter=False, concurrency=32)
    with tempfile.TemporaryDirectory() as folder:
        writer = SnapshotWriter(Path(folder) / "snapshot")
        wall, processor = time.perf_counter(), time.process_time()
        GcpProvider(config, clock=lambda: NOW, as_of=NOW).collect(writer.write, Deaf())
        figures = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - processor}
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    figures |= {"rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "snapshot_mb": size / 2**20}
    told.put(figures)


def main() -> None:
    keys, projects = (int(text) for text in (*sys.argv[1:], *("10000", "20")[len(sys.argv) - 1 :]))
    spawn = multiprocessing.get_context("spawn")
    url, figures, done = spawn.Queue(), spawn.Queue(), spawn.Event()
    server = spawn.Process(target=serve_until, args=(keys, projects, url, done))
    server.start()
    reader = spawn.Process(target=collect, args=(url.get(), figures))
    reader.start()
    found = figures.get()
    done.set()
    found["calls_a_key"] = url.get() / keys
    reader.join()
    server.join()
    print(json.dumps({"keys": keys, "projects": projects, **{name: round(value, 2) for name, value in found.items()}}))


if __name__ == "__main__":
    main()
