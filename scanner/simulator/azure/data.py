"""What a vault or managed HSM answers on its own address. Changes nothing."""

import re
from collections.abc import Mapping
from datetime import datetime

from scanner.simulator.azure.answers import error, paged, success
from scanner.simulator.azure.records import NOTIFY, Document, Key, Request, Response, Vault, Version
from scanner.simulator.azure.world import World

_ROUTE = re.compile(r"/(?P<shelf>keys|deletedkeys)(?:/(?P<name>[^/]+)(?:/(?P<part>[^/]+))?)?/?")
_NEVER_SET: Document = {
    "lifetimeActions": [{"trigger": {"timeBeforeExpiry": "P30D"}, "action": {"type": NOTIFY}}],
    "attributes": None,
}
"""The policy of a key that none was ever set for, as recorded."""


def answer_data(world: World, vault: Vault, path: str, request: Request) -> Response:
    """The answer to a request below a vault's address."""
    found = _ROUTE.fullmatch(path)
    if request.method != "GET" or found is None:
        return error(405, "MethodNotAllowed", "the simulated vault can only be read")
    is_live = found["shelf"] == "keys"
    keys = vault.keys if is_live else vault.deleted_keys
    if found["name"] is None:
        items = [_item(vault, keys[name]) for name in sorted(keys)]
        return paged(request, items, world.page_size)
    key = keys.get(found["name"])
    if key is None:
        return error(404, "KeyNotFound", f"A key with (name/id) {found['name']} was not found in this key vault.")
    return _of_key(world, vault, key, found["part"], request)


def _of_key(world: World, vault: Vault, key: Key, part: str | None, request: Request) -> Response:
    if part == "versions":
        return paged(request, [_version(vault, key, version) for version in key.versions], world.page_size)
    if part == "rotationpolicy":
        return success(_policy(vault, key))
    if part is not None:
        return error(404, "KeyNotFound", "no such version")
    return success({"key": _material(vault, key), **_shared(vault, key)})


def _policy(vault: Vault, key: Key) -> Document:
    if key.policy is None:
        return _NEVER_SET
    return {"id": f"{vault.uri}/keys/{key.name}/rotationpolicy", **key.policy}


def _material(vault: Vault, key: Key) -> Document:
    kid = f"{vault.uri}/keys/{key.name}/{key.newest.id}"
    document: Document = {"kid": kid, "kty": key.kty, "key_ops": list(key.operations)}
    if key.kty.startswith("RSA"):
        return {**document, "n": "A" * -(-key.bits // 6), "e": "AQAB"}
    return {**document, "crv": key.curve, "x": "AA", "y": "AA"} if key.curve else document


def _item(vault: Vault, key: Key) -> Document:
    return {"kid": f"{vault.uri}/keys/{key.name}", **_shared(vault, key)}


def _version(vault: Vault, key: Key, version: Version) -> Document:
    return {
        "kid": f"{vault.uri}/keys/{key.name}/{version.id}",
        "attributes": _attributes(vault, version),
        **_optional(key),
    }


def _shared(vault: Vault, key: Key) -> Document:
    document: Document = {"attributes": _attributes(vault, key.newest), **_optional(key)}
    if key.deleted and key.purge:
        document |= {
            "recoveryId": f"{vault.uri}/deletedkeys/{key.name}",
            "deletedDate": _seconds(key.deleted),
            "scheduledPurgeDate": _seconds(key.purge),
        }
    return document


def _optional(key: Key) -> Document:
    return {"tags": dict(key.tags), **({"managed": True} if key.managed else {})}


def _attributes(vault: Vault, version: Version) -> Document:
    document: Document = {
        "enabled": version.enabled,
        "created": _seconds(version.created),
        "updated": _seconds(version.updated),
        "recoveryLevel": recovery_level(vault),
        "recoverableDays": vault.retention if vault.soft_delete else 0,
        "exportable": version.exportable,
    }
    optional: Mapping[str, datetime | None] = {"nbf": version.not_before, "exp": version.expires}
    return document | {name: _seconds(moment) for name, moment in optional.items() if moment}


_LONGEST_RETENTION = 90


def recovery_level(vault: Vault) -> str:
    """Azure's word for what becomes of a key that is deleted."""
    if not vault.soft_delete:
        return "Purgeable"
    custom = "Customized" if vault.retention not in (None, _LONGEST_RETENTION) else ""
    return f"{custom}Recoverable" + ("" if vault.purge_protection else "+Purgeable")


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
