"""Reads one subscription: its vaults, then each location's keys. Decides nothing about other subscriptions."""

from collections.abc import Mapping
from concurrent.futures import Executor
from datetime import datetime

import msgspec
from msgspec.structs import replace

from scanner.model.container import KeyContainer
from scanner.model.key import Provider
from scanner.model.raw import CollectedShard, HeaderPart, SharedRaw
from scanner.model.snapshot import Identity
from scanner.model.unknown import Unknown
from scanner.providers.azure.alerts import read_alerts
from scanner.providers.azure.api import Connection
from scanner.providers.azure.causes import explain
from scanner.providers.azure.containers import Containers, read_containers, with_logs
from scanner.providers.azure.events import LogPlace
from scanner.providers.azure.guard import Door
from scanner.providers.azure.keys import NO_KEYS, read_keys
from scanner.providers.azure.normalise_containers import GLOBAL
from scanner.providers.azure.place import Addresses, Place
from scanner.providers.azure.reader import Instruments, Reader
from scanner.providers.azure.shards import (
    Vault,
    Where,
    global_shard,
    location_shard,
    with_alerts,
    with_wide,
)
from scanner.providers.azure.subscription_wide import Hands, SubscriptionWide, read_wide
from scanner.providers.failure import NO_CREDENTIALS, UNREACHABLE, Failure
from scanner.providers.protocol import Finished, Sink
from scanner.providers.scopes import Account, Period, Proof, shared_raw, unreached_shard, unread_groups
from scanner.providers.tally import Tally, merge
from scanner.windows import in_windows

_VAULTS_AT_ONCE = 8

_NOT_ENTERED = frozenset({UNREACHABLE, NO_CREDENTIALS, "SubscriptionNotFound", "InvalidSubscriptionId"})
"""Why a subscription is out of reach as a whole."""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Where subscriptions are read. `vaults` may wait for `calls`, and nothing in `calls` waits.

    `window` bounds the keys that one vault is asked for at once; what is `finished` is not read again.
    """

    connection: Connection
    caller: str | Unknown
    management: str
    addresses: Addresses
    instruments: Instruments
    vaults: Executor
    calls: Executor
    window: int
    logs: LogPlace
    as_of: datetime
    sink: Sink
    finished: Finished


class _Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One subscription that is being read: what all its shards rest on, and what the header learns of it."""

    target: Account
    reader: Reader
    found: Containers
    proof: Proof
    part: HeaderPart
    lent: tuple[Tally, ...]
    began: datetime


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """One location with its containers by id; a deleted one is no place to ask."""

    region: str
    containers: Mapping[str, tuple[KeyContainer, Place | None]]


class _Rest(msgspec.Struct, frozen=True, kw_only=True):
    """What a subscription's locations share, and the replies that several of their shards rest on."""

    wide: SubscriptionWide
    shared: SharedRaw | None


def read_subscription(desk: Desk, target: Account, lent: tuple[Tally, ...], proof: Proof) -> HeaderPart:
    """Hands over every shard of the subscription that is not finished; calls that others made for it are in `lent`."""
    part = _part(desk, target)
    if desk.finished.whole(target.id):
        return part
    began, reader = desk.instruments.clock(), _reader(desk, target, GLOBAL)
    found = desk.calls.submit(read_containers, reader, desk.addresses).result()
    everything = Proof(evidence=proof.evidence + found.evidence, raw=proof.raw + found.raw)
    visit = _Visit(
        target=target,
        reader=reader,
        found=found,
        proof=everything,
        part=part,
        lent=(*lent, reader.tally),
        began=began,
    )
    if found.missing and found.missing.code in _NOT_ENTERED and not found.items:
        _give_up(desk, visit, found.missing)
        return _so_far(desk, visit)
    wide = read_wide(reader, Hands(calls=desk.calls, window=desk.window), found, desk.logs, desk.as_of)
    by_region = _by_region(found)
    regions = (GLOBAL, *sorted((by_region.keys() | wide.stores.by_location.keys()) - {GLOBAL}))
    visit = replace(visit, part=replace(part, regions=regions))
    left = [region for region in regions if not desk.finished.holds(target.id, region)]
    for region in left:
        desk.instruments.progress.planned(target.id, region)
    rest = _Rest(wide=wide, shared=shared_raw(everything.raw + wide.raw) if len(left) > 1 else None)
    for region in left:
        if region == GLOBAL:
            _read_global(desk, visit, rest)
        else:
            _read_location(desk, visit, rest, Location(region=region, containers=by_region.get(region, {})))
    return _so_far(desk, visit)


