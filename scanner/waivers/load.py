"""Reads the waivers file, whole or not at all: one fault anywhere and nothing is judged. Applies nothing."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from scanner.config.document import Document, read_document
from scanner.config.faults import Fault, Place, nearest, refuse, shown
from scanner.rules.ruleset import RuleSet, by_name
from scanner.waivers.bounds import breaches
from scanner.waivers.glob import unbounded
from scanner.waivers.schema import AcceptedUnknown, Waiver, WaiverDocument, WaiverFile

HINT = "a faulty waivers file is never used in part; nothing was judged"
LISTS: Mapping[str, int] = {"waivers": 180, "accepted_unknowns": 90}
"""The lists of the file, each with the most days an entry may last."""


def load_waivers(text: str, file: str) -> WaiverFile:
    """The entries of the file; raises ConfigError that names every fault as `file:line:col: text`."""
    document = read_document(text, file, WaiverDocument, hint=HINT)
    refuse(_faults(document), HINT)
    entries = document.value
    return WaiverFile(
        waivers=entries.waivers,
        accepted_unknowns=entries.accepted_unknowns,
        places={
            (entry.id, field): document.place(name, index, field)
            for name, index, entry in _entries(document.value)
            for field in type(entry).model_fields
        },
    )


def check_against(file: WaiverFile, rules: RuleSet) -> None:
    """Raises ConfigError for waivers of rules that are not there, and for those that breach their rule's bounds."""
    known = {**by_name(rules), **{off.rule.id: off.rule for off in rules.disabled}}
    faults = []
    for waiver in file.waivers:
        rule = known.get(waiver.rule)
        if rule is None:
            text = f"there is no rule {shown(waiver.rule)} in this baseline{nearest(waiver.rule, known)}"
            faults.append(Fault(_place(file, waiver.id, "rule"), text))
        else:
            faults += [Fault(_place(file, waiver.id, field), text) for field, text in breaches(waiver, rule)]
    refuse(faults, HINT)


def _place(file: WaiverFile, entry: str, field: str) -> Place:
    return file.places.get((entry, field), Place(0, 0, entry))


def _entries(document: WaiverDocument) -> Iterator[tuple[str, int, Waiver | AcceptedUnknown]]:
    for index, waiver in enumerate(document.waivers):
        yield "waivers", index, waiver
    for index, entry in enumerate(document.accepted_unknowns):
        yield "accepted_unknowns", index, entry


def _faults(document: Document[WaiverDocument]) -> Iterator[Fault]:
    seen: set[str] = set()
    for name, index, entry in _entries(document.value):
        if entry.id in seen:
            yield Fault(document.place(name, index, "id"), f"the id {entry.id} is given twice")
        seen.add(entry.id)
        for path, text in _entry_faults(entry, LISTS[name]):
            yield Fault(document.place(name, index, *path), f"{entry.id}: {text}")


def _entry_faults(entry: Waiver | AcceptedUnknown, most_days: int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    fault = _span_fault(entry.created, entry.expires, most_days)
    if fault:
        yield ("expires",), fault
    people = [person.casefold() for person in entry.approvers]
    for index, person in enumerate(people):
        if person in people[:index]:
            yield ("approvers", index), f"expected distinct approvers, got {shown(entry.approvers[index])} twice"
    scopes = entry.scopes if isinstance(entry, AcceptedUnknown) else ()
    if not entry.resources and not scopes:
        yield (), "expected `resources` or `scopes`"
    for field, patterns in (("resources", entry.resources), ("scopes", scopes)):
        for index, pattern in enumerate(patterns):
            reason = unbounded(pattern)
            if reason:
                yield (field, index), f"the pattern {shown(pattern)} is not bounded: {reason}"


def _span_fault(created: date, expires: date, most_days: int) -> str:
    if expires <= created:
        return f"expected a day after created ({created.isoformat()}), got {expires.isoformat()}"
    span = expires - created
    if span > timedelta(days=most_days):
        return f"expected at most {most_days} days after created, got {span.days}"
    return ""
