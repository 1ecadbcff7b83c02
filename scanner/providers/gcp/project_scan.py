"""Reads one project: its keys by location, and what stands around them. Decides nothing about other projects."""

from concurrent.futures import Executor

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.raw import HeaderPart, RawResponse, SharedRaw
from scanner.model.scope import Scope, ScopeStatus
from scanner.model.snapshot import Endpoint, Identity, Shard
from scanner.model.unknown import Cause, Unknown
from scanner.providers.gcp.api import Connection
from scanner.providers.gcp.causes import explain
from scanner.providers.gcp.events import read_history, with_requests
from scanner.providers.gcp.keys import ReadKey, read_keys
from scanner.providers.gcp.levels import Above, given_in, read_roles, whole_of
from scanner.providers.gcp.listing import LocationListing, ProjectListing, list_project, with_locations, without_any
from scanner.providers.gcp.operations import INVENTORY_KEYS
from scanner.providers.gcp.project_wide import ProjectWide, read_wide
from scanner.providers.gcp.reader import Reader
from scanner.providers.gcp.rings import ReadRing, read_rings
from scanner.providers.gcp.stores import read_stores
from scanner.providers.gcp.surroundings import read_surroundings
from scanner.providers.protocol import Finished, Sink
from scanner.providers.reader import Instruments
from scanner.providers.scopes import Account, Period, Proof, collected, shared_raw, unreached_shard, unread_groups
from scanner.providers.tally import Tally, merge

