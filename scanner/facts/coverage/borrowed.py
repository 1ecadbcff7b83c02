"""What shards need of one another's keys, aliases and stores: what is wanted, and what was found of it. Judges nothing.

A reference that stays in its own account-region needs nothing from here.
"""

from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from scanner.facts.coverage.gaps import aliases_unread
from scanner.facts.coverage.references import Place, Reference, follow, place_of, read_reference
from scanner.facts.coverage.resting import key_text, place_of_shard, resting_of
from scanner.facts.permissions import PERMISSIONS
from scanner.model.evidence import Evidence
from scanner.model.key import Key, Metadata, Versions
from scanner.model.protection import ProtectedStore
from scanner.model.snapshot import Shard
from scanner.model.store import AliasTable, DataStore, Encryption
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown

_Alias: TypeAlias = tuple[Place, str]


class KnownKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of the snapshot as far as a reference to it needs: its description, its versions, the evidence of both."""

    id: str
    metadata: Metadata | Unknown
    versions: Versions | Inapplicable | OutOfScope | Unknown
    evidence: tuple[Evidence, ...]


class KnownStore(msgspec.Struct, frozen=True, kw_only=True):
    """A store of the snapshot as far as a copy of it needs: how it is encrypted, and where its reference is said."""

    encryption: Encryption | Unknown
    place: Place


class Wanted(msgspec.Struct, kw_only=True):
    """Ids of keys, aliases by place, ids of stores, and what rests on a key by a reference to another place.

    Of the last every one stands once: a trail is told of by each region that shows it.
    """

    keys: set[str] = msgspec.field(default_factory=set)
    aliases: set[_Alias] = msgspec.field(default_factory=set)
    stores: set[str] = msgspec.field(default_factory=set)
    resting: dict[tuple[ProtectedStore, Place, Reference], None] = msgspec.field(default_factory=dict)

    def add(self, other: "Wanted") -> None:
        """Adds what another shard wants."""
        self.keys |= other.keys
        self.aliases |= other.aliases
        self.stores |= other.stores
        self.resting |= other.resting

    def __bool__(self) -> bool:
        return bool(self.keys or self.aliases or self.stores)


class Borrowed(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of it. `resting` are the stores of other places by the id of the key they rest on.

    `astray` is, by the place a reference leads to, why stores of elsewhere may rest on one of its keys unseen.
    """

    keys: dict[str, KnownKey] = {}
    aliases: dict[_Alias, str | Unknown | None] = {}
    stores: dict[str, KnownStore] = {}
    resting: dict[str, tuple[ProtectedStore, ...]] = {}
    astray: dict[Place, tuple[Unknown, ...]] = {}


def wanted_of(shard: Shard) -> Wanted:
    """What a shard's stores, trails and defaults refer to outside of its own account-region."""
    home, wanted = place_of_shard(shard), Wanted()
    ids = {store.id for store in shard.stores}
    for store in shard.stores:
        if store.of is not None and store.of not in ids and place_of(store.of, home.provider) != home:
            wanted.stores.add(store.of)
    for item in resting_of(shard):
        if item.reference is not None and item.reference.place != home:
            _want(wanted, item.reference)
            wanted.resting[item.store, item.said, item.reference] = None
    return wanted


def borrow(shards: Iterable[Shard], wanted: Wanted) -> Borrowed:
    """Looks through all shards for what is wanted."""
    keys: dict[str, KnownKey] = {}
    aliases: dict[_Alias, str | Unknown | None] = {}
    stores: dict[str, KnownStore] = {}
    for shard in shards:
        home, ids = place_of_shard(shard), {key.id: key for key in shard.keys}
        targets = set(wanted.keys)
        names = {alias for place, alias in wanted.aliases if place == home}
        for store in shard.stores:
            if store.id in wanted.stores:
                stores[store.id] = KnownStore(encryption=store.encryption, place=home)
                reference = _reference_of(store, home)
                names |= {reference.alias} if reference and reference.alias and reference.place == home else set()
                targets |= {reference.key} if reference and reference.key else set()
        for name in names:
            aliases[home, name] = alias_target(shard, name)
            target = follow(Reference(place=home, alias=name), home, lambda place, alias: aliases[place, alias])
            targets |= {target.key} if isinstance(target.key, str) else set()
        keys |= {name: known_key(ids[name]) for name in targets & ids.keys()}
    resting, astray = _resting(wanted, aliases)
    return Borrowed(keys=keys, aliases=aliases, stores=stores, resting=resting, astray=astray)


def alias_target(shard: Shard, name: str) -> str | Unknown | None:
    """The key that an alias of the shard points at."""
    if shard.inventory is None or not isinstance(shard.inventory.aliases, AliasTable):
        return aliases_unread(shard)
    return shard.inventory.aliases.targets.get(name)


def known_key(key: Key) -> KnownKey:
    """The key as a reference needs it."""
    return KnownKey(
        id=key.id,
        metadata=key.metadata,
        versions=key.versions,
        evidence=tuple(item for item in key.evidence if item.group in {"metadata", "versions"}),
    )


def _reference_of(store: DataStore, home: Place) -> Reference | None:
    text = key_text(store)
    return None if text is None else read_reference(text, home)


def _want(wanted: Wanted, reference: Reference) -> None:
    if reference.key is not None:
        wanted.keys.add(reference.key)
    if reference.alias is not None:
        wanted.aliases.add((reference.place, reference.alias))


def _resting(
    wanted: Wanted, aliases: dict[_Alias, str | Unknown | None]
) -> tuple[dict[str, tuple[ProtectedStore, ...]], dict[Place, tuple[Unknown, ...]]]:
    found: dict[str, list[ProtectedStore]] = {}
    astray: dict[Place, dict[Unknown, None]] = {}
    for store, home, reference in wanted.resting:
        target = follow(reference, home, lambda place, name: aliases.get((place, name), not_read(place)))
        if isinstance(target.key, str):
            found.setdefault(target.key, []).append(store)
        elif isinstance(target.key, Unknown):
            astray.setdefault(reference.place, {})[target.key] = None
    return (
        {key: tuple(stores) for key, stores in found.items()},
        {place: tuple(unknowns) for place, unknowns in astray.items()},
    )


def not_read(place: Place) -> Unknown:
    """Why an alias of a place that is not in the snapshot is not known."""
    return Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[place.provider].aliases)
