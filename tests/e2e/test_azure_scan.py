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


def scan(world, folder, environment=None):
    with serve(world) as endpoint:
        config = {"providers": {"azure": configuration(endpoint)}, "outputs": {"formats": ["csv"]}}
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


def test_without_credentials_one_line_says_what_to_do(tmp_path):
    done = scan(two_vaults(), tmp_path, {"AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"})
    message, hint = done.stderr.splitlines()[-2:]
    assert (done.returncode, (tmp_path / "pack").exists()) == (3, False)
    assert message == "keymuster: Azure: no usable credentials were found"
    assert "az login" in hint
