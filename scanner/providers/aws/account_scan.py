"""Reads one account: in, its regions, its trails, then each region's keys. Decides nothing about other accounts."""

from concurrent.futures import Executor
from datetime import datetime

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.raw import CollectedShard, HeaderPart
from scanner.model.snapshot import Identity
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.accounts import Door, Entered, Unreached, enter
from scanner.providers.aws.alerting import read_alerting
from scanner.providers.aws.bulk import Aggregator, read_recording
from scanner.providers.aws.identities import read_identities
from scanner.providers.aws.inventory import read_inventory
from scanner.providers.aws.keys import read_keys
from scanner.providers.aws.network import read_network
from scanner.providers.aws.operations import LIST_REGIONS
from scanner.providers.aws.population import Target
from scanner.providers.aws.reader import Reader
from scanner.providers.aws.regions import choose_regions, enabled_regions
from scanner.providers.aws.shards import RegionReadings, region_shard
from scanner.providers.aws.trails import RegionAudit, read_audits
from scanner.providers.protocol import Finished, Sink
from scanner.providers.scopes import Period, Proof, unreached_shard, unread_groups
from scanner.providers.tally import Tally, merge

_NO_REGIONS = "the account's regions could not be listed"


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Where accounts are read. `regions` may wait for `calls`, and nothing in `calls` waits.

    `window` bounds the keys that one region asks for at once; what is `finished` is not read again.
    """

    door: Door
    regions: Executor
    calls: Executor
    window: int
    sink: Sink
    finished: Finished
    aggregator: Aggregator | None


class _RegionJob(msgspec.Struct, frozen=True, kw_only=True):
    target: Target
    reader: Reader
    audit: RegionAudit
    proof: Proof
    part: HeaderPart
    lent: tuple[Tally, ...]


def read_account(desk: Desk, target: Target, lent: tuple[Tally, ...]) -> HeaderPart:
    """Hands over every shard of the account that is not finished; calls that others made for it are in `lent`."""
    part = HeaderPart(
        provider=Provider.AWS,
        account=target.id,
        identity=None,
        regions=(),
        regions_outside=None,
        endpoints=(),
        clock_offset_seconds=None,
    )
    if desk.finished.whole(target.id):
        return part
    began = desk.door.instruments.clock()
    entered = desk.calls.submit(enter, desk.door, target).result()
    if isinstance(entered, Unreached):
        lent = _with_own(lent, entered.reader)
        _give_up(desk, entered, began, lent, part)
        return _so_far(desk, part, entered.reader)
    enabled = desk.calls.submit(enabled_regions, entered.reader).result()
    chosen = choose_regions(target.regions, enabled.names)
    proof = entered.proof.and_also(enabled.proof)
    lent = _with_own(lent, entered.reader)
    identity = Identity(provider=Provider.AWS, account=target.id, caller=entered.caller)
    part = replace(part, identity=identity, regions_outside=chosen.outside)
    if isinstance(chosen.regions, Unknown) or not chosen.regions:
        none = Unknown(cause=Cause.ERROR, call=LIST_REGIONS.action)
        missing = chosen.regions if isinstance(chosen.regions, Unknown) else none
        nowhere = Unreached(target=target, unknown=missing, reason=_NO_REGIONS, reader=entered.reader, proof=proof)
        _give_up(desk, nowhere, began, lent, part)
    else:
        part = replace(part, regions=chosen.regions)
        _read_regions(desk, replace(entered, proof=proof), part, lent)
    return _so_far(desk, part, entered.reader)


def _read_regions(desk: Desk, entered: Entered, part: HeaderPart, lent: tuple[Tally, ...]) -> None:
    """All regions at once, as far as there are hands; calls for the whole account count in the first of them."""
    target, connection = entered.target, entered.reader.connection
    regions = [region for region in part.regions if not desk.finished.holds(target.id, region)]

    def new_reader(region: str) -> Reader:
        return Reader(connection, target.id, region, desk.door.instruments)

    readers = {region: new_reader(region) for region in regions}
    for region in regions:
        desk.door.instruments.progress.planned(target.id, region)
    elsewhere: dict[str, Reader] = {}
    audits = read_audits(
        readers, lambda region: readers.get(region) or elsewhere.setdefault(region, new_reader(region)), desk.calls
    )
    lent += tuple(reader.tally for reader in elsewhere.values())
    jobs = [
        _RegionJob(
            target=target,
            reader=readers[region],
            audit=audits[region],
            proof=entered.proof,
            part=part,
            lent=lent if region == regions[0] else (),
        )
        for region in regions
    ]
    for waiting in [desk.regions.submit(_read_region, desk, job) for job in jobs]:
        waiting.result()
    for region in {*regions, *elsewhere}:
        connection.release(region)


def _read_region(desk: Desk, job: _RegionJob) -> None:
    """One account-region."""
    instruments, account, region = desk.door.instruments, job.target.id, job.reader.region
    instruments.progress.started(account, region)
    began = instruments.clock()
    recording = read_recording(desk.aggregator, job.reader, desk.calls)
    found = read_keys(job.reader, desk.calls, desk.window, recording)
    readings = RegionReadings(
        audit=job.audit,
        keys=found,
        inventory=read_inventory(job.reader, desk.calls, desk.window, found.aliases),
        alerting=read_alerting(job.reader, desk.calls, desk.window),
        network=desk.calls.submit(read_network, job.reader).result(),
        identities=desk.calls.submit(read_identities, job.reader).result() if region == job.part.regions[0] else None,
    )
    calls = merge((job.reader.tally, *recording.tallies, *job.lent))
    period = Period(started_at=began, finished_at=instruments.clock(), calls=calls)
    collected = region_shard(job.target, job.proof, readings, period)
    desk.sink(_with_part(desk, collected, job.part, job.reader))
    job.reader.connection.release(region)
    job.reader.forget()
    instruments.progress.finished(account, region, keys=len(found.keys), unread=unread_groups(collected.shard))


def _with_own(lent: tuple[Tally, ...], reader: Reader | None) -> tuple[Tally, ...]:
    """Each tally once: the account may have been entered with a reader that is lent already."""
    return tuple(dict.fromkeys((*lent, reader.tally))) if reader else lent


def _so_far(desk: Desk, part: HeaderPart, reader: Reader | None) -> HeaderPart:
    """What the header learns of the account, with every place that was asked until now."""
    endpoints = reader.connection.endpoints if reader else frozenset()
    if desk.aggregator:
        endpoints |= desk.aggregator.connection.endpoints
    return replace(
        part,
        endpoints=tuple(sorted(endpoints, key=lambda endpoint: (endpoint.service, endpoint.url))),
        clock_offset_seconds=desk.door.instruments.meter.clock_offset_seconds,
    )


def _with_part(desk: Desk, collected: CollectedShard, part: HeaderPart, reader: Reader | None) -> CollectedShard:
    return replace(collected, part=_so_far(desk, part, reader))


def _give_up(desk: Desk, unreached: Unreached, began: datetime, lent: tuple[Tally, ...], part: HeaderPart) -> None:
    """An account of which nothing can be read is a subject with an unknown, not an absence."""
    instruments, account = desk.door.instruments, unreached.target.id
    instruments.progress.planned(account, None)
    instruments.progress.started(account, None)
    period = Period(started_at=began, finished_at=instruments.clock(), calls=merge(lent))
    collected = unreached_shard(unreached.target.named, unreached.reason, unreached.unknown, unreached.proof, period)
    desk.sink(_with_part(desk, collected, part, unreached.reader))
    instruments.progress.finished(account, None, keys=0, unread=1)
