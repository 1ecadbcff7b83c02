"""The forms of Azure's answers: success, errors, pages. Knows no vault."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from scanner.simulator.azure.records import Document, Request, Response

_JSON = {"Content-Type": "application/json; charset=utf-8"}
_EMPTY_FIRST = "first"


def success(document: Mapping[str, Any]) -> Response:
    """200 with a document."""
    return Response(status=200, body=json.dumps(document).encode(), headers=_JSON)


def error(status: int, code: str, message: str, inner: str | None = None) -> Response:
    """An error in Azure's shape; the free text is what a reader must keep nowhere."""
    body: Document = {"code": code, "message": message}
    if inner:
        body["innererror"] = {"code": inner}
    return Response(status=status, body=json.dumps({"error": body}).encode(), headers=_JSON)


def paged(request: Request, items: Sequence[Document], size: int, *, empty_first: bool = False) -> Response:
    """One page of a listing with an absolute link to the next; the first may be empty, as Azure's are at times."""
    token = request.query.get("$skiptoken", "")
    if empty_first and not token:
        return success({"value": [], "nextLink": _link(request, _EMPTY_FIRST)})
    start = int(token) if token and token != _EMPTY_FIRST else 0
    document: Document = {"value": list(items[start : start + size])}
    if start + size < len(items):
        document["nextLink"] = _link(request, str(start + size))
    return success(document)


def _link(request: Request, token: str) -> str:
    query = {**request.query, "$skiptoken": token}
    return f"https://{request.host}{request.path}?{urlencode(query, quote_via=quote, safe='$')}"
