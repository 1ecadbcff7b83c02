"""Domains of OpenSearch and Elasticsearch, and collections of OpenSearch Serverless. Keeps no policy, judges nothing.

`EncryptionAtRestOptions` says whether a domain is encrypted and with which key; a reply without it is malformed.
Collections are always encrypted, `auto` standing for a key of the provider that nobody sees. Their listing names the
key since 2025; where it does not, each is asked for.
"""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.service import Detail, Listing, Where, under_named_key
from scanner.providers.failure import MalformedReplyError
from scanner.providers.operation import Operation, Paging

_OF_THE_PROVIDER = "auto"


class DomainName(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A domain of the listing."""

    domain_name: str


class ListDomainNames(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The listing of domains."""

    domain_names: tuple[DomainName, ...]


class EncryptionAtRestOptions(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A domain's encryption."""

    enabled: bool
    kms_key_id: str | None = None


class DomainStatus(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A domain."""

    encryption_at_rest_options: EncryptionAtRestOptions


class DescribeDomain(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The description of a domain."""

    domain_status: DomainStatus


class Collection(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A collection."""

    id: str
    arn: str
    name: str
    kms_key_arn: str | None = None


class ListCollections(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of collections."""

    collection_summaries: tuple[Collection, ...]


class BatchGetCollection(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The description of collections; those that could not be described are left out."""

    collection_details: tuple[Collection, ...] = ()


LIST_DOMAIN_NAMES = Operation(
    service="opensearch", name="ListDomainNames", action="es:ListDomainNames", reply=ListDomainNames
)
DESCRIBE_DOMAIN = Operation(
    service="opensearch",
    name="DescribeDomain",
    action="es:DescribeDomain",
    reply=DescribeDomain,
    params=("DomainName",),
)
LIST_COLLECTIONS = Operation(
    service="opensearchserverless",
    name="ListCollections",
    action="aoss:ListCollections",
    reply=ListCollections,
    params=("maxResults",),
    paging=Paging(request="nextToken", reply="nextToken"),
)
BATCH_GET_COLLECTION = Operation(
    service="opensearchserverless",
    name="BatchGetCollection",
    action="aoss:BatchGetCollection",
    reply=BatchGetCollection,
    params=("ids",),
)


def domains(where: Where, pages: Sequence[ListDomainNames]) -> tuple[DataStore, ...]:
    """Every domain, its encryption still to be asked for."""
    missing = Unknown(cause=Cause.NOT_COLLECTED, call=DESCRIBE_DOMAIN.action)
    return tuple(
        _store(where, where.arn("es", f"domain/{found.domain_name}"), found.domain_name, missing)
        for page in pages
        for found in page.domain_names
    )


def with_description(store: DataStore, pages: Sequence[DescribeDomain]) -> DataStore:
    """The domain with its encryption."""
    found = pages[0].domain_status.encryption_at_rest_options
    return replace(
        store, encryption=under_named_key(encrypted=found.enabled, key=found.kms_key_id, operation=DESCRIBE_DOMAIN)
    )


def collections(where: Where, pages: Sequence[ListCollections]) -> tuple[DataStore, ...]:
    """Every collection, with its encryption where the listing tells it."""
    missing = Unknown(cause=Cause.NOT_COLLECTED, call=BATCH_GET_COLLECTION.action)
    return tuple(
        replace(
            _store(where, found.arn, found.name, _key(found.kms_key_arn) if found.kms_key_arn else missing),
            source={"id": found.id},
        )
        for page in pages
        for found in page.collection_summaries
    )


def with_details(store: DataStore, pages: Sequence[BatchGetCollection]) -> DataStore:
    """The collection with its key; raises MalformedReplyError when it was not described or names none."""
    key = next((found.kms_key_arn for found in pages[0].collection_details if found.arn == store.id), None)
    if not key:
        raise MalformedReplyError(BATCH_GET_COLLECTION.name)
    return replace(store, encryption=_key(key))


def _key(arn: str) -> Encryption:
    return Encryption(encrypted=True, key=None if arn == _OF_THE_PROVIDER else arn)


def _store(where: Where, arn: str, name: str, encryption: Encryption | Unknown) -> DataStore:
    return DataStore(
        id=arn,
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.SEARCH_DOMAIN,
        name=name,
        copy=CopyKind.ORIGINAL,
        of=None,
        encryption=encryption,
        created_at=None,
        expires_at=None,
        source={},
        evidence=(),
    )


def _description_of(store: DataStore) -> Mapping[str, object]:
    return {"DomainName": store.name}


def _details_of(store: DataStore) -> Mapping[str, object]:
    return {"ids": [store.source["id"]]}


def _is_untold(store: DataStore) -> bool:
    return isinstance(store.encryption, Unknown)


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=LIST_DOMAIN_NAMES,
        kinds=(StoreKind.SEARCH_DOMAIN,),
        stores=domains,
        detail=Detail(operation=DESCRIBE_DOMAIN, params=_description_of, complete=with_description),
    ),
    Listing(
        operation=LIST_COLLECTIONS,
        kinds=(StoreKind.SEARCH_DOMAIN,),
        stores=collections,
        params=lambda _: {"maxResults": 100},
        detail=Detail(operation=BATCH_GET_COLLECTION, params=_details_of, complete=with_details, wanted=_is_untold),
        somewhere=True,
    ),
)
