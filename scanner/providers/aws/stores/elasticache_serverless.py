"""Serverless caches of ElastiCache and their snapshots. Keeps no addresses or users, and judges nothing.

They are always encrypted; without `KmsKeyId` the key is the provider's. An automated snapshot says when it ends, one
that was made by hand is kept until somebody deletes it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.service import Listing, Where, said
from scanner.providers.operation import NEXT_TOKEN, Operation


class ServerlessCache(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A serverless cache."""

    serverless_cache_name: str
    arn: str = msgspec.field(name="ARN")
    kms_key_id: str | None = None
    create_time: datetime | None = None


class DescribeServerlessCaches(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of serverless caches."""

    serverless_caches: tuple[ServerlessCache, ...]


class Configuration(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """What a snapshot remembers of its cache."""

    serverless_cache_name: str | None = None


class ServerlessCacheSnapshot(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A snapshot of a serverless cache."""

    serverless_cache_snapshot_name: str
    arn: str = msgspec.field(name="ARN")
    kms_key_id: str | None = None
    snapshot_type: str | None = None
    create_time: datetime | None = None
    expiry_time: datetime | None = None
    serverless_cache_configuration: Configuration | None = None


class DescribeServerlessCacheSnapshots(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of snapshots."""

    serverless_cache_snapshots: tuple[ServerlessCacheSnapshot, ...]


_BY_HAND = ("manual", "user")
DESCRIBE_SERVERLESS_CACHES = Operation(
    service="elasticache",
    name="DescribeServerlessCaches",
    action="elasticache:DescribeServerlessCaches",
    reply=DescribeServerlessCaches,
    params=("MaxResults",),
    paging=NEXT_TOKEN,
)
DESCRIBE_SERVERLESS_CACHE_SNAPSHOTS = Operation(
    service="elasticache",
    name="DescribeServerlessCacheSnapshots",
    action="elasticache:DescribeServerlessCacheSnapshots",
    reply=DescribeServerlessCacheSnapshots,
    params=("MaxResults",),
    paging=NEXT_TOKEN,
)


def caches(where: Where, pages: Sequence[DescribeServerlessCaches]) -> tuple[DataStore, ...]:
    """Every serverless cache."""
    return tuple(
        DataStore(
            id=found.arn,
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.CACHE,
            name=found.serverless_cache_name,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Encryption(encrypted=True, key=found.kms_key_id or None),
            created_at=found.create_time,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for found in page.serverless_caches
    )


def snapshots(where: Where, pages: Sequence[DescribeServerlessCacheSnapshots]) -> tuple[DataStore, ...]:
    """Every snapshot, with the serverless cache it was made of."""
    return tuple(_snapshot(where, found) for page in pages for found in page.serverless_cache_snapshots)


def _snapshot(where: Where, found: ServerlessCacheSnapshot) -> DataStore:
    name = found.serverless_cache_configuration.serverless_cache_name if found.serverless_cache_configuration else None
    return DataStore(
        id=found.arn,
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.CACHE_SNAPSHOT,
        name=found.serverless_cache_snapshot_name,
        copy=CopyKind.SNAPSHOT,
        of=where.arn("elasticache", f"serverlesscache:{name}") if name else None,
        encryption=Encryption(encrypted=True, key=found.kms_key_id or None),
        created_at=found.create_time,
        expires_at=_expiry(found),
        source=said(SnapshotType=found.snapshot_type),
        evidence=(),
    )


def _expiry(found: ServerlessCacheSnapshot) -> datetime | Unknown | None:
    if found.expiry_time is None and found.snapshot_type not in _BY_HAND:
        return Unknown(cause=Cause.UNSUPPORTED, call=DESCRIBE_SERVERLESS_CACHE_SNAPSHOTS.action)
    return found.expiry_time


def _page(_: Where) -> Mapping[str, object]:
    return {"MaxResults": 50}


LISTINGS: tuple[Listing, ...] = (
    Listing(operation=DESCRIBE_SERVERLESS_CACHES, kinds=(StoreKind.CACHE,), stores=caches, params=_page),
    Listing(
        operation=DESCRIBE_SERVERLESS_CACHE_SNAPSHOTS,
        kinds=(StoreKind.CACHE_SNAPSHOT,),
        stores=snapshots,
        params=_page,
    ),
)
