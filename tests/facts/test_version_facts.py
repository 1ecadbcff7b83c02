from datetime import timedelta

from records import AS_OF, days_ago, key, unread
from scanner.facts.versions import derive_versions
from scanner.model.key import KeyState, KeyVersion, ProtectionLevel, Versions


def version(number: int, state: KeyState = KeyState.ENABLED, **changes: object) -> KeyVersion:
    made = {"created_at": days_ago(100 * number), "protection": ProtectionLevel.HSM, **changes}
    return KeyVersion(id=f"v/{number}", state=state, word=state.upper(), enabled=state is KeyState.ENABLED, **made)


def test_the_primary_and_the_first_destruction_are_told_of_many_versions() -> None:
    waiting = [
        version(number, KeyState.PENDING_DELETION, destroy_at=days_ago(-days)) for number, days in ((3, 20), (4, 5))
    ]
    items = (version(1, expires_at=days_ago(-30)), version(2, KeyState.DESTROYED), *waiting)
    facts = derive_versions(key(versions=Versions(items=items, primary="v/1")), AS_OF)
    assert (facts.total, facts.enabled, facts.destroyed, facts.pending_destruction) == (4, 1, 1, 2)
    assert facts.first_destruction_in == timedelta(days=5)
    assert (facts.primary_state, facts.primary_age) == (KeyState.ENABLED, timedelta(days=100))
    assert facts.primary_expires_in == timedelta(days=30)
    assert facts.protection_levels == (ProtectionLevel.HSM,)


def test_material_that_was_made_later_than_its_version_counts_from_then() -> None:
    items = (version(1, generated_at=days_ago(7), imported=True),)
    facts = derive_versions(key(versions=Versions(items=items, primary="v/1")), AS_OF)
    assert (facts.primary_age, facts.imported) == (timedelta(days=7), True)


def test_a_key_without_a_primary_has_nothing_to_tell_of_it() -> None:
    facts = derive_versions(key(versions=Versions(items=(version(1, KeyState.DISABLED),), primary=None)), AS_OF)
    assert (facts.primary_state, facts.primary_age, facts.enabled) == (None, None, 0)


def test_versions_that_were_not_read_are_unknown_and_a_key_without_versions_has_none() -> None:
    denied = derive_versions(key(versions=unread("versions")), AS_OF)
    assert denied.total == denied.primary_age == denied.protection_levels == unread("versions")
    assert derive_versions(key(), AS_OF).total is None
