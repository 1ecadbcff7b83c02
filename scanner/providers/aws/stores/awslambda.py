"""Functions of Lambda. Never keeps an environment, a description or code, and judges nothing.

Lambda always encrypts what it keeps of a function; `KMSKeyArn` is the customer's key for the environment and snapshots,
without it the key is the provider's.
"""

from collections.abc import Sequence

import msgspec

from scanner.model.key import Provider
from scanner.model.store import CopyKind, DataStore, Encryption, StoreKind
from scanner.providers.aws.operation import Operation, Paging
from scanner.providers.aws.stores.service import Listing, Where


class Function(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A function."""

    function_name: str
    function_arn: str
    kms_key_arn: str | None = msgspec.field(name="KMSKeyArn", default=None)


class ListFunctions(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of functions."""

    functions: tuple[Function, ...]


LIST_FUNCTIONS = Operation(
    service="lambda",
    name="ListFunctions",
    action="lambda:ListFunctions",
    reply=ListFunctions,
    paging=Paging(request="Marker", reply="NextMarker"),
)


def functions(where: Where, pages: Sequence[ListFunctions]) -> tuple[DataStore, ...]:
    """Every function."""
    return tuple(
        DataStore(
            id=found.function_arn,
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.FUNCTION,
            name=found.function_name,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Encryption(encrypted=True, key=found.kms_key_arn or None),
            created_at=None,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for found in page.functions
    )


LISTINGS: tuple[Listing, ...] = (Listing(operation=LIST_FUNCTIONS, kinds=(StoreKind.FUNCTION,), stores=functions),)
