"""Keys that cannot be used now, on the clouds whose keys have versions: rights stay, and their use is conditional."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

import role_worlds as worlds
from records import AS_OF, metadata
from role_worlds import azure, google, google_key, level, site
from scanner.facts.access.key_access import key_access
from scanner.facts.access.questions import who_can, why
from scanner.facts.access.words import asked
from scanner.model.effective import ActionClass
from scanner.model.key import KeyState, KeyType, KeyUsage, KeyVersion, Provider, Versions
from scanner.model.unknown import Cause, Unknown

ANN = "user:ann@bank.example"
OFFICER, SOMEBODY = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "aaaaaaaa-0000-4000-8000-00000000000a"
USE, ENCRYPT, DESTROY, POLICY = (
    ActionClass.USE_PLAINTEXT,
    ActionClass.USE_ENCRYPT,
    ActionClass.DESTROY,
    ActionClass.POLICY,
)
UNREAD = Unknown(cause=Cause.DENIED, call="keys/versions/list")
DAY = timedelta(days=1)


def version(state=KeyState.ENABLED, number=1, **dates):
    enabled = state is KeyState.ENABLED
    return KeyVersion(id=f"v{number}", state=state, word=state.value, enabled=enabled, created_at=None, **dates)


def versions(*items, primary=None):
    return Versions(items=items, primary=primary)


def of_google(state, *items, primary=None, **about):
    """Everybody's cells at a key of Google Cloud that one person owns."""
    kind = {"type": KeyType.SYMMETRIC, "usage": KeyUsage.ENCRYPT_DECRYPT, **about}
    own = google_key(metadata=metadata(state=state, **kind), versions=versions(*items, primary=primary))
    return google(level("projects/bank", ("roles/owner", ANN)), own=own)


def of_azure(state=KeyState.ENABLED, *items, primary=None, **changes):
    about = metadata(state=state, spec="RSA", usage=KeyUsage.ENCRYPT_DECRYPT, material_expires_at=None)
    own = worlds.azure_key(metadata=about, versions=versions(*items, primary=primary))
    return azure(worlds.assigned(worlds.SUBSCRIPTION, (OFFICER, SOMEBODY, "User")), own=replace(own, **changes))


def cells(one):
    (found,) = (found for found in site(one).found())
    return found.cells


def notes(one):
    return key_access(one.keys[0], site(one)).notes


@pytest.mark.parametrize("asleep", [KeyState.DISABLED, KeyState.PENDING_DELETION, KeyState.PENDING_IMPORT])
@pytest.mark.parametrize("world", [of_google, of_azure])
def test_a_key_that_is_not_enabled_is_used_on_that_condition_and_administered_as_before(asleep, world):
    one = world(asleep, version(asleep), primary="v1")
    words = asleep.value.replace("_", " ")
    found = cells(one)
    for kind in (USE, ENCRYPT):
        assert found[kind].state == "conditional"
        assert found[kind].conditions == (f"the key is enabled again (it is {words})",)
    assert found[DESTROY].state == "always"
    assert notes(one)[0].startswith(f"the key is {words}: nobody uses it until it is enabled")


def test_a_key_that_is_enabled_needs_nothing_and_has_no_note():
    for one in (world(KeyState.ENABLED, version(), primary="v1") for world in (of_google, of_azure)):
        assert cells(one)[USE].state == "always"
        assert notes(one) == ()


def test_a_key_whose_versions_are_destroyed_waits_for_a_new_one():
    one = of_google(KeyState.DESTROYED, version(KeyState.DESTROYED))
    assert cells(one)[USE].conditions == ("the key is given a new version (it is destroyed)",)
    assert notes(one)[0].endswith("what it protected stays lost")
    assert cells(one)[POLICY].state == "always"


@pytest.mark.parametrize("asleep", [KeyState.DISABLED, KeyState.PENDING_DELETION, KeyState.DESTROYED])
def test_a_primary_version_that_is_not_enabled_leaves_the_others(asleep):
    one = of_google(KeyState.ENABLED, version(number=1), version(asleep, number=2), primary="v2")
    need = f"a version is used that is enabled (the one used by default is {asleep.value.replace('_', ' ')})"
    assert cells(one)[USE].conditions == cells(one)[ENCRYPT].conditions == (need,)
    assert notes(one)[0].startswith("the version used by default is")
    other = of_google(KeyState.ENABLED, version(number=1), version(asleep, number=2), primary="v1")
    assert cells(other)[USE].state == "always"


