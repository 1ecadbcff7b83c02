"""Clusters of MSK. Keeps no addresses or tags, and judges nothing.

MSK always encrypts at rest: a provisioned cluster names the key of its volumes and is unknown where it does not, a
serverless one has a key of the provider.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Unknown
from scanner.providers.aws.stores.service import Listing, Where, under_named_key
from scanner.providers.operation import NEXT_TOKEN, Operation

_SERVERLESS = "SERVERLESS"


class EncryptionAtRest(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The key of a cluster's volumes."""

    data_volume_kms_key_id: str = msgspec.field(name="DataVolumeKMSKeyId")


class EncryptionInfo(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A cluster's encryption."""

    encryption_at_rest: EncryptionAtRest | None = None


class Provisioned(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """What a provisioned cluster has."""

    encryption_info: EncryptionInfo | None = None


class Cluster(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A cluster."""

    cluster_arn: str
    cluster_name: str
    cluster_type: str
    creation_time: datetime | None = None
    provisioned: Provisioned | None = None


class ListClustersV2(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of clusters."""

    cluster_info_list: tuple[Cluster, ...]


LIST_CLUSTERS_V2 = Operation(
    service="kafka",
    name="ListClustersV2",
    action="kafka:ListClustersV2",
    reply=ListClustersV2,
    params=("MaxResults",),
    paging=NEXT_TOKEN,
)


def clusters(where: Where, pages: Sequence[ListClustersV2]) -> tuple[DataStore, ...]:
    """Every cluster."""
    return tuple(
        DataStore(
            id=found.cluster_arn,
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.BROKER,
            name=found.cluster_name,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=_encryption(found),
            created_at=found.creation_time,
            expires_at=None,
            source={"ClusterType": found.cluster_type},
            evidence=(),
        )
        for page in pages
        for found in page.cluster_info_list
    )


def _encryption(found: Cluster) -> Encryption | Unknown:
    info = found.provisioned.encryption_info if found.provisioned else None
    at_rest = info.encryption_at_rest if info else None
    if found.cluster_type == _SERVERLESS and at_rest is None:
        return Encryption(encrypted=True, key=None)
    key = at_rest.data_volume_kms_key_id if at_rest else None
    return under_named_key(encrypted=True, key=key, operation=LIST_CLUSTERS_V2)


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=LIST_CLUSTERS_V2, kinds=(StoreKind.BROKER,), stores=clusters, params=lambda _: {"MaxResults": 100}
    ),
)
