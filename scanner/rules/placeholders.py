"""The placeholders of remediation texts: which there are, and how they are filled. Never formats hostile text."""

import re
import shlex
from collections.abc import Mapping
from datetime import timedelta

from scanner.facts.subjects import SubjectFacts
from scanner.rules.conditions import Value
from scanner.rules.wording import printed

SUBJECT = ("id", "name", "account", "region")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?:\.(days|hours|minutes))?\}")
_UNITS = {"days": timedelta(days=1), "hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}


def placeholders(text: str) -> tuple[tuple[str, str], ...]:
    """Every `{name}` and `{name.unit}` in a text, as (name, unit or nothing)."""
    return tuple((match[1], match[2] or "") for match in _PLACEHOLDER.finditer(text))


def fill(text: str, facts: SubjectFacts, values: Mapping[str, Value]) -> str:
    """The text with its placeholders filled in one pass; what comes from the subject is quoted for a shell."""

    def filled(match: re.Match[str]) -> str:
        name, unit = match[1], match[2]
        if name in SUBJECT:
            return shlex.quote(str(getattr(facts, name) or ""))
        value = values.get(name)
        if value is None:
            return match[0]
        if unit and isinstance(value, timedelta):
            return str(value // _UNITS[unit])
        return printed(value)

    return _PLACEHOLDER.sub(filled, text)
