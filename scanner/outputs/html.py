"""report.html: one file that explains itself, offline and without scripts too. Computes no figure and links nowhere."""

import base64
import hashlib

from scanner.model.finding import Finding
from scanner.model.report import Report
from scanner.outputs.assets import templates_folder
from scanner.outputs.html_data import findings_data
from scanner.outputs.printable import visible
from scanner.outputs.sentences import missing_text, observed_text
from scanner.outputs.templating import fill
from scanner.outputs.view import view
from scanner.outputs.view_access import SCREEN as ACCESS_ON_SCREEN
from scanner.outputs.view_access import access_view
from scanner.outputs.view_cards import SEVERITY_ORDER
from scanner.outputs.view_protection import SCREEN, protection_view
from scanner.outputs.view_rules import owner_text

FIRST_ROWS = 200
"""Findings that stand in the markup itself, for readers without scripts; the gravest come first."""

REGISTER_ROWS = 500
"""Keys of the register that the page prints; the pack's snapshot holds all of them."""


def render(report: Report, root: str | None) -> bytes:
    """The page: styles, script and data inside it, and a policy that lets it load nothing else."""
    from markupsafe import Markup  # noqa: PLC0415 (comes with jinja2, loaded only to render)

    script = _asset("report.js")
    values = {
        "report": report,
        "view": view(report),
        "protection": protection_view(report, SCREEN),
        "access": access_view(report, ACCESS_ON_SCREEN),
        "root": root,
        "policy": content_policy(script),
        "style": Markup(_asset("screen.css")),  # noqa: S704 (our own file)
        "script": Markup(script),  # noqa: S704 (our own file)
        "data": Markup(findings_data(report)),  # noqa: S704 (JSON in which every `<` is escaped)
        "first": sorted(report.findings, key=_gravest)[:FIRST_ROWS],
        "observed": observed_text,
        "missing": missing_text,
        "owner": owner_text,
        "new": _new(report),
        "register": report.keys[:REGISTER_ROWS],
    }
    return fill("html/report.html", values, visible).encode()


def content_policy(script: str) -> str:
    """A content security policy that allows this one script, inline styles and images inside the page, nothing else."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _asset(name: str) -> str:
    return (templates_folder() / "html" / name).read_text(encoding="utf-8")


def _gravest(finding: Finding) -> tuple[int, bool, str, str]:
    return (SEVERITY_ORDER[finding.severity], finding.waived, finding.rule, finding.subject.id)


def _new(report: Report) -> frozenset[str]:
    return frozenset(finding.fingerprint for finding in report.changes.new) if report.changes else frozenset()
