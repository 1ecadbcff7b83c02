"""Every operation failing in every way, in Meridian Bank: which scans to run for it, and what must hold afterwards."""

import gzip
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from commands import keymuster
from scanner.providers.aws.operations import OPERATIONS
from scanner.simulator.aws.bank import bank
from scanner.simulator.aws.faults import Effect, Fault
from scanner.simulator.aws.server import serve
from scanner.simulator.aws.service_models import MODELS
from scanner.simulator.demo import credentials
from worlds import bank_config, document

Name = tuple[str, str]
"""An operation: the simulator's name of its service, and its own."""

Place = tuple[str, str]
"""Account and region of a call."""

ALONE = {
    ("sts", "AssumeRole"),
    ("sts", "GetCallerIdentity"),
    ("organizations", "ListAccounts"),
    ("account", "ListRegions"),
}
"""What decides which scopes are entered at all: nothing else can be made to fail beside these."""

ELSEWHERE = {
    ("ec2", "DescribeRegions"): "asked only where account:ListRegions fails",
    ("config", "DescribeConfigurationRecorders"): "asked only with an aggregator: tests/e2e/test_bulk.py",
    ("config", "DescribeConfigurationRecorderStatus"): "asked only with an aggregator: tests/e2e/test_bulk.py",
    ("config", "DescribeConfigurationAggregatorSourcesStatus"): (
        "asked only with an aggregator: tests/e2e/test_bulk.py"
    ),
    ("config", "SelectAggregateResourceConfig"): "asked only with an aggregator: tests/e2e/test_bulk.py",
}
"""What the bank's scan does not ask."""

