import io
import re
from datetime import UTC, datetime

import pikepdf
import pytest
from msgspec.structs import replace

from pdf_text import pages, squeezed
from reports import HOSTILE_NAME, HOSTILE_OWNER, header, report
from scanner.model.finding import Verdict
from scanner.outputs import csv_file, findings_json
from scanner.outputs.pdf import PdfUnavailableError, job, page, render, run
from scanner.outputs.sentences import SIMULATED, report_number, verdict_sentence

ROOT = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def document() -> bytes:
    return render(report(), ROOT)


@pytest.fixture
def pdf(document: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(document))


def lines(document: bytes) -> list[str]:
    return "\n".join(pages(document)).splitlines()


def row_after(document: bytes, label: str) -> list[str]:
    """The drawn runs that follow the first run with this text."""
    found = lines(document)
    start = found.index(label) + 1
    return found[start : start + 12]


def numbers_after(document: bytes, label: str, count: int) -> list[int]:
    return [int(cell) for cell in row_after(document, label)[:count]]


def text_after(document: bytes, heading: str) -> str:
    return squeezed("\n".join(pages(document)).partition(heading)[2])


def test_two_processes_print_the_same_bytes(document: bytes):
    assert render(report(), ROOT) == document


def test_another_root_gives_another_document(document: bytes):
    other = render(report(), "f" * 64)
    assert other != document
    assert bytes(pikepdf.open(io.BytesIO(other)).trailer.ID[0]) == bytes.fromhex("f" * 32)


def test_the_identifier_comes_from_the_root(pdf: pikepdf.Pdf):
    assert bytes(pdf.trailer.ID[0]) == bytes.fromhex(ROOT)[:16]


def test_it_is_a_tagged_archive_document_without_scripts_or_encryption(pdf: pikepdf.Pdf):
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert "/StructTreeRoot" in pdf.Root
    assert str(pdf.Root.Lang) == "en"
    assert not pdf.is_encrypted
    names = {str(key) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) for key in item}
    assert not names & {"/JS", "/JavaScript", "/AA", "/OpenAction", "/Launch"}


def test_its_metadata_claims_archive_and_accessibility_parts_and_the_moment_of_the_snapshot(pdf: pikepdf.Pdf):
    with pdf.open_metadata() as claims:
        assert (claims["pdfaid:part"], claims["pdfaid:conformance"]) == ("3", "A")
        assert claims["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert datetime.fromisoformat(claims["xmp:CreateDate"]).astimezone(UTC) == report().header.as_of
    assert pdf.Root.Metadata.read_bytes().count(b"<x:xmpmeta") == 1


def test_it_carries_the_findings_as_files(pdf: pikepdf.Pdf):
    assert pdf.attachments["findings.csv"].get_file().read_bytes() == csv_file.render(report())
    assert pdf.attachments["findings.json"].get_file().read_bytes() == findings_json.render(report())
    assert {str(item.AFRelationship) for item in pdf.Root.AF} == {"/Data"}


def test_every_font_is_one_of_ours_and_embedded_as_truetype(pdf: pikepdf.Pdf):
    fonts = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]
    names = {str(item.BaseFont).partition("+")[2] for item in fonts}
    descriptors = [item.FontDescriptor for item in fonts if "/FontDescriptor" in item]
    assert names
    assert all(name.startswith(("Keymuster-Sans", "Keymuster-Mono")) for name in names)
    assert descriptors
    assert all("/FontFile2" in item for item in descriptors)


def test_every_page_of_a_simulated_report_says_so(document: bytes, pdf: pikepdf.Pdf):
    printed = pages(document)
    assert len(printed) == len(pdf.pages)
    assert all(SIMULATED in text for text in printed)


def test_every_page_after_the_cover_carries_number_section_and_page(document: bytes):
    printed = pages(document)
    for number, text in enumerate(printed[1:], start=2):
        assert text.splitlines()[-2:] == [report_number(report()), f"{number} / {len(printed)}"]


def test_a_real_report_does_not_say_simulated():
    real = report(header=header(simulated=False))
    assert SIMULATED not in "".join(pages(render(real, ROOT)))


