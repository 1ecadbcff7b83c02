"""Binds the groups that subjects.py names to what the derivations really rest on."""

from collections.abc import Iterator
from itertools import product
from typing import get_type_hints

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from arbitrary import PRIMARY_ID, keys, trails, unknowns
from records import AS_OF, alone, days_ago, key, metadata, shard, trail, unread
from scanner.facts.coverage.view import look
from scanner.facts.derive import derive_key
from scanner.facts.neighbours import Neighbours
from scanner.facts.subjects import Fact, KeyFacts
from scanner.facts.trails import derive_trail
from scanner.model.key import KEY_GROUPS, DeletionRequest, Key, KeyState, LastUse, MultiRegionRole, Provider
from scanner.model.settings import TagMeaning, TagVocabulary
from scanner.model.trail import TRAIL_GROUPS, Trail
from scanner.model.unknown import Unknown

VOCABULARY = TagVocabulary(environment=TagMeaning(keys=("env", "environment"), allowed=("prod",)))


def facts_of(subject: Key, primaries: dict[str, Key]) -> KeyFacts:
    view = look(shard(subject), Neighbours(primaries=primaries, buckets={}))
    return derive_key(subject, as_of=AS_OF, vocabulary=VOCABULARY, view=view)


ACROSS = ("access.", "protection.", "given.", "deletion.short_window_denied", "deletion.guarded_days", "log_key.")
"""Leaves that rest on more than the record itself; tests/facts/coverage and tests/facts/access bind them."""

HERE = alone(key())


def leaves(facts: msgspec.Struct, prefix: str = "") -> Iterator[tuple[str, Fact, object]]:
    """Every leaf with its path, what it says it rests on, and its value."""
    for name, hint in get_type_hints(type(facts), include_extras=True).items():
        value = getattr(facts, name)
        facts_about = [item for item in getattr(hint, "__metadata__", ()) if isinstance(item, Fact)]
        if facts_about and not (prefix + name).startswith(ACROSS):
            yield prefix + name, facts_about[0], value
        elif isinstance(value, msgspec.Struct):
            yield from leaves(value, f"{prefix}{name}.")


def check(before: msgspec.Struct, after: msgspec.Struct, group: str, blind: Key | Trail) -> None:
    """A changed leaf names the lost group and shows, unaltered, an Unknown that stands in one of its groups."""
    for (path, about, old), (_, _, new) in zip(leaves(before), leaves(after), strict=True):
        unread_groups = [getattr(blind, name) for name in about.groups if name != "trails"]
        assert new == old or (group in about.groups and isinstance(new, Unknown) and new in unread_groups), path


@given(keys(), keys(), st.sampled_from(KEY_GROUPS), st.data())
def test_an_unread_group_of_a_key_makes_only_leaves_that_name_it_unknown(
    subject: Key, primary: Key, group: str, data: st.DataObject
) -> None:
    primaries = {PRIMARY_ID: primary}
    blind = msgspec.structs.replace(subject, **{group: data.draw(unknowns(group))})
    check(facts_of(subject, primaries), facts_of(blind, primaries), group, blind)


@given(trails(), st.sampled_from(TRAIL_GROUPS), st.data())
def test_an_unread_group_of_a_trail_makes_only_leaves_that_name_it_unknown(
    subject: Trail, group: str, data: st.DataObject
) -> None:
    blind = msgspec.structs.replace(subject, **{group: data.draw(unknowns(group))})
    check(derive_trail(subject, AS_OF, HERE), derive_trail(blind, AS_OF, HERE), group, blind)


def test_every_group_that_a_leaf_of_a_key_names_can_make_it_unknown() -> None:
    primary = key(id=PRIMARY_ID, metadata=metadata(multi_region=MultiRegionRole.PRIMARY))
    replica = key(metadata=metadata(multi_region=MultiRegionRole.REPLICA, primary=PRIMARY_ID))
    unused = key(last_use=LastUse(at=None, operation=None, tracking_since=days_ago(800)))
    pending = key(
        metadata=metadata(state=KeyState.PENDING_DELETION, deletion_at=days_ago(-7)),
        deletion_request=DeletionRequest(at=days_ago(1), actor=None, window_days=8),
    )
    elsewhere = key(provider=Provider.AZURE, metadata=metadata(material_expires_at=days_ago(-9)))
    reached = set()
    for subject, group in product((key(), replica, unused, pending, elsewhere), KEY_GROUPS):
        whole = facts_of(subject, {PRIMARY_ID: primary})
        blind = facts_of(msgspec.structs.replace(subject, **{group: unread(group)}), {PRIMARY_ID: primary})
        reached |= {
            (path, group)
            for (path, _, old), (_, _, new) in zip(leaves(whole), leaves(blind), strict=True)
            if isinstance(new, Unknown) and not isinstance(old, Unknown)
        }
    assert reached == {(path, group) for path, about, _ in leaves(facts_of(key(), {})) for group in about.groups}


def test_every_group_that_a_leaf_of_a_trail_names_can_make_it_unknown() -> None:
    whole = derive_trail(trail(), AS_OF, HERE)
    reached = {
        (path, group)
        for group in TRAIL_GROUPS
        for path, _, new in leaves(derive_trail(trail(**{group: unread(group)}), AS_OF, HERE))
        if isinstance(new, Unknown)
    }
    named = {(path, group) for path, about, _ in leaves(whole) for group in about.groups}
    assert reached == {(path, group) for path, group in named if group != "trails"}


@given(keys(), keys())
def test_a_leaf_that_names_no_group_is_never_unknown(subject: Key, primary: Key) -> None:
    for path, about, value in leaves(facts_of(subject, {PRIMARY_ID: primary})):
        assert not isinstance(value, Unknown) or about.groups, path
