"""Peers side by side against one endpoint: wall time, CPU time and calls for 50, 200 and 500 keys at 20 ms a call.

    python benchmarks/live.py [--keys 50 200 500] [--rounds 3] [--peers build/peers] [--only keymuster]

Each round runs every tool once in turn, so that a busy machine is busy for all of them; the medians are printed.
`make bench-live` installs the peers from PyPI first, each into an environment of its own.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
REGION = "eu-central-1"
CONFIG = """organisation: Benchmark
providers:
  aws:
    regions: [{region}]
    rate_limiter: {limiter}
outputs: {{formats: [csv]}}
"""


@contextmanager
def endpoint(keys: int, latency_ms: float) -> Iterator[tuple[str, list[dict[str, int]]]]:
    """The stub in a process of its own; yields its address and a list that gets its call counts at the end."""
    command = [sys.executable, str(HERE / "stub_aws.py"), "--keys", str(keys), "--latency-ms", str(latency_ms)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    calls: list[dict[str, int]] = []
    try:
        yield process.stdout.readline().strip(), calls
    finally:
        process.stdin.close()
        calls.append(json.loads(process.stdout.readline()))
        process.wait()


def commands(folder: Path, peers: Path) -> dict[str, list[str]]:
    """What each tool is asked, by name."""
    for name, limiter in (("default", "true"), ("unlimited", "false")):
        (folder / f"{name}.yaml").write_text(CONFIG.format(region=REGION, limiter=limiter))
    ours = [
        str(Path(sys.executable).with_name("keymuster")),
        "scan",
        "--previous",
        "none",
        "--out",
        str(folder / "pack"),
    ]
    return {
        "keymuster, limiter off": [*ours, "-c", str(folder / "unlimited.yaml")],
        "keymuster, default limiter": [*ours, "-c", str(folder / "default.yaml")],
        "Cloud Custodian, ten policies": [
            str(peers / "c7n/bin/custodian"),
            *("run", "--cache-period", "5", "--cache", str(folder / "c7n.cache"), "--region", REGION),
            *("-s", str(folder / "c7n"), str(HERE / "peers/c7n.yaml")),
        ],
        "Prowler, kms checks": [
            str(peers / "prowler/bin/prowler"),
            *("aws", "--service", "kms", "--region", REGION, "--no-banner", "--output-formats", "csv"),
            *("--output-directory", str(folder / "prowler"), "--ignore-exit-code-3"),
        ],
    }


def run(command: list[str], url: str, folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a command and its children."""
    environment = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "AWS_ACCESS_KEY_ID": "AKIA111122223333",
        "AWS_SECRET_ACCESS_KEY": "of-no-use-elsewhere",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": url,
        "PYTHONWARNINGS": "ignore",
    }
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    log = folder / "log.txt"
    with log.open("w") as output:
        done = subprocess.run(command, env=environment, stdout=output, stderr=output, check=False, cwd=folder)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1, 3, 4):
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{log.read_text()[-3000:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(keys: int, arguments: argparse.Namespace) -> list[str]:
    """Rows of the table for one number of keys."""
    found: dict[str, list[tuple[float, float, int]]] = {}
    for _ in range(arguments.rounds):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            for name, command in commands(folder, arguments.peers).items():
                if arguments.only and not any(name.startswith(only) for only in arguments.only):
                    continue
                with endpoint(keys, arguments.latency_ms) as (url, calls):
                    wall, cpu = run(command, url, folder)
                total = sum(calls[0].values())
                if total < keys:
                    log = (folder / "log.txt").read_text()
                    sys.exit(f"{name} asked {total} times, so it did not read {keys} keys:\n{log[-3000:]}")
                found.setdefault(name, []).append((wall, cpu, total))
                print(
                    f"{keys} keys, {name}: {wall:.1f} s wall, {cpu:.1f} s CPU, {total} calls",
                    file=sys.stderr,
                    flush=True,
                )
    medians = {name: [statistics.median(column) for column in zip(*runs, strict=True)] for name, runs in found.items()}
    ours = next((row[0] for name, row in medians.items() if name.startswith("keymuster, limiter off")), None)
    return [
        f"| {keys} | {name} | {wall:.1f} | {cpu:.1f} | {calls:.0f} | {calls / keys:.1f} | {calls / wall:.0f} | "
        f"{f'{wall / ours:.1f}' if ours else ''} |"
        for name, (wall, cpu, calls) in medians.items()
    ]


def ceiling(latency_ms: float) -> float:
    """What the endpoint itself answers in a second, asked by 64 bare connections at once."""
    script = (
        "import asyncio,sys,time\n"
        "from urllib.parse import urlsplit\n"
        "u=urlsplit(sys.argv[1]); n=0; end=time.monotonic()+3\n"
        'body=b\'{"KeyId":"00000000-0000-0000-0000-000000000000"}\'\n'
        "ask=b'POST / HTTP/1.1\\r\\nX-Amz-Target: T.DescribeKey\\r\\nContent-Length: %d\\r\\n\\r\\n'%len(body)+body\n"
        "async def one():\n"
        " global n\n"
        " r,w=await asyncio.open_connection(u.hostname,u.port)\n"
        " while time.monotonic()<end:\n"
        "  w.write(ask); h=await r.readuntil(b'\\r\\n\\r\\n')\n"
        "  await r.readexactly(int(h.lower().split(b'content-length:')[1].split(b'\\r')[0])); n+=1\n"
        " w.close()\n"
        "async def all_(): await asyncio.gather(*(one() for _ in range(64)))\n"
        "asyncio.run(all_()); print(n/3)\n"
    )
    with endpoint(10, latency_ms) as (url, _):
        done = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, nargs="+", default=[50, 200, 500])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency-ms", type=float, default=20.0)
    parser.add_argument("--peers", type=Path, default=ROOT / "build/peers")
    parser.add_argument("--only", nargs="+", default=[])
    arguments = parser.parse_args()
    arguments.peers = arguments.peers.resolve()
    print(f"The endpoint alone answers {ceiling(arguments.latency_ms):.0f} calls/s to 64 bare connections.\n")
    print("| keys | tool | wall s | CPU s | calls | calls a key | calls/s | wall against ours, limiter off |")
    print("|---|---|---|---|---|---|---|---|")
    for keys in arguments.keys:
        print("\n".join(measure(keys, arguments)), flush=True)


if __name__ == "__main__":
    main()
