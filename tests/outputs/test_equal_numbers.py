"""Every format tells the same numbers, since all are rendered from one report."""

import csv
import html
import io
import json
import re
import zlib
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from reports import big_report, report
from scanner.model.report import Report
from scanner.outputs import pdf
from scanner.outputs.formats import OutputOptions, printed
from scanner.outputs.sentences import changes_sentence, population_sentence, score_text, verdict_sentence

REPORTS = {"rich": report(), "large": big_report(400)}
OPTIONS = OutputOptions(sarif_all=True)
Numbers = tuple[int, int, int, int, int]


@pytest.fixture(params=REPORTS)
def about(request) -> Report:
    return REPORTS[request.param]


def expected(about: Report) -> Numbers:
    counts = about.counts
    return (counts.passed, counts.fail, counts.unknown, counts.not_applicable, counts.waived)


def test_json_documents(about: Report):
    summary = tuple(json.loads(printed("json", about, OPTIONS))["summary"].values())
    indicators = tuple(json.loads(printed("kpis", about, OPTIONS))["summary"].values())
    assert summary == indicators == expected(about)


def test_findings_listed(about: Report):
    found = Counter(
        (finding["verdict"], finding["waived"]) for finding in json.loads(printed("json", about, OPTIONS))["findings"]
    )
    _, fail, unknown, _, waived = expected(about)
    assert found == {("fail", False): fail - waived, ("unknown", False): unknown, ("fail", True): waived}


def test_verdict_rows(about: Report):
    rows = [json.loads(row) for row in zlib.decompress(printed("verdicts", about, OPTIONS), wbits=31).splitlines()]
    found = Counter(row["verdict"] for row in rows)
    numbers = (found["pass"], found["fail"], found["unknown"], found["not_applicable"])
    assert (*numbers, sum(row["waived"] for row in rows)) == expected(about)


def test_csv(about: Report):
    rows = list(csv.DictReader(io.StringIO(printed("csv", about, OPTIONS).decode(), newline="")))
    found = Counter(row["verdict"] for row in rows)
    waived = sum(row["waived"] == "true" for row in rows)
    assert (found["fail"], found["unknown"], waived) == (about.counts.fail, about.counts.unknown, about.counts.waived)


def test_sarif(about: Report):
    (run,) = json.loads(printed("sarif", about, OPTIONS))["runs"]
    found = Counter(result["kind"] for result in run["results"])
    waived = sum(bool(result.get("suppressions")) for result in run["results"])
    assert (found["pass"], found["fail"], found["open"], found["notApplicable"], waived) == expected(about)


def test_junit(about: Report):
    root = ET.fromstring(printed("junit", about, OPTIONS))  # noqa: S314 (our own file)
    sums = Counter()
    for item in root.iter("property"):
        if item.attrib["value"].isdigit():
            sums[item.attrib["name"]] += int(item.attrib["value"])
    names = ("pass", "fail", "unknown", "not_applicable", "waived")
    assert tuple(sums[name] for name in names) == expected(about)
    assert int(root.attrib["failures"]) == about.counts.fail - about.counts.waived


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_pages_for_people_begin_with_the_same_sentence(about: Report, name: str):
    first = printed(name, about, OPTIONS).decode().splitlines()[0].strip("*")
    assert first == verdict_sentence(about)
    assert [int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", first)] == [
        about.counts.fail,
        about.counts.waived,
        about.counts.unknown,
        about.counts.passed,
        about.counts.not_applicable,
    ]


def test_scores(about: Report):
    scores = {item["guardrail"]: item["score"] for item in json.loads(printed("kpis", about, OPTIONS))["guardrails"]}
    stored = json.loads(printed("json", about, OPTIONS))["scores"]
    assert {name: score["value"] for name, score in scores.items() if score["value"] is not None} == stored
    pages = [printed(name, about, OPTIONS).decode() for name in ("text", "markdown")]
    for result in about.guardrails:
        assert scores[result.guardrail.value]["value"] == result.score.value
        assert all(score_text(result.score) in page for page in pages)


def words(page: str) -> str:
    """What a reader sees of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("name", ["html", "pdf"])
def test_page_reports(about: Report, name: str):
    page = printed("html", about, OPTIONS).decode() if name == "html" else pdf.page(about, None)
    seen = words(page)
    assert verdict_sentence(about) in seen
    assert population_sentence(about.population) in seen
    assert changes_sentence(about) in seen
    for result in about.guardrails:
        shown = f"{result.score.value:.1f}" if result.score.value is not None else result.score.reason
        assert shown in seen


def test_counts_of_guardrails_add_up_to_the_whole(about: Report):
    guardrails = json.loads(printed("kpis", about, OPTIONS))["guardrails"]
    names = ("pass", "fail", "unknown", "not_applicable", "waived")
    assert tuple(sum(item["summary"][name] for item in guardrails) for name in names) == expected(about)