def test_a_key_without_a_primary_version_encrypts_where_one_is_named():
    one = of_google(KeyState.ENABLED, version())
    assert cells(one)[USE].state == "always"
    assert cells(one)[ENCRYPT].conditions == ("the request names a version (none is used by default)",)
    signing = of_google(KeyState.ENABLED, version(), type=KeyType.ASYMMETRIC, usage=KeyUsage.SIGN_VERIFY)
    assert cells(signing)[ENCRYPT].state == "always"


def test_an_older_version_that_is_enabled_is_used_where_the_newest_is_not():
    need = "a version is used that is enabled (the one used by default is disabled)"
    old = version(number=1), version(KeyState.DISABLED, number=2)
    assert cells(of_azure(KeyState.DISABLED, *old, primary="v2"))[USE].conditions == (need,)
    assert cells(of_azure(KeyState.DISABLED, versions=UNREAD))[USE].conditions == (need,)
    gone = of_azure(KeyState.PENDING_DELETION, *old, primary="v2")
    assert cells(gone)[USE].conditions == ("the key is enabled again (it is pending deletion)",)


@pytest.mark.parametrize(
    ("dates", "why"),
    [
        ({"expires_at": AS_OF}, "expired on 2026-11-24"),
        ({"expires_at": AS_OF - 400 * DAY, "not_before": AS_OF - 500 * DAY}, "expired on 2025-10-20"),
        ({"not_before": AS_OF + DAY}, "is valid from 2026-11-25"),
    ],
)
def test_outside_its_dates_a_version_decrypts_and_verifies_alone(dates, why):
    one = of_azure(KeyState.ENABLED, version(**dates), primary="v1")
    need = f"a version is used that is valid at the time (the one used by default {why})"
    found = cells(one)
    assert found[USE].state == found[ENCRYPT].state == "always"
    assert {name.split("/")[3] for name in found[USE].actions} == {"decrypt", "unwrap", "release", "backup"}
    assert {name.split("/")[3] for name in found[ENCRYPT].actions} == {"verify"}
    assert key_access(one.keys[0], site(one)).notes == (
        f"the version used by default {why}: outside its dates it decrypts and verifies alone",
    )
    (answer,) = who_can(site(one), asked("sign", Provider.AZURE))[0]
    assert (answer.cell.state, answer.cell.conditions) == ("conditional", (need,))


def test_dates_to_come_forbid_nothing_and_those_of_a_key_count_where_versions_were_not_read():
    assert notes(of_azure(KeyState.ENABLED, version(expires_at=AS_OF + DAY, not_before=AS_OF), primary="v1")) == ()
    expired = metadata(spec="RSA", usage=KeyUsage.ENCRYPT_DECRYPT, material_expires_at=AS_OF - DAY)
    one = of_azure(metadata=expired, versions=UNREAD)
    assert notes(one)[0].startswith("the version used by default expired on 2026-11-23")


def test_keys_that_differ_in_their_state_alone_are_told_apart():
    asleep, awake = of_google(KeyState.DISABLED, version(KeyState.DISABLED)), of_google(KeyState.ENABLED, version())
    found = site(asleep), site(awake)
    assert found[0].case != found[1].case


@pytest.mark.parametrize("world", [google, azure])
def test_a_state_that_was_not_read_is_told(world):
    unread = Unknown(cause=Cause.DENIED, call="x.get")
    own = google_key(metadata=unread) if world is google else worlds.azure_key(metadata=unread)
    assert notes(world(own=own)) == ("not read: whether the key is enabled (denied x.get)",)


def test_why_names_what_the_key_waits_for():
    one = of_google(KeyState.DISABLED, version(KeyState.DISABLED))
    (caller,) = (found.caller for found in site(one).found())
    found, _ = why(caller, site(one), {})
    decision = found["cloudkms.cryptoKeyVersions.useToDecrypt"]
    assert [need.text for need in decision.needs] == ["the key is enabled again (it is disabled)"]
    assert found["cloudkms.cryptoKeyVersions.destroy"].needs == ()
