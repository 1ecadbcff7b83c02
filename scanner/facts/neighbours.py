"""What one shard needs to know of the others, gathered in one look across them; in two where references cross.

Adds no observation: a bucket's name is unique on its provider, so what its owner's account read of it holds wherever
the bucket is named. A group that was read where it is named stays as it was. Of keys, aliases and stores of other
shards only those are kept that some reference needs, so that memory grows with what crosses, not with the estate.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from scanner.facts.access.matrix import Matrices
from scanner.facts.coverage.borrowed import Borrowed, Wanted, borrow, wanted_of
from scanner.facts.coverage.gaps import TRAILS_NOT_ASKED, Region, region_of, unseen_trails
from scanner.facts.coverage.references import Place
from scanner.facts.coverage.resting import place_of_shard, trails_of
from scanner.facts.windows import Account, Layers, bounds
from scanner.model.evidence import Evidence
from scanner.model.key import Key, MultiRegionRole, Provider
from scanner.model.network import Network
from scanner.model.snapshot import Organisation, Shard, Snapshot
from scanner.model.trail import Trail, TrailList
from scanner.model.unknown import Unknown

BUCKET_GROUPS = ("bucket_versioning", "object_lock", "public_access_block", "bucket_exposure")
"""The groups of a trail that are about its log bucket."""

_Reading: TypeAlias = tuple[object, tuple[Evidence, ...]]
_Bucket: TypeAlias = tuple[Provider, str, str]


class Neighbours(msgspec.Struct, frozen=True, kw_only=True):
    """What the shards of a snapshot say about one another.

    `primaries` are multi-region primaries by id, and keys that could not be described: each may be one; without
    evidence and source. `buckets` is what was read of log buckets, with its evidence, by provider, bucket and group.
    `regions` says how completely each account-region was read, `trails` why an account may have trails that were not
    seen where we looked, `outside` why it may where we did not, `accounts` which accounts are known, `unlisted` why
    there may be more of a provider, `bounds` what an organisation denies in each account, `networks` the ways into
    regions. `matrices` work out access to keys; None where no identities were collected.
    """

    primaries: dict[str, Key]
    buckets: dict[_Bucket, _Reading]
    regions: dict[Place, Region] = {}
    trails: dict[Account, tuple[Unknown, ...]] = {}
    outside: dict[Account, Unknown] = {}
    borrowed: Borrowed = Borrowed()
    accounts: frozenset[Account] = frozenset()
    unlisted: dict[Provider, Unknown] = {}
    bounds: dict[Account, Layers] = {}
    networks: tuple[Network, ...] = ()
    matrices: Matrices | None = None


def neighbours_of(snapshot: Snapshot) -> Neighbours:
    """Looks through a snapshot."""
    found = neighbours(snapshot.shards)
    organisations = snapshot.header.organisations
    over = bounds(snapshot.organisations, found.accounts)
    accounts = tuple(snapshot.accounts)
    matrices = Matrices(accounts, snapshot.organisations, found.networks) if accounts else None
    return msgspec.structs.replace(
        found,
        unlisted=_unlisted(organisations),
        outside=_outside(snapshot.header.regions_outside),
        bounds=over,
        matrices=matrices,
    )


def neighbours(shards: Iterable[Shard]) -> Neighbours:
    """Looks once through all shards, and once more for what is referred to from elsewhere."""
    primaries: dict[str, Key] = {}
    buckets: dict[_Bucket, _Reading] = {}
    regions: dict[Place, Region] = {}
    trails: dict[Account, dict[Unknown, None]] = {}
    accounts: set[Account] = set()
    networks: list[Network] = []
    wanted = Wanted()
    for shard in shards:
        primaries.update({key.id: _slim(key) for key in shard.keys if _may_be_primary(key)})
        _note_buckets(shard, buckets)
        accounts.add((shard.scope.provider, shard.scope.account))
        if shard.network is not None:
            networks.append(shard.network)
        if shard.scope.region is not None:
            regions[place_of_shard(shard)] = region_of(shard)
        for account, unseen in unseen_trails(shard):
            trails.setdefault((shard.scope.provider, account), {})[unseen] = None
        wanted.add(wanted_of(shard))
    return Neighbours(
        primaries=primaries,
        buckets=buckets,
        regions=regions,
        trails={account: tuple(found) for account, found in trails.items()},
        borrowed=borrow(shards, wanted) if wanted else Borrowed(),
        accounts=frozenset(accounts),
        networks=tuple(networks),
    )


def _slim(key: Key) -> Key:
    """Without where it was read, which is most of its size: these keys stay in memory while all shards are judged."""
    return msgspec.structs.replace(key, evidence=(), source={})


def completed(shard: Shard, buckets: Mapping[_Bucket, _Reading]) -> Shard:
    """The shard with unread bucket groups filled in from wherever the same bucket could be read."""
    if shard.audit is None or not isinstance(shard.audit.trails, TrailList):
        return shard
    items = tuple(_completed(trail, buckets) for trail in shard.audit.trails.items)
    audit = msgspec.structs.replace(shard.audit, trails=TrailList(items=items))
    return msgspec.structs.replace(shard, audit=audit)


def _completed(trail: Trail, buckets: Mapping[_Bucket, _Reading]) -> Trail:
    found = {
        group: buckets[trail.provider, trail.bucket, group]
        for group in BUCKET_GROUPS
        if isinstance(getattr(trail, group), Unknown) and (trail.provider, trail.bucket, group) in buckets
    }
    kept = tuple(item for item in trail.evidence if item.group not in found)
    evidence = (*kept, *(item for _, items in found.values() for item in items))
    values: dict[str, object] = {group: value for group, (value, _) in found.items()}
    return msgspec.structs.replace(trail, evidence=evidence, **values) if found else trail


def _note_buckets(shard: Shard, buckets: dict[_Bucket, _Reading]) -> None:
    for trail in trails_of(shard):
        for group in BUCKET_GROUPS:
            value = getattr(trail, group)
            if not isinstance(value, Unknown):
                evidence = tuple(item for item in trail.evidence if item.group == group)
                buckets.setdefault((trail.provider, trail.bucket, group), (value, evidence))


def _unlisted(organisations: Iterable[Organisation]) -> dict[Provider, Unknown]:
    return {item.provider: item.accounts for item in organisations if isinstance(item.accounts, Unknown)}


def _outside(regions: Mapping[str, tuple[str, ...] | Unknown]) -> dict[Account, Unknown]:
    """Accounts with regions that nobody looked into, or may be with such."""
    found = {(Provider.AWS, account): names for account, names in regions.items() if names}
    return {account: names if isinstance(names, Unknown) else TRAILS_NOT_ASKED for account, names in found.items()}


def _may_be_primary(key: Key) -> bool:
    return isinstance(key.metadata, Unknown) or key.metadata.multi_region is MultiRegionRole.PRIMARY