def _read_global(desk: Desk, visit: _Visit, rest: _Rest) -> None:
    """What holds for the whole subscription."""
    instruments, account = desk.instruments, visit.target.id
    instruments.progress.started(account, GLOBAL)
    missing = visit.found.missing.unknown if visit.found.missing else None
    places = [place for _, place in visit.found.items.values() if place is not None]
    alerts = read_alerts(visit.reader, places, desk.calls, desk.window)
    period = Period(started_at=visit.began, finished_at=instruments.clock(), calls=merge(visit.lent))
    collected = with_alerts(global_shard(visit.target, missing, visit.found.pages, visit.proof, period), alerts)
    collected = with_wide(collected, rest.wide, rest.shared)
    desk.sink(_with_part(desk, collected, visit))
    instruments.progress.finished(account, GLOBAL, keys=0, unread=unread_groups(collected.shard))


def _read_location(desk: Desk, visit: _Visit, rest: _Rest, location: Location) -> None:
    """One location: all its vaults at once, as far as there are hands."""
    instruments, account = desk.instruments, visit.target.id
    region, containers = location.region, location.containers
    instruments.progress.started(account, region)
    began, reader = instruments.clock(), _reader(desk, visit.target, region)

    def read(id_: str) -> Vault:
        container, place = containers[id_]
        if place is None:
            return Vault(container=container, found=NO_KEYS)
        logged, raw = desk.calls.submit(with_logs, reader, container, place).result()
        found = read_keys(reader, place, desk.calls, desk.window)
        if not isinstance(place.door, Failure):
            desk.connection.release(place.door)
        return Vault(container=logged, found=replace(found, raw=found.raw + raw))

    vaults = list(in_windows(desk.vaults, _VAULTS_AT_ONCE, read, sorted(containers)))
    period = Period(started_at=began, finished_at=instruments.clock(), calls=merge((reader.tally,)))
    collected = location_shard(Where(target=visit.target, region=region), vaults, visit.proof, period)
    collected = with_wide(collected, rest.wide, rest.shared)
    desk.sink(_with_part(desk, collected, visit))
    instruments.progress.finished(
        account, region, keys=len(collected.shard.keys), unread=unread_groups(collected.shard)
    )


def _give_up(desk: Desk, visit: _Visit, missing: Failure) -> None:
    """A subscription of which nothing can be read is a subject with an unknown, not an absence."""
    instruments, account = desk.instruments, visit.target.id
    instruments.progress.planned(account, None)
    instruments.progress.started(account, None)
    period = Period(started_at=visit.began, finished_at=instruments.clock(), calls=merge(visit.lent))
    reason = f"{missing.call}: {explain(missing)}"
    collected = unreached_shard(visit.target, reason, missing.unknown, visit.proof, period)
    desk.sink(_with_part(desk, collected, visit))
    instruments.progress.finished(account, None, keys=0, unread=1)


def _by_region(found: Containers) -> dict[str, dict[str, tuple[KeyContainer, Place | None]]]:
    regions: dict[str, dict[str, tuple[KeyContainer, Place | None]]] = {}
    for id_, (container, place) in found.items.items():
        regions.setdefault(container.region, {})[id_] = (container, place)
    return regions


def _reader(desk: Desk, target: Account, region: str | None) -> Reader:
    return Reader(desk.connection, target.id, region, desk.management, desk.instruments)


def _part(desk: Desk, target: Account) -> HeaderPart:
    return HeaderPart(
        provider=Provider.AZURE,
        account=target.id,
        identity=Identity(provider=Provider.AZURE, account=target.id, caller=desk.caller),
        regions=(),
        regions_outside=(),
        endpoints=(),
        clock_offset_seconds=None,
    )


def _so_far(desk: Desk, visit: _Visit) -> HeaderPart:
    """What the header learns of the subscription, with every place of its own that was asked until now."""
    doors = {place.door for _, place in visit.found.items.values() if place and isinstance(place.door, Door)}
    endpoints = desk.connection.endpoints_at(doors)
    return replace(
        visit.part,
        endpoints=tuple(sorted(endpoints, key=lambda endpoint: (endpoint.service, endpoint.url))),
        clock_offset_seconds=desk.instruments.meter.clock_offset_seconds,
    )


def _with_part(desk: Desk, collected: CollectedShard, visit: _Visit) -> CollectedShard:
    return replace(collected, part=_so_far(desk, visit))
