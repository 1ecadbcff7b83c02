"""KMS as the simulator serves it: states, rotation, material, grants, aliases and last use."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from scanner.simulator.aws.records import Grant, Store

PLACE = {"account": "222222222222", "region": "eu-central-1"}


def code(call, **arguments):
    """The error code a call ends with."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]["Code"]


def metadata(client, key):
    return client("kms", key.region).describe_key(KeyId=key.arn)["KeyMetadata"]


def test_a_key_is_found_by_id_arn_alias_and_alias_arn(client, add_key):
    key, kms = add_key(alias="ledger"), client("kms")
    names = (key.id, key.arn, "alias/ledger", "arn:aws:kms:eu-central-1:222222222222:alias/ledger")
    assert {kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"] for name in names} == {key.arn}


def test_other_operations_take_no_alias_and_no_key_of_another_region(client, world, add_key):
    add_key(alias="ledger")
    away = world.add_key(account="222222222222", region="us-east-1")
    kms = client("kms")
    assert code(kms.get_key_policy, KeyId="alias/ledger") == "NotFoundException"
    assert code(kms.describe_key, KeyId=away.arn) == "NotFoundException"


@pytest.mark.parametrize(
    "row",
    [
        ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "EncryptionAlgorithms", "SYMMETRIC_DEFAULT"),
        ("RSA_4096", "ENCRYPT_DECRYPT", "EncryptionAlgorithms", "RSAES_OAEP_SHA_256"),
        ("RSA_2048", "SIGN_VERIFY", "SigningAlgorithms", "RSASSA_PSS_SHA_512"),
        ("ECC_NIST_P384", "SIGN_VERIFY", "SigningAlgorithms", "ECDSA_SHA_384"),
        ("ECC_NIST_EDWARDS25519", "SIGN_VERIFY", "SigningAlgorithms", "ED25519_SHA_512"),
        ("ECC_NIST_P256", "KEY_AGREEMENT", "KeyAgreementAlgorithms", "ECDH"),
        ("HMAC_512", "GENERATE_VERIFY_MAC", "MacAlgorithms", "HMAC_SHA_512"),
        ("ML_DSA_65", "SIGN_VERIFY", "SigningAlgorithms", "ML_DSA_SHAKE_256"),
    ],
)
def test_each_spec_offers_its_algorithms(client, add_key, row):
    spec, usage, member, algorithm = row
    read = metadata(client, add_key(spec=spec, usage=usage))
    assert (read["KeySpec"], read["KeyUsage"]) == (spec, usage)
    assert algorithm in read[member]


def test_states_are_those_of_aws(client, world, add_key):
    store = world.add_store(
        **PLACE, store=Store(id="cks-1", name="s", kind="EXTERNAL_KEY_STORE", created=world.clock, state="DISCONNECTED")
    )
    made = {
        "Enabled": add_key(),
        "Disabled": add_key(enabled=False),
        "PendingImport": add_key(origin="EXTERNAL", imported=False),
        "PendingDeletion": add_key(deletion_date=world.clock + timedelta(days=3)),
        "Unavailable": add_key(origin="EXTERNAL_KEY_STORE", store=store.id),
    }
    read = {state: metadata(client, key) for state, key in made.items()}
    assert {state: (row["KeyState"], row["Enabled"]) for state, row in read.items()} == {
        state: (state, state == "Enabled") for state in made
    }
    assert read["PendingDeletion"]["DeletionDate"] == world.clock + timedelta(days=3)
    assert read["Unavailable"]["XksKeyConfiguration"]["Id"].startswith("external-")


def test_rotation_status_names_period_and_next_date(client, world, add_key):
    key = add_key(rotation_days=90)
    read = client("kms").get_key_rotation_status(KeyId=key.id)
    assert (read["KeyRotationEnabled"], read["RotationPeriodInDays"]) == (True, 90)
    assert read["NextRotationDate"] == world.clock + timedelta(days=80)