_DISABLED = "the Cloud KMS API is not enabled in the project, so it can list and use no keys"


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Where projects are read: `locations` may wait for `calls`, and nothing in `calls` waits.

    `window` bounds the keys that one location asks for at once; what is `finished` is not read again. `chosen` are the
    locations to read, None for all.
    """

    connection: Connection
    instruments: Instruments
    above: Above
    locations: Executor
    calls: Executor
    window: int
    chosen: frozenset[str] | None
    sink: Sink
    finished: Finished


class _LocationJob(msgspec.Struct, frozen=True, kw_only=True):
    """One location to read; `shared` are the replies that others rest on as well, None where it is the only one."""

    project: Account
    found: LocationListing
    reader: Reader
    wide: ProjectWide
    shared: SharedRaw | None
    lent: tuple[Tally, ...]
    part: HeaderPart


def read_project(desk: Desk, project: Account, lent: tuple[Tally, ...]) -> HeaderPart:
    """Hands over every shard of the project that is not finished; calls that others made for it are in `lent`."""
    part = _part(desk, project)
    if desk.finished.whole(project.id):
        return part
    began = desk.instruments.clock()
    reader = Reader(desk.connection, project.id, "global", desk.instruments, for_account=True)
    found = list_project(reader, desk.calls, desk.window)
    if found.failure is not None:
        period = Period(started_at=began, finished_at=desk.instruments.clock(), calls=merge((*lent, reader.tally)))
        _hand_over_unlisted(desk, project, found, period, part)
        return part
    history = desk.calls.submit(read_history, reader, began)
    stores = desk.calls.submit(read_stores, reader).result()
    found = with_locations(found, history.result().places.union(stores.by_location))
    wanted = [one for one in found.locations if desk.chosen is None or one.location in desk.chosen]
    outside = tuple(one.location for one in found.locations if one not in wanted and one.is_used)
    wanted = wanted or [_nothing(found)]
    part = replace(part, regions=tuple(one.location for one in wanted), regions_outside=outside)
    todo = [one for one in wanted if not desk.finished.holds(project.id, one.location)]
    for one in todo:
        desk.instruments.progress.planned(project.id, one.location)
    wide = read_wide(reader, desk.calls, desk.above, stores, history.result())
    shared = shared_raw(found.raw + wide.raw) if len(todo) > 1 else None
    jobs = [
        _LocationJob(
            project=project,
            found=one,
            reader=Reader(desk.connection, project.id, one.location, desk.instruments),
            wide=wide,
            shared=shared,
            lent=(*lent, reader.tally) if one is todo[0] else (),
            part=part,
        )
        for one in todo
    ]
    for waiting in [desk.locations.submit(_read_location, desk, job) for job in jobs]:
        waiting.result()
    return replace(part, endpoints=_endpoints(desk))


def _read_location(desk: Desk, job: _LocationJob) -> None:
    """The keys and rings of one location, and what stands around them."""
    account, location, progress = job.project.id, job.found.location, desk.instruments.progress
    progress.started(account, location)
    began = desk.instruments.clock()
    keys = read_keys(job.reader, desk.calls, desk.window, job.found.keys, whole_of(job.wide.levels))
    rings = read_rings(job.reader, desk.calls, desk.window, job.found.rings)
    names = [ring.container.id for ring in rings]
    around = read_surroundings(job.reader, desk.calls, desk.window, names, job.wide.autokey)
    shard, raw = _shard(desk, job, keys, rings)
    shard, raw = replace(shard, surroundings=around.surroundings), raw + around.raw
    period = Period(started_at=began, finished_at=desk.instruments.clock(), calls=merge((job.reader.tally, *job.lent)))
    scope = replace(shard.scope, calls=period.calls, started_at=period.started_at, finished_at=period.finished_at)
    made = collected(replace(shard, scope=scope), raw, job.shared)
    desk.sink(replace(made, part=replace(job.part, endpoints=_endpoints(desk))))
    progress.finished(account, location, keys=len(keys), unread=unread_groups(made.shard))


def _shard(
    desk: Desk, job: _LocationJob, keys: list[ReadKey], rings: list[ReadRing]
) -> tuple[Shard, tuple[RawResponse, ...]]:
    """Everything read in one location, with the levels and roles that decide access to it."""
    found = job.found
    own = [one.key.policy for one in keys] + [ring.container.policy for ring in rings]
    above = job.wide.levels.levels
    levels = [] if isinstance(above, Unknown) else [one.bindings for one in above.items]
    roles = desk.calls.submit(read_roles, job.reader, desk.above, given_in([*levels, *own])).result()
    scope = Scope(
        provider=Provider.GCP,
        account=job.project.id,
        account_name=job.project.name,
        region=found.location,
        status=ScopeStatus.SCANNED,
        reason=None,
        approver=None,
        keys=found.listing,
        calls=(),
        started_at=None,
        finished_at=None,
        evidence=found.evidence,
    )
    shard = Shard(
        scope=scope,
        audit=None,
        keys=with_requests((one.key for one in keys), job.wide.history),
        containers=tuple(ring.container for ring in rings),
        inventory=job.wide.stores.inventory(job.project.id, found.location),
        stores=job.wide.stores.by_location.get(found.location, ()),
        access=job.wide.levels.access((job.project.id, found.location), roles),
        watching=job.wide.watching.at(found.location),
        history=job.wide.history.at(found.location),
    )
    read = (*(one.raw for one in keys), *(ring.raw for ring in rings))
    raw = found.raw + job.wide.raw + roles.raw + tuple(response for one in read for response in one)
    return shard, raw


def _nothing(found: ProjectListing) -> LocationListing:
    """Stands for a project that has nothing in the locations to read."""
    first = found.locations[0]
    return replace(first, location="global", keys=(), rings=(), listing=without_any(first.listing))


def _hand_over_unlisted(desk: Desk, project: Account, found: ProjectListing, period: Period, part: HeaderPart) -> None:
    """A project whose keys could not be listed is a subject with an unknown; one without the service lists none."""
    failure = found.failure
    unknown = failure.unknown if failure else Unknown(cause=Cause.ERROR, call=INVENTORY_KEYS.action)
    reason = _DISABLED if found.disabled else f"its keys could not be listed ({explain(failure) if failure else ''})"
    made = unreached_shard(project, reason, unknown, Proof(evidence=(), raw=found.raw), period)
    if found.disabled:
        scope = replace(made.shard.scope, status=ScopeStatus.NOT_ENABLED)
        made = replace(made, shard=replace(made.shard, scope=scope))
    progress = desk.instruments.progress
    progress.planned(project.id, None)
    progress.started(project.id, None)
    desk.sink(replace(made, part=replace(part, endpoints=_endpoints(desk))))
    progress.finished(project.id, None, keys=0, unread=0 if found.disabled else 1)


def _part(desk: Desk, project: Account) -> HeaderPart:
    """What the header learns of the project before anything of it is known."""
    caller = desk.connection.signed.caller
    told = caller or Unknown(cause=Cause.UNSUPPORTED, call="application default credentials")
    return HeaderPart(
        provider=Provider.GCP,
        account=project.id,
        identity=Identity(provider=Provider.GCP, account=project.id, caller=told),
        regions=(),
        regions_outside=None,
        endpoints=(),
        clock_offset_seconds=None,
    )


def _endpoints(desk: Desk) -> tuple[Endpoint, ...]:
    return tuple(sorted(desk.connection.endpoints, key=lambda endpoint: (endpoint.service, endpoint.url)))
