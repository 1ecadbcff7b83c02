"""JSON files of the pack: field order as written here, two spaces, UTF-8, a newline at the end. Renders no value."""

import re

import msgspec

from scanner.model.report import Report
from scanner.model.unknown import Unknown
from scanner.outputs.sentences import report_number

Json = dict[str, object]

_ACTING = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What a terminal acts on, hides or reorders; in JSON it can only stand inside a text, where it may be spelled."""


def encode(document: Json) -> bytes:
    """The document as bytes that are safe to print; equal documents give equal bytes."""
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode() + b"\n"


def heading(schema: str, report: Report) -> Json:
    """The fields every document begins with."""
    return {
        "schema": schema,
        "report": report_number(report),
        "as_of": report.header.as_of,
        "simulated": report.header.simulated,
    }


def seen(value: object) -> object:
    """A value as it is; something unread as `{"unknown": cause, "call": permission}`, never as null."""
    return {"unknown": value.cause.value, "call": value.call} if isinstance(value, Unknown) else value
