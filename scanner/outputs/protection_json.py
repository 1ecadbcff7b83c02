"""protection.json: every key with what rests on it and would be lost with it. Leaves nothing out and judges nothing."""

from datetime import datetime

from scanner.facts.deletion import days_left
from scanner.model.protection import KeyProtection, ProtectedStore
from scanner.model.report import Report
from scanner.outputs.json_document import Json, encode, heading, seen
from scanner.outputs.protection_words import by_kind, is_at_risk, outliving

PROTECTION = "protection.json"
PROTECTION_SCHEMA = "keymuster/protection/1"


def render(report: Report) -> bytes:
    """The file: totals first, then a row for each key in the order of the report, to be read as it comes."""
    rows = report.protection
    risk = [row for row in rows if is_at_risk(row)]
    keys = [row for row in rows if row.version_of is None]
    document = heading(PROTECTION_SCHEMA, report) | {
        "totals": {
            "keys": len(keys),
            "stores": sum(len(row.stores) for row in keys),
            "at_risk": len(risk),
            "stores_at_risk": sum(len(row.stores) for row in risk),
            "not_listed": sum(not row.listed for row in rows),
            "open": sum(bool(row.unread) for row in rows),
        },
        "keys": [protection_row(row, report.header.as_of) for row in rows],
    }
    return encode(document)


def protection_row(row: KeyProtection, as_of: datetime) -> Json:
    """One key in the order of the file's schema."""
    return {
        "key": row.key,
        "version_of": row.version_of,
        "name": row.name,
        "listed": row.listed,
        "state": row.state,
        "at_risk": is_at_risk(row),
        "deletion_at": seen(row.deletion_at),
        "days_left": days_left(row.deletion_at - as_of) if isinstance(row.deletion_at, datetime) else None,
        "counts": {kind.value: count for kind, count in by_kind(row.stores).items()},
        "backup_expires_at": seen(row.backup_expires_at),
        "kept": row.kept,
        "outliving": outliving(row),
        "counted": row.counted,
        "named": row.named,
        "unread": [seen(unknown) for unknown in row.unread],
        "stores": [_store(store) for store in row.stores],
    }


def _store(store: ProtectedStore) -> Json:
    return {
        "id": store.id,
        "name": store.name,
        "kind": store.kind,
        "word": store.word,
        "version": store.version,
        "copy": store.copy,
        "provider": store.provider,
        "account": store.account,
        "region": store.region,
        "of": store.of,
        "expires_at": seen(store.expires_at),
    }
