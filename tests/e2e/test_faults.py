"""Every operation failing in every way: verdicts change into unknown or not at all, and no key is lost."""

import gzip
import json
from itertools import product

import pytest

from campaign import ACTIONS, ELSEWHERE, batches, run, unbalanced, untold, wrong
from scanner.cli.clock import now
from scanner.simulator.aws.faults import Effect, Fault
from scanner.simulator.aws.world import World
from worlds import ACCOUNT, HOME, TAGS, document, scan

pytestmark = pytest.mark.slow

MOMENT = now()
PARTS = 4
AT_ONCE = 16
CONFIG = f"""
providers:
  aws:
    regions: [{HOME}]
    concurrency: {AT_ONCE}
    max_attempts: 2
    rate_limiter: false
    connect_timeout_seconds: 2
    read_timeout_seconds: 2
outputs: {{formats: [csv]}}
"""
OF_A_KEY = (
    "DescribeKey",
    "GetKeyPolicy",
    "GetKeyRotationStatus",
    "ListKeyRotations",
    "ListGrants",
    "GetKeyLastUsage",
)
EFFECTS = tuple(Effect)


def keys():
    """One account with a key for each fault of a key, and as many as are asked first to show what there is."""
    world = World(MOMENT)
    world.add_account(ACCOUNT)
    for number in range(AT_ONCE + len(OF_A_KEY) * len(EFFECTS)):
        rotation = 365 if number % 2 else None
        world.add_key(account=ACCOUNT, region=HOME, alias=f"key-{number}", rotation_days=rotation, tags=TAGS)
    return world


def muster(world, folder):
    """The verdicts by rule and subject, and what the pack says of the collection."""
    folder.mkdir()
    done, pack = scan(world, folder, config=CONFIG)
    assert done.returncode in {1, 4}, done.stderr
    rows = [json.loads(line) for line in gzip.decompress((pack / "verdicts.jsonl.gz").read_bytes()).splitlines()]
    collection = document(pack, "collection.json")
    return {(row["rule"], row["subject"]): row["verdict"] for row in rows}, collection


def check(before, after, collection):
    """Nothing but unknowns is new, no key is lost, and the population adds up."""
    assert [key for key, verdict in before.items() if after.get(key) not in {verdict, "unknown"}] == []
    for scope in collection["scopes"]:
        parts = (scope["read"], scope["partly_read"], scope["unread"], scope["excluded"])
        assert scope["listed"] == sum(parts)


def test_a_fault_of_one_key_leaves_open_what_rests_on_that_call_for_that_key_alone(tmp_path):
    before, _ = muster(keys(), tmp_path / "before")
    world = keys()
    arns = sorted(key.arn for key in list(world.keys()))[AT_ONCE:]
    cells = list(zip(product(OF_A_KEY, EFFECTS), arns, strict=True))
    world.faults += [Fault(effect=effect, operation=name, resource=arn, delay=2.5) for (name, effect), arn in cells]
    after, collection = muster(world, tmp_path / "after")
    check(before, after, collection)
    assert [fault for fault in world.faults if not fault.fired] == []
    assert collection["scopes"][0]["listed"] == AT_ONCE + len(arns)
    failed = {arn: f"kms:{name}" for (name, _), arn in cells}
    assert {
        (row["subject"]["id"], unread["call"])
        for row in document(tmp_path / "after" / "pack", "findings.json")["findings"]
        for unread in row["unread"]
        if row["subject"]["kind"] == "key"
    } <= set(failed.items())


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """The undisturbed scan of the bank, and scans in which each operation fails once, in one way or another."""
    before = run([], MOMENT, tmp_path_factory.mktemp("bank") / "undisturbed")
    names = [name for name in ACTIONS if name not in ELSEWHERE]
    ways = {name: [EFFECTS[number % len(EFFECTS)]] for number, name in enumerate(names)}
    return before, batches(before.asked, ways)


@pytest.mark.parametrize("part", range(PARTS))
def test_an_operation_that_fails_changes_verdicts_into_unknown_alone_and_is_told(part, bank, tmp_path):
    before, plan = bank
    assert {name for name in ACTIONS if name not in before.asked} == ELSEWHERE.keys()
    for number, cells in enumerate(plan[part::PARTS]):
        after = run(cells, MOMENT, tmp_path / str(number))
        assert (wrong(before, after), untold(cells, after), unbalanced(after)) == ([], [], []), cells
