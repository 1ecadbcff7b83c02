"""Who can use each key, in access.json, on paper and on screen."""

import json
from importlib.resources import files

from jsonschema import Draft202012Validator

import access_worlds as worlds
from reports import report
from scanner.facts.access.aws_site import AwsSite
from scanner.facts.access.key_access import key_access
from scanner.facts.access.matrix import Matrices
from scanner.outputs import access_json, html, pdf
from scanner.outputs.access_words import SIGNS
from scanner.outputs.view_access import PAPER, SCREEN, Limits, access_view

DECRYPT = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
VPCE = {"StringEquals": {"aws:SourceVpce": "<vpce-1>"}}
PEOPLE = worlds.identities(
    worlds.role("app", DECRYPT),
    worlds.role("batch", {**DECRYPT, "Condition": VPCE}),
    worlds.role("admin", {**DECRYPT, "Action": "kms:PutKeyPolicy"}),
    worlds.role("idle"),
)
MATRICES = Matrices([PEOPLE], [worlds.tree()])
PAYMENTS = worlds.key(worlds.delegation(), aliases=("alias/<payments>",))
SHARED = worlds.key(worlds.delegation(), worlds.delegation(worlds.OTHER), name="k2")
EVERYBODY = worlds.key({**worlds.delegation(), "Principal": "*"}, name="k3")
ABOUT = report(access=tuple(key_access(key, AwsSite(key, MATRICES)) for key in (PAYMENTS, SHARED, EVERYBODY)))


def lines(name):
    (found,) = (key for key in access_view(ABOUT, SCREEN).keys if key.id == name)
    return found, {line.who: line for line in found.lines}


def test_each_state_has_its_own_sign_and_its_reasons():
    key, found = lines(PAYMENTS.id)
    assert found["app"].signs[0] == "●"
    assert found["batch"].signs[0] == "◐"
    assert found["admin"].signs[0] == "↗"
    assert found["admin"].signs[3] == "●"
    assert [note.text for note in found["batch"].notes] == [
        "key policy account -> identity policy inline[0], if StringEquals aws:SourceVpce <vpce-1>"
    ]
    assert key.nobody == "1 other principal can do none of it"


def test_where_something_was_not_read_nobody_is_ruled_out():
    key, found = lines(SHARED.id)
    assert found[worlds.OTHER].signs[0] == "?"
    assert key.nobody == "1 other principal found without any of it"
    assert key.gaps.startswith("not read, so that there may be more")


def test_the_widest_key_comes_first_and_what_is_left_out_is_counted():
    found = access_view(ABOUT, Limits(keys=1, rows=1, names=1, signs=SIGNS))
    assert [key.id for key in found.keys] == [EVERYBODY.id]
    assert found.keys[0].reach == "open to everybody"
    assert found.more == 2
    assert found.keys[0].more == len(ABOUT.access[2].rows) - 1


def test_the_file_holds_every_row_with_its_way():
    told = json.loads(access_json.render(ABOUT))
    assert told["totals"] == {"keys": 3, "public": 1, "open": 1}
    cells = {name: row["cells"] for row in told["keys"][0]["rows"] for name in row["principals"]}
    assert cells[worlds.arn("role", "app")]["use_plaintext"]["why"] == [
        {"layer": "key policy", "label": "account", "effect": "allow"},
        {"layer": "identity policy", "label": "inline[0]", "effect": "allow"},
    ]
    assert cells[worlds.arn("role", "admin")]["use_plaintext"]["step"]["by"] == "kms:PutKeyPolicy"


def test_hostile_names_are_harmless_on_both_pages():
    for page in (html.render(ABOUT, None).decode(), pdf.page(ABOUT, None)):
        section = page.partition("Who can use each key</h")[2]
        assert "alias/&lt;payments&gt;" in section
        assert "<vpce-1>" not in section


def test_without_access_the_section_says_why():
    assert "was not worked out" in access_view(report(), PAPER).lede


def test_access_follows_its_schema():
    schema = json.loads((files("scanner.outputs") / "schemas/access-1.schema.json").read_text(encoding="utf-8"))
    found = Draft202012Validator(schema).iter_errors(json.loads(access_json.render(ABOUT)))
    assert [error.message for error in found] == []


def test_paper_uses_signs_that_its_fonts_have():
    page = pdf.page(ABOUT, None).partition("Who can use each key</h1>")[2].partition("</section>")[0]
    assert "[U+" not in page
    assert "◇" in page
