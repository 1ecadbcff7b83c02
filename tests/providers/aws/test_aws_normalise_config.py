"""A row of AWS Config says of a key what it says, and no more; rows from elsewhere say nothing."""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from scanner.model.decoding import convert
from scanner.model.key import KeyState, KeyType, Manager, Origin
from scanner.providers.aws import normalise, normalise_config, replies
from scanner.providers.aws.operations import LOOKUP_EVENTS
from scanner.providers.aws.operations_config import SELECT_AGGREGATE_RESOURCE_CONFIG
from scanner.providers.embedded import unpacked
from scanner.providers.failure import MalformedReplyError

RECORDED = Path(__file__).parents[4] / "shared" / "corpora" / "recorded" / "aws" / "kms_config_source"
ACCOUNT, REGION = "111122223333", "eu-central-1"
ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k-1"


def text(*, configuration=None, supplement=None, **changes):
    """One row as the service sends it."""
    told = {
        "arn": ARN,
        "keyState": "Enabled",
        "creationDate": "2025-01-01T00:00:00.000Z",
        "keyManager": "CUSTOMER",
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "keyUsage": "ENCRYPT_DECRYPT",
        "origin": "AWS_KMS",
        **(configuration or {}),
    }
    row = {
        "accountId": ACCOUNT,
        "awsRegion": REGION,
        "configurationItemCaptureTime": "2026-11-01T00:00:00.000Z",
        "configuration": {name: value for name, value in told.items() if value is not None},
        "supplementaryConfiguration": supplement or {},
        **changes,
    }
    return json.dumps(row)


def rows(*texts):
    """The rows as they are kept."""
    operation = SELECT_AGGREGATE_RESOURCE_CONFIG
    return convert(unpacked({"Results": list(texts)}, operation.embedded), operation.reply).results


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "no json",
        "[]",
        "{}",
        "[" * 100_000,
        text(configuration={"arn": 7}),
        text(configuration={"keyState": None}),
        text(configuration={"creationDate": "yesterday"}),
        text(configuration={"creationDate": "2025-01-01T00:00:00"}),
        text(supplement={"KeyRotationStatus": "no"}),
        text(supplement={"Tags": [{"tagKey": "a"}]}),
        None,
    ],
)
def test_a_row_that_cannot_be_read_hides_no_other(odd):
    first, second, third = rows(text(), odd, text())

    assert second is None
    assert first == third is not None


def test_rows_that_are_no_list_are_no_rows():
    with pytest.raises(msgspec.ValidationError):
        convert(
            unpacked({"Results": "x"}, SELECT_AGGREGATE_RESOURCE_CONFIG.embedded),
            SELECT_AGGREGATE_RESOURCE_CONFIG.reply,
        )


def test_an_event_that_cannot_be_read_spoils_its_page():
    with pytest.raises(MalformedReplyError):
        unpacked({"Events": [{"CloudTrailEvent": "x"}]}, LOOKUP_EVENTS.embedded)


@pytest.mark.parametrize(
    "changes",
    [
        {"accountId": "999999999999"},
        {"awsRegion": "us-east-1"},
        {"configurationItemCaptureTime": None},
        {"configuration": {"arn": ARN.replace(ACCOUNT, "999999999999")}},
        {"configuration": {"arn": ARN.replace(REGION, "us-east-1")}},
        {"configuration": {"arn": "k-1"}},
    ],
)
def test_a_row_of_another_place_or_of_no_time_is_not_used(changes):
    (row,) = rows(text(**changes))

    assert not normalise_config.is_of(row, ACCOUNT, REGION)


@pytest.mark.parametrize(
    "changes",
    [
        {"keyManager": "AWS"},
        {"keyManager": None},
        {"keyState": "PendingDeletion"},
        {"keyState": "PendingImport"},
        {"keyState": "Superposed"},
        {"origin": "EXTERNAL"},
        {"origin": "AWS_CLOUDHSM"},
        {"origin": "EXTERNAL_KEY_STORE"},
        {"origin": None},
        {"customerMasterKeySpec": None},
        {"keyUsage": None},
        {"creationDate": None},
        {"arn": ARN.replace("k-1", "mrk-1")},
    ],
)
def test_a_row_that_lacks_part_of_a_description_is_none(changes):
    (plain, row) = rows(text(), text(configuration=changes))

    assert normalise_config.description(plain)
    assert normalise_config.is_of(row, ACCOUNT, REGION)
    assert normalise_config.description(row) is None


def test_what_a_row_does_not_say_is_not_made_up():
    (bare, on, off) = rows(
        text(), text(supplement={"KeyRotationStatus": True}), text(supplement={"KeyRotationStatus": False, "Tags": []})
    )

    assert [normalise_config.policy(bare), normalise_config.rotation(bare), normalise_config.tags(bare)] == [None] * 3
    assert normalise_config.rotation(on) is None
    assert normalise_config.rotation(off) == replies.GetKeyRotationStatus(key_rotation_enabled=False)
    assert normalise.tags_by_key((normalise_config.tags(off),)) == {ARN: {}}


@pytest.mark.parametrize("policy", ["", "[]", "text", "{", "[" * 100_000])
def test_a_policy_that_is_no_document_is_none(policy):
    (row,) = rows(text(supplement={"Policy": policy}))

    assert normalise_config.policy(row) is None


@pytest.mark.parametrize(("states", "material"), [(["CURRENT"], "m-0"), ([], None), (["CURRENT", "CURRENT"], None)])
def test_the_current_material_is_the_one_that_is_marked(states, material):
    marked = [
        replies.KeyMaterial(key_material_id=f"m-{number}", key_material_state=state)
        for number, state in enumerate(states)
    ]
    others = (replies.KeyMaterial(key_material_id="old", key_material_state="NON_CURRENT"), *marked)

    assert normalise_config.current_material((replies.ListKeyRotations(rotations=others),)) == material


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recordings are not at hand")
def test_a_recorded_row_becomes_what_the_key_service_would_have_said():
    document = json.loads((RECORDED / "config.SelectResourceConfig_1.json").read_text())

    (row,) = rows(*document["data"]["Results"])

    description = normalise_config.description(row)
    metadata = normalise.metadata((description,))
    assert (metadata.state, metadata.manager, metadata.type) == (
        KeyState.ENABLED,
        Manager.CUSTOMER,
        KeyType.SYMMETRIC,
    )
    assert metadata.origin is Origin.PROVIDER
    assert metadata.created_at == datetime(2021, 5, 20, 18, 12, 43, 927000, tzinfo=UTC)
    assert metadata.description == "For testing the KMS config source"
    assert normalise.own_words((description,))["KeyUsage"] == "ENCRYPT_DECRYPT"
    assert json.loads(normalise.policy((normalise_config.policy(row),)).document)["Id"] == "key-consolepolicy-3"
    assert not normalise.rotation((normalise_config.rotation(row),)).enabled
    assert normalise.tags_by_key((normalise_config.tags(row),)) == {row.configuration.arn: {"ConfigTesting": "Test"}}
    assert not normalise_config.is_of(row, "644160558196", "us-east-2")  # its query did not ask when it was recorded
