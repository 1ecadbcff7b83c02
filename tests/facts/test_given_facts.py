from datetime import timedelta

import msgspec
import pytest

import role_worlds as worlds
from records import AS_OF, key, metadata, shard, unread
from scanner.facts.coverage.view import look
from scanner.facts.derive import derive_key
from scanner.facts.neighbours import Neighbours
from scanner.facts.subjects import GivenFacts, KeyFacts
from scanner.model.key import KeyState, Provider, Tracked
from scanner.model.permission import (
    Bindings,
    LoggedAccess,
)
from scanner.model.settings import TagVocabulary
from scanner.model.unknown import Unknown

DENIED = worlds.DENIED
NONE = worlds.NONE


def facts_of(*, levels=None, bindings=None, **changes: object) -> KeyFacts:
    """A key under a project and in a ring; `changes` are those of its record."""
    level = worlds.level("projects/bank") if bindings is None else worlds.level("projects/bank", bindings=bindings)
    access = worlds.access(Provider.GCP, level)
    if levels is not None:
        access = msgspec.structs.replace(access, levels=levels)
    one = worlds.google(access=access, own=worlds.google_key(**changes))
    here = look(one, Neighbours(primaries={}, buckets={}))
    return derive_key(one.keys[0], as_of=AS_OF, vocabulary=TagVocabulary(), view=here)


def judged(**more: object) -> GivenFacts:
    return facts_of(**more).given


def test_keys_of_other_clouds_have_no_such_roles() -> None:
    here = look(shard(key()), Neighbours(primaries={}, buckets={}))
    facts = derive_key(key(), as_of=AS_OF, vocabulary=TagVocabulary(), view=here).given
    assert set(msgspec.structs.astuple(facts)) == {None}


def test_the_wait_of_versions_is_what_guards_a_key_of_google() -> None:
    month = facts_of(metadata=metadata(destroy_after=timedelta(days=30))).deletion
    day = facts_of(metadata=metadata(destroy_after=timedelta(hours=24))).deletion
    untold = facts_of(metadata=metadata(destroy_after=None)).deletion
    assert (month.short_window_denied, month.guarded_days, month.version_wait) == (
        True,
        timedelta(days=30),
        timedelta(days=30),
    )
    assert (day.short_window_denied, day.guarded_days) == (False, timedelta(days=1))
    assert isinstance(untold.guarded_days, Unknown)


def test_a_deletion_on_google_waits_for_what_was_set() -> None:
    doomed = metadata(destroy_after=timedelta(days=7), state=KeyState.PENDING_DELETION, deletion_at=AS_OF)
    assert facts_of(metadata=doomed).deletion.waiting == timedelta(days=7)
    assert facts_of(metadata=metadata(destroy_after=timedelta(days=7))).deletion.waiting is None


def test_a_provider_that_tells_of_no_uses_is_not_a_key_that_was_never_used() -> None:
    use = facts_of(last_use=NONE).last_use
    assert (isinstance(use.ever, Unknown), isinstance(use.idle_at_least, Unknown)) == (True, True)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (Tracked(resources=2, projects=1, types={}, warnings=("PARTIAL",)), True),
        (Tracked(resources=0, projects=0, types={}, warnings=()), False),
        (Tracked(resources=0, projects=0, types={}, warnings=("PARTIAL",)), None),
        (unread("tracked"), None),
    ],
)
def test_what_google_counts_settles_whether_a_key_is_in_use(counted: object, expected: bool | None) -> None:  # noqa: FBT001 (a row of the table)
    in_use = facts_of(tracked=counted).protection.in_use
    assert in_use == expected if expected is not None else isinstance(in_use, Unknown)


def logging(*logged: LoggedAccess) -> bool | Unknown | None:
    return judged(bindings=Bindings(items=(), logged=logged)).use_logged


def test_use_is_logged_where_reading_is_for_the_service_or_for_all_and_nobody_is_spared() -> None:
    own = LoggedAccess(service="cloudkms.googleapis.com", kinds=("DATA_READ",), exempted=())
    every = LoggedAccess(service="allServices", kinds=("ADMIN_READ", "DATA_READ"), exempted=())
    other = LoggedAccess(service="storage.googleapis.com", kinds=("DATA_READ",), exempted=("user:a@bank.example",))
    spared = LoggedAccess(service="allServices", kinds=("DATA_WRITE",), exempted=("user:a@bank.example",))
    assert (logging(own), logging(every), logging(other, own)) == (True, True, True)
    assert (logging(), logging(other), logging(own, spared)) == (False, False, False)


def test_a_level_that_was_not_read_may_log_or_spare() -> None:
    assert judged(bindings=DENIED).use_logged == DENIED
    assert judged(levels=DENIED).use_logged == DENIED
