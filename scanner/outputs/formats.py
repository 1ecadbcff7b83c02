"""Every format by name: its file in the pack, its media type and how to render it. Loads a renderer when it is used."""

# ruff: noqa: PLC0415 (templates and the PDF library are loaded by the formats that need them alone)

from collections.abc import Callable, Mapping

import msgspec

from scanner.model.report import Report
from scanner.outputs.options import OutputOptions

__all__ = ["ALWAYS", "FORMATS", "REPORT_FORMATS", "Format", "OutputOptions", "printed"]

Renderer = Callable[[Report, str | None, OutputOptions], bytes]
"""From a report, the evidence root (hex, where it is known) and the options to a file's bytes."""


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One format; `file` is its name in the pack."""

    name: str
    file: str
    media: str
    render: Renderer


def _findings(report: Report, _root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.findings_json import render

    return render(report)


def _verdicts(report: Report, _root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.verdicts import render

    return render(report)


def _kpis(report: Report, _root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.kpis_json import render

    return render(report)


def _collection(report: Report, _root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.collection import render

    return render(report)


def _protection(report: Report, _root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.protection_json import render

    return render(report)


def _access(report: Report, _root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.access_json import render

    return render(report)


def _csv(report: Report, _root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.csv_file import render

    return render(report)


def _sarif(report: Report, _root: str | None, options: OutputOptions) -> bytes:
    from scanner.outputs.sarif import render

    return render(report, options)


def _junit(report: Report, _root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.junit import render

    return render(report)


def _markdown(report: Report, root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.markdown import render

    return render(report, root)


def _html(report: Report, root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.html import render

    return render(report, root)


def _pdf(report: Report, root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.pdf import render

    return render(report, root)


def _text(report: Report, _root: str | None, _options: OutputOptions) -> bytes:
    from scanner.outputs.text import render

    return render(report)


ALWAYS: Mapping[str, Format] = {
    "json": Format(name="json", file="findings.json", media="application/json", render=_findings),
    "verdicts": Format(name="verdicts", file="verdicts.jsonl.gz", media="application/gzip", render=_verdicts),
    "kpis": Format(name="kpis", file="kpis.json", media="application/json", render=_kpis),
    "collection": Format(name="collection", file="collection.json", media="application/json", render=_collection),
    "protection": Format(name="protection", file="protection.json", media="application/json", render=_protection),
    "access": Format(name="access", file="access.json", media="application/json", render=_access),
}
"""What every pack holds."""

FORMATS: Mapping[str, Format] = {
    "csv": Format(name="csv", file="findings.csv", media="text/csv", render=_csv),
    "sarif": Format(name="sarif", file="findings.sarif", media="application/sarif+json", render=_sarif),
    "junit": Format(name="junit", file="junit.xml", media="application/xml", render=_junit),
    "markdown": Format(name="markdown", file="summary.md", media="text/markdown", render=_markdown),
    "html": Format(name="html", file="report.html", media="text/html", render=_html),
    "pdf": Format(name="pdf", file="report.pdf", media="application/pdf", render=_pdf),
}
"""What a pack may hold besides, as the configuration chooses."""

REPORT_FORMATS = frozenset({"html", "pdf"})
"""Formats that print the evidence root and so are written after it."""

_PRINTED: Mapping[str, Renderer] = {
    "text": _text,
    **{name: form.render for name, form in {**ALWAYS, **FORMATS}.items()},
}


def printed(name: str, report: Report, options: OutputOptions, root: str | None = None) -> bytes:
    """One format, to be shown or written to a file of its own; `text` is the result for a terminal."""
    return _PRINTED[name](report, root, options)