_SERVICES = {folder: service for service, folder in MODELS.items()}
ACTIONS = {
    (_SERVICES.get(operation.service, operation.service), operation.name): operation.action
    for operation in OPERATIONS.values()
}
"""The permission of every operation that a scan may ask."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One operation failing in one way in one account and region."""

    name: Name
    effect: Effect
    place: Place


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a scan made of the world: its exit code, verdicts by rule and subject, and what it says of the collection.

    Without a pack (nobody to sign in as) there are no verdicts.
    """

    code: int
    verdicts: dict[tuple[str, str], str]
    collection: dict
    asked: dict[Name, set[Place]]


def run(cells: list[Cell], moment: datetime, folder: Path) -> Outcome:
    """Scans the bank by the real command while the cells fail."""
    folder.mkdir()
    world = bank(moment)
    faults = [_fault(cell) for cell in cells]
    world.faults[:0] = faults  # the bank has some of its own
    with serve(world) as endpoint:
        config = bank_config(folder, endpoint.url, max_attempts=2, connect_timeout_seconds=1, read_timeout_seconds=1)
        environment = credentials(world, {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})
        arguments = ("scan", "-c", config, "--out", folder / "pack", "--previous", "none")
        done = keymuster(*arguments, environment=environment)
    if "Traceback" in done.stderr:
        raise AssertionError(f"{cells}: {done.stderr}")
    silent = [cell for cell, fault in zip(cells, faults, strict=True) if not fault.fired]
    if silent:
        raise AssertionError(f"never asked: {silent}")
    asked: dict[Name, set[Place]] = defaultdict(set)
    for call in world.calls:
        asked[call.service, call.operation].add((call.account, call.region))
    return _outcome(done.returncode, folder / "pack", asked)


def _outcome(code: int, pack: Path, asked: dict[Name, set[Place]]) -> Outcome:
    if not pack.exists():
        return Outcome(code=code, verdicts={}, collection={"scopes": [], "unread": []}, asked=asked)
    rows = gzip.decompress((pack / "verdicts.jsonl.gz").read_bytes()).splitlines()
    verdicts = {(row["rule"], row["subject"]): row["verdict"] for row in map(json.loads, rows)}
    return Outcome(code=code, verdicts=verdicts, collection=document(pack, "collection.json"), asked=asked)


def _fault(cell: Cell) -> Fault:
    (service, operation), (account, region) = cell.name, cell.place
    where = {"service": service, "operation": operation, "account": account, "region": region}
    return Fault(effect=cell.effect, status=200, delay=1.5, **where)


def batches(asked: dict[Name, set[Place]], ways: dict[Name, list[Effect]]) -> list[list[Cell]]:
    """The fewest scans, roughly, in which every operation fails in each of its ways, one at a time in any one place."""
    plan: list[dict[Place, Cell]] = []
    alone = []
    for name, effects in ways.items():
        places = sorted(asked[name])
        for number, effect in enumerate(effects):
            if name in ALONE:
                alone.append([Cell(name=name, effect=effect, place=places[number % len(places)])])
                continue
            free = ((scan, place) for scan in plan for place in places if place not in scan)
            scan, place = next(free, ({}, places[0]))
            if not scan:
                plan.append(scan)
            scan[place] = Cell(name=name, effect=effect, place=place)
    return alone + [list(scan.values()) for scan in plan]


def wrong(before: Outcome, after: Outcome) -> list[tuple[str, str, str, str]]:
    """Verdicts that neither stayed nor became unknown: (rule, subject, before, after)."""
    if after.code == NOBODY:
        return []
    found = []
    for (rule, subject), verdict in before.verdicts.items():
        now = after.verdicts.get((rule, subject), "lost")
        if now in {verdict, "unknown"} or (now == "lost" and _is_hidden(subject, after.collection)):
            continue
        if now == "not_applicable" and rule == "KEY-POP-002" and _is_closed(subject, after.collection):
            continue
        found.append((rule, subject, verdict, now))
    fresh = after.verdicts.keys() - before.verdicts.keys()
    return found + [(*key, "absent", "pass") for key in fresh if after.verdicts[key] == "pass"]


NOBODY = 3
"""The exit code of a scan that could sign in as nobody, and judged nothing."""


def untold(cells: list[Cell], after: Outcome) -> list[Cell]:
    """Failures that the pack does not tell: neither as a group not read nor among the calls that failed."""
    return [cell for cell in cells if after.code != NOBODY and not (unread(cell, after) or _counted(cell, after))]


def unread(cell: Cell, after: Outcome) -> int:
    """How many groups the collection names as not read for want of the operation."""
    return sum(row["call"] == ACTIONS[cell.name] for row in after.collection["unread"])


def unbalanced(after: Outcome) -> list[str]:
    """Scopes whose population does not add up."""
    parts = ("read", "partly_read", "unread", "excluded")
    return [
        scope["id"]
        for scope in after.collection["scopes"]
        if isinstance(scope["listed"], int) and scope["listed"] != sum(scope[part] for part in parts)
    ]


def _counted(cell: Cell, after: Outcome) -> bool:
    """The call table of a scope counts the refusal or failure, or the retry that mended it."""
    counts = (count for scope in after.collection["scopes"] for count in scope["calls"])
    return any(
        count["call"] == ACTIONS[cell.name]
        and any(count[word] for word in ("denied", "failed", "throttled", "retries"))
        for count in counts
    )


def _is_hidden(subject: str, collection: dict) -> bool:
    """The collection says that things of this kind could not be listed where this one is."""
    if _is_closed(subject, collection):
        return True
    if not subject.startswith("arn:"):
        return False
    service, region, account = subject.split(":")[2:5]
    for row in collection["unread"]:
        _, at, *place = row["subject"]["id"].split(":")
        here = row["subject"]["kind"] == "account_region" and (not account or at == account)
        if here and (not region or place == [region]):
            listed = "keys" if service == "kms" else "stores"
            if row["group"] == listed and (listed == "keys" or row["call"].split(":")[0] == service):
                return True
    return False


def _is_closed(subject: str, collection: dict) -> bool:
    """The account was not entered, or nobody knows of it; names without an account may be of any that was not."""
    closed = {scope["account"] for scope in collection["scopes"] if scope["status"] == "unreachable"}
    account = subject.split(":")[4 if subject.startswith("arn:") else 1]
    known = {scope["account"] for scope in collection["scopes"]}
    return account in closed or bool(closed and not account) or ("organisation" in closed and account not in known)
