"""The page's script in a real browser, where one is installed."""

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from reports import HOSTILE_NAME, big_report, report
from scanner.model.finding import Severity
from scanner.model.report import Report
from scanner.outputs.html import render

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")]

QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-extensions"),
    *("--virtual-time-budget=4000", "--dump-dom"),
)


def shown(tmp_path: Path, about: Report, fragment: str) -> str:
    """The document after its script has run."""
    page = tmp_path / "report.html"
    page.write_bytes(render(about, "ab" * 32))
    command = [str(BROWSER), *QUIET, f"--user-data-dir={tmp_path / 'profile'}", f"{page.as_uri()}{fragment}"]
    return subprocess.run(command, capture_output=True, check=True, text=True, timeout=120).stdout


def rows(document: str) -> int:
    return document.partition('<tbody id="rows">')[2].partition("</tbody>")[0].count("<tr")


def test_the_fragment_filters_the_table_and_the_count_is_announced(tmp_path: Path):
    document = shown(tmp_path, report(), "#f?severity=high")
    high = sum(finding.severity is Severity.HIGH for finding in report().findings)
    assert rows(document) == high
    assert f"{high} of {len(report().findings)} findings</p>" in document
    assert 'aria-sort="ascending"' in document


def test_a_linked_finding_opens_its_evidence(tmp_path: Path):
    finding = next(item for item in report().findings if item.subject.name == HOSTILE_NAME)
    document = shown(tmp_path, report(), f"#f?open={finding.fingerprint}")
    card = document.partition('<dialog id="card"')[2].partition("</dialog>")[0]
    assert ' open=""' in card[:60]
    assert finding.evidence[0].sha256 in card
    assert "onerror=alert(1)&gt;" in card
    assert "<img" not in document


def test_search_words_all_have_to_match(tmp_path: Path):
    document = shown(tmp_path, report(), f"#f?q={quote('gone-soon key-del')}")
    assert rows(document) == 1


def test_a_large_report_shows_a_window_and_pages(tmp_path: Path):
    document = shown(tmp_path, big_report(1_000), "#f?page=4")
    assert rows(document) == 100
    assert "Page 4 of 10" in document
    assert re.search(r"1,000 of 1,000 findings", document)
