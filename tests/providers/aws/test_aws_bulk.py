"""What AWS Config has recorded of keys spares calls, and never changes what is known of a key."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from msgspec.structs import replace
from small_estate import Deaf

from scanner.cli.clock import now
from scanner.config.schema import AwsConfig
from scanner.model.key import KEY_GROUPS
from scanner.model.unknown import Unknown
from scanner.providers.aws.collect import AwsProvider
from scanner.simulator.aws.faults import Effect, Fault
from scanner.simulator.aws.records import Recorder, Store
from scanner.simulator.aws.server import serve
from scanner.simulator.aws.world import World

NOW = now().replace(microsecond=0)  # sessions of roles end by the real clock, to which the SDK keeps
ACCOUNT, HUB, REGION, OTHER = "111122223333", "222233334444", "eu-central-1", "us-east-1"
ROLE = "arn:aws:iam::{account}:role/keymuster"
SELECT = "SelectAggregateResourceConfig"
SOURCES = "DescribeConfigurationAggregatorSourcesStatus"


@pytest.fixture
def world():
    """One account with every kind of key, recorded into an aggregator of its own."""
    made = World(NOW)
    made.add_account(ACCOUNT, "payments")
    here = {"account": ACCOUNT, "region": REGION, "tags": {"owner": "payments", "Purpose": "a"}}
    made.add_key(**here, id="rotating", rotation_days=365, created=NOW - timedelta(days=400))
    made.add_key(**here, id="standing", description="kept")
    made.add_key(**here, id="disabled", enabled=False, rotation_days=90)
    made.add_key(**{**here, "tags": {}}, id="signing", spec="ECC_NIST_P256")
    made.add_key(**here, id="newer", spec="ML_DSA_65")
    made.add_key(**here, id="mac", spec="HMAC_256")
    made.add_key(**here, id="doomed", deletion_date=NOW + timedelta(days=6), deletion_window=7)
    made.add_key(**here, id="expiring", origin="EXTERNAL", expires=NOW + timedelta(days=9))
    made.add_key(**here, id="empty", origin="EXTERNAL", imported=False)
    store = made.add_store(ACCOUNT, REGION, Store(id="cks-1", name="hsm", kind="AWS_CLOUDHSM", created=NOW))
    made.add_key(**here, id="clustered", origin="AWS_CLOUDHSM", store=store.id)
    made.add_aws_key(ACCOUNT, REGION, "ebs")
    made.add_replica(made.add_key(**here, multi_region=True, rotation_days=365), OTHER)
    made.record_all("everything", ACCOUNT, OTHER)
    return made


def collect(world, *, account=None, bulk=True, executor=None, **changes):
    """The shards by account and region, with a configured aggregator or without."""
    world.calls.clear()
    with serve(world) as endpoint:
        settings = {
            "endpoint_url": endpoint.url,
            "regions": (REGION, OTHER),
            "max_attempts": 1,
            "rate_limiter": False,
            "concurrency": 4,
            **changes,
        }
        if bulk:
            settings["config_aggregator"] = {"name": "everything", "region": OTHER, "account": account}
        shards = []
        provider = AwsProvider(AwsConfig.model_validate(settings), clock=lambda: NOW, as_of=NOW)
        provider.collect(shards.append, Deaf(), executor=executor)
    assert not world.bugs
    return {(item.shard.scope.account, item.shard.scope.region): item for item in shards}


@pytest.fixture(autouse=True)
def credentials(monkeypatch, world):
    access, secret = world.credentials(ACCOUNT)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", access)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def keys_of(shards):
    return {key.id: key for item in shards.values() for key in item.shard.keys}


def bare(shards):
    """Everything known of every key, apart from where it was read."""
    return {name: replace(key, evidence=()) for name, key in keys_of(shards).items()}


def asked_of(world, name):
    return Counter(call.operation for call in world.calls if call.resource.endswith(f":key/{name}"))


def asked(world, operation):
    return [call for call in world.calls if call.operation == operation]


def test_every_key_is_known_as_well_as_when_each_is_asked(world):
    plain = bare(collect(world, bulk=False))
    recorded = bare(collect(world))

    assert recorded == plain
    assert len(plain) == 13


def test_a_rotating_key_takes_four_calls_and_one_that_does_not_rotate_three(world):
    collect(world)

    assert asked_of(world, "rotating") == Counter(
        ["GetKeyRotationStatus", "ListKeyRotations", "ListGrants", "GetKeyLastUsage"]
    )
    assert asked_of(world, "standing") == Counter(["ListKeyRotations", "ListGrants", "GetKeyLastUsage"])
    assert asked_of(world, "signing") == asked_of(world, "mac") == Counter(["ListGrants", "GetKeyLastUsage"])


@pytest.mark.parametrize("name", ["newer", "doomed", "expiring", "empty", "clustered"])
def test_a_key_of_which_a_row_does_not_say_all_is_described(world, name):
    collect(world)

    assert asked_of(world, name)["DescribeKey"] == 1
    assert asked_of(world, name)["GetKeyPolicy"] == 0


def test_keys_of_a_multi_region_set_are_described_and_asked_for_rotation(world):
    key = next(key for key in collect(world)[ACCOUNT, OTHER].shard.keys)

    name = key.id.rsplit("/", 1)[-1]
    assert name.startswith("mrk-")
    assert (asked_of(world, name)["DescribeKey"], asked_of(world, name)["GetKeyRotationStatus"]) == (2, 2)


def test_a_hundred_keys_come_in_one_call(world):
    for number in range(95):
        world.add_key(account=ACCOUNT, region=REGION, id=f"more-{number}")

    shards = collect(world)

    assert len(shards[ACCOUNT, REGION].shard.keys) == 107
    assert len(asked(world, SELECT)) == 3  # 107 keys here are two pages, one key there is another
    assert len(asked(world, "DescribeKey")) == 8
    assert not asked(world, "ListKeyPolicies")


def test_tags_are_listed_for_a_region_only_when_some_key_is_not_recorded(world):
    collect(world)
    assert not asked(world, "GetResources")

    world.place(ACCOUNT, REGION).recorder.misses.add(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/rotating")
    shards = collect(world)

    assert [call.region for call in asked(world, "GetResources")] == [REGION]
    assert len(asked_of(world, "rotating")) == 6
    assert bare(shards) == bare(collect(world, bulk=False))


def test_evidence_says_when_the_answer_was_recorded_and_by_whom(world):
    shards = collect(world)

    item = shards[ACCOUNT, REGION]
    key = keys_of(shards)[f"arn:aws:kms:{REGION}:{ACCOUNT}:key/standing"]
    recorded = {proof.group: proof for proof in key.evidence if proof.captured_at}
    assert set(recorded) == {"metadata", "policy", "tags", "rotation"}
    assert {proof.captured_at for proof in recorded.values()} == {NOW - timedelta(hours=6)}
    assert {proof.call for proof in recorded.values()} == {"config:SelectAggregateResourceConfig"}
    raw = {response.id: response for response in item.raw}
    assert {proof.raw for proof in recorded.values()} == {f"config.{SELECT}/1"}
    assert {proof.raw for proof in key.evidence} <= raw.keys()
    live = {proof.group for proof in key.evidence if not proof.captured_at}
    assert live == {"metadata", "rotation_history", "grants", "aliases", "last_use"}
    assert ACCOUNT in json.loads(bytes(raw[f"config.{SELECT}/1"].params))["Expression"]


def never(world):
    world.place(ACCOUNT, REGION).recorder = None


def off(world):
    world.place(ACCOUNT, REGION).recorder = Recorder(on=False)


def failing(world):
    world.place(ACCOUNT, REGION).recorder = Recorder(last_status="FAILURE")


def silent(world):
    world.place(ACCOUNT, REGION).recorder = Recorder(last_status="")


def of_volumes(world):
    world.place(ACCOUNT, REGION).recorder = Recorder(kinds=("AWS::EC2::Volume",))


def without_keys(world):
    world.place(ACCOUNT, REGION).recorder = Recorder(leaves_out=("AWS::KMS::Key",))


def daily(world):
    world.place(ACCOUNT, REGION).recorder = Recorder(frequency="DAILY")


def keys_daily(world):
    world.place(ACCOUNT, REGION).recorder = Recorder(overrides={"AWS::KMS::Key": "DAILY"})


def keys_in_a_word_of_tomorrow(world):
    world.place(ACCOUNT, REGION).recorder = Recorder(overrides={"AWS::KMS::Key": "WEEKLY"})


def source_failed(world):
    world.place(ACCOUNT, REGION).aggregated = "FAILED"


def source_outdated(world):
    world.place(ACCOUNT, REGION).aggregated = "OUTDATED"


def no_source(world):
    world.place(ACCOUNT, REGION).aggregated = None


def sources_hidden(world):
    world.faults.append(Fault(effect=Effect.DENY, service="config", operation=SOURCES))


def sources_cut_short(world):
    world.page_limit = 1
    world.faults.append(Fault(effect=Effect.THROTTLE, service="config", operation=SOURCES, nth=2))


_UNTRUSTED = [
    daily,
    keys_daily,
    keys_in_a_word_of_tomorrow,
    source_failed,
    source_outdated,
    no_source,
    sources_hidden,
    sources_cut_short,
]


def hidden(world):
    world.faults.append(Fault(effect=Effect.DENY, service="config", operation="DescribeConfigurationRecorders"))


def opaque(world):
    world.faults.append(Fault(effect=Effect.DENY, service="config", operation="DescribeConfigurationRecorderStatus"))


@pytest.mark.parametrize(
    "spoil",
    [never, off, failing, silent, of_volumes, without_keys, hidden, opaque, *_UNTRUSTED],
    ids=lambda spoil: spoil.__name__,
)
def test_a_recorder_that_cannot_be_trusted_is_not(world, spoil):
    plain = bare(collect(world, bulk=False))
    spoil(world)

    shards = collect(world)

    assert bare(shards) == plain
    assert asked_of(world, "rotating")["DescribeKey"] == 1
    assert not [item for item in shards[ACCOUNT, REGION].raw if item.operation == SELECT]


@pytest.mark.parametrize(
    "recorder",
    [
        Recorder(kinds=("AWS::KMS::Key",)),
        Recorder(leaves_out=("AWS::EC2::Volume",)),
        Recorder(frequency="DAILY", overrides={"AWS::KMS::Key": "CONTINUOUS"}),
        Recorder(overrides={"AWS::EC2::Volume": "DAILY"}),
    ],
    ids=["of", "but", "keys at once", "volumes daily"],
)
def test_a_recorder_that_chooses_keys_is_trusted(world, recorder):
    world.place(ACCOUNT, REGION).recorder = recorder

    collect(world)

    assert not asked_of(world, "rotating")["DescribeKey"]


@pytest.mark.parametrize(
    "effect",
    [
        Effect.DENY,
        Effect.THROTTLE,
        Effect.SERVER_ERROR,
        Effect.RESET,
        Effect.TRUNCATE,
        Effect.MALFORMED,
        Effect.HTML,
        Effect.UNSUPPORTED,
    ],
)
@pytest.mark.parametrize("nth", [None, 2])
def test_an_aggregator_that_fails_costs_calls_and_no_knowledge(world, effect, nth):
    plain = bare(collect(world, bulk=False))
    world.page_limit = 5
    world.faults.append(Fault(effect=effect, service="config", operation=SELECT, nth=nth))

    shards = collect(world, regions=(REGION,))

    expected = {name: key for name, key in plain.items() if f":{REGION}:" in name}
    assert bare(shards) == expected
    assert asked_of(world, "rotating")["DescribeKey"] == 1
    assert not [group for key in keys_of(shards).values() for group in KEY_GROUPS if _unread(key, group)]


def _unread(key, group):
    return isinstance(getattr(key, group), Unknown)


def test_an_aggregator_that_is_not_there_is_done_without(world):
    plain = bare(collect(world, bulk=False))
    world.aggregators.clear()

    shards = collect(world)

    assert bare(shards) == plain
    calls = {count.call: count for count in shards[ACCOUNT, REGION].shard.scope.calls}
    assert calls[f"config:{SOURCES}"].failed == 1
    assert not asked(world, SELECT)


def test_the_sources_of_an_aggregator_are_listed_once_a_run(world):
    shards = collect(world)

    assert len(asked(world, SOURCES)) == 1
    counts = [count.calls for item in shards.values() for count in item.shard.scope.calls if SOURCES in count.call]
    assert counts == [1]


def test_jobs_are_told_which_sources_are_up_to_date(world):
    world.place(ACCOUNT, OTHER).aggregated = "OUTDATED"
    with ThreadPoolExecutor(1) as executor:
        collect(world, executor=executor)

    assert len(asked(world, SOURCES)) == 1
    assert [call.region for call in asked(world, "DescribeConfigurationRecorders")] == [REGION]
    assert asked_of(world, "rotating")["DescribeKey"] == 0


def test_an_aggregator_of_another_account_is_asked_in_the_role_for_it(world):
    world.add_account(HUB, "audit")
    world.aggregators.clear()
    world.record_all("everything", HUB, OTHER)
    world.add_role(HUB, "keymuster", trusted=(ACCOUNT,))

    shards = collect(world, account=HUB, assume_role=ROLE, accounts=({"id": ACCOUNT},))

    assert {call.account for call in asked(world, SELECT)} == {HUB}
    assert set(shards) == {(ACCOUNT, REGION), (ACCOUNT, OTHER)}
    assert not asked_of(world, "rotating")["DescribeKey"]
    counted = [
        count.calls for item in shards.values() for count in item.shard.scope.calls if "sts:Assume" in count.call
    ]
    assert counted == [1]


def test_an_aggregator_whose_account_cannot_be_entered_is_done_without(world):
    world.add_account(HUB, "audit")
    plain = bare(collect(world, bulk=False))

    assert bare(collect(world, account=HUB, assume_role=ROLE, accounts=({"id": ACCOUNT},))) == plain
    assert not asked(world, SELECT)


def test_a_key_whose_history_is_closed_is_described(world):
    world.faults.append(Fault(effect=Effect.DENY, operation="ListKeyRotations", resource="/rotating"))

    plain, recorded = bare(collect(world, bulk=False)), bare(collect(world))

    assert recorded == plain
    assert asked_of(world, "rotating")["DescribeKey"] == 1


def test_a_policy_that_is_no_document_is_asked_for_again(world):
    key = world.key(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/rotating")
    key.policy = "no document"

    collect(world)

    assert asked_of(world, "rotating")["GetKeyPolicy"] == 1
