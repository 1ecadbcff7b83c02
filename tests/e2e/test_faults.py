"""Every operation failing in every way: verdicts change into unknown or not at all, and no key is lost."""

import gzip
import json
from datetime import timedelta
from itertools import product

import pytest

from scanner.cli.clock import now
from scanner.providers.aws.operations import GET_CALLER_IDENTITY, LIST_ACCOUNTS, OPERATIONS
from scanner.simulator.aws.faults import Effect, Fault
from scanner.simulator.aws.records import Bucket, Trail
from scanner.simulator.aws.world import World
from worlds import ACCOUNT, HOME, TAGS, document, scan

pytestmark = pytest.mark.slow

MOMENT = now()
ROLE = "auditor"
AT_ONCE = 16
CONFIG = f"""
providers:
  aws:
    discover: true
    regions: [{HOME}]
    assume_role: arn:aws:iam::{{account}}:role/{ROLE}
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
EFFECTS = tuple(effect for effect in Effect if effect is not Effect.SLOW)
OF_AN_ACCOUNT = tuple(
    operation for operation in OPERATIONS.values() if operation not in {LIST_ACCOUNTS, GET_CALLER_IDENTITY}
)

MEMBERS = [str(200000000000 + number) for number in range(len(OF_AN_ACCOUNT))]


def organisation():
    """Accounts with a good, a bad and a signing key, a trail and its bucket each."""
    world = World(MOMENT)
    world.add_account(ACCOUNT)
    world.add_organisation(ACCOUNT)
    for account in MEMBERS:
        world.add_account(account)
        world.add_role(account, ROLE, trusted=(ACCOUNT,))
        world.add_key(account=account, region=HOME, alias="good", rotation_days=365, tags=TAGS)
        world.add_key(account=account, region=HOME, alias="bad", created=MOMENT - timedelta(days=900))
        world.add_key(account=account, region=HOME, alias="signing", spec="RSA_2048", tags=TAGS)
        logs = {"versioning": "Enabled", "object_lock": "COMPLIANCE", "blocks_public": True}
        world.add_bucket(Bucket(name=f"logs-{account}", account=account, region=HOME, **logs))
        begun = MOMENT - timedelta(days=500)
        world.add_trail(Trail(name="all", account=account, home_region=HOME, bucket=f"logs-{account}", created=begun))
    return world


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


def account_of(subject):
    """The account that a subject belongs to; the names of buckets end with it."""
    if subject.startswith("arn:aws:s3:"):
        return subject[-12:]
    return subject.split(":")[4 if subject.startswith("arn:") else 1]


def unlisted_of(collection):
    """The accounts whose keys could not be listed, those whose buckets could not, and those that were not entered."""
    scopes = collection["scopes"]
    keys = {scope["account"] for scope in scopes if not isinstance(scope["listed"], int)}
    buckets = {account_of(row["subject"]["id"]) for row in collection["unread"] if row["call"] == "s3:ListAllMyBuckets"}
    closed = {scope["account"] for scope in scopes if scope["status"] == "unreachable"}
    return keys, buckets, closed


def check(before, after, collection):
    """Nothing but unknowns is new, all is there that could be listed, and the population adds up."""
    keys, buckets, closed = unlisted_of(collection)
    wrong = []
    for (rule, subject), verdict in before.items():
        account = account_of(subject)
        found = after.get((rule, subject), "lost")
        hidden = buckets if subject.startswith("arn:aws:s3:") else keys
        gone = found == "lost" and account in hidden | closed
        not_judged = found == "not_applicable" and rule == "KEY-POP-002" and account in closed
        if found not in {verdict, "unknown"} and not gone and not not_judged:
            wrong.append((rule, subject, verdict, found))
    assert wrong == []
    for scope in collection["scopes"]:
        if isinstance(scope["listed"], int):
            parts = (scope["read"], scope["partly_read"], scope["unread"], scope["excluded"])
            assert scope["listed"] == sum(parts)


def test_a_fault_of_one_key_leaves_open_what_rests_on_that_call_for_that_key_alone(tmp_path):
    before, _ = muster(keys(), tmp_path / "before")
    world = keys()
    arns = sorted(key.arn for key in list(world.keys()))[AT_ONCE:]
    cells = list(zip(product(OF_A_KEY, EFFECTS), arns, strict=True))
    world.faults += [Fault(effect=effect, operation=name, resource=arn) for (name, effect), arn in cells]
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
def untroubled(tmp_path_factory):
    return muster(organisation(), tmp_path_factory.mktemp("untroubled") / "before")[0]


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_operation_that_fails_in_a_whole_account_changes_verdicts_into_unknown_alone(effect, untroubled, tmp_path):
    world = organisation()
    for operation, account in zip(OF_AN_ACCOUNT, MEMBERS, strict=True):
        where = {"resource": f":{account}:role/"} if operation.name == "AssumeRole" else {"account": account}
        world.faults.append(Fault(effect=effect, operation=operation.name, status=200, **where))
    after, collection = muster(world, tmp_path / "after")
    check(untroubled, after, collection)
    keys, buckets, closed = unlisted_of(collection)
    assert (len(keys), len(buckets)) == (2, 1)  # where listing failed; no keys either where no role could be assumed
    assert closed <= keys
