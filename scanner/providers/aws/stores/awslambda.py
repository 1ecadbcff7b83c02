"""Functions of Lambda. Never keeps an environment, a description or code, and judges nothing.

Lambda always encrypts what it keeps of a function; `KMSKeyArn` is the customer's key for the environment and snapshots,
without it the key is the provider's. What durable executions have kept so far is a store of its own, under the key of
`DurableConfig`.
"""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.providers.aws.stores.service import Listing, Where
from scanner.providers.operation import Operation, Paging


class DurableConfig(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """How the state of durable executions is kept."""

    kms_key_arn: str | None = msgspec.field(name="KMSKeyArn", default=None)


class Function(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A function."""

    function_name: str
    function_arn: str
    kms_key_arn: str | None = msgspec.field(name="KMSKeyArn", default=None)
    durable_config: DurableConfig | None = None


class ListFunctions(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of functions."""

    functions: tuple[Function, ...]


_DURABLE = "/durable-executions"
LIST_FUNCTIONS = Operation(
    service="lambda",
    name="ListFunctions",
    action="lambda:ListFunctions",
    reply=ListFunctions,
    params=("MaxItems",),
    paging=Paging(request="Marker", reply="NextMarker"),
)


def functions(where: Where, pages: Sequence[ListFunctions]) -> tuple[DataStore, ...]:
    """Every function, and the state that durable ones keep."""
    return tuple(store for page in pages for found in page.functions for store in _stores(where, found))


def _stores(where: Where, found: Function) -> Iterator[DataStore]:
    own = DataStore(
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
    yield own
    if found.durable_config is not None:
        state = Encryption(encrypted=True, key=found.durable_config.kms_key_arn or None)
        yield replace(own, id=own.id + _DURABLE, name=f"{own.name} (durable executions)", encryption=state)


LISTINGS: tuple[Listing, ...] = (
    Listing(operation=LIST_FUNCTIONS, kinds=(StoreKind.FUNCTION,), stores=functions, params=lambda _: {"MaxItems": 50}),
)
