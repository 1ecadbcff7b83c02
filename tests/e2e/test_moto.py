"""The scan against an endpoint of somebody else's making: an emulator that lacks operations we judge by."""

import boto3
import pytest
from moto.server import ThreadedMotoServer

from commands import keymuster
from worlds import document

REGION = "us-east-1"
KINDS = (
    ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", 10),
    ("RSA_2048", "SIGN_VERIFY", 4),
    ("HMAC_256", "GENERATE_VERIFY_MAC", 3),
    ("ECC_NIST_P256", "SIGN_VERIFY", 3),
)


@pytest.fixture
def emulator():
    """A server with twenty customer keys of four kinds; half of the symmetric ones rotate."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    kms = boto3.client("kms", REGION, endpoint_url=url, aws_access_key_id="test", aws_secret_access_key="test")
    for spec, usage, count in KINDS:
        for number in range(count):
            made = kms.create_key(KeySpec=spec, KeyUsage=usage, Tags=[{"TagKey": "owner", "TagValue": "team"}])
            if spec == "SYMMETRIC_DEFAULT" and number % 2:
                kms.enable_key_rotation(KeyId=made["KeyMetadata"]["KeyId"])
    yield url
    server.stop()


@pytest.mark.slow
def test_twenty_mixed_keys_are_read_and_what_the_emulator_lacks_is_unsupported_and_asked_once(emulator, tmp_path):
    config = tmp_path / "keymuster.yaml"
    config.write_text(f"providers: {{aws: {{regions: [{REGION}]}}}}\noutputs: {{formats: [csv]}}\n")
    environment = {"AWS_ENDPOINT_URL": emulator, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    done = keymuster("scan", "-c", config, "--out", tmp_path / "pack", environment=environment)
    assert done.returncode == 1, done.stderr
    (scope,) = (row for row in document(tmp_path / "pack", "collection.json")["scopes"] if row["region"] == REGION)
    assert (scope["listed"], scope["partly_read"], scope["unread"]) == (20, 20, 0)
    calls = {row["call"]: row for row in scope["calls"]}
    assert calls["kms:GetKeyLastUsage"]["calls"] + calls["kms:GetKeyLastUsage"]["retries"] <= 2
    assert calls["kms:DescribeKey"]["calls"] == 20
    assert calls["kms:GetKeyRotationStatus"]["calls"] == 10
    findings = document(tmp_path / "pack", "findings.json")["findings"]
    rotation_off = [row for row in findings if row["rule"] == "KEY-ROT-001" and row["verdict"] == "fail"]
    assert len(rotation_off) == 5
    text = keymuster("evaluate", tmp_path / "pack").stdout
    assert "unsupported" in text
    assert "kms:GetKeyLastUsage" in text
