"""What stands around keys is read back as it was written: the organisation, identities, alerting, networks."""

import json

import pytest
from simulated import HUB, MEMBER, NOW, around, collected, world_of
from small_estate import REGION

from scanner.model.errors import InputError
from scanner.providers.header import header
from scanner.simulator.aws.estate import Principal, Subscription, Topic, VpcEndpoint
from scanner.snapshots.journal import Run, begin, go_on
from scanner.snapshots.layout import identities_file, identities_raw_file, organisation_file
from scanner.snapshots.read import read_snapshot
from scanner.snapshots.write import SnapshotWriter

POLICY = json.dumps({"Statement": []})


@pytest.fixture
def found(monkeypatch):
    """The collection of an organisation with something of everything."""
    world = world_of(HUB, MEMBER, organisation=True)
    world.estate.principals[HUB] = [Principal(kind="role", name="app", created=world.clock, trust=POLICY)]
    here = around(world)
    here.topics.append(
        Topic(name="t", policy=POLICY, subscriptions=(Subscription(protocol="email", endpoint="a@b.example"),))
    )
    here.endpoints.append(VpcEndpoint(id="vpce-1", service="kms", vpc="vpc-1", policy=POLICY))
    return collected(world, monkeypatch)


def written(found, folder):
    writer = SnapshotWriter(folder)
    for one in found.shards.values():
        writer.write(one)
    for tree in found.collection.trees:
        writer.write_organisation(tree)
    writer.finish(header([found.collection], as_of=NOW, finished_at=NOW))
    return read_snapshot(folder)


def test_everything_comes_back(found, tmp_path):
    snapshot = written(found, tmp_path)

    given = found.shards[HUB, REGION]
    shards = {(shard.scope.account, shard.scope.region): shard for shard in snapshot.shards}
    assert shards[HUB, REGION] == given.shard
    assert shards[HUB, REGION].alerting.topics.items[0].name == "t"
    assert shards[HUB, REGION].network.endpoints.items[0].id == "vpce-1"
    assert list(snapshot.accounts) == [given.identities.identities]
    assert snapshot.organisations == tuple(one.tree for one in found.collection.trees)
    assert len(snapshot.organisations[0].nodes.items) == 3


def test_identities_can_be_read_again_and_again(found, tmp_path):
    accounts = written(found, tmp_path).accounts

    assert list(accounts) == list(accounts)


def test_a_snapshot_of_an_earlier_version_has_none_of_it(found, tmp_path):
    shard = found.shards[HUB, REGION].shard
    writer = SnapshotWriter(tmp_path)
    writer.write(type(found.shards[HUB, REGION])(shard=type(shard)(scope=shard.scope, audit=None, keys=()), raw=()))
    writer.finish(header([found.collection], as_of=NOW, finished_at=NOW))

    snapshot = read_snapshot(tmp_path)

    assert (snapshot.organisations, list(snapshot.accounts)) == ((), [])
    assert [(one.alerting, one.network) for one in snapshot.shards] == [(None, None)]


def test_a_file_that_is_cut_off_is_named(found, tmp_path):
    snapshot = written(found, tmp_path)
    file = tmp_path / identities_file(found.collection.provider, HUB)
    file.write_bytes(file.read_bytes()[:-20])

    with pytest.raises(InputError, match=r"identities\.json\.gz"):
        list(snapshot.accounts)


def test_no_account_can_lead_out_of_the_snapshot(found):
    for path in (identities_file, identities_raw_file):
        with pytest.raises(ValueError, match="cannot name a folder"):
            path(found.collection.provider, "../..")


def test_a_run_that_goes_on_keeps_what_it_read_of_accounts(found, tmp_path):
    snapshot, journal = tmp_path / "snapshot", tmp_path / "journal"
    run = Run(as_of=NOW, version="1", collecting={})
    begin(journal, snapshot, run)
    written(found, snapshot)
    provider = found.collection.provider
    kept = [snapshot / path for path in (identities_file(provider, HUB), identities_raw_file(provider, HUB))]

    go_on(journal, snapshot, run)

    assert all(file.is_file() for file in [*kept, snapshot / organisation_file(provider)])
