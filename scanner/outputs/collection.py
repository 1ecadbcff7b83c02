"""collection.json: what an auditor asks about the population (complete? accurate?) as numbers. Judges nothing."""

from collections.abc import Iterable

from scanner.model.report import PopulationRow, Report, UnreadGroup
from scanner.model.scope import CallCount, Listing, scope_id
from scanner.outputs.json_document import Json, encode, heading, seen
from scanner.outputs.limitations import limitations

COLLECTION = "collection.json"
COLLECTION_SCHEMA = "keymuster/collection/1"
_COUNTED = ("calls", "pages", "retries", "throttled", "denied", "failed")


def render(report: Report) -> bytes:
    """The file: listed = read + partly_read + unread + excluded for every scope and in total."""
    header, rows = report.header, report.population.rows
    document = heading(COLLECTION_SCHEMA, report) | {
        "organisation": report.settings.organisation,
        "tool": header.tool,
        "started_at": header.as_of,
        "finished_at": header.finished_at,
        "clock_offset_seconds": dict(sorted(header.clock_offset_seconds.items())),
        "identities": [
            {"provider": item.provider, "account": item.account, "caller": seen(item.caller)}
            for item in header.identities
        ],
        "endpoints": header.endpoints,
        "organisations": [
            {"provider": item.provider, "accounts": seen(item.accounts)} for item in header.organisations
        ],
        "regions_outside": {account: seen(regions) for account, regions in sorted(header.regions_outside.items())},
        "totals": _totals(report),
        "scopes": [_scope(row) for row in rows],
        "unread": [_unread(group) for group in report.unread],
        "limitations": limitations(report),
    }
    return encode(document)


def call_totals(rows: Iterable[PopulationRow]) -> dict[str, int]:
    """All calls of all scopes, added up by what happened to them."""
    counts = [count for row in rows for count in row.scope.calls]
    return {name: sum(getattr(count, name) for count in counts) for name in _COUNTED}


def _totals(report: Report) -> Json:
    """Over the scopes whose listing is known."""
    people = report.population
    parts = people.read + people.partly_read + people.unread + people.excluded
    return {
        "scopes": len(people.rows),
        "unlisted_scopes": people.unlisted_scopes,
        "listed": people.listed,
        "read": people.read,
        "partly_read": people.partly_read,
        "unread": people.unread,
        "excluded": people.excluded,
        "reconciles": people.listed == parts,
        **call_totals(people.rows),
    }


def _scope(row: PopulationRow) -> Json:
    """One account-region, or an account that was not entered. `last_token_empty`: the listing ran to its end."""
    scope = row.scope
    ran_to_end = isinstance(scope.keys, Listing)
    return {
        "id": scope_id(scope.provider, scope.account, scope.region),
        "provider": scope.provider,
        "account": scope.account,
        "account_name": scope.account_name,
        "region": scope.region,
        "status": scope.status,
        "reason": scope.reason,
        "approver": scope.approver,
        "listed": seen(row.listed),
        "read": row.read,
        "partly_read": row.partly_read,
        "unread": row.unread,
        "excluded": row.excluded,
        "excluded_reason": row.excluded_reason,
        "reconciles": row.reconciles,
        "listing_pages": scope.keys.pages if isinstance(scope.keys, Listing) else None,
        "last_token_empty": ran_to_end,
        "calls": sorted(scope.calls, key=_by_call),
        "started_at": scope.started_at,
        "finished_at": scope.finished_at,
        "evidence": scope.evidence,
        "around": [
            {"group": item.group, "call": item.unknown.call, "cause": item.unknown.cause} for item in row.around
        ],
    }


def _unread(group: UnreadGroup) -> Json:
    """A group that a rule reads and that was not read."""
    return {
        "call": group.unknown.call,
        "cause": group.unknown.cause,
        "group": group.group,
        "subject": {"kind": group.subject.kind, "id": group.subject.id},
        "rules": group.rules,
        "accepted": group.accepted,
    }


def _by_call(count: CallCount) -> str:
    return count.call
