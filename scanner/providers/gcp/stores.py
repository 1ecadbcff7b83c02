"""Reads what keys of a project may protect, by Cloud Asset Inventory: one listing for every kind. Judges nothing."""

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.raw import RawResponse
from scanner.model.scope import Listing
from scanner.model.store import AliasTable, DataStore, Inventory, StoreListing, VolumeDefault
from scanner.model.unknown import Cause, Unknown
from scanner.providers.answer import evidence_of
from scanner.providers.gcp.normalise_assets import KINDS, store
from scanner.providers.gcp.operations import LIST_ASSETS
from scanner.providers.gcp.reader import Reader

_A_PAGE = 1000


class ProjectStores(msgspec.Struct, frozen=True, kw_only=True):
    """Every store of a project by location, and how the listing ended."""

    by_location: dict[str, tuple[DataStore, ...]]
    listing: Listing | Unknown
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]

    def inventory(self, account: str, location: str) -> Inventory:
        """What was asked for in one location; Google has no aliases, and no volume is ever unencrypted."""
        return Inventory(
            provider=Provider.GCP,
            account=account,
            region=location,
            listings=(self._listing(location),),
            aliases=AliasTable(targets={}),
            volume_default=VolumeDefault(encrypted=True),
            volume_key=Unknown(cause=Cause.UNSUPPORTED, call=LIST_ASSETS.action),
            evidence=self.evidence,
        )

    def _listing(self, location: str) -> StoreListing:
        found = self.listing
        if isinstance(found, Listing):
            found = Listing(listed=len(self.by_location.get(location, ())), pages=found.pages)
        return StoreListing(
            call=LIST_ASSETS.action, kinds=tuple(kind.type for kind in KINDS.values()), within=None, stores=found
        )


def read_stores(reader: Reader) -> ProjectStores:
    """Every store of the project, as far as the listing went."""
    params = {
        "parent": f"projects/{reader.account}",
        "assetTypes": list(KINDS),
        "contentType": "RESOURCE",
        "pageSize": _A_PAGE,
    }
    answer = reader.ask(LIST_ASSETS, params, reader.account)
    found: dict[str, list[DataStore]] = {}
    for page, raw in zip(answer.pages, answer.raw, strict=False):
        evidence = evidence_of("encryption", (raw,), page.read_time)
        for asset in page.assets:
            made = store(asset, reader.account, evidence)
            if made is not None:
                found.setdefault(made.region, []).append(made)
    total = sum(map(len, found.values()))
    return ProjectStores(
        by_location={place: tuple(sorted(items, key=lambda item: item.id)) for place, items in found.items()},
        listing=answer.failure.unknown if answer.failure else Listing(listed=total, pages=len(answer.pages)),
        evidence=answer.evidence("stores"),
        raw=answer.raw,
    )
