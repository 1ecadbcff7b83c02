"""A shard with all that its references may mean: keys, aliases and stores of its own and of others. Judges nothing."""

from collections.abc import Mapping

import msgspec

from scanner.facts.access.sites import Sites, sites_of
from scanner.facts.coverage.borrowed import (
    KnownKey,
    KnownStore,
    alias_target,
    known_key,
    not_read,
)
from scanner.facts.coverage.gaps import Region, is_listed, region_of
from scanner.facts.coverage.named import named_under
from scanner.facts.coverage.references import Place, Target, follow, place_of, read_reference
from scanner.facts.coverage.resting import place_of_shard, resting_of
from scanner.facts.given import Above, above_of
from scanner.facts.neighbours import Neighbours
from scanner.facts.permissions import PERMISSIONS
from scanner.facts.windows import Layers, unplaced
from scanner.model.container import KeyContainer
from scanner.model.key import Key, Provider
from scanner.model.protection import ProtectedStore
from scanner.model.snapshot import Shard
from scanner.model.store import DataStore
from scanner.model.unknown import Cause, Unknown


class View(msgspec.Struct, frozen=True, kw_only=True):
    """One shard and its neighbours. `resting` is what of the shard is known to rest on a key, by the key's id.

    `ours` are the accounts of the population.
    """

    shard: Shard
    place: Place
    region: Region
    keys: Mapping[str, Key]
    stores: Mapping[str, DataStore]
    resting: Mapping[str, tuple[ProtectedStore, ...]]
    around: Neighbours
    containers: Mapping[str, KeyContainer] = {}
    above: Above | None = None
    ours: frozenset[str] = frozenset()
    sites: Sites = Sites(None, {}, None)

    def target(self, text: str, home: Place | None = None) -> Target:
        """The key that a reference means, said here or at `home`."""
        said = home or self.place
        return follow(read_reference(text, said), said, self.alias)

    def alias(self, place: Place, name: str) -> str | Unknown | None:
        """The key that an alias points at."""
        if place == self.place:
            return alias_target(self.shard, name)
        return self.around.borrowed.aliases.get((place, name), not_read(place))

    def key(self, name: str) -> KnownKey | Unknown | None:
        """The key of this id; None when its account and region do not list it, Unknown when they were not read."""
        if name in self.keys:
            return known_key(self.keys[name])
        borrowed = self.around.borrowed.keys.get(name)
        if borrowed is not None:
            return borrowed
        place = place_of(name, self.place.provider) or self.place
        region = self.region_at(place)
        if region is None:
            return Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[place.provider].describe)
        return region.keys

    def resting_on(self, name: str) -> tuple[ProtectedStore, ...]:
        """What of the whole snapshot is known to rest on a key of this shard.

        What a listing tells of a store counts before what the provider names: it tells more, but for the version.
        """
        named = {store.id: store for store in named_under(self.keys[name])} if name in self.keys else {}
        listed = (*self.resting.get(name, ()), *self.around.borrowed.resting.get(name, ()))
        found = {store.id: _with_version(store, named.get(store.id)) for store in listed}
        return tuple((named | found).values())

    def store(self, name: str) -> KnownStore | Unknown | None:
        """The store of this id; None when the account-region it belongs to lists its kind, and not this one."""
        if name in self.stores:
            return KnownStore(encryption=self.stores[name].encryption, place=self.place)
        borrowed = self.around.borrowed.stores.get(name)
        if borrowed is not None:
            return borrowed
        place = place_of(name, self.place.provider)
        region = self.region_at(place) if place else None
        if region is None or not is_listed(name, region):
            return Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[self.place.provider].stores)
        return region.stores

    def is_ours(self, name: str) -> bool | Unknown:
        """Whether a key belongs to an account of the population; whose a project's number is nobody told."""
        if self.place.provider is Provider.AZURE:
            seen = name in self.keys or name in self.around.borrowed.keys
            return True if seen else Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[Provider.AZURE].describe)
        account = (self.place.provider, self.account_of(name))
        if account in self.around.accounts or account[1] == self.place.account:
            return True
        if self.place.provider is Provider.GCP and account[1].isdigit():
            return Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[Provider.GCP].describe)
        return self.around.unlisted.get(self.place.provider, False)

    def account_of(self, name: str) -> str:
        """The account of a key: the one its id names, else that of the shard."""
        return (place_of(name, self.place.provider) or self.place).account

    def bounds(self) -> Layers:
        """What an organisation denies in the account."""
        account = (self.place.provider, self.place.account)
        return self.around.bounds.get(account, (unplaced(self.place.provider),))

    def region_at(self, place: Place) -> Region | None:
        """How completely a place was read; None for one that is not in the snapshot."""
        return self.region if place == self.place else self.around.regions.get(place)

    def hidden(self, place: Place) -> tuple[Unknown, ...]:
        """Why stores of a place may rest on a key unseen."""
        region = self.region_at(place)
        if region is None:
            return (Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[place.provider].stores),)
        return region.hidden

    def hidden_trails(self, account: str) -> tuple[Unknown, ...]:
        """Why log files of an account's trails may rest on a key unseen, wherever trails and key are."""
        return self.around.trails.get((self.place.provider, account), ())

    def trails_outside(self, account: str) -> tuple[Unknown, ...]:
        """Why the account may have a trail in a region out of scope."""
        outside = self.around.outside.get((self.place.provider, account))
        return (outside,) if outside else ()


def _with_version(listed: ProtectedStore, named: ProtectedStore | None) -> ProtectedStore:
    known = listed.version or (named.version if named else None)
    return msgspec.structs.replace(listed, version=known)


def look(shard: Shard, around: Neighbours) -> View:
    """The view of a shard."""
    bare = View(
        shard=shard,
        place=place_of_shard(shard),
        region=region_of(shard),
        keys={key.id: key for key in shard.keys},
        stores={store.id: store for store in shard.stores},
        resting={},
        around=around,
        containers={container.id: container for container in shard.containers},
        above=above_of(shard.access),
        ours=frozenset(number for provider, number in around.accounts if provider is shard.scope.provider),
        sites=sites_of(shard, around.matrices),
    )
    return msgspec.structs.replace(bare, resting=_resting(bare))


def _resting(view: View) -> dict[str, tuple[ProtectedStore, ...]]:
    found: dict[str, list[ProtectedStore]] = {}
    for item in resting_of(view.shard):
        target = follow(item.reference, item.said, view.alias)
        if isinstance(target.key, str):
            found.setdefault(target.key, []).append(item.store)
    return {name: tuple(items) for name, items in found.items()}
