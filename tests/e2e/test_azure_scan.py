"""`keymuster scan` against a living Azure: judged, denied in one place, and without credentials."""

import json

from azure_worlds import PAYMENTS, ROTATING, configuration
from commands import keymuster
from scanner.simulator.azure.faults import Effect, Fault
from scanner.simulator.azure.server import serve
from scanner.simulator.azure.world import World
from worlds import document, now

TAGS = {"owner": "payments", "purpose": "cards", "data-class": "restricted", "environment": "prod"}


def two_vaults():
    world = World(now())
    world.add_subscription(PAYMENTS, "payments")
    private = {"properties": {"privateLinkServiceConnectionState": {"status": "Approved"}}, "id": "/c/1"}
    for name in ("kv-fine", "kv-shut"):
        world.add_vault(
            name,
            subscription=PAYMENTS,
            purge_protection=True,
            public_access="Disabled",
            private_connections=[private],
        )
        world.log(name)
        world.add_key(name, "card", policy=ROTATING, tags=TAGS, kty="RSA-HSM", age_days=300, rotated_days_ago=(20,))
    return world


def scan(world, folder, environment=None, **changes):
    with serve(world) as endpoint:
        config = {"providers": {"azure": configuration(endpoint, **changes)}, "outputs": {"formats": ["csv"]}}
        (folder / "keymuster.yaml").write_text(json.dumps(config))
        own = world.credentials() if environment is None else environment
        arguments = ("scan", "-c", "keymuster.yaml", "--out", "pack")
        return keymuster(*arguments, environment={"HOME": str(folder), **own}, folder=folder)


def verdicts(folder, rule):
    found = document(folder / "pack", "findings.json")["findings"]
    return {row["subject"]["id"]: row["verdict"] for row in found if row["rule"] == rule}


def test_what_is_wrong_is_found_and_what_is_right_is_not(tmp_path):
    world = two_vaults()
    world.set_policy("kv-shut", "card", None)
    world.vaults["kv-shut"].purge_protection = None
    done = scan(world, tmp_path)
    assert done.returncode in {1, 4}
    assert verdicts(tmp_path, "KEY-ROT-001") == {"https://kv-shut.vault.azure.net/keys/card": "fail"}
    assert list(verdicts(tmp_path, "KEY-VLT-001").values()) == ["fail"]
    assert document(tmp_path / "pack", "collection.json")["simulated"] is True


def test_one_vault_that_is_shut_is_unknown_there_and_named(tmp_path):
    world = two_vaults()
    world.faults.append(Fault(effect=Effect.FIREWALL, path="^/vaults/kv-shut/"))
    done = scan(world, tmp_path)
    assert done.returncode == 4
    assert verdicts(tmp_path, "KEY-ROT-001") == {"https://kv-shut.vault.azure.net/keys/card": "unknown"}
    assert "Could not read Microsoft.KeyVault/vaults/keys/read" in done.stdout


def test_alerts_and_logs_that_are_denied_are_named_and_no_verdict_changes(tmp_path):
    world = two_vaults()
    world.faults += [
        Fault(effect=Effect.DENY, path="actionGroups$"),
        Fault(effect=Effect.DENY, path="eventtypes/management/values"),
        Fault(effect=Effect.DENY, path="^/v1/workspaces/"),
    ]
    done = scan(world, tmp_path, log_workspace=next(iter(world.workspaces)))
    assert done.returncode == 0
    found = document(tmp_path / "pack", "collection.json")
    around = {scope["region"]: {(one["group"], one["call"]) for one in scope["around"]} for scope in found["scopes"]}
    logs = {
        ("events", "Microsoft.OperationalInsights/workspaces/query/read"),
        ("changes", "Microsoft.Insights/eventtypes/values/read"),
    }
    assert around == {"westeurope": logs, "global": logs | {("groups", "Microsoft.Insights/actionGroups/read")}}
    assert (
        "Action groups and their receivers were not read in 1 scope (Microsoft.Insights/actionGroups/read: denied); "
        "no rule judges that yet."
    ) in found["limitations"]


def test_without_a_workspace_the_report_says_that_the_vaults_logs_were_not_collected(tmp_path):
    assert scan(two_vaults(), tmp_path).returncode == 0
    said = document(tmp_path / "pack", "collection.json")["limitations"]
    assert any("What was done to keys was not read in 2 scopes" in one and "not collected" in one for one in said)


def test_without_credentials_one_line_says_what_to_do(tmp_path):
    done = scan(two_vaults(), tmp_path, {"AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"})
    message, hint = done.stderr.splitlines()[-2:]
    assert (done.returncode, (tmp_path / "pack").exists()) == (3, False)
    assert message == "keymuster: Azure: no usable credentials were found"
    assert "az login" in hint
