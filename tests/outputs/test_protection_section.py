"""The section "What dies with each key" on paper and on the screen."""

import re
from html import unescape

import pytest

from pdf_text import pages, squeezed
from protections import many, protection, protects, store
from reports import KEYS, report
from scanner.model.report import Report
from scanner.model.store_kind import StoreKind
from scanner.outputs import html, pdf
from scanner.outputs.view_protection import PAPER, SCREEN, ProtectionView, protection_view

ABOUT = report(protection=protection())


@pytest.fixture(scope="module")
def printed() -> str:
    """The section's pages without blanks."""
    found = [text for text in pages(pdf.render(ABOUT, None)) if text.startswith("What dies with each key")]
    return squeezed("".join(found))


@pytest.fixture(scope="module")
def shown() -> str:
    """The page's text, with one blank between words."""
    content = html.render(ABOUT, None).decode()
    section = content.partition('<section id="protection">')[2].partition("</section>")[0]
    return " ".join(unescape(re.sub(r"<[a-z/][^>]*>", " ", section)).split())


def arranged(about: Report = ABOUT) -> ProtectionView:
    return protection_view(about, PAPER)


def test_the_key_that_goes_first_comes_first_and_those_without_anything_are_named_together():
    found = arranged()
    assert [block.name for block in found.dying] == ["alias/gone-soon", KEYS[2].name, "alias/ledger"]
    assert found.quiet == ("alias/signing-é (pending deletion, date not read: kms:DescribeKey (throttled))",)
    assert [line.name for line in found.others] == ["alias/payments", "alias/archive"]


def test_a_key_whose_state_was_not_read_is_not_shown_as_enabled():
    (archive,) = (line for line in arranged().others if line.name == "alias/archive")
    assert (archive.state, archive.expiry) == ("state not read", "none seen")


def test_every_store_under_a_key_that_goes_is_named_with_the_end_of_its_backups(printed: str, shown: str):
    for words in ("orders-2026-10-31", "orders-early", "statements", "until 2026-12-06"):
        assert squeezed(words) in printed
        assert words in shown
    assert squeezed("gone on 2026-11-08 (7 days left)") in printed
    assert "Pending deletion, gone on 2026-11-08 (7 days left)".lower() in shown.lower()


def test_what_outlives_the_key_is_said(printed: str, shown: str):
    said = "1 snapshot or backup outlives the key and cannot be restored then."
    assert squeezed(said) in printed
    assert said in shown


def test_unread_listings_are_said_and_never_shown_as_nothing(printed: str, shown: str):
    said = "Could hold more: rds:DescribeDBInstances was denied in eu-central-1."
    assert printed.count(squeezed(said)) == 1
    assert squeezed("rds:DescribeDBInstances was denied; ec2:DescribeVolumes was not asked in eu-central-1") in printed
    assert said in shown
    assert "no store was seen" in shown


def test_keys_outside_the_snapshot_stand_with_the_stores_that_need_them(printed: str, shown: str):
    for text in (printed, squeezed(shown)):
        assert squeezed("not in the snapshot") in text
        assert "shared-copy" in text
        assert squeezed("kept until somebody deletes it") in text


def test_hostile_names_of_keys_and_stores_are_text(printed: str, shown: str):
    assert squeezed("</script><img src=x onerror=alert(1)>") in printed
    assert "</script><img src=x onerror=alert(1)>" in shown
    content = html.render(ABOUT, None).decode()
    assert "<img" not in content.partition('id="data"')[0]
    assert not {"\u202e", "\x1b"} & set(content)
    assert not {"\u202e", "\x1b"} & set(printed)


def test_a_report_without_rows_promises_nothing():
    found = arranged(report())
    assert found.lede == "No store was seen under any key. Stores are seen only where their listings were read."
    assert (found.dying, found.others, found.unlisted) == ((), (), ())


def test_a_key_at_risk_under_which_nothing_was_seen_is_still_named():
    found = arranged(report(protection=(protects(KEYS[0], state="disabled"),)))
    assert found.quiet == ("alias/payments (disabled)",)


@pytest.mark.parametrize("limits", [PAPER, SCREEN])
def test_what_is_left_out_is_counted(limits):
    rows = many(10_000, 2_000)
    found = protection_view(report(protection=rows), limits)
    assert len(found.dying) + found.dying_more == 1_000
    assert len(found.others) + found.others_more == 1_000
    (crowded,) = protection_view(report(protection=many(4_000, 2)[1:]), limits).dying
    named = sum(len(group.lines) for group in crowded.groups)
    assert (named, named + crowded.more) == (limits.stores, 2_000)


def test_the_page_scales_to_ten_thousand_stores():
    content = html.render(report(protection=many(10_000, 40)), None)
    assert len(content) <= 3_000_000
    assert b"And 50 more</b>, in <code>protection.json</code>" in content


def test_what_the_provider_counts_and_does_not_name_is_the_last_that_is_said():
    odd = store(StoreKind.OTHER, "scores", id="//x/scores", word="<b>new.googleapis.com/Thing")
    about = report(protection=(protects(KEYS[0], odd, state="disabled", counted=5, named=1),))
    paper = squeezed("".join(pages(pdf.render(about, None))))
    content = html.render(about, None).decode().partition('<section id="protection">')[2].partition("</section>")[0]
    said = "The provider counts 5 resources under the key; it names 1 of them."
    assert paper.index(squeezed("scores (<b>new.googleapis.com/Thing)")) < paper.index(squeezed(said))
    assert content.index("&lt;b&gt;new.googleapis.com/Thing") < content.index(said)


def test_equal_reports_with_stores_print_equal_bytes():
    about = report(protection=many(400, 20))
    assert pdf.render(about, "ab" * 32) == pdf.render(about, "ab" * 32)


def test_a_key_that_is_gone_stands_among_those_that_are_going_and_not_among_the_unknown_ones():
    gone = protects(KEYS[0], store(StoreKind.VOLUME, "v"), key="alias/gone", state="gone", listed=False)
    found = protection_view(report(protection=(gone,)), PAPER)
    assert ([block.id for block in found.dying], found.unlisted) == (["alias/gone"], ())
