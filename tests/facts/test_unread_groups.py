from records import (
    ACCOUNT,
    KEY_ID,
    REGION,
    audit,
    cannot_exist,
    inventory,
    key,
    listing,
    not_asked,
    scope,
    shard,
    store,
    trail,
    unread,
)
from scanner.facts.unread import unread_of_audit, unread_of_key, unread_of_shard
from scanner.model.access_inputs import Access
from scanner.model.alerting import Alerting, EventBuses, Topics
from scanner.model.history import History
from scanner.model.key import Provider
from scanner.model.permission import AccessLevel, AccessLevels
from scanner.model.snapshot import Shard
from scanner.model.unknown import Cause, OutOfScope
from scanner.model.watching_google import (
    LogBuckets,
    LogLevel,
    LogMetrics,
    NotificationChannels,
    ProjectWatching,
    Snoozes,
)

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


def test_a_store_lacks_its_encryption_and_the_region_its_listings_aliases_and_defaults() -> None:
    other = unread("stores", Cause.THROTTLED)
    lacking = inventory(
        listings=(listing(), listing(unread("stores")), listing(other), listing(other)),
        aliases=unread("aliases"),
        volume_default=unread("volume_default"),
        volume_key=unread("volume_key"),
    )
    blind = store(encryption=unread("encryption"))
    assert unread_of_shard(shard(key(), inventory=lacking, stores=(blind, store("read")))) == {
        blind.id: {"encryption": (unread("encryption"),)},
        SCOPE_ID: {
            "stores": (unread("stores"), other),
            "aliases": (unread("aliases"),),
            "volume_default": (unread("volume_default"),),
            "volume_key": (unread("volume_key"),),
        },
    }


def test_what_was_not_read_above_the_keys_is_a_gap_of_their_scope() -> None:
    level = AccessLevel(
        id="projects/bank",
        parent=None,
        name=None,
        bindings=unread("policy"),
        denials=unread("policy", Cause.THROTTLED),
    )
    access = Access(
        provider=Provider.GCP,
        account="bank",
        region="global",
        levels=AccessLevels(items=(level, level)),
        roles=unread("tags"),
        groups=OutOfScope(reason="not asked", call="groups"),
        evidence=(),
    )
    assert unread_of_shard(shard(access=access))[f"aws:{ACCOUNT}:{REGION}"] == {
        "bindings": (unread("policy"),),
        "denials": (unread("policy", Cause.THROTTLED),),
        "roles": (unread("tags"),),
    }


def test_what_was_not_read_around_the_keys_of_a_place_is_named_with_each_reason_once() -> None:
    denied, throttled = unread("stores"), unread("stores", Cause.THROTTLED)
    place = {"provider": Provider.GCP, "account": ACCOUNT, "region": REGION, "evidence": ()}
    nothing = LogBuckets(items=())
    levels = (
        LogLevel(id="organizations/1", sinks=denied, exclusions=denied, buckets=nothing),
        LogLevel(id="folders/1", sinks=throttled, exclusions=denied, buckets=nothing),
    )
    lacking = shard(
        watching=ProjectWatching(
            levels=levels,
            metrics=LogMetrics(items=()),
            alerts=denied,
            snoozes=Snoozes(items=()),
            channels=NotificationChannels(items=()),
            **place,
        ),
        history=History(events=denied, **place),
        alerting=Alerting(filters=denied, alarms=denied, topics=Topics(items=()), buses=EventBuses(items=()), **place),
    )
    assert unread_of_shard(lacking)[SCOPE_ID] == {
        "sinks": (denied, throttled),
        "exclusions": (denied,),
        "alerts": (denied,),
        "events": (denied,),
        "filters": (denied,),
        "alarms": (denied,),
    }
