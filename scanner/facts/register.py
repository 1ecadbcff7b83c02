"""One printed line per key for the register of a report. Judges nothing."""

from datetime import datetime, timedelta
from enum import Enum

from scanner.facts.subjects import KeyFacts
from scanner.model.finding import Subject, SubjectKind
from scanner.model.report import KeyRow
from scanner.model.unknown import Unknown


def key_row(facts: KeyFacts, failed: tuple[str, ...], unknown: tuple[str, ...]) -> KeyRow:
    """The key's line; `failed` and `unknown` are the ids of rules with those verdicts."""
    return KeyRow(
        subject=Subject(
            kind=SubjectKind.KEY,
            id=facts.id,
            name=facts.name,
            provider=facts.provider,
            account=facts.account,
            region=facts.region,
        ),
        state=printed(facts.state),
        manager=printed(facts.manager),
        spec=printed(facts.spec),
        origin=printed(facts.origin),
        created=printed(facts.created_at),
        rotation=_rotation(facts),
        owner=printed(facts.tags.owner),
        failed=failed,
        unknown=unknown,
    )


def printed(value: object) -> str:
    """A fact as a short text: `unread` and `none` are words, never blanks."""
    match value:
        case Unknown():
            return "unread"
        case None:
            return "none"
        case datetime():
            return value.date().isoformat()
        case timedelta():
            return f"{value.days} d"
        case Enum():
            return str(value.value)
        case _:
            return str(value)


def _rotation(facts: KeyFacts) -> str:
    match facts.rotation.supported, facts.rotation.enabled:
        case Unknown(), _:
            return "unread"
        case False, _:
            return "not automatic"
        case _, Unknown():
            return "unread"
        case _, True:
            return f"every {printed(facts.rotation.period)}"
        case _:
            return "off"
