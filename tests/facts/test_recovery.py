"""Purge protection is what keeps a key in a vault from being destroyed on short notice."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from records import AS_OF, days_ago, key, metadata, shard
from scanner.facts.coverage.view import look
from scanner.facts.derive import derive_key
from scanner.facts.neighbours import Neighbours
from scanner.facts.recovery import guard_of
from scanner.model.container import (
    AccessMode,
    AccessModel,
    ContainerKind,
    KeyContainer,
    KeyGrants,
    NetworkRules,
    Recovery,
)
from scanner.model.key import DeletionRequest, KeyState, Provider, Tags
from scanner.model.settings import TagVocabulary
from scanner.model.unknown import Cause, Unknown

DENIED = Unknown(cause=Cause.DENIED, call="Microsoft.KeyVault/vaults/read")
VAULT = KeyContainer(
    id="/subscriptions/s/resourcegroups/g/providers/microsoft.keyvault/vaults/v",
    provider=Provider.AZURE,
    account="s",
    region="westeurope",
    type=ContainerKind.VAULT,
    name="v",
    created_at=None,
    recovery=Recovery(soft_delete=True, retention_days=30, purge_protection=True),
    access=AccessModel(mode=AccessMode.ROLES),
    network=NetworkRules(
        public=True, default_allows=True, trusted_services=False, addresses=(), subnets=(), private_endpoints=()
    ),
    tags=Tags(items={}),
    policy=KeyGrants(items=()),
    source={},
    evidence=(),
)


@pytest.mark.parametrize(
    ("recovery", "denied", "least"),
    [
        (Recovery(soft_delete=True, retention_days=30, purge_protection=True), True, timedelta(days=30)),
        (Recovery(soft_delete=True, retention_days=None, purge_protection=True), True, timedelta(days=90)),
        (Recovery(soft_delete=True, retention_days=90, purge_protection=False), False, None),
        (Recovery(soft_delete=False, retention_days=None, purge_protection=False), False, None),
        (DENIED, DENIED, DENIED),
    ],
)
def test_only_purge_protection_guards(recovery, denied, least):
    guard = guard_of(replace(VAULT, recovery=recovery))
    assert (guard.denied, guard.least) == (denied, least)


def test_a_vault_that_was_not_read_guards_nobody_knows_how():
    assert isinstance(guard_of(None).denied, Unknown)


def facts_of(subject):
    view = look(replace(shard(subject), containers=(VAULT,)), Neighbours(primaries={}, buckets={}))
    return derive_key(subject, as_of=AS_OF, vocabulary=TagVocabulary(), view=view)


def test_a_key_is_guarded_by_the_vault_it_is_in():
    guarded = facts_of(key(provider=Provider.AZURE, container=VAULT.id)).deletion
    assert (guarded.short_window_denied, guarded.guarded_days) == (True, timedelta(days=30))
    assert isinstance(facts_of(key(provider=Provider.AZURE)).deletion.guarded_days, Unknown)


def test_a_key_is_as_old_as_its_oldest_version():
    unread = Unknown(cause=Cause.DENIED, call="Microsoft.KeyVault/vaults/keys/read")
    facts = facts_of(key(provider=Provider.AZURE, versions=unread))
    assert (facts.created_at, facts.age) == (unread, unread)
    assert facts_of(key(versions=unread)).age != unread


def test_who_deleted_an_azure_key_is_unknown_and_not_nobody():
    gone = metadata(state=KeyState.PENDING_DELETION, deletion_at=days_ago(-80))
    request = DeletionRequest(at=days_ago(10), actor=None, window_days=90)
    deletion = facts_of(key(provider=Provider.AZURE, metadata=gone, deletion_request=request)).deletion
    assert isinstance(deletion.requested_by, Unknown)
    assert (deletion.requested_at, deletion.waiting) == (days_ago(10), timedelta(days=90))
    assert facts_of(key(metadata=gone, deletion_request=request)).deletion.requested_by is None
