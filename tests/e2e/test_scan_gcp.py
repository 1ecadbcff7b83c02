"""The command musters Google Cloud behind the real SDK, and judges what it stored a second time the same."""

from datetime import UTC, datetime

import pytest

from commands import keymuster
from scanner.simulator.gcp.bank import LENDING, MODELS, ORGANISATION, RISK, bank
from scanner.simulator.gcp.server import serve
from worlds import document

CONFIG = """
providers:
  gcp:
    discover: [{organisation}]
    endpoint_url: {url}
    rate_limiter: false
    max_attempts: 2
outputs: {{formats: [csv]}}
"""


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("google")
    with serve(bank(datetime.now(UTC))) as endpoint:  # noqa: TID251 (a scan measures ages from the real moment)
        (folder / "keymuster.yaml").write_text(CONFIG.format(organisation=ORGANISATION, url=endpoint.url))
        done = keymuster("scan", "-c", folder / "keymuster.yaml", "--out", folder / "pack")
    assert done.returncode == 1, done.stderr
    return folder / "pack"


def verdicts(pack):
    found = document(pack, "findings.json")["findings"]
    return {(item["rule"], item["subject"]["name"]): item["verdict"] for item in found}


def test_the_bad_keys_of_the_bank_fail_the_rules_they_break(pack):
    found = verdicts(pack)
    assert {
        ("KEY-ROT-001", "no-rotation"),
        ("KEY-ROT-002", "slow-rotation"),
        ("KEY-ROT-021", "gone-back"),
        ("KEY-ROT-022", "put-off"),
        ("KEY-DEL-001", "branch-files"),
        ("KEY-DEL-004", "branch-files"),
        ("KEY-DEL-006", "one-day-wait"),
        ("KEY-DEL-021", "old-version-waits"),
        ("KEY-ACC-002", "leaver"),
        ("KEY-ACC-004", "open-to-all"),
        ("KEY-ACC-008", "one-hand"),
        ("KEY-ACC-024", "in-software"),
        ("KEY-COV-008", "branch-share"),
    } <= {place for place, verdict in found.items() if verdict == "fail"}


def test_what_could_not_be_read_is_open_there_and_nowhere_else(pack):
    hidden = {name for (rule, name), verdict in verdicts(pack).items() if verdict == "unknown" and "ACC" in rule}
    assert hidden == {"scoring"}


def test_a_good_key_breaks_no_rule(pack):
    assert not [rule for rule, name in verdicts(pack) if name in {"exposure", "market-data", "stress-tests", "archive"}]


def test_the_population_names_every_project(pack):
    scopes = document(pack, "collection.json")["scopes"]
    assert {scope["status"] for scope in scopes} == {"scanned", "closed", "not_enabled"}
    assert RISK in {scope["account"] for scope in scopes}


def test_what_was_stored_is_judged_the_same_again(pack, tmp_path):
    done = keymuster("evaluate", pack, "--out", tmp_path / "again")
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "again" / "findings.json").read_bytes() == (pack / "findings.json").read_bytes()


def under(pack, name):
    """The row of a key that says what rests on it."""
    return next(row for row in document(pack, "protection.json")["keys"] if row["name"] == name)


def test_what_google_alone_names_rests_on_a_key_and_what_a_listing_shows_too_stands_once(pack):
    doomed = under(pack, "branch-files")
    assert [
        (item["name"], item["kind"], item["word"], item["account"], item["region"]) for item in doomed["stores"]
    ] == [
        ("branch-scores", "other", "composer.googleapis.com/Environment", MODELS, "europe-west3"),
        ("branch-share", "volume", None, LENDING, "europe-west3"),
    ]
    assert (doomed["counted"], doomed["named"]) == (2, 2)
    assert under(pack, "switched-off")["counts"] == {"topic": 1, "cluster": 1}


def test_one_key_is_shown_with_what_google_names_under_it(pack):
    told = keymuster("show", under(pack, "branch-files")["key"], "--snapshot", pack / "snapshot").stdout
    assert "branch-scores" in told
    assert f"(composer.googleapis.com/Environment, {MODELS}, europe-west3, for how long was not told)" in told


def test_what_several_locations_rest_on_is_in_the_pack_once_and_its_digest_too(pack):
    shared = sorted(file.relative_to(pack) for file in pack.rglob("shared_*"))
    assert [file.parent.name for file in shared] == [LENDING, RISK]
    sums = (pack / "SHA256SUMS").read_text()
    assert all(file.as_posix() in sums for file in shared)
