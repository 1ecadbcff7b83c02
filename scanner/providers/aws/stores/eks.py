"""Clusters of EKS, for the secrets they keep. Keeps no certificate or address, and judges nothing.

`encryptionConfig` names the key that wraps a cluster's secrets. Without it the cluster's database still lies on volumes
that the provider encrypts, with a key of its own that no customer sees: encrypted, without a key.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.service import Detail, Listing, Where
from scanner.providers.operation import Operation, Paging


class ListClusters(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of the listing of clusters."""

    clusters: tuple[str, ...]


class KeyProvider(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The key that wraps secrets."""

    key_arn: str


class EncryptionConfig(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What is wrapped, and with which key."""

    resources: tuple[str, ...]
    provider: KeyProvider


class Cluster(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A cluster."""

    name: str
    created_at: datetime | None = None
    encryption_config: tuple[EncryptionConfig, ...] = ()


class DescribeCluster(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The description of a cluster."""

    cluster: Cluster


LIST_CLUSTERS = Operation(
    service="eks",
    name="ListClusters",
    action="eks:ListClusters",
    reply=ListClusters,
    paging=Paging(request="nextToken", reply="nextToken"),
)
DESCRIBE_CLUSTER = Operation(
    service="eks", name="DescribeCluster", action="eks:DescribeCluster", reply=DescribeCluster, params=("name",)
)


def clusters(where: Where, pages: Sequence[ListClusters]) -> tuple[DataStore, ...]:
    """Every cluster, its encryption still to be asked for."""
    return tuple(
        DataStore(
            id=where.arn("eks", f"cluster/{name}"),
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.CLUSTER,
            name=name,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Unknown(cause=Cause.NOT_COLLECTED, call=DESCRIBE_CLUSTER.action),
            created_at=None,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for name in page.clusters
    )


def with_description(store: DataStore, pages: Sequence[DescribeCluster]) -> DataStore:
    """The cluster with the key that wraps its secrets."""
    found = pages[0].cluster
    key = next((part.provider.key_arn for part in found.encryption_config if "secrets" in part.resources), None)
    return replace(store, encryption=Encryption(encrypted=True, key=key), created_at=found.created_at)


def _description_of(store: DataStore) -> Mapping[str, object]:
    return {"name": store.name}


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=LIST_CLUSTERS,
        kinds=(StoreKind.CLUSTER,),
        stores=clusters,
        detail=Detail(operation=DESCRIBE_CLUSTER, params=_description_of, complete=with_description),
    ),
)