def test_rotation_status_is_off_without_a_date_and_while_deletion_is_pending(client, world, add_key):
    off, leaving = add_key(), add_key(rotation_days=365)
    world.schedule_deletion(leaving)
    kms = client("kms")
    for key in (off, leaving):
        read = kms.get_key_rotation_status(KeyId=key.id)
        assert {name for name in read if name != "ResponseMetadata"} == {"KeyId", "KeyRotationEnabled"}
        assert not read["KeyRotationEnabled"]


@pytest.mark.parametrize(
    "traits",
    [
        {"spec": "RSA_2048"},
        {"spec": "HMAC_256"},
        {"spec": "ML_DSA_44"},
        {"origin": "EXTERNAL"},
        {"origin": "AWS_CLOUDHSM", "store": "cks-1"},
    ],
)
def test_rotation_status_is_unsupported_for_keys_that_cannot_rotate(client, add_key, traits):
    assert code(client("kms").get_key_rotation_status, KeyId=add_key(**traits).id) == "UnsupportedOperationException"


def test_rotations_are_listed_oldest_first_and_the_first_material_on_request(client, add_key):
    key, kms = add_key(rotation_days=30), client("kms")
    plain = kms.list_key_rotations(KeyId=key.id)["Rotations"]
    every = kms.list_key_rotations(KeyId=key.id, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]
    assert [row["RotationDate"] for row in plain] == [key.created + timedelta(days=30 * n) for n in (1, 2, 3)]
    assert (every[1:], "RotationDate" in every[0]) == (plain, False)
    assert [row["KeyMaterialState"] for row in every] == ["NON_CURRENT"] * 3 + ["CURRENT"]
    assert metadata(client, key)["CurrentKeyMaterialId"] == every[-1]["KeyMaterialId"]


def test_imported_material_tells_its_expiry(client, world, add_key):
    until = world.clock + timedelta(days=5)
    expiring = add_key(origin="EXTERNAL", expires=until)
    lasting = metadata(client, add_key(origin="EXTERNAL"))
    read = metadata(client, expiring)
    assert (read["ExpirationModel"], read["ValidTo"]) == ("KEY_MATERIAL_EXPIRES", until)
    assert (lasting["ExpirationModel"], "ValidTo" in lasting) == ("KEY_MATERIAL_DOES_NOT_EXPIRE", False)
    listed = client("kms").list_key_rotations(KeyId=expiring.id, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]
    assert [(row["ImportState"], row["ValidTo"]) for row in listed] == [("IMPORTED", until)]


def test_keys_of_aws_refuse_history_and_last_use(client, world):
    key = world.add_aws_key("222222222222", "eu-central-1", "ebs")
    kms = client("kms")
    assert code(kms.list_key_rotations, KeyId=key.id) == "AccessDeniedException"
    assert code(kms.get_key_last_usage, KeyId=key.id) == "AccessDeniedException"
    assert kms.describe_key(KeyId=key.id)["KeyMetadata"]["KeyManager"] == "AWS"


def test_unused_aliases_of_aws_have_no_target(client, world, add_key):
    add_key(alias="ledger")
    world.add_aws_key("222222222222", "eu-central-1", "rds", used=False)
    listed = client("kms").list_aliases()["Aliases"]
    assert [(row["AliasName"], "TargetKeyId" in row) for row in listed] == [
        ("alias/aws/rds", False),
        ("alias/ledger", True),
    ]


def test_aliases_of_one_key_only(client, world, add_key):
    key = add_key(alias="b")
    world.add_alias(key, "a")
    add_key(alias="c")
    listed = client("kms").list_aliases(KeyId=key.id)["Aliases"]
    assert [row["AliasName"] for row in listed] == ["alias/a", "alias/b"]


