"""report.pdf: the report on paper, laid out in a process of its own. Computes no figure and fetches nothing."""

import hashlib
import subprocess
import sys

import msgspec

from scanner.model.errors import ScannerError, UsageError
from scanner.model.report import Report
from scanner.outputs import pdf_worker
from scanner.outputs.assets import templates_folder
from scanner.outputs.pdf_worker import NO_LIBRARY, AttachedFile, Job
from scanner.outputs.printable import in_fonts
from scanner.outputs.templating import fill
from scanner.outputs.view import view
from scanner.outputs.view_access import PAPER as ACCESS_ON_PAPER
from scanner.outputs.view_access import access_view
from scanner.outputs.view_protection import PAPER, protection_view

SECTIONS = (
    ("s1", "Executive summary"),
    ("s2", "What changed"),
    ("s3", "Population and method"),
    ("s4", "Guardrail results"),
    ("s4a", "Who can use each key"),
    ("s5", "What dies with each key"),
    ("s6", "Waivers and accepted unknowns"),
    ("s7", "Evidence cards"),
    ("s8", "Controls by framework"),
    ("s9", "Key register"),
    ("s10", "Review and sign-off"),
    ("s11", "Manifest and verification"),
)

_INSTALL = (
    "install WeasyPrint and Pango: `pip install weasyprint`, and on Debian or Ubuntu "
    "`apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0`"
)


class PdfUnavailableError(UsageError):
    """This machine cannot write PDFs; every other format can still be written."""


def render(report: Report, root: str | None) -> bytes:
    """The PDF (PDF/A-3a, tagged); equal report and root give equal bytes. Raises PdfUnavailableError."""
    return run(job(report, root))


def job(report: Report, root: str | None) -> Job:
    """Everything the printing process needs: the filled template, the files to attach and the document's identity."""
    html = page(report, root)
    identity = bytes.fromhex(root) if root else hashlib.sha256(html.encode()).digest()
    return Job(
        html=html,
        folder=str(templates_folder()),
        identifier=identity[:16],
        created=report.header.as_of,
        attachments=_attachments(report),
    )


def page(report: Report, root: str | None) -> str:
    """The filled template, before layout."""
    values = {
        "report": report,
        "view": view(report),
        "protection": protection_view(report, PAPER),
        "access": access_view(report, ACCESS_ON_PAPER),
        "root": root,
        "sections": SECTIONS,
        "number": {name: place for place, (name, _) in enumerate(SECTIONS, 1)},
    }
    return fill("pdf/report.html", values, in_fonts)


def run(printing: Job) -> bytes:
    """Prints a job in a new process. Raises PdfUnavailableError when the libraries for it are missing."""
    command = [sys.executable, "-P", "-W", "ignore", pdf_worker.__file__]
    done = subprocess.run(  # noqa: S603 (our own interpreter and our own file, no shell)
        command, input=msgspec.msgpack.encode(printing), capture_output=True, check=False
    )
    if done.returncode == 0:
        return done.stdout
    said = (done.stderr.decode(errors="replace").strip().splitlines() or ["no message"])[-1]
    if done.returncode == NO_LIBRARY:
        raise PdfUnavailableError(f"PDF cannot be written on this machine: {said}", hint=_INSTALL)
    raise ScannerError(f"printing report.pdf ended with {done.returncode}: {said}", hint="this is a bug, report it")


def _attachments(report: Report) -> tuple[AttachedFile, ...]:
    from scanner.outputs import csv_file, findings_json  # noqa: PLC0415 (both load only what they need)

    return (
        AttachedFile(
            name="findings.csv", description="Every fail and unknown, one a row", content=csv_file.render(report)
        ),
        AttachedFile(
            name="findings.json",
            description="Every fail and unknown with reasons and evidence",
            content=findings_json.render(report),
        ),
    )
