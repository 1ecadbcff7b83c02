"""Reads what was done to the keys and vaults of a subscription, from two logs, once for all its locations.

Of vaults and access the activity log tells, of keys the vaults' own log where a workspace keeps it. Judges nothing.
"""

from collections.abc import Iterable
from concurrent.futures import Executor
from datetime import datetime, timedelta
from functools import partial

import msgspec
from msgspec.structs import replace

from scanner.facts.container import AUDIT_LOGS
from scanner.model.container import KeyContainer, LogRoutes
from scanner.model.evidence import Evidence
from scanner.model.history import History, KeyEvents
from scanner.model.key import DeletionRequest, Key, Provider
from scanner.model.raw import RawResponse
from scanner.model.unknown import OutOfScope, Unknown
from scanner.providers.answer import Answer
from scanner.providers.azure import log_query, normalise_events, replies_events
from scanner.providers.azure.api import Question
from scanner.providers.azure.guard import Door
from scanner.providers.azure.log_query import GET_WORKSPACE, QUERY_VAULT_LOG
from scanner.providers.azure.normalise_events import Placed
from scanner.providers.azure.operations_events import LIST_ACTIVITY
from scanner.providers.azure.plane import Plane
from scanner.providers.azure.reader import Reader

_KEPT = timedelta(days=90)
"""How long Azure keeps the activity log; of a workspace no more is asked for."""

_MARGIN = timedelta(hours=1)
"""A period that begins before the log does is refused."""

_FILTERED = ("Microsoft.KeyVault", "Microsoft.Authorization")
_SELECTED = "eventTimestamp,operationName,resourceId,caller,status,operationId"
_NO_WORKSPACE = OutOfScope(
    reason="providers.azure.log_workspace names no workspace that keeps the vaults' logs", call=QUERY_VAULT_LOG.action
)
_GROUP_PART, _NAME_PART, _SUBSCRIPTION_PART = 4, 8, 2


class LogPlace(msgspec.Struct, frozen=True, kw_only=True):
    """The workspace that keeps the vaults' logs, by its id in the management plane, and where workspaces answer."""

    workspace: str | None
    url: str


class _Logged(msgspec.Struct, frozen=True, kw_only=True):
    """What one log tells from `since` on, with the replies behind it."""

    found: tuple[Placed, ...] | OutOfScope | Unknown
    since: datetime
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]


class SubscriptionHistory(msgspec.Struct, frozen=True, kw_only=True):
    """What was done in a subscription, with the replies it was made from."""

    account: str
    workspace: str | None
    keys: _Logged
    containers: _Logged

    @property
    def raw(self) -> tuple[RawResponse, ...]:
        """The replies behind it."""
        return self.keys.raw + self.containers.raw

    def at(self, location: str, containers: Iterable[KeyContainer]) -> History:
        """What was done to the containers of one location and to their keys."""
        here = tuple(containers)
        ids = frozenset(name for container in here for name in _names_of(container))
        unseen = tuple(sorted(container.id for container in here if not self._is_kept(container)))
        return replace(self._told(location, ids, outside=False), unseen=unseen)

    def beside(self, location: str, containers: Iterable[KeyContainer]) -> History:
        """What was done to anything but these containers."""
        ids = frozenset(name for container in containers for name in _names_of(container))
        return self._told(location, ids, outside=True)

    def _told(self, location: str, ids: frozenset[str], *, outside: bool) -> History:
        return History(
            provider=Provider.AZURE,
            account=self.account,
            region=location,
            events=_there(self.keys, ids, outside=outside),
            changes=_there(self.containers, ids, outside=outside),
            evidence=self.keys.evidence + self.containers.evidence,
        )

    def _is_kept(self, container: KeyContainer) -> bool:
        """Whether the log of a container is known to be sent to the workspace."""
        routes = container.logs.items if isinstance(container.logs, LogRoutes) else ()
        return any(AUDIT_LOGS.intersection(one.categories) and self.workspace in one.destinations for one in routes)

    def named(self, key: Key) -> Key:
        """The key, where it was deleted and the log tells by whom with that."""
        request, found = key.deletion_request, self.keys.found
        if not isinstance(request, DeletionRequest) or isinstance(found, Unknown | OutOfScope):
            return key
        actor = normalise_events.actor_of(key.id, request.at, found)
        evidence = tuple(replace(item, group="deletion_request") for item in self.keys.evidence)
        return replace(key, deletion_request=replace(request, actor=actor), evidence=key.evidence + evidence)


