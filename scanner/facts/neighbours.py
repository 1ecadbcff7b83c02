"""What one shard needs to know of the others: primaries of its replicas, log buckets that another account could read.

Adds no observation: a bucket's name is unique on its provider, so what its owner's account read of it holds wherever
the bucket is named. A group that was read where it is named stays as it was.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import Key, MultiRegionRole, Provider
from scanner.model.snapshot import Shard
from scanner.model.trail import Trail, TrailList
from scanner.model.unknown import Unknown

BUCKET_GROUPS = ("bucket_versioning", "object_lock", "public_access_block", "bucket_exposure")
"""The groups of a trail that are about its log bucket."""

_Reading: TypeAlias = tuple[object, tuple[Evidence, ...]]
_Bucket: TypeAlias = tuple[Provider, str, str]


class Neighbours(msgspec.Struct, frozen=True, kw_only=True):
    """What the shards of a snapshot say about one another.

    `primaries` are multi-region primaries by id, and keys that could not be described: each may be one. `buckets` is
    what was read of log buckets, with its evidence, by provider, bucket and group.
    """

    primaries: dict[str, Key]
    buckets: dict[_Bucket, _Reading]


def neighbours(shards: Iterable[Shard]) -> Neighbours:
    """Looks once through all shards."""
    primaries: dict[str, Key] = {}
    buckets: dict[_Bucket, _Reading] = {}
    for shard in shards:
        primaries.update({key.id: key for key in shard.keys if _may_be_primary(key)})
        for trail in _trails(shard):
            for group in BUCKET_GROUPS:
                value = getattr(trail, group)
                if not isinstance(value, Unknown):
                    evidence = tuple(item for item in trail.evidence if item.group == group)
                    buckets.setdefault((trail.provider, trail.bucket, group), (value, evidence))
    return Neighbours(primaries=primaries, buckets=buckets)


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


def _trails(shard: Shard) -> tuple[Trail, ...]:
    return shard.audit.trails.items if shard.audit and isinstance(shard.audit.trails, TrailList) else ()


def _may_be_primary(key: Key) -> bool:
    return isinstance(key.metadata, Unknown) or key.metadata.multi_region is MultiRegionRole.PRIMARY
