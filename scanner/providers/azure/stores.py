"""Reads what keys may protect in a subscription, by Resource Graph: one query for every kind. Judges nothing."""

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.raw import RawResponse
from scanner.model.scope import Listing
from scanner.model.store import AliasTable, DataStore, Inventory, StoreListing, VolumeDefault
from scanner.model.unknown import Cause, Unknown
from scanner.providers.azure.api import Question
from scanner.providers.azure.graph import KINDS, QUERY, QUERY_RESOURCES
from scanner.providers.azure.normalise_stores import stores
from scanner.providers.azure.reader import Reader

_A_PAGE = 1000


class SubscriptionStores(msgspec.Struct, frozen=True, kw_only=True):
    """Every store of a subscription by location, and how the listing ended."""

    by_location: dict[str, tuple[DataStore, ...]]
    listing: Listing | Unknown
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]

    def inventory(self, account: str, location: str) -> Inventory:
        """What was asked for in one location; Azure has no aliases, and no disk is ever unencrypted."""
        found = self.listing
        if isinstance(found, Listing):
            found = Listing(listed=len(self.by_location.get(location, ())), pages=found.pages)
        kinds = tuple(dict.fromkeys(KINDS.values()))
        return Inventory(
            provider=Provider.AZURE,
            account=account,
            region=location,
            listings=(StoreListing(call=QUERY_RESOURCES.action, kinds=kinds, within=None, stores=found),),
            aliases=AliasTable(targets={}),
            volume_default=VolumeDefault(encrypted=True),
            volume_key=Unknown(cause=Cause.UNSUPPORTED, call=QUERY_RESOURCES.action),
            evidence=self.evidence,
        )


def read_stores(reader: Reader) -> SubscriptionStores:
    """Every store of the subscription, as far as the query went."""
    body = {
        "subscriptions": [reader.account],
        "query": QUERY,
        "options": {"resultFormat": "objectArray", "$top": _A_PAGE},
    }
    answer = reader.ask(QUERY_RESOURCES, Question(body=body))
    made = stores(answer.pages, reader.account, answer.evidence("encryption"))
    listing: Listing | Unknown = Listing(listed=len(made), pages=len(answer.pages))
    if answer.failure:
        listing = answer.failure.unknown
    elif answer.pages and answer.pages[-1].result_truncated.lower() == "true":
        listing = Unknown(cause=Cause.ERROR, call=QUERY_RESOURCES.action)
    places: dict[str, list[DataStore]] = {}
    for store in made:
        places.setdefault(store.region, []).append(store)
    return SubscriptionStores(
        by_location={place: tuple(items) for place, items in places.items()},
        listing=listing,
        evidence=answer.evidence("stores"),
        raw=answer.raw,
    )
