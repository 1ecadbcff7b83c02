"""Domains of OpenSearch and Elasticsearch. Keeps no policy or address, and judges nothing.

`EncryptionAtRestOptions` says whether a domain is encrypted and with which key; a reply without it is malformed.
"""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.store import CopyKind, DataStore, Encryption, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.operation import Operation
from scanner.providers.aws.stores.service import Detail, Listing, Where


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


def domains(where: Where, pages: Sequence[ListDomainNames]) -> tuple[DataStore, ...]:
    """Every domain, its encryption still to be asked for."""
    prefix = f"arn:{where.partition}:es:{where.region}:{where.account}:domain/"
    return tuple(
        DataStore(
            id=prefix + found.domain_name,
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.SEARCH_DOMAIN,
            name=found.domain_name,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Unknown(cause=Cause.NOT_COLLECTED, call=DESCRIBE_DOMAIN.action),
            created_at=None,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for found in page.domain_names
    )


def with_description(store: DataStore, pages: Sequence[DescribeDomain]) -> DataStore:
    """The domain with its encryption."""
    found = pages[0].domain_status.encryption_at_rest_options
    return replace(store, encryption=Encryption(encrypted=found.enabled, key=found.kms_key_id or None))


def _description_of(store: DataStore) -> Mapping[str, object]:
    return {"DomainName": store.name}


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=LIST_DOMAIN_NAMES,
        kinds=(StoreKind.SEARCH_DOMAIN,),
        stores=domains,
        detail=Detail(operation=DESCRIBE_DOMAIN, params=_description_of, complete=with_description),
    ),
)
