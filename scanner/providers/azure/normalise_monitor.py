"""Kept replies become routes of logs; the provider's words stop here. Pure, and imports no SDK."""

from collections.abc import Sequence

from scanner.model.container import LogRoute, LogRoutes
from scanner.providers.azure import replies_monitor
from scanner.providers.azure.normalise_containers import container_id


def log_routes(pages: Sequence[replies_monitor.DiagnosticSettings]) -> LogRoutes:
    """Every setting with what of the log is switched on in it, and where that goes."""
    items = [_route(setting) for page in pages for setting in page.value]
    return LogRoutes(items=tuple(sorted(items, key=lambda route: route.name)))


def _route(setting: replies_monitor.DiagnosticSetting) -> LogRoute:
    found = setting.properties
    names = [log.category or log.category_group for log in found.logs or () if log.enabled]
    places = (found.workspace_id, found.storage_account_id, found.event_hub_authorization_rule_id)
    return LogRoute(
        name=setting.name,
        categories=tuple(sorted({name.lower() for name in names if name})),
        destinations=tuple(sorted(container_id(place) for place in places if place)),
    )
