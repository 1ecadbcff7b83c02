import json
from datetime import timedelta

import msgspec
import pytest

from records import KEY_ID, cannot_exist, days_ago, key, metadata, not_asked, policy, statement, unread
from scanner.facts.replica import derive_replica
from scanner.facts.subjects import ReplicaFacts
from scanner.model.key import KeyState, MultiRegionRole, Policy, Rotation, Tags
from scanner.model.unknown import Cause

PRIMARY_ID = KEY_ID.replace("eu-central-1", "us-east-1")
UNNAMED = unread("rotation", Cause.UNSUPPORTED)
YEARLY = Rotation(enabled=True, period=timedelta(days=365), next_at=days_ago(-10))
OFF = Rotation(enabled=False, period=None, next_at=None)
UNNAMED_PERIOD = Rotation(enabled=True, period=None, next_at=None)


def replica_of(own: object, primary: object) -> ReplicaFacts:
    replica = key(rotation=own, metadata=metadata(multi_region=MultiRegionRole.REPLICA, primary=PRIMARY_ID))
    first = key(id=PRIMARY_ID, rotation=primary, metadata=metadata(multi_region=MultiRegionRole.PRIMARY))
    return derive_replica(replica, {PRIMARY_ID: first})


def test_a_key_that_is_no_replica_has_no_primary() -> None:
    assert set(msgspec.structs.asdict(derive_replica(key(), {})).values()) == {None}
    assert derive_replica(key(metadata=unread("metadata")), {}).primary == unread("metadata")


def test_a_replica_shows_the_state_of_its_primary() -> None:
    facts = replica_of(YEARLY, YEARLY)
    assert (facts.primary, facts.primary_state, facts.rotation_agrees) == (PRIMARY_ID, KeyState.ENABLED, True)


def test_a_primary_outside_the_snapshot_is_not_collected() -> None:
    unseen = unread("metadata", Cause.NOT_COLLECTED)
    for primary in (PRIMARY_ID, None):
        replica = key(metadata=metadata(multi_region=MultiRegionRole.REPLICA, primary=primary))
        facts = msgspec.structs.asdict(derive_replica(replica, {}))
        assert facts.pop("primary") == primary
        assert set(facts.values()) == {unseen}


@pytest.mark.parametrize(
    ("own", "primary", "agrees"),
    [
        (YEARLY, YEARLY, True),
        (OFF, OFF, True),
        (YEARLY, OFF, False),
        (YEARLY, Rotation(enabled=True, period=timedelta(days=90), next_at=None), False),
        (YEARLY, UNNAMED_PERIOD, UNNAMED),
        (UNNAMED_PERIOD, YEARLY, UNNAMED),
        (unread("rotation"), YEARLY, unread("rotation")),
        (YEARLY, unread("rotation", Cause.THROTTLED), unread("rotation", Cause.THROTTLED)),
        (YEARLY, not_asked("rotation"), unread("rotation", Cause.NOT_COLLECTED)),
        (cannot_exist("rotation"), YEARLY, None),
        (YEARLY, cannot_exist("rotation"), None),
    ],
)
def test_replica_and_primary_agree_on_switch_and_period(own: object, primary: object, agrees: object) -> None:
    assert replica_of(own, primary).rotation_agrees == agrees


def drifted(group: str, own: object, primary: object) -> ReplicaFacts:
    replica = key(**{group: own}, metadata=metadata(multi_region=MultiRegionRole.REPLICA, primary=PRIMARY_ID))
    return derive_replica(replica, {PRIMARY_ID: key(id=PRIMARY_ID, **{group: primary})})


def spelt(*statements: dict[str, object]) -> Policy:
    """The same policy as another tool would write it."""
    turned = [dict(reversed(list(item.items()))) for item in reversed(statements)]
    return Policy(document=json.dumps({"Statement": turned, "Version": "2012-10-17"}, indent=1))


def test_policies_agree_when_they_say_the_same_in_any_spelling() -> None:
    use = statement(Sid="Use", Action=["kms:Decrypt", "kms:Encrypt"])
    other = statement(Sid="Use", Action=["kms:Encrypt", "kms:Decrypt"])
    listed = statement(Action=["kms:*"])
    assert drifted("policy", policy(statement(), use), spelt(statement(), other)).policy_agrees is True
    assert drifted("policy", policy(statement()), spelt(listed)).policy_agrees is True


def test_one_more_statement_or_principal_is_a_drift() -> None:
    more = statement(Sid="Partner", Principal={"AWS": "arn:aws:iam::999988887777:root"})
    assert drifted("policy", policy(), policy(statement(), more)).policy_agrees is False


def test_a_policy_that_was_not_read_on_either_side_leaves_it_open() -> None:
    assert drifted("policy", unread("policy"), policy()).policy_agrees == unread("policy")
    asked = unread("policy", Cause.NOT_COLLECTED)
    assert drifted("policy", policy(), not_asked("policy")).policy_agrees == asked


def test_tags_agree_but_for_those_the_provider_sets() -> None:
    own = Tags(items={"owner": "a", "aws:cloudformation:stack-id": "one"})
    assert drifted("tags", own, Tags(items={"owner": "a"})).tags_agree is True
    assert drifted("tags", own, Tags(items={"Owner": "a"})).tags_agree is False
    assert drifted("tags", unread("tags"), own).tags_agree == unread("tags")


def test_a_disabled_primary_does_not_agree_with_an_enabled_replica() -> None:
    replica = key(metadata=metadata(multi_region=MultiRegionRole.REPLICA, primary=PRIMARY_ID))
    disabled = key(id=PRIMARY_ID, metadata=metadata(state=KeyState.DISABLED))
    unseen = key(id=PRIMARY_ID, metadata=unread("metadata"))
    assert derive_replica(replica, {PRIMARY_ID: disabled}).state_agrees is False
    assert derive_replica(replica, {PRIMARY_ID: unseen}).state_agrees == unread("metadata")
