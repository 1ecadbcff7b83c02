"""Resource Graph of a simulated Azure: the part of its query language that is spoken to it. Changes nothing."""

import json
import re
from collections.abc import Mapping

from scanner.simulator.azure.answers import error, success
from scanner.simulator.azure.records import Document, Request, Response
from scanner.simulator.azure.world import World

_QUERY = re.compile(
    r"resources \| where type in~ \((?P<types>[^)]+)\) \| project (?P<fields>.+) \| order by id asc", re.DOTALL
)
_FIELD = re.compile(r"(?P<name>\w+)(?: = tostring\((?P<path>[\w.]+)\))?")


def answer_query(world: World, request: Request) -> Response:
    """The rows of the subscriptions that are asked for, projected as the query says, a page at a time."""
    asked = json.loads(request.body)
    query = _QUERY.fullmatch(asked["query"])
    if query is None:
        return error(400, "BadRequest", "the simulated Resource Graph does not speak this query")
    types = {name.strip().strip("'").lower() for name in query["types"].split(",")}
    fields = [field for part in query["fields"].split(", ") if (field := _FIELD.fullmatch(part))]
    rows = [
        {field["name"]: _value(row, field["path"] or field["name"]) for field in fields}
        for row in sorted(world.resources, key=lambda row: str(row["id"]))
        if row["type"] in types and str(row["id"]).split("/")[2] in asked["subscriptions"]
    ]
    options = asked.get("options", {})
    start = int(options.get("$skipToken") or 0)
    size = min(world.page_size, int(options.get("$top", 100)))
    document: Document = {
        "totalRecords": len(rows),
        "count": len(rows[start : start + size]),
        "data": rows[start : start + size],
        "facets": [],
        "resultTruncated": "false",
    }
    if start + size < len(rows):
        document["$skipToken"] = str(start + size)
    return success(document)


def _value(row: Mapping[str, object], path: str) -> str:
    """The value as text; blank where the row has none, as `tostring` makes of null."""
    value: object = row
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return "" if value is None else str(value)
