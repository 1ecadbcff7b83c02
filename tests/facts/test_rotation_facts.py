from datetime import timedelta

import pytest

from records import AS_OF, KEY_ID, cannot_exist, days_ago, key, metadata, provider_key, rotations, unread
from scanner.facts.rotation import derive_material, derive_rotation
from scanner.facts.subjects import RotationFacts
from scanner.model.key import (
    ActionKind,
    Key,
    KeyType,
    KeyUsage,
    LifetimeAction,
    Origin,
    Provider,
    Rotation,
)
from scanner.model.unknown import Cause, Unknown

PRIMARY_ID = KEY_ID.replace("eu-central-1", "us-east-1")
UNNAMED = unread("rotation", Cause.UNSUPPORTED)
YEARLY = Rotation(enabled=True, period=timedelta(days=365), next_at=days_ago(-10))
OFF = Rotation(enabled=False, period=None, next_at=None)
UNNAMED_PERIOD = Rotation(enabled=True, period=None, next_at=None)


def rotation_of(subject: Key) -> RotationFacts:
    return derive_rotation(subject, derive_material(subject, AS_OF), AS_OF)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": KeyType.ASYMMETRIC, "usage": KeyUsage.ENCRYPT_DECRYPT},
        {"type": KeyType.ASYMMETRIC, "usage": KeyUsage.SIGN_VERIFY},
        {"type": KeyType.MAC, "usage": KeyUsage.MAC},
        {"type": KeyType.UNRECOGNISED, "usage": KeyUsage.KEY_AGREEMENT},
        {"origin": Origin.IMPORTED},
        {"origin": Origin.HSM_CLUSTER},
        {"origin": Origin.EXTERNAL_STORE, "type": KeyType.UNRECOGNISED},
    ],
)
def test_only_symmetric_encryption_keys_with_provider_material_can_rotate(changes: dict[str, object]) -> None:
    assert rotation_of(key(metadata=metadata(**changes))).supported is False


def test_a_kind_of_key_added_later_may_or_may_not_rotate() -> None:
    for changes in (
        {"type": KeyType.UNRECOGNISED},
        {"usage": KeyUsage.UNRECOGNISED},
        {"origin": Origin.UNRECOGNISED},
    ):
        assert rotation_of(key(metadata=metadata(**changes))).supported == unread("metadata", Cause.UNSUPPORTED)


def test_support_is_judged_per_provider() -> None:
    assert rotation_of(key(provider=Provider.GCP)).supported is True
    signing = metadata(type=KeyType.ASYMMETRIC, usage=KeyUsage.SIGN_VERIFY)
    assert rotation_of(key(provider=Provider.AZURE, metadata=signing)).supported is True
    assert rotation_of(key(metadata=signing)).supported is False


def test_an_azure_key_of_a_kind_added_later_may_or_may_not_rotate() -> None:
    unjudged = rotation_of(key(provider=Provider.AZURE, metadata=metadata(type=KeyType.UNRECOGNISED))).supported
    assert unjudged == Unknown(cause=Cause.UNSUPPORTED, call="Microsoft.KeyVault/vaults/keys/read")


def test_a_key_that_belongs_to_a_certificate_does_not_rotate_by_itself() -> None:
    facts = rotation_of(key(provider=Provider.AZURE, metadata=metadata(belongs_to="certificate")))
    assert facts.supported is False


def test_support_is_known_when_the_rotation_call_was_denied() -> None:
    facts = rotation_of(key(rotation=unread("rotation")))
    assert facts.supported is True
    assert facts.enabled == facts.period == facts.next_at == facts.overdue_by == unread("rotation")


def test_a_provider_managed_key_does_not_rotate_on_our_word() -> None:
    facts = rotation_of(provider_key())
    assert facts.supported is False
    assert facts.enabled == unread("rotation", Cause.NOT_COLLECTED)
    assert facts.last_at == unread("rotation_history", Cause.NOT_COLLECTED)


def test_rotation_that_cannot_exist_is_absent() -> None:
    facts = rotation_of(key(rotation=cannot_exist("rotation"), rotation_history=cannot_exist("rotation_history")))
    assert (facts.enabled, facts.period, facts.next_at, facts.last_at, facts.overdue_by) == (None,) * 5


