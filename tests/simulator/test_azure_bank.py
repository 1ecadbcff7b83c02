"""Meridian Bank's Azure tenant is read by the real SDK, and what is wrong in it is found where it is wrong."""

import json
from datetime import UTC, datetime

from commands import keymuster
from scanner.cli.clock import now
from scanner.config.schema import AzureConfig
from scanner.providers.azure.collect import AzureProvider
from scanner.providers.retelling import Deaf
from scanner.simulator import demo
from scanner.simulator.aws.bank import bank as aws_bank
from scanner.simulator.azure.bank import BRANCHES, GOOD, HOME, RETIRED, SANDBOX, WEALTH, bank
from scanner.simulator.azure.server import serve
from worlds import document

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)

WRONG = {
    "KEY-VLT-001": {"kv-branches", "kv-closed-branch"},
    "KEY-VLT-002": {"kv-branches"},
    "KEY-VLT-003": {"kv-closed-branch"},
    "KEY-VLT-004": {"kv-branches"},
    "KEY-VLT-006": {"kv-branches"},
    "KEY-VLT-008": {"kv-branches"},
    "KEY-ROT-001": {"queue-tickets", "printers"},
    "KEY-ROT-002": {"safe-deposit"},
    "KEY-ROT-003": {"camera-archive"},
    "KEY-EXP-001": {"queue-tickets", "printers", "door-locks"},
    "KEY-EXP-002": {"camera-archive"},
    "KEY-EXP-003": {"safe-deposit"},
    "KEY-DEL-001": {"old-ledger"},
    "KEY-DEL-004": {"old-ledger"},
    "KEY-COV-007": {"branch-scratch"},
    "KEY-COV-008": {"branch-ledger"},
    "KEY-TAG-001": {"door-locks"},
}


def test_equal_moments_give_equal_keys_and_dates():
    first, second = bank(NOW), bank(NOW)
    assert [vault.keys for vault in first.vaults.values()] == [vault.keys for vault in second.vaults.values()]
    assert {item.id for item in first.subscriptions.values()} == {WEALTH, BRANCHES, SANDBOX, RETIRED}


def test_vaults_are_watched_over_well_and_badly_and_what_was_done_is_told(monkeypatch):
    world = bank(NOW)
    shards = []
    for name, value in world.credentials().items():
        monkeypatch.setenv(name, value)
    with serve(world) as endpoint:
        whole = json.loads(demo.configuration("http://127.0.0.1:1", microsoft=endpoint))
        config = AzureConfig.model_validate_json(json.dumps(whole["providers"]["azure"]))
        AzureProvider(config, clock=lambda: NOW, as_of=NOW).collect(shards.append, Deaf())
    found = {(one.shard.scope.account, one.shard.scope.region): one.shard for one in shards}
    well, badly = (found[account, "global"].watching for account in (WEALTH, BRANCHES))
    assert [alert.enabled for alert in (*well.activity.items, *badly.activity.items)] == [True, False]
    assert [alert.muted_for for alert in (*well.queries.items, *badly.queries.items)] == [None, "P1D"]
    statuses = [[one.status for one in group.receivers] for group in (*well.groups.items, *badly.groups.items)]
    assert statuses == [["Enabled"], ["NotSpecified", "Disabled"]]
    assert (len(well.subscriptions.items), len(badly.subscriptions.items)) == (1, 0)
    here = found[WEALTH, HOME]
    assert [event.call for event in here.history.events.items] == ["KeyUpdate", "KeyUpdate", "KeyDelete", "KeyRecover"]
    locked = [one.name for one in here.containers if one.locks.items]
    assert (here.history.unseen, locked) == ((), ["kv-wealth"])
    assert len(found[BRANCHES, HOME].history.unseen) == 2


def test_what_is_wrong_is_found_and_what_is_kept_well_is_not(tmp_path):
    world = bank(now())
    with serve(world) as endpoint:
        whole = json.loads(demo.configuration("http://127.0.0.1:1", microsoft=endpoint))
        config = {
            "providers": {"azure": whole["providers"]["azure"]},
            "tags": whole["tags"],
            "outputs": {"formats": []},
        }
        (tmp_path / "keymuster.yaml").write_text(json.dumps(config))
        environment = demo.credentials(aws_bank(now()), {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, world)
        done = keymuster(*("scan", "-c", "keymuster.yaml", "--out", "pack"), environment=environment, folder=tmp_path)
    assert done.returncode == 1
    found = document(tmp_path / "pack", "findings.json")["findings"]
    fails = {
        rule: {
            row["subject"]["id"].rsplit("/", 1)[-1] for row in found if (row["rule"], row["verdict"]) == (rule, "fail")
        }
        for rule in WRONG
    }
    assert fails == WRONG
    well_kept = {name for names in GOOD.values() for name in names}
    assert {row["subject"]["id"].rsplit("/", 1)[-1] for row in found if row["verdict"] == "fail"} & well_kept == set()
    statuses = {scope["account"]: scope["status"] for scope in document(tmp_path / "pack", "collection.json")["scopes"]}
    assert (statuses[SANDBOX], statuses[RETIRED], statuses[WEALTH]) == ("excluded", "closed", "scanned")
