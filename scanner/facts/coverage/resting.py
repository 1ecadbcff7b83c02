"""What of a shard rests on a key: stores, log files of trails, the default for new volumes. Follows no reference."""

from collections.abc import Iterator

import msgspec

from scanner.facts.coverage.references import PROVIDERS_ALIAS, Place, Reference, read_reference
from scanner.model.protection import ProtectedStore
from scanner.model.scope import scope_id
from scanner.model.snapshot import Shard
from scanner.model.store import DataStore, VolumeKey
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.trail import Trail, TrailList
from scanner.model.unknown import Unknown


class Resting(msgspec.Struct, frozen=True, kw_only=True):
    """One thing with its reference to a key as written, where that is said, and the same taken apart, if it can be."""

    store: ProtectedStore
    text: str
    said: Place
    reference: Reference | None


def resting_of(shard: Shard) -> Iterator[Resting]:
    """Everything of a shard that names a key.

    Every region that shows a trail tells of it; its key is where its bucket is, which may be anywhere. The default for
    volumes is left out where it is the key that the provider has for it: nobody can take that away.
    """
    home = place_of_shard(shard)
    for store in shard.stores:
        text = key_text(store)
        if text is not None:
            yield _resting(protected(store), text, home)
    for trail in trails_of(shard):
        if trail.key is not None:
            yield _resting(_log_files(trail), trail.key, Place(trail.provider, trail.account, trail.home_region))
    default = shard.inventory.volume_key if shard.inventory else None
    if isinstance(default, VolumeKey) and not default.key.startswith(PROVIDERS_ALIAS):
        yield _resting(_new_volumes(home), default.key, home)


def place_of_shard(shard: Shard) -> Place:
    """Where the shard is from; without a region for an account that was not entered."""
    return Place(shard.scope.provider, shard.scope.account, shard.scope.region or "")


def key_text(store: DataStore) -> str | None:
    """The reference of a store that is known to have one."""
    encryption = store.encryption
    return None if isinstance(encryption, Unknown) or not encryption.encrypted else encryption.key


def trails_of(shard: Shard) -> tuple[Trail, ...]:
    """The trails that the shard could list."""
    return shard.audit.trails.items if shard.audit and isinstance(shard.audit.trails, TrailList) else ()


def protected(store: DataStore) -> ProtectedStore:
    """The store as reports show it under its key."""
    return ProtectedStore(
        id=store.id,
        name=store.name,
        kind=store.type,
        copy=store.copy,
        provider=store.provider,
        account=store.account,
        region=store.region,
        of=store.of,
        expires_at=store.expires_at,
    )


def _resting(store: ProtectedStore, text: str, said: Place) -> Resting:
    reference = read_reference(text, said)
    named = msgspec.structs.replace(store, version=reference.version if reference else None)
    return Resting(store=named, text=text, said=said, reference=reference)


def _log_files(trail: Trail) -> ProtectedStore:
    """What a trail has delivered; nobody deletes it because the trail goes."""
    place = Place(trail.provider, trail.account, trail.home_region)
    return _original(StoreKind.TRAIL_LOGS, trail.id, trail.name, place)


def _new_volumes(place: Place) -> ProtectedStore:
    """The volumes of a place that will be made without naming a key."""
    kind = StoreKind.NEW_VOLUMES
    return _original(
        kind,
        f"{scope_id(place.provider, place.account, place.region)}:{kind.value}",
        f"new volumes of {place.region}",
        place,
    )


def _original(kind: StoreKind, identity: str, name: str, place: Place) -> ProtectedStore:
    return ProtectedStore(
        id=identity,
        name=name,
        kind=kind,
        copy=CopyKind.ORIGINAL,
        provider=place.provider,
        account=place.account,
        region=place.region,
        of=None,
        expires_at=None,
    )
