import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from reports import HOSTILE_NAME, big_report, header, report
from scanner.outputs.assets import templates_folder
from scanner.outputs.html import FIRST_ROWS, content_policy, render
from scanner.outputs.html_data import COLUMNS, findings_data
from scanner.outputs.sentences import SIMULATED, report_number, verdict_sentence

ROOT = "0123456789abcdef" * 4
VOID = {"meta", "link", "input", "br", "col", "img", "hr"}


class Page(HTMLParser):
    """Every element with its attributes, the text by element, and what was left open."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self) -> str:
        return " ".join(" ".join(text for tag, text in self.texts if tag not in {"script", "style"}).split())


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render(report(), ROOT))


def scripts(page: Page) -> list[str]:
    return [text for tag, text in page.texts if tag == "script"]


def test_equal_reports_give_equal_bytes():
    assert render(report(), ROOT) == render(report(), ROOT)


def test_every_element_is_closed_in_order(page: Page):
    assert page.open == []


def test_nothing_in_it_points_outside(page: Page):
    links = [value for _, attributes in page.elements for name, value in attributes.items() if name in {"href", "src"}]
    assert links
    assert all(link is not None and link.startswith("#") for link in links)
    assert not {"iframe", "object", "embed", "link", "img", "form", "base"} & {tag for tag, _ in page.elements}
    assert "url(" not in "".join(text for tag, text in page.texts if tag == "style")
    assert "@import" not in "".join(text for tag, text in page.texts if tag == "style")


def test_the_content_policy_allows_exactly_the_script_in_the_page(page: Page):
    (policy,) = (meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    data, script = scripts(page)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == content_policy(script)
    assert policy.startswith(
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:"
    )
    assert json.loads(data)["columns"] == list(COLUMNS)


def test_there_are_no_event_handlers_in_attributes(page: Page):
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_the_script_is_small_and_writes_text_only():
    script = (templates_folder() / "html" / "report.js").read_text()
    assert len(script.encode()) <= 15 * 1024
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", script)
    assert not re.findall(r"fetch\(|XMLHttpRequest|WebSocket|https?://", script)


def test_hostile_names_are_text_in_markup_and_data(page: Page):
    data, _ = scripts(page)
    (row,) = (row for row in json.loads(data)["rows"] if row[COLUMNS.index("rule")] == "KEY-TAG-001")
    assert row[COLUMNS.index("name")] == HOSTILE_NAME.replace("\x1b", "[U+001B]").replace("\u202e", "[U+202E]")
    assert "<" not in data
    assert "</script><img src=x onerror=alert(1)>" in page.text()
    assert not {"\u202e", "\x1b", "\x00"} & set(render(report(), ROOT).decode())


def test_the_data_holds_every_finding_in_the_order_of_the_report():
    rows = json.loads(findings_data(report()))["rows"]
    assert [row[0] for row in rows] == [finding.fingerprint for finding in report().findings]
    assert all(len(row) == len(COLUMNS) for row in rows)


def test_the_first_findings_stand_in_the_markup_for_readers_without_scripts():
    big = Page(render(big_report(400), ROOT))
    rows = big.elements[[attributes.get("id") for _, attributes in big.elements].index("rows") :]
    names = [finding.subject.name for finding in big_report(400).findings]
    assert sum(tag == "tr" for tag, _ in rows[: [tag for tag, _ in rows].index("dialog")]) == FIRST_ROWS
    assert sum(name in big.text() for name in names) >= FIRST_ROWS


def test_it_says_what_the_report_says(page: Page):
    text, counts = page.text(), report().counts
    assert verdict_sentence(report()) in text
    assert report_number(report()) in text
    assert ROOT in text
    assert f"All {report().score.value:.1f} {counts.passed} {counts.fail} {counts.waived} {counts.unknown}" in text
    people = report().population
    total = f"Total {people.listed} {people.read} {people.partly_read} {people.unread} {people.excluded}"
    assert total in text


def test_each_guardrail_row_has_the_numbers_of_the_report(page: Page):
    for result in report().guardrails:
        counts = result.counts
        numbers = f"{counts.passed} {counts.fail} {counts.waived} {counts.unknown}"
        assert re.search(rf"{result.guardrail.value.capitalize()} [^A-Z]*[^.]*{numbers}", page.text())


def test_a_simulated_report_carries_a_banner_and_a_real_one_none(page: Page):
    assert page.all("div")[0].get("class") == "banner"
    assert SIMULATED in page.text()
    assert SIMULATED.encode() not in render(report(header=header(simulated=False)), ROOT)


def test_tables_say_what_their_cells_are(page: Page):
    assert all("scope" in attributes for attributes in page.all("th"))
    assert all(attributes["scope"] in {"col", "row", "rowgroup"} for attributes in page.all("th"))
    assert len(page.all("h1")) == 1


def test_every_link_inside_the_page_has_a_target(page: Page):
    targets = {attributes["id"] for _, attributes in page.elements if attributes.get("id")}
    links = {str(attributes["href"])[1:] for attributes in page.all("a")}
    assert {link for link in links if not link.startswith("f?")} <= targets


def test_a_report_without_findings_says_so():
    clean = replace(report(), findings=(), changes=None)
    assert "Nothing fails and nothing is unknown." in Page(render(clean, None)).text()


@pytest.mark.parametrize("theme", [":root{", ":root[data-theme=dark]{"])
def test_text_has_enough_contrast_in_both_themes(theme: str):
    style = (templates_folder() / "html" / "screen.css").read_text()
    block = style[style.index(theme) :].partition("}")[0]
    colours = dict(re.findall(r"--([a-z]+):(#[0-9a-f]{3,6})", block))
    for name in ("ink", "mut", "accent", "alarm", "soon", "good"):
        assert contrast(colours[name], colours["bg"]) >= 4.5, name
    assert contrast(colours["mut"], colours["soft"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, 1.4.3."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
