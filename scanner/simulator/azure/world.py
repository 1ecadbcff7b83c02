"""The mutable state of a simulated Azure: subscriptions, vaults, keys and a clock that moves when told to.

Mutations are methods here, never requests. What the two planes answer is in the handlers.
"""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any, Unpack

from scanner.simulator.azure.building import KeyTraits, VaultTraits, build_key, build_vault
from scanner.simulator.azure.clockwork import rotate, run_until
from scanner.simulator.azure.faults import Fault
from scanner.simulator.azure.logs import Entry, Workspace, steps
from scanner.simulator.azure.records import TENANT, Document, Key, Subscription, Vault, digest, guid
from scanner.simulator.azure.roles import BUILT_IN, Assignment, AssignmentTraits, Role

ASSIGNMENTS = "providers/Microsoft.Authorization/roleAssignments"
SETTINGS = "microsoft.insights/diagnosticsettings"
CLIENT_ID, CLIENT_SECRET = "99999999-0000-4000-8000-00000000c11e", "simulated"
OBJECT_ID = "99999999-0000-4000-8000-0000000000ec"
"""The application that signs in here, and the id of its service principal."""


class World:
    """A simulated Azure. Its clock stands still until `advance`; `lock` guards it while it is served.

    `page_size` caps every page; `empty_first_page` makes listings of vaults begin with an empty one. `calls` logs
    method and path of every request, `bugs` holds tracebacks of the simulator's own faults. `shelves` holds what the
    management plane lists besides vaults, in Azure's shape: by subscription and kind.
    """

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("the clock of a world is an aware datetime")
        self.lock = threading.RLock()
        self.clock = now.astimezone(UTC)
        self.tenant = TENANT
        self.subscriptions: dict[str, Subscription] = {}
        self.vaults: dict[str, Vault] = {}
        self.deleted_vaults: dict[str, Vault] = {}
        self.roles: dict[str, Role] = dict(BUILT_IN)
        self.assignments: list[Assignment] = []
        self.denials: list[Document] = []
        self.resources: list[Document] = []
        self.shelves: dict[tuple[str, str], list[Document]] = {}
        self.workspaces: dict[str, Workspace] = {}
        self.activity: dict[str, list[Document]] = {}
        self.actor = "operator@meridian.example"
        self.faults: list[Fault] = []
        self.calls: list[tuple[str, str]] = []
        self.bugs: list[str] = []
        self.page_size = 25
        self.empty_first_page = True
        self.latency = 0.0
        self.refuses_sign_in = False
        self._serial = 0

    def key(self, vault: str, name: str) -> Key:
        """A key that is not deleted."""
        return self.vaults[vault].keys[name]

    def add_subscription(self, id_: str, name: str, state: str = "Enabled") -> Subscription:
        """Adds a subscription."""
        self.subscriptions[id_] = Subscription(id=id_, name=name, state=state)
        return self.subscriptions[id_]

    def add_vault(self, name: str, **traits: Unpack[VaultTraits]) -> Vault:
        """Adds a vault or managed HSM; the keyword arguments and their defaults are those of `VaultTraits`."""
        vault = build_vault(name, traits)
        if vault.subscription not in self.subscriptions:
            raise ValueError(f"the world has no subscription {vault.subscription}")
        self.vaults[name] = vault
        return vault

    def add_key(self, vault: str, name: str, **traits: Unpack[KeyTraits]) -> Key:
        """Adds a key; the keyword arguments and their defaults are those of `KeyTraits`."""
        key = build_key(name, traits, self.clock, salt=vault)
        self.vaults[vault].keys[name] = key
        return key

    def give(self, role: str, principal: str, scope: str, **traits: Unpack[AssignmentTraits]) -> Assignment:
        """Gives a role, by the name it is known by, to a principal at a scope."""
        name = next(id_ for id_, found in self.roles.items() if found.name == role)
        made = Assignment(id=guid(f"{role} {principal} {scope}"), role=name, principal=principal, scope=scope, **traits)
        self.assignments.append(made)
        self._did("Microsoft.Authorization/roleAssignments/write", f"{scope}/{ASSIGNMENTS}/{made.id}")
        return made

    def add_role(self, name: str, block: Document) -> None:
        """Adds a custom role with one block of permissions in Azure's shape."""
        self.roles[guid(name)] = Role(name=name, blocks=(block,), custom=True)

    def add_resource(self, subscription: str, kind: str, name: str, location: str, **properties: object) -> str:
        """Adds a resource with its properties in Azure's shape; returns its id."""
        id_ = f"/subscriptions/{subscription}/resourceGroups/rg-data/providers/{kind}/{name}"
        row = {"id": id_, "name": name, "type": kind.lower(), "location": location, "properties": properties}
        self.resources.append(row)
        return id_

    def log(self, vault: str, category: str = "AuditEvent", *, enabled: bool = True, workspace: str = "audit") -> None:
        """Sends a part of a vault's log to a workspace; `audit` and `allLogs` are groups of categories.

        A workspace is named, or given by the id of one that is there; blank for none.
        """
        place = self.vaults[vault]
        key = "categoryGroup" if category in {"audit", "allLogs"} else "category"
        found = self.workspaces.get(workspace.lower())
        if workspace and found is None:
            found = self.add_workspace(place.subscription, workspace)
        setting = {
            "id": f"{place.id}/providers/microsoft.insights/diagnosticSettings/{category}",
            "name": category,
            "properties": {
                "workspaceId": found.id if found else None,
                "logs": [{key: category, "enabled": enabled, "retentionPolicy": {"enabled": False, "days": 0}}],
            },
        }
        self.put(place.subscription, f"{place.id.lower()}|{SETTINGS}", setting)

    def add_workspace(self, subscription: str, name: str, retention: int = 90) -> Workspace:
        """Adds a log workspace, or finds it."""
        where = f"/subscriptions/{subscription}/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces"
        made = Workspace(id=f"{where}/{name}", retention=retention)
        return self.workspaces.setdefault(made.id.lower(), made)

    def put(self, subscription: str, shelf: str, *rows: Document) -> None:
        """Adds things that the management plane lists."""
        self.shelves.setdefault((subscription, shelf), []).extend(rows)

    def hold(self, scope: str, name: str, level: str = "CanNotDelete") -> None:
        """Puts a lock on a subscription, resource group or resource."""
        lock = f"{scope}/providers/Microsoft.Authorization/locks/{name}"
        row = {"id": lock, "name": name, "properties": {"level": level, "notes": "kept nowhere"}}
        self.put(scope.split("/")[2], "microsoft.authorization/locks", row)
        self._did("Microsoft.Authorization/locks/write", lock)

    def rotate_now(self, vault: str, name: str) -> None:
        """Makes a new version on demand."""
        with self.lock:
            rotate(self.key(vault, name), self.clock, salt=vault)

    def set_policy(self, vault: str, name: str, policy: dict[str, Any] | None) -> None:
        """Sets a rotation policy, or makes it as if none had ever been set."""
        with self.lock:
            self.key(vault, name).policy = policy

    def disable(self, vault: str, name: str) -> None:
        """Disables the newest version."""
        with self.lock:
            newest = self.key(vault, name).newest
            newest.enabled, newest.updated = False, self.clock
            self._logged("KeyUpdate", vault, f"{name}/{newest.id}")

    def enable(self, vault: str, name: str) -> None:
        """Enables the newest version."""
        with self.lock:
            newest = self.key(vault, name).newest
            newest.enabled, newest.updated = True, self.clock
            self._logged("KeyUpdate", vault, f"{name}/{newest.id}")

    def delete(self, vault: str, name: str) -> None:
        """Deletes a key; it can be recovered until the vault's retention is over, if the vault has any."""
        with self.lock:
            place = self.vaults[vault]
            key = place.keys.pop(name)
            self._logged("KeyDelete", vault, name)
            if place.soft_delete:
                key.deleted, key.purge = self.clock, self.clock + timedelta(days=place.retention or 90)
                place.deleted_keys[name] = key

    def recover(self, vault: str, name: str) -> None:
        """Recovers a deleted key."""
        with self.lock:
            place = self.vaults[vault]
            key = place.keys[name] = place.deleted_keys.pop(name)
            key.deleted = key.purge = None
            self._logged("KeyRecover", vault, name)

    def purge(self, vault: str, name: str) -> None:
        """Destroys a deleted key at once; refused where purge protection is on, as on Azure."""
        with self.lock:
            if self.vaults[vault].purge_protection:
                raise ValueError(f"purge protection of {vault} forbids it")
            del self.vaults[vault].deleted_keys[name]
            self._logged("KeyPurge", vault, name)

    def delete_vault(self, name: str) -> None:
        """Deletes a vault with all its keys; it can be recovered."""
        with self.lock:
            vault = self.deleted_vaults[name] = self.vaults.pop(name)
            vault.deleted, vault.purge = self.clock, self.clock + timedelta(days=vault.retention or 90)
            kind = "managedHSMs" if vault.is_hsm else "vaults"
            self._did(f"Microsoft.KeyVault/{kind}/delete", vault.id)

    def advance(self, step: timedelta) -> None:
        """Moves the clock; keys rotate and deleted ones are purged on their way, each at its moment."""
        with self.lock:
            self.clock += step
            for vault in self.vaults.values():
                run_until(vault, self.clock)
            gone = [name for name, vault in self.deleted_vaults.items() if vault.purge and vault.purge <= self.clock]
            for name in gone:
                del self.deleted_vaults[name]

    def credentials(self) -> dict[str, str]:
        """What the environment must hold for the SDK to sign in here."""
        return {
            "AZURE_TENANT_ID": self.tenant,
            "AZURE_CLIENT_ID": CLIENT_ID,
            "AZURE_CLIENT_SECRET": CLIENT_SECRET,
            "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
        }

    def _logged(self, call: str, vault: str, path: str) -> None:
        """Writes a line into each workspace that the vault's own log is sent to."""
        place = self.vaults[vault]
        for setting in self.shelves.get((place.subscription, f"{place.id.lower()}|{SETTINGS}"), []):
            found = self.workspaces.get(str(setting["properties"]["workspaceId"]).lower())
            if found is not None and any(log["enabled"] for log in setting["properties"]["logs"]):
                key = f"{place.uri}/keys/{path}"
                found.entries.append(Entry(at=self.clock, call=call, container=place.id, key=key, actor=self.actor))

    def _did(self, call: str, resource: str) -> None:
        """Writes an operation into the activity log of the subscription that it is in."""
        parts = resource.split("/")
        if parts[1] == "subscriptions":
            self.activity.setdefault(parts[2], []).extend(steps(self.clock, call, resource, self.actor))

    def request_id(self) -> str:
        """The id of a request, each its own."""
        self._serial += 1
        return digest(f"request {self._serial}")
