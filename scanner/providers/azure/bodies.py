"""Which bodies may be sent: queries of our own making and nothing else. Sends nothing."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from scanner.providers.azure import graph, log_query

_GRAPH_KEYS = frozenset({"subscriptions", "query", "options"})
_LOG_KEYS = frozenset({"query", "timespan"})


def is_ours(operation: str, content: object) -> bool:
    """Whether the body is one that the operation may have; those that are not in the table have none."""
    check = _CHECKS.get(operation)
    if check is None:
        return content is None
    try:
        document = json.loads(content) if isinstance(content, str | bytes) else None
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and check(document)


def _asks_graph(document: Mapping[str, Any]) -> bool:
    return document.keys() == _GRAPH_KEYS and document["query"] == graph.QUERY


def _asks_logs(document: Mapping[str, Any]) -> bool:
    """No further workspaces, and no other text than ours with a subscription in it."""
    if document.keys() != _LOG_KEYS:
        return False
    query, period = str(document["query"]), str(document["timespan"])
    return bool(log_query.QUERY.fullmatch(query) and log_query.PERIOD.fullmatch(period))


_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    graph.QUERY_RESOURCES.name: _asks_graph,
    log_query.QUERY_VAULT_LOG.name: _asks_logs,
}
