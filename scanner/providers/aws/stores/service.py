"""How a service that keeps data is read: listings, and what has to be asked about each thing they name. Asks nothing.

A module of a service holds the fields it keeps, its operations, and the functions that turn pages into stores. Such a
function raises MalformedReplyError when a page does not hold what it must.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.operation import AnyOperation


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """The account-region that was asked; `partition` is the first part of its ARNs after `arn:`."""

    partition: str
    account: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a thing of this place."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """One more call for a store, whose answer completes it.

    `none` is the encryption that the operation's error code of that name stands for. When the call is refused, the
    store's encryption is unknown.
    """

    operation: AnyOperation
    params: Callable[[DataStore], Mapping[str, object]]
    complete: Callable[[DataStore, Sequence[Any]], DataStore]
    wanted: Callable[[DataStore], bool] = lambda _: True
    none: Encryption | None = None


class Within(msgspec.Struct, frozen=True, kw_only=True):
    """A listing of what is inside a store, such as the recovery points of a vault.

    It is made when the store is complete, so that what is inside may take after it.
    """

    operation: AnyOperation
    params: Callable[[DataStore], Mapping[str, object]]
    kinds: tuple[StoreKind, ...]
    stores: Callable[[DataStore, Sequence[Any]], tuple[DataStore, ...]]


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """What a copy takes from the store it was made from, where its own listing does not say it.

    `listing` names the originals and `id` says which one is a copy's. `settle` is given None when that listing does not
    name it, and Unknown when the listing was not read to its end; what it changes is the copy's `group`.
    """

    listing: AnyOperation
    id: Callable[[DataStore], str | None]
    settle: Callable[[DataStore, DataStore | Unknown | None], DataStore]
    group: str = "expires_at"


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One listing of a whole account-region: what is asked, the kinds it names, and how pages become stores.

    `params` is made from the place, since some services list the whole account and are asked for one region of it.
    `somewhere` marks a service that some regions do not have, so that there is nothing to list.
    """

    operation: AnyOperation
    kinds: tuple[StoreKind, ...]
    stores: Callable[[Where, Sequence[Any]], tuple[DataStore, ...]]
    params: Callable[[Where], Mapping[str, object]] = lambda _: {}
    detail: Detail | None = None
    within: Within | None = None
    origin: Origin | None = None
    somewhere: bool = False


def said(**words: str | None) -> dict[str, str]:
    """The provider's own words for a store's `source`, without what it did not say."""
    return {name: word for name, word in words.items() if word}


def under_named_key(*, encrypted: bool, key: str | None, operation: AnyOperation) -> Encryption | Unknown:
    """Encryption as told by a service that names the key of all it encrypts: where it names none, it is unknown."""
    if encrypted and not key:
        return Unknown(cause=Cause.ERROR, call=operation.action)
    return Encryption(encrypted=encrypted, key=key or None)


def operations_of(listings: Sequence[Listing]) -> tuple[AnyOperation, ...]:
    """Everything that the listings may call, each operation once."""
    found = [
        part.operation for listing in listings for part in (listing, listing.detail, listing.within) if part is not None
    ]
    return tuple({(operation.service, operation.name): operation for operation in found}.values())
