from datetime import timedelta

import pytest

from records import AS_OF, KEY_ID, alone, cannot_exist, key, metadata, unread
from scanner.facts.derive import derive_key
from scanner.facts.register import key_row, printed
from scanner.facts.subjects import KeyFacts
from scanner.model.finding import SubjectKind
from scanner.model.key import Key, KeyState, Origin, Rotation
from scanner.model.settings import TagVocabulary


def facts_of(subject: Key) -> KeyFacts:
    return derive_key(subject, as_of=AS_OF, vocabulary=TagVocabulary(), view=alone(subject))


def test_a_row_prints_the_key_and_the_rules_it_does_not_pass() -> None:
    row = key_row(facts_of(key()), ("KEY-ROT-001",), ("KEY-TAG-001",))
    assert (row.subject.kind, row.subject.id, row.subject.name) == (SubjectKind.KEY, KEY_ID, "alias/payments")
    assert (row.state, row.manager, row.spec, row.origin) == ("enabled", "customer", "SYMMETRIC_DEFAULT", "provider")
    assert (row.created, row.owner) == ("2024-11-24", "payments")
    assert (row.failed, row.unknown) == (("KEY-ROT-001",), ("KEY-TAG-001",))


@pytest.mark.parametrize(
    ("changes", "rotation"),
    [
        ({}, "every 365 d"),
        ({"rotation": Rotation(enabled=False, period=None, next_at=None)}, "off"),
        ({"rotation": unread("rotation")}, "unread"),
        ({"metadata": unread("metadata")}, "unread"),
        ({"metadata": metadata(origin=Origin.IMPORTED), "rotation": cannot_exist("rotation")}, "not automatic"),
    ],
)
def test_rotation_is_said_in_words(changes: dict[str, object], rotation: str) -> None:
    assert key_row(facts_of(key(**changes)), (), ()).rotation == rotation


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (unread("tags"), "unread"),
        (None, "none"),
        (AS_OF, "2026-11-24"),
        (timedelta(days=3, hours=2), "3 d"),
        (KeyState.PENDING_IMPORT, "pending_import"),
        ("as is", "as is"),
    ],
)
def test_nothing_prints_blank(value: object, text: str) -> None:
    assert printed(value) == text