def read_history(reader: Reader, pool: Executor, logs: LogPlace, until: datetime) -> SubscriptionHistory:
    """Every entry about keys, vaults and access to them, up to the moment of the snapshot."""
    keys = _read_keys(reader, pool, logs, until)
    changes = _read_changes(reader, pool, until)
    return SubscriptionHistory(account=reader.account, workspace=logs.workspace, keys=keys, containers=changes)


def _names_of(container: KeyContainer) -> tuple[str, ...]:
    """The ids by which logs call a container: a deleted one has another than it had."""
    return tuple(dict.fromkeys((container.id, container.source.get("was", container.id))))


def _read_changes(reader: Reader, pool: Executor, until: datetime) -> _Logged:
    """The activity log of two resource providers: it can be filtered by one of them at a time and by nothing else."""
    since = until - _KEPT + _MARGIN
    asked = [pool.submit(_ask_activity, reader, provider, since, until) for provider in _FILTERED]
    answers = [future.result() for future in asked]
    missing = next((answer.failure for answer in answers if answer.failure), None)
    pages = [page for answer in answers for page in answer.pages]
    return _Logged(
        found=missing.unknown if missing else normalise_events.changes(pages),
        since=since,
        evidence=tuple(item for answer in answers for item in answer.evidence("changes")),
        raw=tuple(response for answer in answers for response in answer.raw),
    )


def _ask_activity(
    reader: Reader, provider: str, since: datetime, until: datetime
) -> Answer[replies_events.ActivityEntries]:
    period = f"eventTimestamp ge '{since:%Y-%m-%dT%H:%M:%SZ}' and eventTimestamp le '{until:%Y-%m-%dT%H:%M:%SZ}'"
    query = {"$filter": f"{period} and resourceProvider eq '{provider}'", "$select": _SELECTED}
    question = Question(places={"subscription": reader.account}, query=query)
    return reader.ask(LIST_ACTIVITY, question, subject=provider)


def _read_keys(reader: Reader, pool: Executor, logs: LogPlace, until: datetime) -> _Logged:
    if logs.workspace is None:
        return _Logged(found=_NO_WORKSPACE, since=until, evidence=(), raw=())
    parts = logs.workspace.split("/")
    places = {
        "subscription": parts[_SUBSCRIPTION_PART],
        "group": parts[_GROUP_PART],
        "workspace": parts[_NAME_PART],
    }
    known = pool.submit(reader.ask, GET_WORKSPACE, Question(places=places)).result()
    proof = _Logged(found=(), since=until, evidence=known.evidence("events"), raw=known.raw)
    if known.failure:
        return replace(proof, found=known.failure.unknown)
    settings = known.pages[0].properties
    since = until - min(_KEPT, _kept(settings.retention_in_days))
    question = Question(places={"workspace": settings.customer_id}, body=log_query.body(reader.account, since, until))
    door = Door(plane=Plane.LOGS, url=logs.url)
    told = pool.submit(partial(reader.ask, QUERY_VAULT_LOG, question, door=door)).result()
    return _Logged(
        found=told.group(normalise_events.key_events),
        since=since,
        evidence=proof.evidence + told.evidence("events"),
        raw=proof.raw + told.raw,
    )


def _kept(days: int | None) -> timedelta:
    """How far back a workspace reaches; -1 is its word for ever."""
    return timedelta(days=days) if days is not None and days >= 0 else _KEPT


def _there(logged: _Logged, ids: frozenset[str], *, outside: bool) -> KeyEvents | OutOfScope | Unknown:
    if isinstance(logged.found, OutOfScope | Unknown):
        return logged.found
    return normalise_events.in_place(logged.found, logged.since, ids, outside=outside)
