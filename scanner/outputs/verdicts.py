"""verdicts.jsonl.gz: one compact line per rule and subject, every verdict. Explains none."""

import zlib

import msgspec

from scanner.model.report import Report

VERDICTS = "verdicts.jsonl.gz"
_GZIP = 31
"""zlib's way to ask for a gzip wrapper; its header then holds no time and no name."""


def render(report: Report) -> bytes:
    """The file, in the report's order."""
    return zlib.compress(msgspec.json.Encoder().encode_lines(report.verdicts), level=6, wbits=_GZIP)
