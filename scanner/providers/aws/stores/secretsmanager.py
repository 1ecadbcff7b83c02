"""Secrets of Secrets Manager, by name and key. Never asks for a value or keeps a description, and judges nothing.

Secrets Manager always encrypts and names no key when it is the provider's. A secret that was told to go is listed as
well; the listing does not say when it will be gone.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.providers.aws.stores.service import Listing, Where, said
from scanner.providers.operation import NEXT_TOKEN, Operation

_REGION = 3
"""The part of an ARN that names the region."""


class Secret(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A secret of the listing."""

    arn: str = msgspec.field(name="ARN")
    name: str
    kms_key_id: str | None = None
    created_date: datetime | None = None
    deleted_date: datetime | None = None
    primary_region: str | None = None


class ListSecrets(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of secrets."""

    secret_list: tuple[Secret, ...]


LIST_SECRETS = Operation(
    service="secretsmanager",
    name="ListSecrets",
    action="secretsmanager:ListSecrets",
    reply=ListSecrets,
    params=("IncludePlannedDeletion", "MaxResults"),
    paging=NEXT_TOKEN,
)


def secrets(where: Where, pages: Sequence[ListSecrets]) -> tuple[DataStore, ...]:
    """Every secret; one whose primary is in another region is a replica of that."""
    return tuple(
        DataStore(
            id=found.arn,
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.SECRET,
            name=found.name,
            copy=CopyKind.REPLICA if _is_replica(where, found) else CopyKind.ORIGINAL,
            of=_in_region(found.arn, str(found.primary_region)) if _is_replica(where, found) else None,
            encryption=Encryption(encrypted=True, key=found.kms_key_id or None),
            created_at=found.created_date,
            expires_at=None,
            source=said(DeletedDate=found.deleted_date.isoformat() if found.deleted_date else None),
            evidence=(),
        )
        for page in pages
        for found in page.secret_list
    )


def _is_replica(where: Where, found: Secret) -> bool:
    return found.primary_region not in {None, "", where.region}


def _in_region(arn: str, region: str) -> str:
    """The ARN of the same secret in another region."""
    parts = arn.split(":")
    return ":".join((*parts[:_REGION], region, *parts[_REGION + 1 :]))


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=LIST_SECRETS,
        kinds=(StoreKind.SECRET,),
        stores=secrets,
        params=lambda _: {"IncludePlannedDeletion": True, "MaxResults": 100},
    ),
)
