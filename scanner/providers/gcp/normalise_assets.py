"""Kept assets become data stores with the key they are under; the provider's words stop here. Pure, imports no SDK.

Where each kind names its key: the REST reference of its own service, as of 2026-11-24. What names no key is encrypted
with one of Google that no customer sees.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.gcp.operations import LIST_ASSETS
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
    """Where an asset is, as keys name locations: a zone is part of its region."""
    place = (asset.resource.location if asset.resource else None) or _NOWHERE
    zone = _ZONE.fullmatch(place.lower())
    return zone[1] if zone else place.lower()


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
