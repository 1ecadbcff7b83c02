"""Who can use keys of Google Cloud and Azure, in access.json, on paper and on screen."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

import role_worlds as worlds
from reports import report
from scanner.facts.access.key_access import key_access
from scanner.model.container import AccessMode, AccessModel, ContainerKind
from scanner.outputs import access_json, html, pdf
from scanner.outputs.access_words import short
from scanner.outputs.view_access import SCREEN, access_view

ANN, TEAM = "user:<ann>@bank.example", "group:keys@bank.example"
USER, OFFICER = "roles/cloudkms.cryptoKeyDecrypter", "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"
SOMEBODY = "aaaaaaaa-0000-4000-8000-000000000000"
GOOGLE = worlds.google(
    worlds.level("folders/2", bindings=worlds.DENIED),
    worlds.level("projects/bank", ("roles/cloudkms.admin", ANN)),
    own=worlds.google_key((USER, TEAM), (USER, "allUsers")),
)
AZURE = worlds.azure(worlds.assigned(worlds.SUBSCRIPTION, (OFFICER, SOMEBODY, "User")))
HSM = worlds.azure(
    worlds.assigned(worlds.SUBSCRIPTION, (OFFICER, SOMEBODY, "User")),
    own=worlds.azure_key("h"),
    within=worlds.vault(type=ContainerKind.MANAGED_HSM, access=AccessModel(mode=AccessMode.LOCAL_ROLES)),
)
ABOUT = report(access=tuple(key_access(one.keys[0], worlds.site(one)) for one in (GOOGLE, AZURE, HSM)))


def test_the_file_follows_its_schema_and_holds_every_row_with_its_way():
    told = json.loads(access_json.render(ABOUT))
    schema = json.loads((files("scanner.outputs") / "schemas/access-1.schema.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(told)] == []
    assert [key["reach"] for key in told["keys"]] == ["public", "named", "unread"]
    rows = {name: row for key in told["keys"] for row in key["rows"] for name in row["principals"]}
    assert (rows[TEAM]["kind"], rows["folders/2"]["kind"], rows["allUsers"]["kind"]) == ("group", "level", "public")
    assert rows[ANN]["cells"]["policy"]["why"] == [
        {"layer": "projects/bank", "label": "roles/cloudkms.admin", "effect": "allow"}
    ]
    assert rows[SOMEBODY]["cells"]["use_plaintext"]["why"][0]["label"].startswith("Key Vault Crypto Officer @ ")


def test_the_widest_key_comes_first_and_each_says_how_it_is_opened():
    found = access_view(ABOUT, SCREEN)
    assert [key.reach for key in found.keys] == [
        "open to everybody",
        "what opens it was not read",
        "open to whoever was given a right",
    ]
    assert {line.signs[0] for line in found.keys[1].lines} == {"?"}


def test_a_member_of_google_is_shown_by_its_address():
    assert (short(ANN), short("domain:bank.example"), short(SOMEBODY)) == (
        "<ann>@bank.example",
        "domain:bank.example",
        SOMEBODY,
    )


@pytest.mark.parametrize("page", [lambda: html.render(ABOUT, None).decode(), lambda: pdf.page(ABOUT, None)])
def test_hostile_names_are_harmless_and_what_was_not_read_is_printed(page):
    section = page().partition("Who can use each key</h")[2]
    assert "&lt;ann&gt;@bank.example" in section
    assert "<ann>" not in section
    assert "local RBAC not modelled" in section
    assert "denied resourcemanager.projects.getIamPolicy" in section
