import pytest

from records import (
    ACCOUNT,
    AS_OF,
    KEY_ID,
    alone,
    audit,
    inventory,
    key,
    metadata,
    moved,
    provider_key,
    scope,
    shard,
    trail,
    unread,
    view,
)
from scanner.facts.account_region import derive_account_region
from scanner.facts.subjects import AccountRegionFacts, LogKeyFacts, VolumeKeyFacts
from scanner.facts.trails import derive_trail
from scanner.model.key import KeyState
from scanner.model.store import AliasTable, VolumeDefault, VolumeKey
from scanner.model.unknown import Cause, Unknown

SHORT = KEY_ID.rpartition("/")[2]
GONE = "00000000-0000-4000-8000-000000000000"
OTHER = "444455556666"
UNASKED = Unknown(cause=Cause.NOT_COLLECTED, call="ec2:DescribeVolumes")


def facts(*keys, **changes) -> AccountRegionFacts:
    return derive_account_region(audit(), view(shard(*keys, **changes)), AS_OF)


def orphans(*keys, scoped=None, **targets):
    table = AliasTable(targets={f"alias/{name}": target for name, target in targets.items()})
    changes = {} if scoped is None else {"scope": scoped}
    return facts(*keys, inventory=inventory(aliases=table), **changes).orphan_aliases


def test_an_alias_that_points_at_nothing_or_at_a_key_that_is_gone_is_an_orphan() -> None:
    found = orphans(key(), used=SHORT, gone=GONE, empty=None, **{"aws/rds": None})
    assert found == ("alias/empty", "alias/gone")


def test_whether_an_alias_is_an_orphan_is_open_while_keys_or_aliases_are() -> None:
    assert orphans(key(), scoped=scope(keys=unread("keys")), gone=GONE) == unread("keys")
    assert orphans(key(), scoped=scope(keys=unread("keys")), used=SHORT) == ()
    assert facts(key(), inventory=inventory(aliases=unread("aliases"))).orphan_aliases == unread("aliases")
    assert facts(key(), inventory=None).orphan_aliases == unread("aliases", Cause.NOT_COLLECTED)


def test_defaults_for_volumes_are_shown_as_read() -> None:
    assert facts(key()).volumes_encrypted_by_default is True
    off = inventory(volume_default=VolumeDefault(encrypted=False))
    assert facts(key(), inventory=off).volumes_encrypted_by_default is False
    denied = inventory(volume_default=unread("volume_default"))
    assert facts(key(), inventory=denied).volumes_encrypted_by_default == unread("volume_default")
    assert facts(key(), inventory=None).volumes_encrypted_by_default == UNASKED


@pytest.mark.parametrize(
    ("reference", "is_customers"),
    [
        (KEY_ID, True),
        (SHORT, True),
        ("alias/payments", True),
        ("alias/aws/ebs", False),
        (provider_key().id, False),
        (GONE, unread("metadata", Cause.NOT_COLLECTED)),
    ],
)
def test_the_default_key_for_volumes_is_a_customers_or_the_providers(reference: str, is_customers: object) -> None:
    found = facts(key(), provider_key(), inventory=inventory(volume_key=VolumeKey(key=reference)))
    assert found.volume_default_key.customer == is_customers


def test_the_default_key_for_volumes_is_judged_where_it_lives() -> None:
    disabled = key(metadata=metadata(state=KeyState.DISABLED))
    found = facts(disabled, inventory=inventory(volume_key=VolumeKey(key=KEY_ID))).volume_default_key
    assert (found.listed, found.state, found.account, found.ours) == (True, KeyState.DISABLED, ACCOUNT, True)
    gone = facts(key(), inventory=inventory(volume_key=VolumeKey(key=GONE))).volume_default_key
    assert (gone.listed, gone.state, gone.ours) == (False, None, True)
    far = facts(key(), inventory=inventory(volume_key=VolumeKey(key=KEY_ID.replace(ACCOUNT, OTHER))))
    assert far.volume_default_key.listed == far.volume_default_key.state == unread("metadata", Cause.NOT_COLLECTED)
    assert (far.volume_default_key.account, far.volume_default_key.ours) == (OTHER, False)


def test_a_default_key_that_the_provider_has_still_to_make_is_not_gone() -> None:
    unmade = inventory(volume_key=VolumeKey(key="alias/aws/rds"))
    found = facts(key(), inventory=unmade).volume_default_key
    assert found == VolumeKeyFacts(customer=False, listed=None, state=None, account=None, ours=None)


def test_an_unread_default_key_is_unknown() -> None:
    denied = inventory(volume_key=unread("volume_key"))
    for found, reason in ((denied, unread("volume_key")), (None, UNASKED)):
        told = facts(key(), inventory=found).volume_default_key
        assert {getattr(told, name) for name in told.__struct_fields__} == {reason}


def log_key(reference: str | None, *keys, others=(), **changes) -> LogKeyFacts:
    return derive_trail(trail(key=reference, **changes), AS_OF, view(shard(*keys), *others)).log_key


def test_a_trail_without_a_key_leaves_encryption_to_its_bucket() -> None:
    assert log_key(None, key()) == LogKeyFacts(encrypted_with_customer_key=False, key_state=None, key_listed=None)


def test_a_trails_key_is_judged_where_it_lives() -> None:
    disabled = key(metadata=metadata(state=KeyState.DISABLED))
    assert log_key(KEY_ID, disabled) == LogKeyFacts(
        encrypted_with_customer_key=True, key_state=KeyState.DISABLED, key_listed=True
    )
    assert log_key(GONE, key()).key_listed is False
    far = KEY_ID.replace(ACCOUNT, OTHER)
    there = moved(shard(key(id=far), audit=audit(trail(key=far))), OTHER)
    here = shard(key(), audit=audit(trail(key=far)))
    found = derive_trail(trail(key=far), AS_OF, view(here, there)).log_key
    assert (found.key_listed, found.key_state) == (True, KeyState.ENABLED)


def test_a_bare_reference_of_an_organisations_trail_is_meant_in_the_trails_own_account() -> None:
    there = moved(shard(key(id=KEY_ID.replace(ACCOUNT, OTHER))), OTHER)
    organisations = trail(key=SHORT, account=OTHER)
    here = shard(key(), audit=audit(organisations))
    assert derive_trail(organisations, AS_OF, view(here, there)).log_key.key_listed is True
    unseen = derive_trail(organisations, AS_OF, view(here)).log_key
    assert unseen.key_listed == unread("metadata", Cause.NOT_COLLECTED)
    assert alone(key()).target(SHORT).key == KEY_ID
