"""Reads where a project's log goes and what could tell somebody of an entry. Follows no path and judges nothing."""

from functools import partial

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.permission import AccessLevel, AccessLevels
from scanner.model.raw import RawResponse
from scanner.model.unknown import Unknown
from scanner.model.watching_google import LogLevel, ProjectWatching
from scanner.providers.gcp import normalise_watching as normalise
from scanner.providers.gcp.levels import UNTOLD, Above, ReadAccess, ReadLogs
from scanner.providers.gcp.operations_watching import (
    LIST_ALERT_POLICIES,
    LIST_CHANNELS,
    LIST_EXCLUSIONS,
    LIST_LOG_BUCKETS,
    LIST_LOG_METRICS,
    LIST_SINKS,
    LIST_SNOOZES,
)
from scanner.providers.gcp.reader import Reader

_A_PAGE = 1000


class ReadWatching(msgspec.Struct, frozen=True, kw_only=True):
    """A project's watching, with the replies it was made from."""

    watching: ProjectWatching
    raw: tuple[RawResponse, ...]

    def at(self, location: str) -> ProjectWatching:
        """The same for one location: a log knows none."""
        return msgspec.structs.replace(self.watching, region=location)


def read_watching(reader: Reader, over: Above, access: ReadAccess) -> ReadWatching:
    """The logs of every level above the project's keys, and the metrics, alerts and channels of the project."""
    found = [_read_level(reader, over, level) for level in _levels_of(access)]
    name = f"projects/{reader.account}"
    by_parent, by_name = ({field: name, "pageSize": _A_PAGE} for field in ("parent", "name"))
    metrics = reader.ask(LIST_LOG_METRICS, by_parent, name)
    alerts = reader.ask(LIST_ALERT_POLICIES, by_name, name)
    snoozes = reader.ask(LIST_SNOOZES, by_parent, name)
    channels = reader.ask(LIST_CHANNELS, by_name, name)
    watching = ProjectWatching(
        provider=Provider.GCP,
        account=reader.account,
        region=reader.region,
        levels=tuple(one.level for one in found),
        metrics=metrics.group(normalise.metrics),
        alerts=alerts.group(normalise.alerts),
        snoozes=snoozes.group(normalise.snoozes),
        channels=channels.group(normalise.channels),
        evidence=_evidence(found)
        + metrics.evidence("metrics")
        + alerts.evidence("alerts")
        + snoozes.evidence("snoozes")
        + channels.evidence("channels"),
    )
    raw = tuple(response for one in found for response in one.raw)
    return ReadWatching(watching=watching, raw=raw + metrics.raw + alerts.raw + snoozes.raw + channels.raw)


def _levels_of(access: ReadAccess) -> tuple[AccessLevel, ...]:
    return access.levels.items if isinstance(access.levels, AccessLevels) else ()


def _evidence(found: list[ReadLogs]) -> tuple[Evidence, ...]:
    return tuple(item for one in found for item in one.evidence)


def _read_level(reader: Reader, over: Above, level: AccessLevel) -> ReadLogs:
    """The log of one level; what is above a level that does not tell its parent is as unread here as it is there."""
    if level.id == UNTOLD and isinstance(level.bindings, Unknown):
        unread = LogLevel(id=UNTOLD, sinks=level.bindings, exclusions=level.bindings, buckets=level.bindings)
        return ReadLogs(level=unread, evidence=(), raw=())
    if level.id.startswith("projects/"):
        return _read_logs(reader, level.id)
    return over.logs.once(level.id, partial(_read_logs, reader, level.id))


def _read_logs(reader: Reader, name: str) -> ReadLogs:
    params = {"parent": name, "pageSize": _A_PAGE}
    sinks = reader.ask(LIST_SINKS, params, name)
    exclusions = reader.ask(LIST_EXCLUSIONS, params, name)
    buckets = reader.ask(LIST_LOG_BUCKETS, {"parent": f"{name}/locations/-", "pageSize": _A_PAGE}, name)
    return ReadLogs(
        level=LogLevel(
            id=name,
            sinks=sinks.group(lambda pages: normalise.sinks(pages, name)),
            exclusions=exclusions.group(normalise.exclusions),
            buckets=buckets.group(normalise.buckets),
        ),
        evidence=sinks.evidence("sinks") + exclusions.evidence("exclusions") + buckets.evidence("buckets"),
        raw=sinks.raw + exclusions.raw + buckets.raw,
    )
