"""One key as JSON: its facts by the names rules use, history, what rests on it, verdicts, evidence. Judges nothing."""

from datetime import timedelta

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.finding import VerdictRow
from scanner.model.key import DeletionRequest, Grants, Metadata, RotationHistory
from scanner.model.unknown import Inapplicable, OutOfScope, Unknown
from scanner.outputs.json_document import Json, encode, heading, seen
from scanner.outputs.key_sheet import KeySheet
from scanner.outputs.protection_json import protection_row

KEY_SCHEMA = "keymuster/key/1"

_OWN = frozenset({"id", "name", "provider", "account", "region", "evidence"})
"""Fields of the facts that stand elsewhere in the document."""


def render(sheet: KeySheet) -> bytes:
    """The document; what was not read is `{"unknown": cause, "call": permission}` throughout, never null."""
    key, facts = sheet.key, sheet.facts
    document = heading(KEY_SCHEMA, sheet.report) | {
        "id": key.id,
        "name": facts.name,
        "provider": key.provider,
        "account": key.account,
        "region": key.region,
        "description": _of(key.metadata, Metadata, "description"),
        "facts": {name: _plain(getattr(facts, name)) for name in facts.__struct_fields__ if name not in _OWN},
        "rotations": _of(key.rotation_history, RotationHistory, "events"),
        "deletion_request": _whole(key.deletion_request),
        "grants": len(key.grants.items) if isinstance(key.grants, Grants) else _whole(key.grants),
        "protects": _protects(sheet),
        "verdicts": [_verdict(sheet, row) for row in sheet.verdicts],
        "evidence": [_evidence(sheet, item) for item in key.evidence],
        "unread": [
            {"group": group, "unknown": unknown.cause, "call": unknown.call}
            for group, unknowns in sheet.unread.items()
            for unknown in unknowns
        ],
    }
    return encode(document)


def _protects(sheet: KeySheet) -> Json:
    """The row of protection.json, or that no store was seen, beside the listings that were not read."""
    if sheet.protection is not None:
        as_of = sheet.report.header.as_of
        versions = [protection_row(row, as_of) for row in sheet.versions]
        return protection_row(sheet.protection, as_of) | {"versions": versions}
    gaps = sheet.store_gaps
    return {"stores": [], "asked": gaps is not None, "unread": [seen(unknown) for unknown in gaps or ()]}


def _verdict(sheet: KeySheet, row: VerdictRow) -> Json:
    rule, finding = sheet.rules[row.rule], sheet.findings.get(row.rule)
    made: Json = {
        "rule": row.rule,
        "title": rule.title,
        "severity": rule.severity,
        "guardrail": rule.guardrail,
        "verdict": row.verdict,
        "waived": row.waived,
    }
    if finding is None:
        return made
    return made | {
        "waiver": finding.waiver,
        "reasons": finding.reasons,
        "unread": [seen(unknown) for unknown in finding.unread],
        "accepted": finding.accepted,
        "notes": finding.notes,
        "remediation": finding.remediation,
    }


def _evidence(sheet: KeySheet, item: Evidence) -> Json:
    return {
        "group": item.group,
        "call": item.call,
        "request_id": item.request_id,
        "answered_at": sheet.answered_at.get(item.raw),
        "captured_at": item.captured_at,
        "sha256": item.sha256,
        "raw": item.raw,
    }


def _of(group: object, kind: type[msgspec.Struct], field: str) -> object:
    """A field of a group that was read, else why there is none."""
    return _plain(getattr(group, field)) if isinstance(group, kind) else _whole(group)


def _whole(group: object) -> object:
    """A group as a value: null when its answer cannot exist."""
    match group:
        case Unknown():
            return seen(group)
        case OutOfScope():
            return {"unknown": "not_collected", "call": group.call}
        case Inapplicable():
            return None
        case DeletionRequest():
            return {"at": group.at, "actor": group.actor, "window_days": group.window_days}
        case _:
            return _plain(group)


def _plain(value: object) -> object:
    """A fact as JSON: structures as objects without their tags, spans in whole seconds."""
    match value:
        case Unknown():
            return seen(value)
        case timedelta():
            return {"seconds": int(value.total_seconds())}
        case msgspec.Struct():
            return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
        case tuple() | list():
            return [_plain(item) for item in value]
        case _:
            return value
