"""What a provider itself names under a key: beside what listings show, each once, and whether that is all."""

import pytest
from msgspec.structs import replace

import role_worlds as worlds
from records import AS_OF, metadata, store, unread
from scanner.facts.coverage.blast import rows_of
from scanner.facts.coverage.protection import derive_protection
from scanner.facts.coverage.view import look
from scanner.facts.neighbours import neighbours
from scanner.model.key import KeyState, KeyVersion, Provider, Tracked, Versions
from scanner.model.named import NamedResource, NamedResources
from scanner.model.store import Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown

NAMES = "cloudkms.protectedResources.search"
OFF = metadata(state=KeyState.DISABLED, deletion_at=AS_OF)
UNTOLD = Unknown(cause=Cause.UNSUPPORTED, call=NAMES)


def named(name: str, **changes: object) -> NamedResource:
    default = NamedResource(
        id=name,
        word="container.googleapis.com/Cluster",
        type=StoreKind.CLUSTER,
        copy=CopyKind.ORIGINAL,
        account="elsewhere",
        region="eu",
    )
    return replace(default, **changes)


def names(*items: NamedResource) -> NamedResources:
    return NamedResources(call=NAMES, items=items)


def counts(resources: int, *warnings: str) -> Tracked:
    return Tracked(resources=resources, projects=1, types={}, warnings=warnings)


def seen(*stores: str, **changes: object):
    """Facts and row of a key that is off, with stores under it that a listing shows."""
    here = look_at(worlds.google_key(metadata=OFF), *stores, **changes)
    (row,) = rows_of(here)
    return derive_protection(here.shard.keys[0], here), row


def look_at(key, *stores: str, **changes: object):
    """The view of a key with stores under it that a listing shows."""
    subject = replace(key, **changes)
    under = Encryption(encrypted=True, key=subject.id)
    listed = tuple(replace(store(one, id=one, encryption=under), provider=Provider.GCP) for one in stores)
    shard = replace(worlds.google(own=subject), stores=listed)
    return look(shard, neighbours([shard]))


def test_what_is_named_stands_beside_what_is_listed_and_what_is_both_stands_once() -> None:
    _, row = seen("//a", "//b", tracked=counts(2), protects=names(named("//b"), named("//c")))
    assert [(item.id, item.kind, item.account) for item in row.stores] == [
        ("//a", StoreKind.DATABASE, row.stores[0].account),
        ("//b", StoreKind.DATABASE, row.stores[0].account),
        ("//c", StoreKind.CLUSTER, "elsewhere"),
    ]
    assert (row.counted, row.named) == (2, 2)
    assert row.unread == seen("//a")[1].unread


def test_what_has_no_kind_here_keeps_the_providers_word_and_no_end_is_made_up() -> None:
    odd = named("//x/odd", word="new.googleapis.com/Thing", type=StoreKind.OTHER)
    backup = named("//x/saved", type=StoreKind.DATABASE_BACKUP, copy=CopyKind.BACKUP)
    _, row = seen(tracked=counts(3), protects=names(odd, backup, named("//x/whole")))
    assert [(item.name, item.word, item.expires_at) for item in row.stores] == [
        ("odd", "new.googleapis.com/Thing", UNTOLD),
        ("saved", None, UNTOLD),
        ("whole", None, None),
    ]
    assert (row.backup_expires_at, row.kept) == (UNTOLD, False)


@pytest.mark.parametrize(
    ("tracked", "protects", "reason"),
    [
        (counts(3), names(named("//c")), UNTOLD),
        (counts(1, "INSUFFICIENT_PERMISSIONS_PARTIAL_DATA"), names(named("//c")), UNTOLD),
        (counts(3), unread("protects"), unread("protects")),
        (unread("tracked"), names(named("//c")), unread("tracked")),
    ],
)
def test_names_that_are_not_all_leave_the_list_open_and_the_key_in_use(tracked, protects, reason) -> None:
    found, row = seen("//a", tracked=tracked, protects=protects)
    assert reason in row.unread
    assert isinstance(found.stores, Unknown)
    assert found.in_use is True


def test_a_key_under_which_something_is_counted_and_nothing_was_named_has_a_row() -> None:
    _, row = seen(
        tracked=counts(3),
        protects=unread("protects"),
    )
    assert (row.stores, row.counted, row.named) == ((), 3, None)


def test_a_count_of_nothing_does_not_say_that_nothing_rests_on_a_key_whose_names_were_not_read():
    facts, row = seen(tracked=counts(0), protects=Unknown(cause=Cause.DENIED, call=NAMES))
    assert isinstance(facts.in_use, Unknown)
    assert Unknown(cause=Cause.DENIED, call=NAMES) in row.unread


def test_what_is_named_under_a_version_that_is_off_is_lost_with_it_though_the_key_is_in_use():
    subject = worlds.google_key()
    first, second = (f"{subject.id}/cryptoKeyVersions/{number}" for number in (1, 2))
    versions = Versions(
        items=tuple(
            KeyVersion(id=name, state=state, word="w", enabled=state is KeyState.ENABLED, created_at=AS_OF)
            for name, state in ((first, KeyState.ENABLED), (second, KeyState.DISABLED))
        ),
        primary=first,
    )
    both, well = named("//c", versions=(first, second)), named("//d", versions=(first,))
    _, *rows = rows_of(look_at(subject, versions=versions, tracked=counts(2), protects=names(both, well)))
    assert [(row.key, [item.id for item in row.stores]) for row in rows] == [(second, ["//c"])]


def test_a_listing_that_names_no_version_takes_it_from_the_provider():
    subject = worlds.google_key()
    first = f"{subject.id}/cryptoKeyVersions/1"
    here = look_at(subject, "//a", protects=names(named("//a", versions=(first,))))
    (found,) = here.resting_on(subject.id)
    assert (found.kind, found.version) == (StoreKind.DATABASE, first)
