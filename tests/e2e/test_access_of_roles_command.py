"""`keymuster access` on keys of Google Cloud and Azure, asked in their own words, of snapshots that stand on disk."""

import json
from datetime import UTC, datetime

import pytest

import records
import role_worlds as worlds
from commands import keymuster
from scanner.model.raw import CollectedShard
from scanner.snapshots.write import SnapshotWriter

ANN, APP = "user:ann@bank.example", "serviceAccount:app@bank.iam.gserviceaccount.com"
USER, ADMIN = "roles/cloudkms.cryptoKeyDecrypter", "roles/cloudkms.admin"
CRYPTO_USER, OWNER = "12338af0-0e69-4776-bea7-57ae8d297424", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
ONE, TWO = "aaaaaaaa-0000-4000-8000-000000000000", "bbbbbbbb-0000-4000-8000-000000000000"
UNTIL = 'request.time < timestamp("2099-01-01T00:00:00Z")'
GOOGLE = worlds.google(
    worlds.level("projects/bank", (ADMIN, ANN)),
    own=worlds.google_key(policy=worlds.given((USER, APP), condition=UNTIL)),
)
AZURE = worlds.azure(
    worlds.assigned(worlds.SUBSCRIPTION, (CRYPTO_USER, ONE, "User"), (OWNER, TWO, "User")), own=worlds.azure_key("card")
)


def stored(folder, *shards):
    writer = SnapshotWriter(folder)
    for one in shards:
        writer.write(CollectedShard(shard=one, raw=()))
    writer.finish(records.header(finished_at=datetime(2026, 12, 1, tzinfo=UTC)))
    return folder


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    return stored(tmp_path_factory.mktemp("stored") / "snapshot", AZURE, GOOGLE)


def ask(snapshot, *words):
    done = keymuster("access", *words, "--snapshot", snapshot)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_who_can_decrypt_a_key_of_google(snapshot):
    assert ask(snapshot, "who-can", "cloudkms.cryptoKeyVersions.useToDecrypt", worlds.KEY) == [
        f"who can cloudkms.cryptoKeyVersions.useToDecrypt {worlds.KEY.rpartition('/')[2]}",
        f"  ◐ service account or application: {APP}",
        "      cloudkms.cryptoKeyVersions.useToDecrypt",
        f"      by key {USER}",
        f"      if {UNTIL}",
        f"  ↗ user: {ANN}",
        f"      one step: cloudkms.cryptoKeys.setIamPolicy on the key itself (projects/bank {ADMIN})",
        "  not read, so that there may be more: policies on service accounts themselves (not collected)",
    ]


def test_who_can_decrypt_a_key_of_azure(snapshot):
    told = json.loads("\n".join(ask(snapshot, "who-can", "decrypt", "card", "--format", "json")))
    assert told["action"] == "Microsoft.KeyVault/vaults/keys/decrypt/action"
    assert {name: one["state"] for one in told["answers"] for name in one["principals"]} == {
        ONE: "always",
        TWO: "step",
    }


def test_what_a_principal_can_is_asked_of_its_own_cloud(snapshot):
    assert "    ◐ decrypt or sign" in ask(snapshot, "what-can", APP)
    assert "    ● decrypt or sign" in ask(snapshot, "what-can", ONE.upper())
    stranger = ask(snapshot, "what-can", "user:nobody@elsewhere.example")
    assert stranger[1:] == ["  nothing was found", "  not read: the groups that it belongs to"]


def test_why_supposes_what_it_is_told(snapshot):
    at = ("why", APP, "decrypt", worlds.KEY, "--context")
    action = "cloudkms.cryptoKeyVersions.useToDecrypt"
    assert ask(snapshot, *at, "request.time=2026-12-01T09:00:00Z")[0] == f"{action}: allowed"
    assert ask(snapshot, *at, "request.time=2100-01-01T00:00:00Z")[0] == f"{action}: denied"
    assert ask(snapshot, "why", ONE, "decrypt", "card")[0].endswith("decrypt/action: allowed")


def test_diff_tells_of_members_by_name(tmp_path, snapshot):
    later = worlds.google(worlds.level("projects/bank", (ADMIN, ANN)), own=worlds.google_key((USER, ANN)))
    new = stored(tmp_path / "new", AZURE, later)
    told = keymuster("access", "diff", snapshot, new).stdout.splitlines()
    assert f"{APP} can no longer decrypt or sign: k ({worlds.KEY})" in told
    assert f"{ANN} can now decrypt or sign: k ({worlds.KEY})" in told


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("who-can", "kms:Decrypt", "card"), "no action on this key"),
        (("who-can", "cloudkms.useToDecript", worlds.KEY), "nearest: cloudkms.cryptoKeyVersions.useToDecrypt"),
        (("why", ONE, "decrypt", worlds.KEY), "is no principal of the key's cloud"),
        (("what-can", "ann@bank.example"), "a member as Google writes it"),
    ],
)
def test_a_question_in_the_words_of_another_cloud_says_what_to_ask(snapshot, words, message):
    done = keymuster("access", *words, "--snapshot", snapshot)
    assert done.returncode == 2
    assert message in done.stderr
