"""Recorded replies of Google Cloud go through the same types and functions as those of a scan."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from google.cloud.kms_v1.types import resources
from google.protobuf import json_format

from scanner.model.decoding import convert
from scanner.model.key import KeyState, Metadata, Rotation, Versions
from scanner.providers.failure import MalformedReplyError
from scanner.providers.gcp import normalise, normalise_access, replies
from scanner.providers.gcp.keys import make_key

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpora" / "recorded" / "gcp"
PROJECT = "cloud-custodian"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpora are not beside this checkout")

BY_NAME = (
    (re.compile(r"cryptoKeyVersions_\d+$"), replies.ListCryptoKeyVersions),
    (re.compile(r"cryptoKeys_\d+$"), replies.ListCryptoKeys),
    (re.compile(r"keyRings_\d+$"), replies.ListKeyRings),
    (re.compile(r"locations_\d+$"), replies.ListLocations),
    (re.compile(r"cryptoKeys-c7n-test-cryptokey_\d+$"), replies.CryptoKey),
    (re.compile(r"[gs]etIamPolicy_\d+$"), replies.IamPolicy),
    (re.compile(r"roles-\w+_\d+$"), replies.Role),
)
"""What a reply is, by the end of its file's name."""


def recordings():
    """Every recorded reply that a scan asks for, with its type."""
    for file in sorted(CORPUS.glob("*/*.json")) if CORPUS.is_dir() else ():
        kind = next((kind for pattern, kind in BY_NAME if pattern.search(file.stem)), None)
        if kind is not None:
            yield pytest.param(file, kind, id=f"{file.parent.name}/{file.stem[-40:]}")


def reply(file, kind):
    return convert(json.loads(file.read_text())["body"], kind)


def key_of(found, versions=None):
    """The key as a scan makes it; without its versions those that the listing tells of."""
    pages = (versions or replies.ListCryptoKeyVersions(crypto_key_versions=(found.primary,) if found.primary else ()),)
    return make_key(found, normalise.versions(found, pages), PROJECT)


def keys(case, ending):
    page = next((CORPUS / case).glob(f"*{ending}_1.json"))
    return {key.name.rpartition("/")[2]: key for key in reply(page, replies.ListCryptoKeys).crypto_keys}


@pytest.mark.parametrize(("file", "kind"), list(recordings()))
def test_every_recorded_reply_becomes_records(file, kind):
    found = reply(file, kind)
    for key in getattr(found, "crypto_keys", ()):
        made = key_of(key)
        assert isinstance(made.metadata, Metadata)
        assert made.container in made.id
    if isinstance(found, replies.IamPolicy):
        assert len(normalise_access.bindings((found,)).items) == len(found.bindings)
    if isinstance(found, replies.Role):
        assert normalise_access.role(found).custom


WATCHING = {"exclusions", "metrics", "sinks", "alertPolicies"}
"""Recorded listings that the test beside this one reads."""

NOT_ASKED = {"keys", "serviceAccounts", "projects", "topics", "gcuvtiqb"}
"""Recorded replies that no scan asks for: of service accounts, topics, a bucket, and an older list of projects."""


def test_the_recordings_were_all_looked_at():
    read = {one.values[0] for one in recordings()}
    left = {file.stem.rpartition("_")[0].rpartition("-")[2] for file in CORPUS.glob("*/*.json") if file not in read}
    assert len(read) > 60
    assert left == WATCHING | NOT_ASKED


def test_a_rotation_that_is_not_set_is_off():
    found = keys("kms-cryptokey-version-query", "cloud-custodian-cryptoKeys")
    rotation = key_of(found["cloud-custodian"]).rotation
    assert rotation == Rotation(enabled=False, period=None, next_at=None)


def test_periods_are_read_to_the_second():
    found = keys("kms-cryptokey-iam-policy", "cloud-custodian-test-cryptoKeys")
    rotation = key_of(found["test1"]).rotation
    assert (rotation.enabled, rotation.period) == (True, timedelta(seconds=8_467_200))
    assert rotation.next_at == datetime(2021, 9, 18, 7, 0, 0, 100909, tzinfo=UTC)


