"""Kept assets become data stores with the key they are under, or what is named under a key. Pure, imports no SDK.

The provider's words stop here. Where each kind names its key: the REST reference of its own service, as of 2026-11-24.
What names no key is encrypted with one of Google that no customer sees.
"""

import re
from collections.abc import Callable, Iterable, Mapping

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.named import NamedResource, NamedResources
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.gcp.operations import LIST_ASSETS, SEARCH_PROTECTED
from scanner.providers.gcp.replies import ProtectedResource, SearchProtected
from scanner.providers.gcp.replies_assets import Asset, AssetData, KeyName

_ZONE = re.compile(r"([a-z]+(?:-[a-z]+)+\d+)-[a-z]")
_COMPUTE = re.compile(r"https://[^/]+/compute/[^/]+/(projects/.+)")
_NOWHERE = "global"
_OWN_KEY = Unknown(cause=Cause.UNSUPPORTED, call=LIST_ASSETS.action)
"""A disk under a key that its owner hands over with each request: which one, nobody can tell."""

_SEVERAL = Unknown(cause=Cause.UNSUPPORTED, call=LIST_ASSETS.action)
"""A secret with places under keys of their own."""


class _Kind(msgspec.Struct, frozen=True, kw_only=True):
    """What an asset type is, and where it names its key."""

    type: StoreKind
    key: Callable[[AssetData], KeyName | str | Unknown | None]
    copy: CopyKind = CopyKind.ORIGINAL


def _secret_key(data: AssetData) -> KeyName | Unknown | None:
    """That of all its places; where they have several, or some have none, one answer would not be true."""
    replication = data.replication
    if replication is None:
        return None
    places = (replication.automatic, *(replication.user_managed.replicas if replication.user_managed else ()))
    found = {place.customer_managed_encryption for place in places if place}
    return next(iter(found), None) if len(found) <= 1 else _SEVERAL


KINDS: Mapping[str, _Kind] = {
    "sqladmin.googleapis.com/Instance": _Kind(
        type=StoreKind.DATABASE, key=lambda data: data.disk_encryption_configuration
    ),
    "compute.googleapis.com/Disk": _Kind(type=StoreKind.VOLUME, key=lambda data: data.disk_encryption_key),
    "compute.googleapis.com/Snapshot": _Kind(
        type=StoreKind.VOLUME_SNAPSHOT, key=lambda data: data.snapshot_encryption_key, copy=CopyKind.SNAPSHOT
    ),
    "storage.googleapis.com/Bucket": _Kind(
        type=StoreKind.BUCKET, key=lambda data: data.encryption.default_kms_key_name if data.encryption else None
    ),
    "bigquery.googleapis.com/Dataset": _Kind(
        type=StoreKind.WAREHOUSE, key=lambda data: data.default_encryption_configuration
    ),
    "pubsub.googleapis.com/Topic": _Kind(type=StoreKind.TOPIC, key=lambda data: data.kms_key_name),
    "secretmanager.googleapis.com/Secret": _Kind(type=StoreKind.SECRET, key=_secret_key),
}
"""The kinds of asset that are asked for."""

_ONLY_NAMED: Mapping[str, tuple[StoreKind, CopyKind]] = {
    "alloydb.googleapis.com/Backup": (StoreKind.DATABASE_BACKUP, CopyKind.BACKUP),
    "alloydb.googleapis.com/Cluster": (StoreKind.DATABASE_CLUSTER, CopyKind.ORIGINAL),
    "artifactregistry.googleapis.com/Repository": (StoreKind.IMAGE_REPOSITORY, CopyKind.ORIGINAL),
    "bigquery.googleapis.com/Table": (StoreKind.TABLE, CopyKind.ORIGINAL),
    "container.googleapis.com/Cluster": (StoreKind.CLUSTER, CopyKind.ORIGINAL),
    "file.googleapis.com/Backup": (StoreKind.FILE_SYSTEM_BACKUP, CopyKind.BACKUP),
    "file.googleapis.com/Instance": (StoreKind.FILE_SYSTEM, CopyKind.ORIGINAL),
    "logging.googleapis.com/LogBucket": (StoreKind.LOG_GROUP, CopyKind.ORIGINAL),
    "redis.googleapis.com/Instance": (StoreKind.CACHE, CopyKind.ORIGINAL),
    "spanner.googleapis.com/Backup": (StoreKind.DATABASE_BACKUP, CopyKind.BACKUP),
    "spanner.googleapis.com/Database": (StoreKind.DATABASE, CopyKind.ORIGINAL),
    "sqladmin.googleapis.com/BackupRun": (StoreKind.DATABASE_BACKUP, CopyKind.BACKUP),
}
"""Kinds that are met only where Google names what a key protects; any other one there is `other`."""


def store(asset: Asset, account: str, evidence: tuple[Evidence, ...]) -> DataStore | None:
    """The store behind an asset; None for a kind that was not asked for."""
    kind = KINDS.get(asset.asset_type)
    if kind is None:
        return None
    data = asset.resource.data if asset.resource else None
    of = _source(data) if data and kind.copy is CopyKind.SNAPSHOT else None
    replica = data is not None and data.master_instance_name is not None
    return DataStore(
        id=asset.name,
        provider=Provider.GCP,
        account=account,
        region=location_of(asset),
        type=kind.type,
        name=asset.name.rpartition("/")[2],
        copy=CopyKind.REPLICA if replica else kind.copy,
        of=of,
        encryption=_encryption(kind, data) if data else Unknown(cause=Cause.ERROR, call=LIST_ASSETS.action),
        created_at=(data.creation_timestamp or data.time_created or data.create_time) if data else None,
        expires_at=None,
        source={"assetType": asset.asset_type},
        evidence=evidence,
    )


def location_of(asset: Asset) -> str:
    """Where an asset is, as keys name locations."""
    return _region(asset.resource.location if asset.resource else None)


def protects(pages: Iterable[SearchProtected]) -> NamedResources:
    """What Google names under a key."""
    found = {item.name: _named(item) for page in pages for item in page.protected_resources}
    return NamedResources(call=SEARCH_PROTECTED.action, items=tuple(found[name] for name in sorted(found)))


def _named(reply: ProtectedResource) -> NamedResource:
    asked = KINDS.get(reply.resource_type)
    other = _ONLY_NAMED.get(reply.resource_type, (StoreKind.OTHER, CopyKind.ORIGINAL))
    kind, copy = (asked.type, asked.copy) if asked else other
    return NamedResource(
        id=reply.name,
        word=reply.resource_type,
        type=kind,
        copy=copy,
        account=reply.project_id or reply.project.removeprefix("projects/"),
        region=_region(reply.location),
        versions=tuple(sorted({*reply.crypto_key_versions, reply.crypto_key_version} - {""})),
    )


def _region(place: str | None) -> str:
    """A zone is part of its region."""
    told = (place or _NOWHERE).lower()
    zone = _ZONE.fullmatch(told)
    return zone[1] if zone else told


def _encryption(kind: _Kind, data: AssetData) -> Encryption | Unknown:
    found = kind.key(data)
    if isinstance(found, Unknown):
        return found
    if isinstance(found, KeyName):
        if found.kms_key_name is None and found.sha256 is not None:
            return _OWN_KEY
        found = found.kms_key_name
    return Encryption(encrypted=True, key=found or None)


def _source(data: AssetData) -> str | None:
    """The disk a snapshot was made of, in the inventory's spelling."""
    match = _COMPUTE.fullmatch(data.source_disk or "")
    return f"//compute.googleapis.com/{match[1]}" if match else None
