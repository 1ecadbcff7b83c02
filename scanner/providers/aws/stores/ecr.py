"""Repositories of ECR. Keeps no images or policies, and judges nothing.

ECR always encrypts: with the key it names, else (AES256, or nothing said) with one of the provider that nobody sees. A
repository that is to have a key of KMS and does not name it is unknown.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.service import Listing, Where
from scanner.providers.operation import Operation, Paging


class EncryptionConfiguration(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A repository's encryption."""

    encryption_type: str
    kms_key: str | None = None


class Repository(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A repository."""

    repository_arn: str
    repository_name: str
    created_at: datetime | None = None
    encryption_configuration: EncryptionConfiguration | None = None


class DescribeRepositories(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of repositories."""

    repositories: tuple[Repository, ...]


DESCRIBE_REPOSITORIES = Operation(
    service="ecr",
    name="DescribeRepositories",
    action="ecr:DescribeRepositories",
    reply=DescribeRepositories,
    params=("maxResults",),
    paging=Paging(request="nextToken", reply="nextToken"),
)


def repositories(where: Where, pages: Sequence[DescribeRepositories]) -> tuple[DataStore, ...]:
    """Every repository."""
    return tuple(
        DataStore(
            id=found.repository_arn,
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.IMAGE_REPOSITORY,
            name=found.repository_name,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=_encryption(found.encryption_configuration),
            created_at=found.created_at,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for found in page.repositories
    )


def _encryption(found: EncryptionConfiguration | None) -> Encryption | Unknown:
    key = found.kms_key if found else None
    if found and not key and found.encryption_type != "AES256":
        return Unknown(cause=Cause.ERROR, call=DESCRIBE_REPOSITORIES.action)
    return Encryption(encrypted=True, key=key or None)


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=DESCRIBE_REPOSITORIES,
        kinds=(StoreKind.IMAGE_REPOSITORY,),
        stores=repositories,
        params=lambda _: {"maxResults": 1000},
    ),
)
