from records import ACCOUNT, KEY_ID, REGION, audit, cannot_exist, key, not_asked, scope, shard, trail, unread
from scanner.facts.unread import unread_of_audit, unread_of_key, unread_of_shard
from scanner.model.snapshot import Shard
from scanner.model.unknown import Cause

SCOPE_ID = f"aws:{ACCOUNT}:{REGION}"


def test_only_unread_groups_of_a_key_are_named() -> None:
    subject = key(policy=unread("policy"), tags=not_asked("tags"), rotation=cannot_exist("rotation"))
    assert unread_of_key(subject) == {"policy": (unread("policy"),)}


def test_a_shard_names_keys_scope_and_trails_that_lack_something() -> None:
    denied = key(id=KEY_ID + "0", grants=unread("grants"))
    lacking = Shard(scope=scope(keys=unread("keys")), audit=audit(trail(status=unread("status"))), keys=(key(), denied))
    assert unread_of_shard(lacking) == {
        denied.id: {"grants": (unread("grants"),)},
        SCOPE_ID: {"keys": (unread("keys"),), "status": (unread("status"),)},
    }


def test_a_shard_read_completely_names_nothing() -> None:
    assert unread_of_shard(shard(key())) == {}
    assert unread_of_shard(shard(audit=None)) == {}


def test_of_several_trails_with_the_same_gap_each_reason_is_named_once() -> None:
    denied, throttled = unread("status"), unread("status", Cause.THROTTLED)
    lacking = audit(trail(status=denied), trail(status=throttled), trail(status=denied))
    assert unread_of_audit(lacking) == {"status": (denied, throttled)}


def test_a_denied_listing_of_trails_is_the_only_gap() -> None:
    assert unread_of_audit(audit(trails=unread("trails"))) == {"trails": (unread("trails"),)}
    assert unread_of_audit(audit(trails=cannot_exist("trails"))) == {}
