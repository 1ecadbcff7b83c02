"""The logs of a simulated Azure: what was done, the activity log, and the workspaces that keep vaults' logs.

What was done is written down by the world; nothing is changed here.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scanner.simulator.azure.answers import error, paged, success
from scanner.simulator.azure.records import Document, Request, Response, guid

_QUERY = re.compile(
    r"union isfuzzy=true \(datatable\([\w:, ]+\)\[\]\), \(AzureDiagnostics \|.*\), \(AZKVAuditLogs \|.*\) "
    r"\| where call in \((?P<calls>[^)]+)\) \| where container startswith '(?P<prefix>[^']+)' "
    r"\| project (?P<columns>[\w, ]+) \| order by at asc"
)
_FILTER = re.compile(
    r"eventTimestamp ge '(?P<since>[^']+)' and eventTimestamp le '(?P<until>[^']+)'"
    r" and resourceProvider eq '(?P<provider>[^']+)'"
)
_OK = 200


@dataclass(kw_only=True, slots=True)
class Entry:
    """One line of a vault's own log."""

    at: datetime
    call: str
    container: str
    key: str
    actor: str | None
    status: int = _OK


@dataclass(kw_only=True, slots=True)
class Workspace:
    """A log workspace and the lines that vaults sent it; `is_partial` makes it answer with a part and say so."""

    id: str
    retention: int = 90
    entries: list[Entry] = field(default_factory=list)
    is_partial: bool = False

    @property
    def name(self) -> str:
        """Its own id, by which it is queried."""
        return guid(self.id.lower())


def workspace_document(found: Workspace) -> Document:
    """A workspace as the management plane shows it."""
    return {
        "id": found.id,
        "name": found.id.rsplit("/", 1)[-1],
        "type": "Microsoft.OperationalInsights/workspaces",
        "properties": {"customerId": found.name, "retentionInDays": found.retention},
    }


def steps(at: datetime, call: str, resource: str, actor: str | None) -> list[Document]:
    """An operation in the activity log: begun and done."""
    shared = {
        "operationName": {"value": call, "localizedValue": call},
        "resourceId": resource,
        "caller": actor,
        "operationId": guid(f"{at.isoformat()} {call} {resource}"),
        "claims": {"name": "kept nowhere"},
        "httpRequest": {"clientIpAddress": "203.0.113.9"},
    }
    return [
        {**shared, "eventTimestamp": at.isoformat(), "status": {"value": word}} for word in ("Started", "Succeeded")
    ]


def answer_activity(entries: list[Document], request: Request, size: int) -> Response:
    """The activity log of a subscription, filtered by period and resource provider as it must be, newest first."""
    asked = _FILTER.fullmatch(request.query.get("$filter", ""))
    if asked is None:
        return error(400, "BadRequest", "the activity log is filtered by a period and a resource provider alone")
    since, until = (datetime.fromisoformat(asked[name]) for name in ("since", "until"))
    found = [
        entry
        for entry in reversed(entries)
        if entry["operationName"]["value"].lower().startswith(f"{asked['provider'].lower()}/")
        and since <= datetime.fromisoformat(entry["eventTimestamp"]) <= until
    ]
    chosen = request.query.get("$select", "").split(",")
    return paged(request, [{name: entry[name] for name in chosen if name in entry} for entry in found], size)


def answer_log_query(workspaces: Mapping[str, Workspace], name: str, request: Request) -> Response:
    """The rows of a workspace that the query asks for."""
    found = next((one for one in workspaces.values() if one.name == name.lower()), None)
    if found is None:
        return error(404, "PathNotFoundError", "The requested path does not exist")
    asked = json.loads(request.body)
    query = _QUERY.fullmatch(asked["query"])
    if query is None:
        return error(400, "BadArgumentError", "the simulated workspace does not speak this query", "SyntaxError")
    since, until = map(datetime.fromisoformat, asked["timespan"].split("/"))
    calls = {call.strip("' ") for call in query["calls"].split(",")}
    columns = query["columns"].split(", ")
    rows = [
        [_cells(entry)[column] for column in columns]
        for entry in sorted(found.entries, key=lambda entry: entry.at)
        if entry.call in calls
        and entry.container.lower().startswith(query["prefix"].lower())
        and since <= entry.at <= until
    ]
    table = {"name": "PrimaryResult", "columns": [{"name": one, "type": "string"} for one in columns], "rows": rows}
    if found.is_partial:
        cut: Document = {"tables": [{**table, "rows": rows[:1]}], "error": {"code": "PartialError"}}
        return success(cut)
    return success({"tables": [table]})


def _cells(entry: Entry) -> dict[str, str]:
    return {
        "at": f"{entry.at:%Y-%m-%dT%H:%M:%S.%f}0Z",
        "call": entry.call,
        "container": entry.container.upper(),
        "key": entry.key,
        "request": f"{entry.key}?api-version=7.4",
        "status": str(entry.status),
        "upn": entry.actor or "",
        "oid": "",
        "app": guid("an application"),
    }
