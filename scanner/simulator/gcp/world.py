"""The simulated Google Cloud as a world: made, changed, and moved on in time. Knows no wire."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from scanner.simulator.gcp.faults import Fault
from scanner.simulator.gcp.records import Estate, Key, Node, Policy, Ring, Role, Version
from scanner.simulator.gcp.views import Json, event_view, moment

_ALGORITHMS = {
    "ENCRYPT_DECRYPT": "GOOGLE_SYMMETRIC_ENCRYPTION",
    "RAW_ENCRYPT_DECRYPT": "AES_256_GCM",
    "ASYMMETRIC_SIGN": "EC_SIGN_P256_SHA256",
    "ASYMMETRIC_DECRYPT": "RSA_DECRYPT_OAEP_3072_SHA256",
    "MAC": "HMAC_SHA256",
}
_SYMMETRIC = "ENCRYPT_DECRYPT"
_SERVICE = "cloudkms.googleapis.com"
OPERATOR = "operator@bank.example"
"""Who does things when nobody else is named."""


class World:
    """An estate at a moment, with the faults that strike it; every change happens under the lock.

    `empty_first_page` makes every listing begin with an empty page.
    """

    def __init__(self, clock: datetime) -> None:
        self.clock = clock
        self.estate = Estate()
        self.faults: list[Fault] = []
        self.calls: list[str] = []
        self.empty_first_page = False
        self.lock = threading.RLock()

    def node(self, name: str, parent: str | None = None, title: str = "") -> Node:
        """An organisation (`organizations/1`), a folder (`folders/2`), or a project by its id."""
        with self.lock:
            made = Node(id=name, parent=parent, title=title or name, number=1000 + len(self.estate.nodes))
            self.estate.nodes[name] = made
            return made

    def ring(self, project: str, location: str, name: str) -> Ring:
        """A key ring in a location of a project."""
        full = f"projects/{project}/locations/{location}/keyRings/{name}"
        with self.lock:
            made = Ring(id=full, project=project, location=location, created=self.clock)
            self.estate.rings[full] = made
            return made

    def key(self, ring: Ring, name: str, *, age_days: float = 0, **settings: object) -> Key:
        """A key made some days ago, with its first version; `settings` are the fields of the record."""
        made_at = self.clock - timedelta(days=age_days)
        made = Key(name=name, ring=ring.id, project=ring.project, created=made_at)
        for field, value in settings.items():
            if not hasattr(made, field):
                raise AttributeError(field)
            setattr(made, field, value)
        if "algorithm" not in settings:
            made.algorithm = _ALGORITHMS.get(made.purpose, made.algorithm)
        with self.lock:
            self.estate.keys[made.id] = made
            self.add_version(made, made_at)
            if made.period is not None and made.next_rotation is None:
                made.next_rotation = made_at + made.period
            self._rotate(made)
        return made

    def add_version(self, key: Key, created: datetime | None = None, *, imported: bool = False) -> Version:
        """One more version, which becomes the primary of a key that has such a thing."""
        with self.lock:
            version = Version(
                number=len(key.versions) + 1,
                state="ENABLED",
                created=created or self.clock,
                protection=key.protection,
                algorithm=key.algorithm,
                imported=imported or key.import_only,
            )
            key.versions.append(version)
            if key.purpose == _SYMMETRIC:
                key.primary = version.number
            return version

    def destroy(self, key: Key, number: int, at: datetime | None = None, actor: str = OPERATOR) -> None:
        """Schedules a version for destruction, as it would have been at that moment, and logs who did."""
        with self.lock:
            version = key.versions[number - 1]
            self.log(key.project, "DestroyCryptoKeyVersion", version_name(key, number), actor=actor, at=at)
            version.state, version.destroy_at = "DESTROY_SCHEDULED", (at or self.clock) + key.wait
            self._settle(key)

    def restore(self, key: Key, number: int, actor: str = OPERATOR) -> None:
        """Takes a version back from its destruction; it stays disabled."""
        with self.lock:
            version = key.versions[number - 1]
            version.state, version.destroy_at = "DISABLED", None
            self.log(key.project, "RestoreCryptoKeyVersion", version_name(key, number), actor=actor)

    def disable(self, key: Key, number: int, actor: str = OPERATOR) -> None:
        """Disables a version."""
        self._switch(key, number, "DISABLED", actor)

    def enable(self, key: Key, number: int, actor: str = OPERATOR) -> None:
        """Enables a version."""
        self._switch(key, number, "ENABLED", actor)

    def give(self, place: Key | Ring, given: Policy, actor: str = OPERATOR) -> None:
        """Sets the allow policy of a key or a ring."""
        with self.lock:
            place.policy = given
            self.log(place.project, "SetIamPolicy", place.id, actor=actor)

    def delete(self, key: Key, actor: str = OPERATOR) -> None:
        """Deletes a key for good: what is left is its name, and the log of a long call's beginning and end."""
        with self.lock:
            del self.estate.keys[key.id]
            place = key.ring.partition("/keyRings/")[0]
            retired = f"{place}/retiredResources/{key.name}"
            left: Json = {"name": retired, "originalResource": key.id, "deleteTime": moment(self.clock)}
            self.put(place, "retiredResources", left)
            for end in ("first", "last"):
                self.log(key.project, "DeleteCryptoKey", key.id, actor=actor, operation={"id": retired, end: True})

    def log(self, project: str, method: str, subject: str, **more: Any) -> None:  # noqa: ANN401 (the entry's own fields)
        """An entry of the Admin Activity log; `more` are `at`, `actor`, and what the entry holds besides."""
        at, actor = more.pop("at", None) or self.clock, more.pop("actor", OPERATOR)
        entry = event_view((_SERVICE, method), subject, at, actor, **more)
        with self.lock:
            self.estate.events.setdefault(project, []).append(entry)

    def put(self, parent: str, listing: str, *things: Mapping[str, object]) -> None:
        """Things under a parent, as the listing of that name shows them."""
        with self.lock:
            self.estate.things.setdefault((parent, listing), []).extend(map(dict, things))

    def _switch(self, key: Key, number: int, state: str, actor: str) -> None:
        name = version_name(key, number)
        request = {"cryptoKeyVersion": {"name": name, "state": state}, "updateMask": "state"}
        with self.lock:
            key.versions[number - 1].state = state
            self.log(key.project, "UpdateCryptoKeyVersion", name, actor=actor, request=request)

    def above(self, project: str) -> list[str]:
        """The project and everything above it, as scopes are named."""
        found, node = [f"projects/{project}"], self.estate.nodes.get(project)
        while node is not None and node.parent is not None:
            found.append(node.parent)
            node = self.estate.nodes.get(node.parent)
        return found

    def role(self, name: str, title: str, permissions: list[str]) -> Role:
        """A role of the customer's own, by its full name."""
        with self.lock:
            made = self.estate.roles[name] = Role(id=name, title=title, permissions=permissions)
            return made

    def asset(self, project: str, kind: str, name: str, location: str, **data: object) -> None:
        """A resource of another service, as Cloud Asset Inventory describes it."""
        made: dict[str, object] = {
            "name": name,
            "assetType": kind,
            "resource": {"version": "v1", "location": location, "data": data},
        }
        with self.lock:
            self.estate.assets.setdefault(project, []).append(made)

    def advance(self, days: float) -> None:
        """Moves the clock: keys rotate, and what waited long enough is destroyed."""
        with self.lock:
            self.clock += timedelta(days=days)
            for key in self.estate.keys.values():
                self._rotate(key)
                self._settle(key)

    def _rotate(self, key: Key) -> None:
        while key.period and key.next_rotation and key.next_rotation <= self.clock:
            self.add_version(key, key.next_rotation)
            key.next_rotation += key.period

    def _settle(self, key: Key) -> None:
        for version in key.versions:
            if version.destroy_at and version.destroy_at <= self.clock:
                version.state, version.destroyed_at, version.destroy_at = "DESTROYED", version.destroy_at, None


def version_name(key: Key, number: int) -> str:
    """The full name of a version."""
    return f"{key.id}/cryptoKeyVersions/{number}"


def binding(role: str, *members: str, condition: str | None = None) -> dict[str, object]:
    """One binding of an allow policy."""
    made: dict[str, object] = {"role": role, "members": list(members)}
    if condition:
        made["condition"] = {"title": "limited", "expression": condition}
    return made


def policy(*bindings: dict[str, object]) -> Policy:
    """An allow policy; conditions need version 3."""
    return {"version": 3, "etag": "BwXcRFUvSuM=", "bindings": list(bindings)}
