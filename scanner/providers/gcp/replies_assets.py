"""What is kept of Cloud Asset Inventory's answers: these types are the allow-list. Holds no logic and imports no SDK.

The data of an asset is the resource as its own service describes it; only its keys, origin and dates are kept.
"""

from datetime import datetime

import msgspec

from scanner.providers.gcp.replies import Name


class KeyName(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The key of a resource; `sha256` is set where the customer supplied one of his own with each request."""

    kms_key_name: str | None = None
    sha256: str | None = None


class BucketEncryption(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The key that new objects get."""

    default_kms_key_name: str | None = None


class ReplicaKey(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One place of a secret."""

    customer_managed_encryption: KeyName | None = None


class UserManaged(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The places that were chosen for a secret."""

    replicas: tuple[ReplicaKey, ...] = ()


class Replication(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Where a secret is kept."""

    automatic: ReplicaKey | None = None
    user_managed: UserManaged | None = None


class AssetData(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a resource says of its encryption, of what it was made from, and of when; each kind says it elsewhere."""

    disk_encryption_configuration: KeyName | None = None
    disk_encryption_key: KeyName | None = None
    snapshot_encryption_key: KeyName | None = None
    encryption: BucketEncryption | None = None
    default_encryption_configuration: KeyName | None = None
    kms_key_name: str | None = None
    replication: Replication | None = None
    source_disk: str | None = None
    master_instance_name: str | None = None
    creation_timestamp: datetime | None = None
    time_created: datetime | None = None
    create_time: datetime | None = None


class AssetResource(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The resource behind an asset."""

    data: AssetData
    location: str | None = None


class Asset(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One asset; `update_time` is when the inventory last saw it change."""

    name: Name
    asset_type: Name
    resource: AssetResource | None = None
    update_time: datetime | None = None


class ListAssets(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of assets, and the moment that the inventory answers for."""

    assets: tuple[Asset, ...] = ()
    read_time: datetime | None = None
