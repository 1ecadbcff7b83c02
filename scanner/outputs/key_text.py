"""One key on a terminal: sections of labelled lines. Prints no control character and judges nothing."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import Enum

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.finding import Finding, Severity, Verdict
from scanner.model.key import DeletionRequest, Grants, Metadata, RotationEvent, RotationHistory, RotationKind
from scanner.model.protection import ProtectedStore
from scanner.model.unknown import Inapplicable, OutOfScope, Unknown
from scanner.outputs.escape import line, log_line
from scanner.outputs.key_sheet import KeySheet
from scanner.outputs.protection_words import (
    KINDS,
    backups_text,
    counted_text,
    fate,
    left_text,
    loss_text,
    lost_text,
    outliving_text,
    unread_text,
    until_text,
)
from scanner.outputs.provider_words import PROVIDER_NAMES
from scanner.outputs.sentences import SIMULATED, counted, missing_text, moment, reason_text, report_number

STORE_LINES = 100
"""Stores that are named; `--format json` names all."""

_LABEL = 24

Row = tuple[str, str]
Section = tuple[str, Sequence[Row]]


def render(sheet: KeySheet) -> bytes:
    """The text, one fact a line; an access matrix and an alert path find their place before the verdicts."""
    sections: tuple[Section, ...] = (
        ("", _key(sheet)),
        ("Rotation", _rotation(sheet)),
        ("Deletion", _deletion(sheet)),
        ("Tags", _tags(sheet)),
        ("Policy", _policy(sheet)),
        ("Last use", _last_use(sheet)),
        ("Protects", _protects(sheet)),
        ("Verdicts", tuple(_verdicts(sheet))),
        ("Evidence", [_evidence(sheet, item) for item in sheet.key.evidence]),
        ("Not read", [(group, missing_text(unread)) for group, unread in sheet.unread.items()]),
    )
    blocks = [_heading(sheet), *(_block(title, rows) for title, rows in sections if rows)]
    return ("\n\n".join("\n".join(map(log_line, block)) for block in blocks) + "\n").encode()


def said(value: object) -> str:
    """A value in words: what was not read says so with the permission, none is a word, spans are days."""
    match value:
        case Unknown():
            return f"not read: {missing_text([value])}"
        case None | () | bool():
            return "none" if value is None or value == () else ("yes" if value else "no")
        case datetime() | timedelta():
            return moment(value) if isinstance(value, datetime) else f"{value.days:,} d"
        case Enum():
            return str(value.value).replace("_", " ")
        case tuple():
            return ", ".join(map(said, value))
        case _:
            return line(str(value))


def _heading(sheet: KeySheet) -> list[str]:
    header = sheet.report.header
    mark = [SIMULATED] if header.simulated else []
    return [said(sheet.facts.name), f"report {report_number(sheet.report)}, as at {moment(header.as_of)}", *mark]


def _block(title: str, rows: Iterable[Row]) -> list[str]:
    printed = [f"{label:<{_LABEL}}{value}".rstrip() for label, value in rows]
    return [title, *(f"  {text}" for text in printed)] if title else printed


def _key(sheet: KeySheet) -> list[Row]:
    key, facts = sheet.key, sheet.facts
    age = f" ({said(facts.age)} ago)" if isinstance(facts.age, timedelta) else ""
    rows = [
        ("id", said(key.id)),
        ("aliases", said(facts.aliases)),
        ("where", f"{PROVIDER_NAMES[key.provider]} {said(key.account)} {said(key.region)}"),
        ("state", said(facts.state)),
        ("managed by", said(facts.manager)),
        ("kind", said(facts.type)),
        ("usage", said(facts.usage)),
        ("spec", said(facts.spec)),
        ("origin", said(facts.origin)),
        ("multi-region", said(facts.multi_region)),
        ("created", said(facts.created_at) + age),
    ]
    if isinstance(key.metadata, Metadata) and key.metadata.description:
        rows.append(("description", said(key.metadata.description)))
    if not isinstance(key.key_store, Inapplicable):
        rows.append(("store connected", said(facts.key_store_connected)))
    return rows


def _rotation(sheet: KeySheet) -> list[Row]:
    facts, material, history = sheet.facts.rotation, sheet.facts.material, sheet.key.rotation_history
    age = f" ({said(material.age)} ago)" if isinstance(material.age, timedelta) else ""
    rows = [
        ("supported", said(facts.supported)),
        ("automatic", f"every {said(facts.period)}" if facts.enabled is True else said(facts.enabled)),
        ("next", said(facts.next_at)),
        ("newest material", said(material.newest_at) + age),
        ("material expires", said(material.expires_at)),
    ]
    match history:
        case RotationHistory():
            rows += [("rotated", f"{moment(event.at)}, {_how(event)}") for event in history.events]
            return rows if history.events else [*rows, ("rotated", "never")]
        case Unknown() | OutOfScope():
            return [*rows, ("rotated", _unasked(history))]
        case _:
            return rows


def _how(event: RotationEvent) -> str:
    return "how was not told" if event.how is RotationKind.UNRECOGNISED else said(event.how)


def _deletion(sheet: KeySheet) -> list[Row]:
    facts, request = sheet.facts.deletion, sheet.key.deletion_request
    left = f" ({left_text(facts.remaining)})" if isinstance(facts.remaining, timedelta) else ""
    rows = [("gone on", said(facts.at) + left)]
    match request:
        case DeletionRequest():
            window = "not told" if request.window_days is None else f"{request.window_days} d"
            rows += [
                ("requested", moment(request.at)),
                ("by", said(request.actor or "not told")),
                ("waiting time", _window(sheet, request) or window),
            ]
        case Unknown() | OutOfScope():
            rows.append(("requested", _unasked(request)))
        case _:
            pass
    return rows


def _window(sheet: KeySheet, request: DeletionRequest) -> str:
    """The waiting time as it follows from the two moments, where both are known."""
    at = sheet.facts.deletion.at
    asked = f", {request.window_days} d asked for" if request.window_days is not None else ""
    return f"{round((at - request.at) / timedelta(days=1), 1):g} d{asked}" if isinstance(at, datetime) else ""


def _tags(sheet: KeySheet) -> list[Row]:
    return _fields(sheet.facts.tags)


def _policy(sheet: KeySheet) -> list[Row]:
    grants = sheet.key.grants
    count = counted(len(grants.items), "grant", "grants") if isinstance(grants, Grants) else _unasked(grants)
    return [*_fields(sheet.facts.policy), ("grants", count)]


def _last_use(sheet: KeySheet) -> list[Row]:
    return _fields(sheet.facts.last_use)


def _fields(facts: msgspec.Struct) -> list[Row]:
    """Every fact of a record by its name."""
    return [(name.replace("_", " "), said(getattr(facts, name))) for name in facts.__struct_fields__]


def _unasked(group: Unknown | OutOfScope | Inapplicable) -> str:
    """Why a group has no answer."""
    match group:
        case Unknown():
            return said(group)
        case OutOfScope():
            return f"not asked: {line(group.reason)}"
        case _:
            return f"none: {line(group.reason)}"


def _protects(sheet: KeySheet) -> list[Row]:
    row = sheet.protection
    if row is None:
        return [("stores", _none_seen(sheet))]
    rows = [("stores", lost_text(row)), ("state", fate(row, sheet.report.header.as_of))]
    rows += [("backups", text) for text in (backups_text(row), outliving_text(row)) if text and row.stores]
    rows += [("not read", text) for text in (unread_text(row.unread, line(sheet.key.region)),) if text]
    rows += [(KINDS[store.kind][0], _store(store)) for store in row.stores[:STORE_LINES]]
    more = len(row.stores) - STORE_LINES
    rows += [("", f"and {more:,} more, in --format json")] if more > 0 else []
    at_risk = [
        ("lost", f"{line(one.name)}, {fate(one, sheet.report.header.as_of)}: {lost_text(one)}")
        for one in sheet.versions
    ]
    return [*rows[:2], *at_risk, *rows[2:], *(("counted", text) for text in (counted_text(row),) if text)]


def _none_seen(sheet: KeySheet) -> str:
    """No row is not the same as no store: says which listings could have shown one."""
    if sheet.store_gaps is None:
        return "none seen; the stores of its region were not asked for"
    gaps = unread_text(sheet.store_gaps, line(sheet.key.region))
    return f"none seen; {gaps}" if gaps else "none seen"


def _store(store: ProtectedStore) -> str:
    told = (line(store.word or ""), line(store.account), line(store.region), until_text(store), loss_text(store))
    details = ", ".join(part for part in told if part)
    return f"{line(store.name)}  {line(store.id)}  ({details})"


def _verdicts(sheet: KeySheet) -> Iterator[Row]:
    for finding in sorted(sheet.findings.values(), key=_gravest):
        yield (finding.verdict.value, f"{finding.rule}  {finding.severity.value}  {line(finding.title)}")
        yield from (("", line(text)) for text in _because(finding))
    for verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE):
        rules = [row.rule for row in sheet.verdicts if row.verdict is verdict]
        if rules:
            yield (verdict.value.replace("_", " "), f"{len(rules):,}: {', '.join(rules)}")


def _because(finding: Finding) -> Iterator[str]:
    """Reasons with the call they rest on, then what lifts the finding."""
    for reason in finding.reasons:
        yield f"{reason_text(reason)}" + (f"   [{reason.call}]" if reason.call else "")
    if finding.unread:
        yield f"not read: {missing_text(finding.unread)}"
    if finding.waiver:
        yield f"waived by {finding.waiver.id} until {finding.waiver.expires}"
    if finding.accepted:
        yield f"accepted by {finding.accepted}"
    yield from finding.notes


def _evidence(sheet: KeySheet, item: Evidence) -> Row:
    at = sheet.answered_at.get(item.raw)
    captured = f", recorded {moment(item.captured_at)}" if item.captured_at else ""
    asked = moment(at) if at else "time not stored"
    return (item.group, f"{item.call}  {asked}{captured}  {line(item.request_id or 'no request id')}  {item.sha256}")


def _gravest(finding: Finding) -> tuple[bool, bool, int, str]:
    return (
        finding.verdict is Verdict.UNKNOWN,
        finding.waived,
        list(Severity).index(finding.severity),
        finding.rule,
    )