def test_rotation_that_is_on_shows_period_next_and_last_date() -> None:
    facts = rotation_of(key(rotation=YEARLY))
    assert (facts.enabled, facts.period) == (True, timedelta(days=365))
    assert (facts.next_at, facts.last_at) == (days_ago(-10), days_ago(100))


def test_rotation_that_is_off_has_no_period_and_no_delay() -> None:
    facts = rotation_of(key(rotation=OFF))
    assert (facts.enabled, facts.period, facts.next_at, facts.overdue_by) == (False, None, None, None)


def test_rotation_on_without_a_named_period_leaves_period_and_delay_unknown() -> None:
    facts = rotation_of(key(rotation=UNNAMED_PERIOD))
    assert facts.enabled is True
    assert facts.period == facts.next_at == facts.overdue_by == UNNAMED


def test_a_next_date_counts_even_without_a_named_period() -> None:
    dated = Rotation(enabled=True, period=None, next_at=days_ago(-3))
    assert rotation_of(key(rotation=dated)).next_at == days_ago(-3)


def test_delay_is_age_of_the_newest_material_beyond_the_period() -> None:
    late = key(rotation=YEARLY, rotation_history=rotations(days_ago(400), days_ago(375)))
    assert rotation_of(late).overdue_by == timedelta(days=10)
    assert rotation_of(key(rotation=YEARLY)).overdue_by == timedelta(days=-265)


def test_a_key_that_never_rotated_is_overdue_from_its_creation() -> None:
    never = rotation_of(key(rotation=YEARLY, rotation_history=rotations()))
    assert never.last_at is None
    assert never.overdue_by == timedelta(days=365)


def test_delay_is_unknown_while_the_history_is() -> None:
    facts = rotation_of(key(rotation=YEARLY, rotation_history=unread("rotation_history")))
    assert facts.overdue_by == unread("rotation_history")
    assert facts.period == timedelta(days=365)


def test_material_is_as_old_as_its_last_rotation_or_the_key() -> None:
    assert derive_material(key(), AS_OF).age == timedelta(days=100)
    imported = key(rotation_history=cannot_exist("rotation_history"), metadata=metadata(origin=Origin.IMPORTED))
    assert derive_material(imported, AS_OF).newest_at == days_ago(730)
    assert derive_material(key(metadata=unread("metadata")), AS_OF).age == unread("metadata")


def test_imported_material_counts_down_to_its_expiry() -> None:
    facts = derive_material(key(metadata=metadata(material_expires_at=days_ago(-7))), AS_OF)
    assert (facts.expires_at, facts.expires_in) == (days_ago(-7), timedelta(days=7))
    assert derive_material(key(), AS_OF).expires_in is None


@pytest.mark.parametrize(
    ("next_at", "expires_at", "before"),
    [(days_ago(-10), days_ago(-20), True), (days_ago(-20), days_ago(-10), False), (None, days_ago(-10), False)],
)
def test_a_key_that_expires_first_did_not_rotate_in_time(next_at, expires_at, before) -> None:
    setting = Rotation(enabled=next_at is not None, period=timedelta(days=90), next_at=next_at)
    facts = rotation_of(key(metadata=metadata(material_expires_at=expires_at), rotation=setting))
    assert facts.before_expiry is before


def test_nothing_need_be_known_of_the_rotation_of_what_never_expires() -> None:
    assert rotation_of(key(rotation=unread("rotation"))).before_expiry is None
    dated = key(metadata=metadata(material_expires_at=days_ago(-5)), rotation=unread("rotation"))
    assert rotation_of(dated).before_expiry == unread("rotation")


def test_only_an_action_that_notifies_tells_somebody() -> None:
    def told(*actions: ActionKind) -> bool | Unknown | None:
        made = tuple(LifetimeAction(action=action, after_creation=None, before_expiry=None) for action in actions)
        setting = Rotation(enabled=False, period=None, next_at=None, actions=made)
        return rotation_of(key(rotation=setting)).notifies

    assert (told(ActionKind.NOTIFY), told(ActionKind.ROTATE), told()) == (True, False, False)