def test_grants_name_a_principal_or_a_service(client, world, add_key):
    issued = {"operations": ("Decrypt",), "created": world.clock, "issuer": "arn:aws:iam::222222222222:root"}
    role = Grant(id="1" * 64, grantee="arn:aws:iam::222222222222:role/app", context_equals={"table": "a"}, **issued)
    service = Grant(id="2" * 64, grantee_service="rds.amazonaws.com", **issued)
    key, kms = add_key(grants=(role, service)), client("kms")
    first, second = kms.list_grants(KeyId=key.id)["Grants"]
    assert first["GranteePrincipal"] == role.grantee
    assert first["Constraints"] == {"EncryptionContextEquals": {"table": "a"}}
    assert (second["GranteeServicePrincipal"], "GranteePrincipal" in second) == ("rds.amazonaws.com", False)
    assert kms.list_grants(KeyId=key.id, GrantId="2" * 64)["Grants"] == [second]


def test_last_use_is_empty_before_tracking_began(client, world, add_key):
    kms, before = client("kms"), world.tracking_since - timedelta(days=1)
    used, old = add_key(last_used=world.clock), add_key(created=before, last_used=before)
    read = kms.get_key_last_usage(KeyId=used.id)
    assert (read["KeyLastUsage"]["Operation"], read["KeyLastUsage"]["Timestamp"]) == ("Decrypt", world.clock)
    read = kms.get_key_last_usage(KeyId=old.id)
    assert read["KeyLastUsage"] == {}
    assert read["KeyCreationDate"] < read["TrackingStartDate"] == world.tracking_since


def test_replicas_show_the_rotation_and_material_of_their_primary(client, world, add_key):
    primary = add_key(multi_region=True, rotation_days=30)
    replica = world.add_replica(primary, "us-east-1")
    here, there = metadata(client, primary), metadata(client, replica)
    assert primary.id == replica.id
    assert primary.id.startswith("mrk-")
    assert here["MultiRegionConfiguration"]["ReplicaKeys"] == [{"Arn": replica.arn, "Region": "us-east-1"}]
    assert there["MultiRegionConfiguration"]["PrimaryKey"]["Arn"] == primary.arn
    assert there["CurrentKeyMaterialId"] == here["CurrentKeyMaterialId"]
    assert client("kms", "us-east-1").get_key_rotation_status(KeyId=replica.id)["RotationPeriodInDays"] == 30


def test_custom_key_stores_tell_why_they_are_not_connected(client, world):
    kinds = (("AWS_CLOUDHSM", "CONNECTED", ""), ("EXTERNAL_KEY_STORE", "FAILED", "XKS_PROXY_NOT_REACHABLE"))
    for number, (kind, state, error) in enumerate(kinds):
        store = Store(id=f"cks-{number}", name=kind, kind=kind, created=world.clock, state=state, error=error)
        world.add_store(**PLACE, store=store)
    kms = client("kms")
    first, second = kms.describe_custom_key_stores()["CustomKeyStores"]
    assert (first["ConnectionState"], "ConnectionErrorCode" in first) == ("CONNECTED", False)
    assert second["ConnectionErrorCode"] == "XKS_PROXY_NOT_REACHABLE"
    assert code(kms.describe_custom_key_stores, CustomKeyStoreId="cks-9") == "CustomKeyStoreNotFoundException"


def test_hostile_text_arrives_as_it_was_set(client, add_key):
    text = '=HYPERLINK("http://evil","x")\x1b[31m\n::error::</script>]]>\u202e|'
    key, kms = add_key(description=text, tags={"owner": text}), client("kms")
    assert metadata(client, key)["Description"] == text
    assert kms.list_resource_tags(KeyId=key.id)["Tags"] == [{"TagKey": "owner", "TagValue": text}]
    tagging = client("resourcegroupstaggingapi").get_resources()
    assert tagging["ResourceTagMappingList"][0]["Tags"] == [{"Key": "owner", "Value": text}]


def test_the_policy_is_json_text_that_delegates_to_the_account(client, add_key):
    read = client("kms").get_key_policy(KeyId=add_key().id)
    assert "arn:aws:iam::222222222222:root" in read["Policy"]
    assert code(client("kms").get_key_policy, KeyId=add_key().id, PolicyName="other") == "NotFoundException"
