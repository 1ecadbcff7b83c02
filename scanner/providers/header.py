"""The snapshot's header from what each platform's collection says of itself. Asks nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from scanner import __version__
from scanner.model.raw import HeaderPart
from scanner.model.snapshot import SNAPSHOT_SCHEMA, Endpoint, Identity, SnapshotHeader, Tool
from scanner.model.unknown import Unknown
from scanner.providers.protocol import Collection
from scanner.providers.tally import Meter


def header(collections: Sequence[Collection], *, as_of: datetime, finished_at: datetime) -> SnapshotHeader:
    """What holds for the whole snapshot; any endpoint that is not a provider's own makes it simulated."""
    endpoints = sorted(
        {endpoint for collection in collections for endpoint in collection.endpoints},
        key=lambda endpoint: (endpoint.provider, endpoint.service, endpoint.url),
    )
    return SnapshotHeader(
        schema=SNAPSHOT_SCHEMA,
        as_of=as_of,
        finished_at=finished_at,
        tool=Tool(name="keymuster", version=__version__),
        simulated=not all(endpoint.official for endpoint in endpoints),
        identities=tuple(identity for collection in collections for identity in collection.identities),
        endpoints=tuple(endpoints),
        organisations=tuple(item for collection in collections for item in collection.organisations),
        clock_offset_seconds={
            collection.provider.value: collection.clock_offset_seconds
            for collection in collections
            if collection.clock_offset_seconds is not None
        },
        regions_outside={
            account: regions for collection in collections for account, regions in collection.regions_outside.items()
        },
    )


def identities_of(parts: Sequence[HeaderPart]) -> dict[str, Identity]:
    """Who asked in each account; what was learned first holds."""
    return {part.account: part.identity for part in reversed(parts) if part.identity}


def endpoints_of(parts: Iterable[HeaderPart], own: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """Where services were asked, by service and address; `own` are those asked for no account in particular."""
    found = {endpoint for part in parts for endpoint in part.endpoints} | set(own)
    return tuple(sorted(found, key=lambda endpoint: (endpoint.service, endpoint.url)))


def regions_outside_of(parts: Sequence[HeaderPart]) -> dict[str, tuple[str, ...] | Unknown]:
    """The regions of each account that are not in scope; what was learned first holds."""
    outside = {part.account: part.regions_outside for part in reversed(parts) if part.regions_outside is not None}
    return {account: outside[account] for account in sorted(outside)}


def clock_offset_of(parts: Iterable[HeaderPart], meter: Meter) -> float | None:
    """The provider's clock less ours: the first that was told."""
    told = (part.clock_offset_seconds for part in parts if part.clock_offset_seconds is not None)
    return next(told, meter.clock_offset_seconds)
