"""A store that names a version of its key stands or falls with that version, not with the key's best one."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

import role_worlds as worlds
from records import AS_OF, evidence, metadata, store, unread
from scanner.facts.coverage.blast import rows_of
from scanner.facts.coverage.stores import derive_store
from scanner.facts.coverage.view import look
from scanner.facts.neighbours import neighbours
from scanner.model.key import KeyState, KeyVersion, Provider, Versions
from scanner.model.store import Encryption
from scanner.model.store_kind import CopyKind
from scanner.model.unknown import Inapplicable
from scanner.outputs.protection_words import is_at_risk

SOON = AS_OF + timedelta(days=9)
ON = metadata()
GOOGLE, AZURE = worlds.google_key(metadata=ON), worlds.azure_key(metadata=ON)
FIRST = {GOOGLE.id: f"{GOOGLE.id}/cryptoKeyVersions/1", AZURE.id: f"{AZURE.id}/0a1b"}
SECOND = {GOOGLE.id: f"{GOOGLE.id}/cryptoKeyVersions/2", AZURE.id: f"{AZURE.id}/2c3d"}
BOTH = pytest.mark.parametrize("key", [GOOGLE, AZURE], ids=["google", "azure"])


def version(name, state, **changes):
    return KeyVersion(id=name, state=state, word="w", enabled=state is KeyState.ENABLED, created_at=AS_OF, **changes)


def seen(key, text, **changes):
    """A view with one snapshot that names its key by this text."""
    make = worlds.google if key.provider is Provider.GCP else worlds.azure
    one = store(encryption=Encryption(encrypted=True, key=text), copy=CopyKind.SNAPSHOT, expires_at=None)
    shard = replace(make(own=replace(key, **changes)), stores=(replace(one, provider=key.provider),))
    return look(shard, neighbours([shard]))


def facts(key, text, **changes):
    here = seen(key, text, **changes)
    return derive_store(here.shard.stores[0], here, AS_OF)


def first(key, state, **changes):
    """Versions of which the first is in this state, and the second is as it should be."""
    found = (version(FIRST[key.id], state, **changes), version(SECOND[key.id], KeyState.ENABLED))
    return Versions(items=found, primary=SECOND[key.id])


@BOTH
@pytest.mark.parametrize("state", [KeyState.DISABLED, KeyState.DESTROYED, KeyState.UNAVAILABLE])
def test_a_version_that_is_off_counts_for_the_store_that_names_it_alone(key, state):
    versions = first(key, state)
    assert facts(key, FIRST[key.id], versions=versions).key.state is state
    assert facts(key, SECOND[key.id], versions=versions).key.state is KeyState.ENABLED
    assert facts(key, key.id, versions=versions).key.state is KeyState.ENABLED


@BOTH
def test_a_good_version_of_a_key_whose_newest_is_off_can_be_read_with(key):
    found = facts(key, FIRST[key.id], versions=first(key, KeyState.ENABLED), metadata=metadata(state=KeyState.DISABLED))
    assert found.key.state is KeyState.ENABLED


def test_a_version_that_waits_for_its_destruction_takes_the_snapshot_along():
    versions = first(GOOGLE, KeyState.PENDING_DELETION, destroy_at=SOON)
    found = facts(GOOGLE, FIRST[GOOGLE.id], versions=versions)
    assert (found.key.state, found.key.deletion_at) == (KeyState.PENDING_DELETION, SOON)
    assert found.backup.outlives_key is True
    assert facts(GOOGLE, GOOGLE.id, versions=versions).backup.outlives_key is False


@BOTH
def test_a_version_that_a_whole_list_lacks_is_gone(key):
    only = Versions(items=(version(SECOND[key.id], KeyState.ENABLED),), primary=None)
    found = facts(key, FIRST[key.id], versions=only)
    assert (found.key.listed, found.key.state, found.backup.outlives_key) == (True, KeyState.DESTROYED, True)


@BOTH
def test_versions_that_were_not_read_leave_open_what_became_of_one_and_nothing_else(key):
    found = facts(key, FIRST[key.id], versions=unread("versions"))
    assert (found.key.state, found.backup.outlives_key) == (unread("versions"), unread("versions"))
    assert (found.customer_key, found.key.listed) == (True, True)
    assert facts(key, key.id, versions=unread("versions")).key.state is KeyState.ENABLED


@pytest.mark.parametrize("versions", [Inapplicable(reason="deleted", call="list"), first(AZURE, KeyState.ENABLED)])
def test_a_deleted_key_takes_all_its_versions_along(versions):
    going = metadata(state=KeyState.PENDING_DELETION, deletion_at=SOON)
    found = facts(AZURE, FIRST[AZURE.id], versions=versions, metadata=going)
    assert (found.key.state, found.key.deletion_at) == (KeyState.PENDING_DELETION, SOON)


def test_the_replies_that_list_the_versions_stand_behind_a_store_that_names_one():
    proof = (evidence("metadata"), evidence("versions"))
    changes = {"versions": first(AZURE, KeyState.ENABLED), "evidence": proof}
    assert evidence("versions") in facts(AZURE, FIRST[AZURE.id], **changes).evidence
    assert evidence("versions") not in facts(AZURE, AZURE.id, **changes).evidence


def test_azure_addresses_that_differ_in_case_alone_are_one():
    text = FIRST[AZURE.id].upper().replace("HTTPS", "https")
    found = facts(AZURE, text, versions=first(AZURE, KeyState.DISABLED))
    assert (found.key.id, found.key.state) == (AZURE.id, KeyState.DISABLED)


@BOTH
def test_what_dies_with_a_version_of_a_key_in_use_is_named_beside_the_key(key):
    own, lost = rows_of(seen(key, FIRST[key.id], versions=first(key, KeyState.DISABLED)))
    number = FIRST[key.id].rpartition("/")[2]
    assert (own.key, own.state, is_at_risk(own), own.version_of) == (key.id, "enabled", False, None)
    assert (lost.key, lost.state, is_at_risk(lost), lost.version_of) == (FIRST[key.id], "disabled", True, key.id)
    assert lost.name.endswith(f", version {number}")
    assert [store.version for store in lost.stores] == [FIRST[key.id]]
    assert lost.stores == own.stores


@BOTH
@pytest.mark.parametrize("state", [KeyState.ENABLED, KeyState.DISABLED])
def test_nothing_is_said_of_a_version_that_is_well_or_whose_key_is_off_itself(key, state):
    versions = first(key, KeyState.ENABLED if state is KeyState.ENABLED else KeyState.DESTROYED)
    (own,) = rows_of(seen(key, FIRST[key.id], versions=versions, metadata=metadata(state=state)))
    assert own.key == key.id


@BOTH
def test_a_version_that_was_not_read_is_not_said_to_be_lost(key):
    (own,) = rows_of(seen(key, FIRST[key.id], versions=unread("versions")))
    assert own.key == key.id
