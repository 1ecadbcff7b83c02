"""Not seeing something leaves every fact of every subject as it was, or unknown; over whole snapshots."""

from collections.abc import Iterator
from typing import get_type_hints

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from blinding import hidden
from estates import snapshots
from places import AS_OF
from scanner.facts.coverage.admitted import admitted
from scanner.facts.coverage.blast import protections, rows_of
from scanner.facts.coverage.references import Place
from scanner.facts.coverage.view import look
from scanner.facts.derive import derive
from scanner.facts.neighbours import neighbours_of
from scanner.facts.subjects import Fact
from scanner.model.named import NamedResources
from scanner.model.scope import scope_id
from scanner.model.settings import TagVocabulary
from scanner.model.store import VolumeKey
from scanner.model.trail import TrailList
from scanner.model.unknown import Cause, Unknown


def leaves(value: object, path: str = "") -> Iterator[tuple[str, Fact | None, object]]:
    """Every leaf with its path and what it says it rests on; elements of lists by their place."""
    for name, hint in get_type_hints(type(value), include_extras=True).items():
        inner = getattr(value, name)
        about = next((item for item in getattr(hint, "__metadata__", ()) if isinstance(item, Fact)), None)
        if isinstance(inner, tuple) and inner and isinstance(inner[0], msgspec.Struct) and name != "evidence":
            for number, element in enumerate(inner):
                yield from leaves(element, f"{path}{name}[{number}].")
        elif isinstance(inner, msgspec.Struct) and about is None:
            yield from leaves(inner, f"{path}{name}.")
        elif name not in ("name", "evidence") or about is not None:
            yield f"{path}{name}", about, inner


def facts_of(snapshot) -> dict:
    around = neighbours_of(snapshot)
    return {
        (type(facts), facts.id): {path: (about, value) for path, about, value in leaves(facts)}
        for shard in snapshot.shards
        for facts in derive(shard, as_of=AS_OF, vocabulary=TagVocabulary(), around=around)
    }


def is_covered(path: str, leaves: dict) -> bool:
    """A list that became unknown as a whole takes its elements with it."""
    return any(isinstance(value, Unknown) and path.startswith(f"{name}[") for name, (_, value) in leaves.items())


def is_let_in(snapshot) -> bool:
    """No store of another account rests on a key that does not let that account in, as policies that were changed do.

    Such a store is told where it is seen; where it was not read it is not missed, since nothing leads to it.
    """
    around = neighbours_of(snapshot)
    views = [look(shard, around) for shard in snapshot.shards]
    return all(
        store.account == key.account or isinstance(others, Unknown) or store.account in others
        for view in views
        for key in view.shard.keys
        for others in [admitted(key)]
        for store in view.resting_on(key.id)
    )


@settings(max_examples=200)
@given(snapshots(), st.data(), st.sampled_from(Cause))
def test_a_fact_stays_as_it_was_or_becomes_unknown(snapshot, data, cause):
    assume(is_let_in(snapshot))
    blind = hidden(snapshot, lambda name: data.draw(st.integers(0, 4), label=name) == 0, cause)
    full, gaps = facts_of(snapshot), facts_of(blind)
    assert gaps.keys() <= full.keys()
    wrong = [
        (subject, path, full[subject][path][1], value)
        for subject, found in gaps.items()
        for path, (_, value) in found.items()
        if not isinstance(value, Unknown) and full[subject].get(path, (None, None))[1] != value
    ]
    assert wrong == []
    lost = [
        (subject, path)
        for subject, found in gaps.items()
        for path in full[subject].keys() - found.keys()
        if not is_covered(path, found)
    ]
    assert lost == []


@settings(max_examples=100)
@given(snapshots())
def test_a_leaf_that_names_no_group_is_never_unknown(snapshot):
    for found in facts_of(snapshot).values():
        for path, (about, value) in found.items():
            assert not isinstance(value, Unknown) or (about is not None and about.groups), path


@settings(max_examples=100)
@given(snapshots())
def test_whatever_has_a_key_that_can_be_seen_stands_in_exactly_one_row(snapshot):
    around = neighbours_of(snapshot)
    rows = protections(row for shard in snapshot.shards for row in rows_of(look(shard, around)))
    assert len({row.key for row in rows}) == len(rows)
    standing = sorted(store.id for row in rows for store in row.stores)
    seen = sorted({name for shard in snapshot.shards for name in naming_a_key(shard, look(shard, around))})
    assert standing == seen


def naming_a_key(shard, view) -> Iterator[str]:
    """What of a shard has a key that somebody can see."""
    for key in shard.keys:
        yield from [item.id for item in key.protects.items] if isinstance(key.protects, NamedResources) else []
    for store in shard.stores:
        encryption = store.encryption
        if not isinstance(encryption, Unknown) and encryption.encrypted and encryption.key is not None:
            yield from [store.id] if not view.target(encryption.key).is_unmade else []
    trails = shard.audit.trails.items if isinstance(shard.audit.trails, TrailList) else ()
    for trail in trails:
        home = Place(trail.provider, trail.account, trail.home_region)
        if trail.key is not None and not view.target(trail.key, home).is_unmade:
            yield trail.id
    default = shard.inventory.volume_key if shard.inventory else None
    if isinstance(default, VolumeKey) and not default.key.startswith("alias/aws/"):
        yield f"{scope_id(shard.scope.provider, shard.scope.account, shard.scope.region)}:new_volumes"
