"""`keymuster show`: one key of a stored snapshot, however it is called."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

import records
from commands import keymuster
from scanner.model.key import Aliases
from scanner.model.raw import CollectedShard, RawResponse
from scanner.model.store import AliasTable, DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.snapshots.write import SnapshotWriter

HEADER = records.header(finished_at=datetime(2026, 12, 1, tzinfo=UTC))
SECOND = "us-east-1"
PAYMENTS = records.key()
TWIN = records.key(
    id=PAYMENTS.id.replace(records.REGION, SECOND).replace("1234abcd", "ffff0000"),
    region=SECOND,
    aliases=Aliases(names=("alias/ledger", "alias/payments")),
)
UNNAMED = records.key(
    id=PAYMENTS.id.replace("1234abcd", "99990000"),
    aliases=records.unread("aliases"),
    tags=records.unread("tags"),
)
ELSEWHERE = PAYMENTS.id.replace(records.ACCOUNT, "999999999999")
GONE = PAYMENTS.id.replace("1234abcd", "dead0000")
ANSWERED = records.AS_OF + timedelta(seconds=5)


def raw(name: str) -> RawResponse:
    empty = msgspec.Raw(b"{}")
    return RawResponse(
        id=name,
        call="kms:DescribeKey",
        operation="DescribeKey",
        params=empty,
        request_id="req-metadata",
        at=ANSWERED,
        status=200,
        error=None,
        length=2,
        sha256="0" * 64,
        body=empty,
        body_sha256="0" * 64,
    )


def store() -> DataStore:
    return DataStore(
        id="arn:aws:s3:::statements",
        provider=PAYMENTS.provider,
        account=records.ACCOUNT,
        region=records.REGION,
        type=StoreKind.BUCKET,
        name="statements",
        copy=CopyKind.ORIGINAL,
        of=None,
        encryption=Encryption(encrypted=True, key=ELSEWHERE),
        created_at=None,
        expires_at=None,
        source={},
        evidence=(),
    )


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    """Two account-regions with an alias in both, and a third whose keys could not be listed."""
    folder = tmp_path_factory.mktemp("show") / "snapshot"
    writer = SnapshotWriter(folder)
    aliases = AliasTable(targets={"alias/retired": GONE.rpartition("/")[2], "alias/aws/rds": None})
    here = records.shard(
        PAYMENTS,
        UNNAMED,
        audit=records.audit(records.trail(key=GONE)),
        inventory=records.inventory(aliases=aliases),
        stores=(store(),),
    )
    writer.write(CollectedShard(shard=here, raw=(raw("raw-metadata"),)))
    writer.write(CollectedShard(shard=records.shard(TWIN, scope=records.scope(region=SECOND), audit=None), raw=()))
    denied = records.scope(region="eu-west-1", keys=records.unread("keys"))
    writer.write(CollectedShard(shard=records.shard(scope=denied, audit=None), raw=()))
    writer.finish(HEADER)
    return folder


@pytest.mark.parametrize(
    "name",
    [
        TWIN.id,
        TWIN.id.rpartition("/")[2],
        "alias/ledger",
        "ledger",
        f"arn:aws:kms:{SECOND}:{records.ACCOUNT}:alias/payments",
    ],
)
def test_a_key_is_found_by_arn_id_alias_and_alias_arn(snapshot, name):
    done = keymuster("show", name, "--snapshot", snapshot, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["id"] == TWIN.id


def test_a_name_of_two_keys_lists_both_and_is_a_usage_error(snapshot):
    done = keymuster("show", "alias/payments", "--snapshot", snapshot)
    assert (done.returncode, done.stdout) == (2, "")
    assert "means 2 keys" in done.stderr
    assert all(key.id in done.stderr for key in (PAYMENTS, TWIN))


def test_an_unknown_name_says_the_nearest_and_what_could_not_be_seen(snapshot):
    done = keymuster("show", "alias/legder", "--snapshot", snapshot)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nearest: alias/ledger" in done.stderr
    assert f"keys could not be listed: aws:{records.ACCOUNT}:eu-west-1" in done.stderr
    assert "the aliases of 1 key were not read" in done.stderr


def test_a_key_that_only_stores_refer_to_says_so(snapshot):
    done = keymuster("show", ELSEWHERE, "--snapshot", snapshot)
    assert done.returncode == 2
    assert f"{ELSEWHERE} is not in the snapshot; 1 bucket under it" in done.stderr


@pytest.mark.parametrize("name", [GONE, GONE.rpartition("/")[2]])
def test_a_key_that_is_gone_is_named_whole_with_what_rests_on_it(snapshot, name):
    done = keymuster("show", name, "--snapshot", snapshot)
    assert done.returncode == 2
    assert f"{GONE} is gone: where it was lists it no more; 1 trail's log files under it" in done.stderr


@pytest.mark.parametrize("name", ["alias/retired", "retired", f"{GONE.partition('key/')[0]}alias/retired"])
def test_an_alias_of_a_key_that_is_gone_says_which(snapshot, name):
    done = keymuster("show", name, "--snapshot", snapshot)
    place = f"aws:{records.ACCOUNT}:{records.REGION}"
    assert f"alias/retired of {place} points at {GONE}, which is gone" in done.stderr
    assert f"{GONE} is gone" in done.stderr


def test_an_alias_that_points_at_nothing_is_said_to(snapshot):
    done = keymuster("show", "alias/aws/rds", "--snapshot", snapshot)
    assert f"alias/aws/rds of aws:{records.ACCOUNT}:{records.REGION} points at no key" in done.stderr


def test_the_beginning_of_several_names_lists_whose_it_is(snapshot):
    done = keymuster("show", PAYMENTS.id[:-20], "--snapshot", snapshot)
    assert done.returncode == 2
    assert f"1 key begins so: {PAYMENTS.id}" in done.stderr
    assert "keys begin so" in keymuster("show", "alias/p", "--snapshot", snapshot).stderr


def test_a_hostile_name_in_the_arguments_is_spelled_out(snapshot):
    done = keymuster("show", "a\x1b[31m\u202eb", "--snapshot", snapshot)
    assert done.returncode == 2
    assert "a[U+001B][31m[U+202E]b" in done.stderr


def test_verdicts_are_those_of_evaluate_and_evidence_has_its_time(snapshot):
    shown = json.loads(keymuster("show", PAYMENTS.id, "--snapshot", snapshot, "--format", "json").stdout)
    judged = json.loads(keymuster("evaluate", snapshot, "--format", "json").stdout)
    fails = {item["rule"] for item in judged["findings"] if item["subject"]["id"] == PAYMENTS.id}
    assert {item["rule"] for item in shown["verdicts"] if item["verdict"] in {"fail", "unknown"}} == fails
    assert [item["answered_at"] for item in shown["evidence"]] == ["2026-11-24T06:00:05Z"]


def test_the_text_says_what_was_not_read(snapshot):
    done = keymuster("show", UNNAMED.id, "--snapshot", snapshot)
    assert done.returncode == 0
    assert "SIMULATED: NOT EVIDENCE" in done.stdout.splitlines()[:3]
    assert "not read: tag:GetResources (denied)" in done.stdout


def test_waivers_and_policies_are_those_of_the_configuration_or_of_the_pack(snapshot, tmp_path):
    (tmp_path / "keymuster.yaml").write_text(
        "providers: {aws: {}}\ntags: {owner: {keys: [team]}}\noutputs: {folder: mine, formats: [csv]}\n"
    )
    keymuster("evaluate", snapshot, "-c", "keymuster.yaml", "--out", "mine", folder=tmp_path)
    arguments = ("show", "alias/ledger", "--format", "json")
    of_pack = keymuster(*arguments, folder=tmp_path)
    configured = keymuster(*arguments, "-c", "keymuster.yaml", "--snapshot", snapshot, folder=tmp_path)
    assert of_pack.returncode == 0
    assert of_pack.stdout == configured.stdout
    assert json.loads(of_pack.stdout)["facts"]["tags"]["owner"] is None


def test_without_a_pack_it_says_which_folder_it_looked_for(tmp_path):
    done = keymuster("show", "alias/ledger", folder=tmp_path)
    assert done.returncode == 2
    assert "keymuster-pack: no snapshot here" in done.stderr


def test_two_runs_print_the_same_bytes(snapshot):
    first, second = (keymuster("show", PAYMENTS.id, "--snapshot", snapshot).stdout for _ in range(2))
    assert first == second != ""


def test_the_completion_knows_the_command():
    assert "--snapshot" in keymuster("completion", "bash").stdout
    assert "show" in keymuster("completion", "zsh").stdout
