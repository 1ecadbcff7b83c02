"""One platform that cannot be asked does not hide the others."""

from datetime import UTC, datetime

import pytest

from scanner.model.errors import AccessError
from scanner.model.key import Provider
from scanner.model.scope import ScopeStatus
from scanner.model.unknown import Unknown
from scanner.providers.protocol import Collection
from scanner.providers.several import NOBODY, collect_all

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def answers(provider):
    def read():
        return Collection(
            provider=provider,
            identities=(),
            endpoints=(),
            organisations=(),
            clock_offset_seconds=None,
            regions_outside={},
            answered=7,
        )

    return provider, read


def refuses(provider):
    def read():
        raise AccessError(f"{provider}: no credentials", hint="sign in")

    return provider, read


def test_a_platform_without_access_is_a_scope_out_of_reach_beside_the_others():
    shards = []

    found = collect_all([refuses(Provider.GCP), answers(Provider.AWS)], shards.append, lambda: NOW)

    assert [(one.provider, one.answered) for one in found] == [(Provider.AWS, 7), (Provider.GCP, 0)]
    scope = shards[0].shard.scope
    assert (scope.provider, scope.account, scope.status) == (Provider.GCP, NOBODY, ScopeStatus.UNREACHABLE)
    assert (scope.reason, isinstance(scope.keys, Unknown)) == ("gcp: no credentials", True)


def test_when_none_can_be_asked_the_first_says_why():
    with pytest.raises(AccessError, match="aws: no credentials"):
        collect_all([refuses(Provider.AWS), refuses(Provider.GCP)], [].append, lambda: NOW)


def test_platforms_that_answer_hand_over_nothing_here():
    shards = []
    assert len(collect_all([answers(Provider.AWS)], shards.append, lambda: NOW)) == 1
    assert shards == []