def test_the_cover_prints_the_number_the_root_and_the_result(document: bytes):
    cover = squeezed(pages(document)[0])
    assert report_number(report()) in cover
    assert ROOT in cover
    assert squeezed(verdict_sentence(report())) in cover
    assert report().pack.sha256 in cover


def test_every_finding_is_named_under_its_rule(document: bytes):
    results = text_after(document, "Every rule as it was applied")
    for finding in report().findings:
        own = results[results.index(finding.rule) :]
        if finding.subject.name != HOSTILE_NAME:
            assert squeezed(finding.subject.name) in own


def test_the_population_adds_up_on_paper(document: bytes):
    people = report().population
    listed, *parts = numbers_after(document, "Total", 5)
    assert listed == people.listed == sum(parts)
    assert parts == [people.read, people.partly_read, people.unread, people.excluded]


def test_each_guardrail_is_printed_with_the_numbers_of_the_report(document: bytes):
    for result in report().guardrails:
        row = row_after(document, result.guardrail.value.capitalize())
        counts = result.counts
        assert [counts.passed, counts.fail, counts.unknown] == [int(cell) for cell in row[:5] if cell.isdigit()]


def test_a_missing_permission_is_named_with_the_rules_it_leaves_open(document: bytes):
    text = squeezed("".join(pages(document)))
    for group in report().unread:
        assert f"{group.unknown.call}{group.unknown.cause.value}" in text
        assert any(finding.verdict is Verdict.UNKNOWN for finding in report().findings)


def test_hostile_text_is_printed_as_text(document: bytes):
    text = squeezed("".join(pages(document)))
    assert "</script><imgsrc=xonerror=alert(1)>" in text
    assert "[U+202E]" in text
    assert "[U+0000]" in text
    assert "\u202e" not in text
    assert "{{7*7}}" in text


def test_hostile_text_links_nowhere(pdf: pikepdf.Pdf):
    kinds = {str(item.S) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/URI" in item}
    assert not kinds
    assert HOSTILE_OWNER.startswith("=HYPERLINK")


def test_a_report_outside_a_pack_says_that_it_has_no_root():
    assert "none: printed outside an evidence pack" in page(report(), None)


def test_how_to_read_it_names_sections_by_the_numbers_of_the_contents():
    html = page(report(), "0" * 64)
    numbers = {title: number for number, title in re.findall(r'<span class="no">(\d+)</span>([^<]+)</a>', html)}
    for said, title in (
        ("who can use each key", "Who can use each key"),
        ("what would be lost", "What dies with each key"),
        ("every accepted deviation", "Waivers and accepted unknowns"),
        ("ties the gravest results", "Evidence cards"),
    ):
        assert f"ection {numbers[title]} {said}" in html


def test_without_a_previous_pack_nothing_is_compared():
    first = replace(
        report(),
        changes=None,
        chain=replace(report().chain, previous_as_of=None, previous_manifest=None, note="first of chain"),
    )
    html = page(first, ROOT)
    assert "First of chain. There is nothing to compare with." in html
    assert "Fixed" not in html


def test_very_long_words_stay_on_the_page():
    long = replace(report().settings, organisation="W" * 3000)
    assert 3 < len(pages(render(report(settings=long), ROOT))) < 40


def test_the_template_may_read_nothing_but_its_own_folder(tmp_path):
    secret = tmp_path / "secret.css"
    secret.write_text("p{color:red}")
    for address in (secret.as_uri(), "http://127.0.0.1:9/x.css", "file:///etc/hostname", "ftp://127.0.0.1/x"):
        hostile = replace(job(report(), ROOT), html=f'<link rel="stylesheet" href="{address}"><p>x</p>', attachments=())
        with pytest.raises(Exception, match="asks for what it may not have"):
            run(hostile)


def test_without_the_libraries_one_line_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0\\nmore')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(PdfUnavailableError) as caught:
        render(report(), ROOT)
    assert caught.value.message == "PDF cannot be written on this machine: cannot load library libpango-1.0-0"
    assert "libpango-1.0-0" in caught.value.hint