def test_rotation_of_a_year_and_of_a_month_are_told_apart():
    found = keys("kms-cryptokey-label", "c7n-kr-002c1dda-cryptoKeys")
    periods = {name: key_of(key).rotation.period for name, key in found.items()}
    assert set(periods.values()) >= {timedelta(days=365), timedelta(days=90)}


def test_a_key_whose_only_version_is_to_be_destroyed_is_pending_deletion():
    found = keys("kms-cryptokey-label", "c7n-dataproc-kr-8f5962e0-cryptoKeys")
    key = key_of(found["c7n-dataproc-key-8f5962e0"])
    assert (key.metadata.state, key.metadata.destroy_after) == (KeyState.PENDING_DELETION, timedelta(days=30))
    assert key.metadata.deletion_at == datetime(2026, 3, 7, 16, 12, 24, 628334, tzinfo=UTC)
    assert key.versions.items[0].word == "DESTROY_SCHEDULED"


def test_rows_count_and_not_the_total_that_a_reply_claims():
    found = keys("kms-cryptokey-version-query", "cloud-custodian-cryptoKeys")["cloud-custodian"]
    page = next((CORPUS / "kms-cryptokey-version-query").glob("*cryptoKeyVersions_1.json"))
    versions = key_of(found, reply(page, replies.ListCryptoKeyVersions)).versions
    assert isinstance(versions, Versions)
    assert len(versions.items) == 1


@pytest.mark.parametrize(
    ("key", "members"), [("test1", "allUsers"), ("test3", "allAuthenticatedUsers"), ("test2", "user:test123@gmail.com")]
)
def test_who_was_given_the_administration_of_a_key_is_read(key, members):
    file = next((CORPUS / "kms-cryptokey-iam-policy").glob(f"*{key}-getIamPolicy_1.json"))
    bindings = normalise_access.bindings((reply(file, replies.IamPolicy),)).items
    assert [item.members for item in bindings if item.role == "roles/cloudkms.admin"] == [(members,)]


def test_a_sweep_over_locations_mostly_finds_nothing_at_all():
    files = sorted((CORPUS / "kms-keyring-query-unspecified_location").glob("*keyRings_1.json"))
    rings = [len(reply(file, replies.ListKeyRings).key_rings) for file in files]
    assert (len(rings) > 20, rings.count(0) > len(rings) // 2) == (True, True)


def test_the_life_of_a_key_from_a_log_of_the_real_service_ends_with_a_destroyed_version():
    text = (CORPUS / "http_logs" / "kms__v1beta1__kmscryptokey__kmscryptokey.log").read_text()
    found = [
        _logged(body)
        for body in re.findall(r"^\{\n.*?^\}", text, re.MULTILINE | re.DOTALL)
        if '"rotationPeriod"' in body
    ]
    read = [convert(item, replies.CryptoKey) for item in found if item and item.get("createTime")]
    assert len(read) >= 3
    periods = [rotation.period for key in read if isinstance(rotation := normalise.rotation(key), Rotation)]
    assert {timedelta(days=2), timedelta(days=3), None} <= set(periods)


def _logged(body):
    """A key of the log, whose enumerations are numbers, as the SDK would give it."""
    message = resources.CryptoKey.pb(resources.CryptoKey())
    try:
        json_format.Parse(body, message, ignore_unknown_fields=True)
    except json_format.ParseError:
        return None
    return json_format.MessageToDict(message)


@pytest.mark.parametrize("text", ["", "7d", "1.s", "s", "-1s", "--1s", "1e3s"])
def test_a_duration_that_is_none_is_malformed(text):
    with pytest.raises(MalformedReplyError):
        normalise.duration(text)


def test_what_a_project_logs_of_access_to_data_is_read_with_its_bindings():
    file = next((CORPUS / "project-iam-policy").glob("*custodian-test-getIamPolicy_1.json"))
    logged = normalise_access.bindings((reply(file, replies.IamPolicy),)).logged
    assert [(item.service, item.kinds, item.exempted) for item in logged] == [
        ("allServices", ("DATA_READ", "DATA_WRITE"), ())
    ]
