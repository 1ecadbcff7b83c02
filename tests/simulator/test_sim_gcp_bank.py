"""The bank's Google organisation is what the demo says it is, and the real reader reads it."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from scanner.config.schema import GcpConfig
from scanner.model.history import KeyEventType
from scanner.model.key import KeyState, Metadata
from scanner.model.scope import ScopeStatus
from scanner.model.unknown import Unknown
from scanner.model.watching_google import Verification
from scanner.providers.gcp.collect import GcpProvider
from scanner.providers.retelling import Deaf
from scanner.simulator.gcp.bank import LENDING, MODELS, ORGANISATION, RISK, bank, named
from scanner.simulator.gcp.server import serve
from scanner.simulator.gcp.views import key_view

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shards():
    found = []
    with serve(bank(NOW)) as endpoint:
        config = GcpConfig(
            discover=(ORGANISATION,), endpoint_url=endpoint.url, rate_limiter=False, max_attempts=1, concurrency=4
        )
        GcpProvider(config, clock=lambda: NOW, as_of=NOW).collect(found.append, Deaf())
    return [one.shard for one in found]


def test_equal_moments_give_equal_keys():
    first, second = ([key_view(key) for key in bank(NOW).estate.keys.values()] for _ in range(2))
    assert first == second


def test_every_key_of_the_bank_is_read_in_its_project(shards):
    read = Counter(shard.scope.account for shard in shards for _ in shard.keys)
    made = Counter(key.project for key in bank(NOW).estate.keys.values())
    assert read == made
    assert set(read) == {RISK, LENDING, MODELS}
    assert sum(read.values()) >= 25


def test_the_population_shows_every_kind_of_scope(shards):
    assert {shard.scope.status for shard in shards} == {
        ScopeStatus.SCANNED,
        ScopeStatus.CLOSED,
        ScopeStatus.NOT_ENABLED,
    }


def test_keys_stand_in_every_state(shards):
    states = {key.metadata.state for shard in shards for key in shard.keys if isinstance(key.metadata, Metadata)}
    assert states == {KeyState.ENABLED, KeyState.DISABLED, KeyState.PENDING_DELETION, KeyState.DESTROYED}


def test_one_policy_cannot_be_read(shards):
    hidden = [key.id.rpartition("/")[2] for shard in shards for key in shard.keys if isinstance(key.policy, Unknown)]
    assert hidden == ["scoring"]


def test_keys_are_watched_over_well_badly_and_not_at_all(shards):
    watching = {shard.scope.account: shard.watching for shard in shards if shard.watching is not None}
    states = {
        project: (
            [metric.enabled for metric in found.metrics.items],
            [alert.enabled for alert in found.alerts.items],
            [channel.verification for channel in found.channels.items],
            len(found.snoozes.items),
        )
        for project, found in watching.items()
        if project in {RISK, LENDING, MODELS}
    }
    assert states == {
        RISK: ([True], [True], [Verification.VERIFIED], 0),
        LENDING: ([True], [True], [Verification.UNVERIFIED], 1),
        MODELS: ([False], [False], [], 0),
    }
    assert {sink.name for sink in watching[MODELS].levels[0].sinks.items} == {"audit"}


def test_what_was_done_to_keys_is_told(shards):
    done = {event.type for shard in shards if shard.history for event in shard.history.events.items}
    assert done == {
        KeyEventType.DESTROY_REQUESTED,
        KeyEventType.RESTORED,
        KeyEventType.ENABLED,
        KeyEventType.DISABLED,
        KeyEventType.KEY_DELETED,
    }


def test_time_rotates_keys_and_destroys_what_waits():
    world = bank(NOW)
    before = len(named(world, "exposure").versions)
    world.advance(100)
    assert len(named(world, "exposure").versions) == before + 1
    assert named(world, "branch-files").versions[0].state == "DESTROYED"
    assert world.clock == NOW + timedelta(days=100)
