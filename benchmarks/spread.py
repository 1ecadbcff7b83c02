"""Threads or processes: 10,000 keys of ten accounts read from an endpoint that answers at once.

    python benchmarks/spread.py [--keys 10000] [--rounds 3]

Each round runs every way once in turn; medians are printed. The scanner collects only (`keymuster snapshot`), with the
rate limiter off. CPU is that of the scanner and its processes, without the endpoint, which has a process of its own.
"""

import argparse
import resource
import statistics
import sys
import tempfile
from pathlib import Path

from live import REGION, ceiling, endpoint, run

ACCOUNTS = tuple(str(100000000000 + number) for number in range(10))
WAYS = {"threads": (1, 8), "more threads": (1, 16), "many threads": (1, 32), "two processes": (2, 16)}
"""Processes, and calls at a time in each."""
CONFIG = """organisation: Benchmark
providers:
  aws:
    regions: [{region}]
    rate_limiter: false
    concurrency: {threads}
    assume_role: arn:aws:iam::{{account}}:role/bench
    accounts: [{accounts}]
"""


def command(folder: Path, workers: int, threads: int) -> list[str]:
    listed = ", ".join(f'{{id: "{account}"}}' for account in ACCOUNTS)
    config = folder / "keymuster.yaml"
    config.write_text(CONFIG.format(region=REGION, threads=threads, accounts=listed))
    keymuster = str(Path(sys.executable).with_name("keymuster"))
    return [keymuster, "snapshot", "-c", str(config), "--out", str(folder / "snapshot"), "--workers", str(workers)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    arguments = parser.parse_args()
    found: dict[str, list[tuple[float, float, int]]] = {}
    for _ in range(arguments.rounds):
        for name, (workers, threads) in WAYS.items():
            with tempfile.TemporaryDirectory() as place:
                folder = Path(place)
                with endpoint(arguments.keys // len(ACCOUNTS), arguments.latency_ms) as (url, calls):
                    wall, cpu = run(command(folder, workers, threads), url, folder)
            total = sum(calls[0].values())
            found.setdefault(name, []).append((wall, cpu, total))
            print(f"{name}: {wall:.1f} s wall, {cpu:.1f} s CPU, {total} calls", file=sys.stderr, flush=True)
    print(f"The endpoint alone answers {ceiling(arguments.latency_ms):.0f} calls/s to 64 bare connections.\n")
    print("| way | processes | calls at a time in each | wall s | calls/s | CPU ms a call | calls a key |")
    print("|---|---|---|---|---|---|---|")
    for name, runs in found.items():
        wall, cpu, calls = (statistics.median(column) for column in zip(*runs, strict=True))
        workers, threads = WAYS[name]
        row = (name, workers, threads, f"{wall:.1f}", f"{calls / wall:.0f}", f"{cpu / calls * 1000:.2f}")
        print(f"| {' | '.join(map(str, row))} | {calls / arguments.keys:.1f} |")
    print(f"\nLargest of all processes: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB.")


if __name__ == "__main__":
    main()
