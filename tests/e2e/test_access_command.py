"""`keymuster access`: questions about a stored snapshot, in words and as JSON."""

import json
from datetime import UTC, datetime

import pytest

import access_worlds as worlds
import records
from commands import keymuster
from scanner.model.raw import CollectedIdentities, CollectedOrganisation, CollectedShard
from scanner.model.snapshot import Shard
from scanner.snapshots.write import SnapshotWriter

HEADER = records.header(finished_at=datetime(2026, 12, 1, tzinfo=UTC))
DECRYPT = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}
APP, ADMIN = (
    worlds.role("app", DECRYPT),
    worlds.role("admin", {**DECRYPT, "Action": "kms:PutKeyPolicy", "Condition": MFA}),
)
KEY = worlds.key(worlds.delegation(), aliases=("alias/payments",))
BY_POLICY = "key policy account -> identity policy inline[0]"
SECOND = worlds.key(worlds.delegation(), worlds.delegation(worlds.OTHER), name="k2")


def stored(folder, *keys, people=(APP, ADMIN)):
    writer = SnapshotWriter(folder)
    scope = records.scope(provider=KEY.provider, account=KEY.account, region=KEY.region)
    shard = Shard(scope=scope, audit=None, keys=tuple(sorted(keys, key=lambda key: key.id)))
    identities = CollectedIdentities(identities=worlds.identities(*people), raw=())
    writer.write(CollectedShard(shard=shard, raw=(), identities=identities))
    writer.write_organisation(CollectedOrganisation(tree=worlds.tree(), raw=()))
    writer.finish(HEADER)
    return folder


@pytest.fixture
def snapshot(tmp_path):
    return stored(tmp_path / "snapshot", KEY, SECOND)


def ask(snapshot, *words):
    done = keymuster("access", *words, "--snapshot", snapshot)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_who_can_names_who_can_and_who_is_a_step_away(snapshot):
    assert ask(snapshot, "who-can", "decrypt", "alias/payments").splitlines() == [
        "who can kms:Decrypt alias/payments",
        f"  ● role: {APP.id}",
        "      Decrypt",
        f"      by {BY_POLICY}",
        f"  ● root user: arn:aws:iam::{worlds.HOME}:root",
        "      Decrypt",
        "      by key policy account",
        f"  ↗ role: {ADMIN.id}",
        f"      one step: kms:PutKeyPolicy on {KEY.id}, under conditions ({BY_POLICY})",
    ]


def test_what_was_not_read_is_told_and_nobody_is_ruled_out(snapshot):
    told = ask(snapshot, "who-can", "use-plaintext", SECOND.id)
    assert f"  ? account, its principals not read: {worlds.OTHER}" in told
    assert f"not read, so that there may be more: the identities of {worlds.OTHER} (not collected)" in told
    assert "cannot" not in told


def test_who_can_as_json_names_everything(snapshot):
    told = json.loads(ask(snapshot, "who-can", "policy", KEY.id, "--format", "json"))
    states = {name: one["state"] for one in told["answers"] for name in one["principals"]}
    assert states[ADMIN.id] == "conditional"
    assert told["nobody"] == 1
    assert told["gaps"] == []


def test_what_can_lists_keys_by_what_can_be_done(snapshot):
    told = ask(snapshot, "what-can", APP.id)
    assert told.count("● decrypt or sign") == 2
    assert "alias/payments" in told


def test_what_can_says_that_a_stranger_was_not_read(snapshot):
    told = ask(snapshot, "what-can", worlds.arn("role", "etl", worlds.OTHER))
    assert "? decrypt or sign" in told
    assert "not read: its own policies" in told


def test_why_follows_one_decision(snapshot):
    told = ask(snapshot, "why", ADMIN.id, "kms:putkeypolicy", "alias/payments")
    assert told.splitlines() == [
        "kms:PutKeyPolicy: allowed under conditions",
        f"  by {BY_POLICY}",
        "  if BoolIfExists aws:MultiFactorAuthPresent true",
    ]
    settled = ask(snapshot, "why", ADMIN.id, "PutKeyPolicy", KEY.id, "--context", "aws:MultiFactorAuthPresent=true")
    assert settled.splitlines()[0] == "kms:PutKeyPolicy: allowed"
    denied = ask(snapshot, "why", APP.id, "kms:Encrypt", KEY.id)
    assert denied.splitlines() == ["kms:Encrypt: denied", "  nothing that was read allows it"]


def test_diff_says_who_gained_and_who_lost(tmp_path):
    old = stored(tmp_path / "old", KEY, people=(APP, ADMIN))
    idle = worlds.role("app")
    gained = worlds.role("fresh", DECRYPT)
    new = stored(tmp_path / "new", KEY, SECOND, people=(idle, ADMIN, gained))
    done = keymuster("access", "diff", old, new)
    assert done.stdout.splitlines() == [
        f"{idle.id} can no longer decrypt or sign: alias/payments ({KEY.id})",
        f"{gained.id} can now decrypt or sign: alias/payments ({KEY.id})",
        f"new key, see who-can: {SECOND.id}",
    ]
    told = json.loads(keymuster("access", "diff", old, new, "--format", "json").stdout)
    assert [(one["principal"], one["before"], one["after"]) for one in told["changes"]] == [
        (idle.id, "always", "none"),
        (gained.id, "none", "always"),
    ]


def test_diff_tells_actions_and_conditions_within_a_class(tmp_path):
    def writer(*actions):
        return worlds.role("writer", {**DECRYPT, "Action": actions})

    def reader(condition):
        return worlds.role("reader", {**DECRYPT, "Condition": condition})

    mfa, network = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    old = stored(tmp_path / "old", KEY, people=(writer("kms:GenerateDataKey"), reader(mfa)))
    new = stored(tmp_path / "new", KEY, people=(writer("kms:GenerateDataKey", "kms:Decrypt"), reader(network)))
    where = f"alias/payments ({KEY.id})"
    assert keymuster("access", "diff", old, new).stdout.splitlines() == [
        f"{reader(mfa).id} can decrypt or sign under other conditions (IpAddress aws:SourceIp 192.0.2.0/24): {where}",
        f"{writer().id} can now also Decrypt: {where}",
    ]
    assert (
        keymuster("access", "diff", new, old).stdout.splitlines()[1] == f"{writer().id} can no longer Decrypt: {where}"
    )
    (_, change) = json.loads(keymuster("access", "diff", old, new, "--format", "json").stdout)["changes"]
    assert (change["before"], change["after"], change["gained"], change["lost"]) == (
        "always",
        "always",
        ["Decrypt"],
        [],
    )
    same = keymuster("access", "diff", old, old).stdout
    assert same == "nobody's strongest access changed at the keys in both snapshots\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("who-can", "decript", "alias/payments"), "nearest: Decrypt"),
        (("who-can", "decrypt", "alias/payment"), "nearest: alias/payments"),
        (("what-can", "app"), "give the whole ARN"),
        (("why", APP.id, "destroy", KEY.id), "name one action"),
        (("why", APP.id, "decrypt", KEY.id, "--context", "mfa"), "expected KEY=VALUE"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_to_ask(snapshot, words, message):
    done = keymuster("access", *words, "--snapshot", snapshot)
    assert done.returncode == 2
    assert message in done.stderr
