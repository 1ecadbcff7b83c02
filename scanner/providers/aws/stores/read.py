"""Reads the data stores of an account-region, service by service. One that refuses never hides another."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from scanner.model.evidence import Evidence
from scanner.model.partitions import partition_of
from scanner.model.raw import RawResponse
from scanner.model.scope import Listing as Counted
from scanner.model.store import DataStore, StoreListing
from scanner.model.store_kind import StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.answer import Answer
from scanner.providers.aws.causes import NOT_OFFERED
from scanner.providers.aws.reader import Reader
from scanner.providers.aws.stores.service import Detail, Listing, Origin, Where, Within
from scanner.providers.aws.stores.services import LISTINGS
from scanner.providers.failure import MalformedReplyError
from scanner.windows import in_windows


class RegionStores(msgspec.Struct, frozen=True, kw_only=True):
    """The stores of an account-region, sorted by id, the listings that found them, and the replies."""

    stores: tuple[DataStore, ...]
    listings: tuple[StoreListing, ...]
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """What one call brought; `absent` says that the region seems not to have the service."""

    listing: StoreListing | None
    stores: tuple[DataStore, ...]
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]
    absent: bool = False


def read_stores(reader: Reader, pool: Executor, window: int, listings: Iterable[Listing] = LISTINGS) -> RegionStores:
    """Every store of every service, each with the calls it needs; at most `window` calls are waited for at once."""
    where = Where(partition=partition_of(reader.region), account=reader.account, region=reader.region)
    asked = tuple(listings)
    seen = _offered(list(in_windows(pool, window, lambda listing: _list(reader, where, listing), asked)))
    listed = list(_settled(asked, seen))
    completed = list(in_windows(pool, window, lambda task: task(), _details(reader, asked, listed)))
    inside = list(in_windows(pool, window, lambda task: task(), _insides(reader, asked, listed, completed)))
    found = [*listed, *completed, *inside]
    stores = _by_id(found)
    return RegionStores(
        stores=tuple(stores[name] for name in sorted(stores)),
        listings=tuple(part.listing for part in found if part.listing),
        evidence=tuple(item for part in found for item in part.evidence),
        raw=tuple(response for part in found for response in part.raw),
    )


def _offered(listed: list[_Found]) -> list[_Found]:
    """What was listed; a service that the region does not have holds nothing, where the region answers otherwise."""
    if not any(found.listing and isinstance(found.listing.stores, Counted) for found in listed):
        return listed
    return [
        replace(found, listing=replace(found.listing, stores=Counted(listed=0, pages=0)))
        if found.listing and found.absent
        else found
        for found in listed
    ]


def _settled(listings: tuple[Listing, ...], listed: list[_Found]) -> Iterator[_Found]:
    """What was listed, each copy with what it takes from its original."""
    known = {store.id: store for found in listed for store in found.stores}
    cut = {
        found.listing.call: found.listing.stores
        for found in listed
        if found.listing and isinstance(found.listing.stores, Unknown)
    }
    for listing, found in zip(listings, listed, strict=True):
        origin = listing.origin
        if origin is None:
            yield found
        else:
            missing = cut.get(origin.listing.action)
            yield replace(found, stores=tuple(_with_original(store, origin, known, missing) for store in found.stores))


def _with_original(
    store: DataStore, origin: Origin, known: Mapping[str, DataStore], missing: Unknown | None
) -> DataStore:
    name = origin.id(store)
    original = known.get(name) if name else None
    settled = origin.settle(store, original or missing)
    if original is None or settled is store:
        return settled
    told = tuple(replace(item, group=origin.group) for item in original.evidence)
    return replace(settled, evidence=settled.evidence + told)


def _details(reader: Reader, listings: tuple[Listing, ...], listed: list[_Found]) -> Iterable[Any]:
    """What has to be asked about each store, once the listings are there."""
    for listing, found in zip(listings, listed, strict=True):
        for store in found.stores:
            if listing.detail and listing.detail.wanted(store):
                yield lambda detail=listing.detail, store=store: _complete(reader, detail, store)


def _insides(
    reader: Reader, listings: tuple[Listing, ...], listed: list[_Found], completed: list[_Found]
) -> Iterable[Any]:
    """What has to be listed inside each store, once all is known of it."""
    known = {store.id: store for part in completed for store in part.stores}
    for listing, found in zip(listings, listed, strict=True):
        for store in found.stores:
            if listing.within:
                whole = known.get(store.id, store)
                yield lambda within=listing.within, store=whole: _look_inside(reader, within, store)


def _by_id(parts: list[_Found]) -> dict[str, DataStore]:
    """Each store once, as it was told of last."""
    stores: dict[str, DataStore] = {}
    for store in (store for part in parts for store in part.stores):
        earlier = stores.get(store.id)
        stores[store.id] = joined(earlier, store) if earlier and earlier.type is not store.type else store
    return stores


def joined(snapshot: DataStore, point: DataStore) -> DataStore:
    """A snapshot that is a recovery point as well: one thing, and the vault says when it ends.

    How it is encrypted tells the service that keeps the snapshot; the vault's word counts where that one is silent.
    """
    told = not isinstance(snapshot.encryption, Unknown)
    kept = point.expires_at is None
    return replace(
        point,
        of=point.of or snapshot.of,
        encryption=snapshot.encryption if told else point.encryption,
        created_at=snapshot.created_at or point.created_at,
        expires_at=snapshot.expires_at if kept and isinstance(snapshot.expires_at, datetime) else point.expires_at,
        source={**snapshot.source, **point.source},
        evidence=snapshot.evidence + point.evidence,
    )


def _list(reader: Reader, where: Where, listing: Listing) -> _Found:
    answer = reader.ask(listing.operation, listing.params(where))
    stores = _stores(answer, lambda pages: listing.stores(where, pages))
    found = _found(answer, listing.kinds, None, stores)
    absent = listing.somewhere and answer.failure is not None and answer.failure.code == NOT_OFFERED
    return replace(found, absent=absent)


def _look_inside(reader: Reader, within: Within, store: DataStore) -> _Found:
    answer = reader.ask(within.operation, within.params(store), store.id)
    stores = _stores(answer, lambda pages: within.stores(store, pages))
    return _found(answer, within.kinds, store.id, stores)


def _complete(reader: Reader, detail: Detail, store: DataStore) -> _Found:
    answer = reader.ask(detail.operation, detail.params(store), store.id)
    if detail.none is not None and answer.failure and answer.failure.code == detail.operation.none:
        completed: DataStore | Unknown = replace(store, encryption=detail.none)
    else:
        completed = answer.group(lambda pages: detail.complete(store, pages))
    known = replace(store, encryption=completed) if isinstance(completed, Unknown) else completed
    known = replace(known, evidence=known.evidence + answer.evidence("encryption"))
    return _Found(listing=None, stores=(known,), evidence=(), raw=answer.raw)


def _stores(answer: Answer[Any], make: Any) -> tuple[DataStore, ...] | Unknown:  # noqa: ANN401 (pages are of any reply)
    """The stores of the pages that were read, with the listing as evidence of their encryption."""
    try:
        stores: tuple[DataStore, ...] = make(answer.pages)
    except MalformedReplyError:
        return Unknown(cause=Cause.ERROR, call=answer.operation.action)
    evidence = answer.evidence("encryption")
    return tuple(replace(store, evidence=store.evidence + evidence) for store in stores)


def _found(
    answer: Answer[Any], kinds: tuple[StoreKind, ...], within: str | None, stores: tuple[DataStore, ...] | Unknown
) -> _Found:
    """A listing that broke off is unknown, beside the stores that were seen."""
    missing = answer.failure.unknown if answer.failure else stores if isinstance(stores, Unknown) else None
    seen = () if isinstance(stores, Unknown) else stores
    counted = missing or Counted(listed=len(seen), pages=len(answer.pages))
    listing = StoreListing(call=answer.operation.action, kinds=kinds, within=within, stores=counted)
    return _Found(listing=listing, stores=seen, evidence=answer.evidence("stores"), raw=answer.raw)
