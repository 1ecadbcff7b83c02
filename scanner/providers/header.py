"""The snapshot's header from what each platform's collection says of itself. Asks nothing."""

from collections.abc import Sequence
from datetime import datetime

from scanner import __version__
from scanner.model.snapshot import SNAPSHOT_SCHEMA, SnapshotHeader, Tool
from scanner.providers.protocol import Collection


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
