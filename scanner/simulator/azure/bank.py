"""Meridian Bank's Azure tenant: good vaults, bad ones, and what cannot be read. Judges nothing; it only exists."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Unpack

from scanner.simulator.azure.bank_watching import watch_badly, watch_well
from scanner.simulator.azure.building import KeyTraits
from scanner.simulator.azure.faults import Effect, Fault
from scanner.simulator.azure.records import Document, guid
from scanner.simulator.azure.world import World

WEALTH, BRANCHES, SANDBOX, RETIRED = (guid(f"meridian {name}") for name in ("wealth", "branches", "sandbox", "retired"))
WORKSPACE = (
    f"/subscriptions/{WEALTH}/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/meridian-audit"
)
"""The workspace that keeps the logs of vaults."""

HOME, NORTH = "germanywestcentral", "northeurope"

ROTATING: Document = {
    "lifetimeActions": [
        {"trigger": {"timeAfterCreate": "P90D"}, "action": {"type": "Rotate"}},
        {"trigger": {"timeBeforeExpiry": "P30D"}, "action": {"type": "Notify"}},
    ],
    "attributes": {"expiryTime": "P1Y"},
}
LATE: Document = {
    **ROTATING,
    "lifetimeActions": [{"trigger": {"timeAfterCreate": "P2Y"}, "action": {"type": "Rotate"}}],
}
NEVER_DUE: Document = {
    "lifetimeActions": [{"trigger": {"timeBeforeExpiry": "P30D"}, "action": {"type": "Rotate"}}],
    "attributes": {"expiryTime": "P90D"},
}

GOOD: Mapping[str, tuple[str, ...]] = {
    "kv-wealth": ("portfolios", "mandates", "statements", "custody"),
    "kv-advice": ("sessions", "profiles"),
}
"""Keys with nothing to say against them, by vault."""

_PRIVATE: Document = {
    "id": "/connections/private",
    "properties": {"privateLinkServiceConnectionState": {"status": "Approved"}},
}
_OFFICE: Document = {"defaultAction": "Deny", "bypass": "AzureServices", "ipRules": [{"value": "203.0.113.0/24"}]}
_KEEPER: Document = {
    "actions": [],
    "notActions": [],
    "dataActions": [
        f"Microsoft.KeyVault/vaults/keys/{verb}" for verb in ("read", "create/action", "update/action", "rotate/action")
    ],
    "notDataActions": [],
}
_EVERYBODY: Document = {**_OFFICE, "ipRules": [{"value": "0.0.0.0/1"}, {"value": "128.0.0.0/1"}]}


def bank(now: datetime) -> World:
    """The tenant as it stands at `now`; equal moments give equal ids and dates."""
    world = World(now)
    world.add_subscription(WEALTH, "wealth")
    world.add_subscription(BRANCHES, "branches")
    world.add_subscription(SANDBOX, "sandbox")
    world.add_subscription(RETIRED, "retired", state="Disabled")
    world.add_workspace(WEALTH, "meridian-audit", retention=365)
    _wealth(world)
    _branches(world)
    _given(world)
    _stores(world)
    _watched(world)
    world.faults += [
        Fault(effect=Effect.FIREWALL, path="^/vaults/kv-atm/"),
        Fault(effect=Effect.DENY_BY_ROLE, path="^/vaults/kv-wealth/keys/custody/rotationpolicy"),
    ]
    return world


def _wealth(world: World) -> None:
    """A subscription that is kept well: private vaults, roles, a managed HSM."""
    for name in GOOD:
        world.add_vault(
            name,
            subscription=WEALTH,
            location=HOME,
            sku="premium",
            purge_protection=True,
            public_access="Disabled",
            private_connections=[_PRIVATE],
            tags={"owner": "wealth"},
        )
    world.add_vault(
        "hsm-wealth",
        subscription=WEALTH,
        location=HOME,
        is_hsm=True,
        purge_protection=True,
        acls=_OFFICE,
        private_connections=[_PRIVATE],
    )
    for name in ("kv-wealth", "hsm-wealth"):
        world.log(name, workspace=WORKSPACE)
    world.log("kv-advice", "allLogs", workspace=WORKSPACE)
    for vault, names in GOOD.items():
        for number, name in enumerate(names):
            _add(world, vault, name, kty="RSA-HSM", age_days=300 + 20 * number, rotated_days_ago=(150, 60))
    _add(world, "hsm-wealth", "vault-of-vaults", kty="oct-HSM", bits=256, rotated_days_ago=(45,))


def _branches(world: World) -> None:
    """One that is not: access policies, no purge protection, open networks, keys of every kind of neglect."""
    everything: Document = {
        "tenantId": world.tenant,
        "objectId": guid("branch operations"),
        "permissions": {"keys": ["Get", "List", "Decrypt", "UnwrapKey", "Delete", "Purge"]},
    }
    world.add_vault(
        "kv-branches",
        subscription=BRANCHES,
        group="rg-branches",
        location=HOME,
        retention=7,
        rbac=None,
        acls=_EVERYBODY,
        access_policies=[everything],
    )
    world.add_vault(
        "kv-atm", subscription=BRANCHES, group="rg-atm", location=NORTH, purge_protection=True, acls=_OFFICE
    )
    world.add_vault("kv-closed-branch", subscription=BRANCHES, group="rg-branches", location=HOME)
    world.log("kv-branches", "AuditEvent", enabled=False)
    world.log("kv-atm", "audit", workspace=WORKSPACE)
    _add(world, "kv-branches", "queue-tickets", policy=None, age_days=900)
    _add(world, "kv-branches", "safe-deposit", policy=LATE, age_days=200, expires_in_days=165)
    _add(world, "kv-branches", "printers", policy=NEVER_DUE, age_days=400)
    _add(
        world, "kv-branches", "camera-archive", age_days=500, rotated_days_ago=(350,), expires_in_days=-3, enabled=True
    )
    _add(world, "kv-branches", "door-locks", age_days=100, enabled=False, tags={})
    _add(world, "kv-branches", "teller-tls", policy=None, managed=True, age_days=30, expires_in_days=335)
    _add(world, "kv-branches", "old-ledger", age_days=700)
    _add(world, "kv-atm", "cassettes", rotated_days_ago=(40,))
    _add(world, "kv-closed-branch", "ledger", rotated_days_ago=(30,))
    world.delete("kv-branches", "old-ledger")
    world.delete_vault("kv-closed-branch")


def _given(world: World) -> None:
    """Roles: few and narrow in one subscription, broad in the other."""
    wealth, branches = f"/subscriptions/{WEALTH}", f"/subscriptions/{BRANCHES}"
    world.give("Owner", guid("platform lead"), "/providers/Microsoft.Management/managementGroups/meridian")
    world.give("Key Vault Crypto User", guid("wealth app"), world.vaults["kv-wealth"].id, kind="ServicePrincipal")
    world.add_role("Key Keeper", _KEEPER)
    world.give("Key Keeper", guid("key office"), wealth, kind="Group")
    world.give("Contributor", guid("branch operations"), branches, kind="Group")
    world.give("Key Vault Reader", guid("auditor"), branches, kind="ServicePrincipal")


def _watched(world: World) -> None:
    """Who is told of what, and a day on which an operator switched a key off and deleted another by mistake."""
    watch_well(world, WEALTH, "kv-wealth", WORKSPACE)
    watch_badly(world, BRANCHES, WORKSPACE)
    today = world.clock
    for hours, do, name in (
        (30, world.disable, "profiles"),
        (29, world.enable, "profiles"),
        (28, world.delete, "sessions"),
        (27, world.recover, "sessions"),
    ):
        world.clock = today - timedelta(hours=hours)
        do("kv-advice", name)
    world.clock = today


def _stores(world: World) -> None:
    """What rests on the keys: well kept data, one database on a key that is gone, and disks under Azure's own."""
    custody = f"https://kv-wealth.vault.azure.net/keys/custody/{world.key('kv-wealth', 'custody').newest.id}"
    disks = world.add_resource(
        WEALTH, "Microsoft.Compute/diskEncryptionSets", "des-wealth", HOME, activeKey={"keyUrl": custody}
    )
    volume = world.add_resource(
        WEALTH, "Microsoft.Compute/disks", "custody-data", HOME, encryption={"diskEncryptionSetId": disks}
    )
    world.add_resource(
        WEALTH,
        "Microsoft.Compute/snapshots",
        "custody-data-nightly",
        HOME,
        encryption={"diskEncryptionSetId": disks},
        creationData={"sourceResourceId": volume},
    )
    world.add_resource(
        WEALTH,
        "Microsoft.Storage/storageAccounts",
        "meridianstatements",
        HOME,
        encryption={
            "keySource": "Microsoft.Keyvault",
            "keyvaultproperties": {"keyvaulturi": "https://kv-wealth.vault.azure.net", "keyname": "statements"},
        },
    )
    ledger = "https://kv-branches.vault.azure.net/keys/old-ledger"
    world.add_resource(BRANCHES, "Microsoft.Sql/servers", "branch-ledger", HOME, keyId=f"{ledger}/fedcba9876543210")
    world.add_resource(BRANCHES, "Microsoft.Compute/disks", "branch-scratch", NORTH, timeCreated="2026-03-01T08:00:00Z")


def _add(world: World, vault: str, name: str, **traits: Unpack[KeyTraits]) -> None:
    """A key with the tags that the bank asks for, unless it is told others."""
    tags = {"owner": vault.removeprefix("kv-"), "purpose": name, "data-class": "confidential", "environment": "prod"}
    given: KeyTraits = {"tags": tags, "policy": ROTATING, **traits}
    world.add_key(vault, name, **given)
