"""JSON files of the pack: field order as written here, two spaces, UTF-8, a newline at the end. Renders no value."""

import msgspec

from scanner.model.report import Report
from scanner.model.unknown import Unknown
from scanner.outputs.sentences import report_number

Json = dict[str, object]


def encode(document: Json) -> bytes:
    """The document as bytes; equal documents give equal bytes."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


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
