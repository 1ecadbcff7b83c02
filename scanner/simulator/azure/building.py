"""Makes vaults and keys from traits, with the defaults of Azure. Keeps no state."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from scanner.simulator.azure.clockwork import rotate
from scanner.simulator.azure.records import Document, Key, Vault, Version, digest


class VaultTraits(TypedDict, total=False):
    """What a vault may be told; a setting of None is left out of Azure's answers."""

    subscription: str
    group: str
    location: str
    is_hsm: bool
    sku: str
    tags: Mapping[str, str]
    soft_delete: bool | None
    retention: int | None
    purge_protection: bool | None
    rbac: bool | None
    public_access: str | None
    acls: Document | None
    private_connections: Sequence[Document]
    access_policies: Sequence[Document]


class KeyTraits(TypedDict, total=False):
    """What a key may be told; ages in days.

    `rotated_days_ago` are the ages of versions after the first, `expires_in_days` counts from now for the newest.
    """

    kty: str
    bits: int
    curve: str
    operations: Sequence[str]
    tags: Mapping[str, str]
    managed: bool
    policy: Document | None
    age_days: float
    rotated_days_ago: Sequence[float]
    expires_in_days: float | None
    not_before_in_days: float | None
    enabled: bool
    exportable: bool


_ELLIPTIC = ("sign", "verify")
_OCTETS = ("wrapKey", "unwrapKey", "encrypt", "decrypt")


def build_vault(name: str, traits: VaultTraits) -> Vault:
    """The vault."""
    return Vault(
        name=name,
        subscription=traits["subscription"],
        group=traits.get("group", "rg-keys"),
        location=traits.get("location", "westeurope"),
        is_hsm=traits.get("is_hsm", False),
        sku=traits.get("sku", "Standard_B1" if traits.get("is_hsm") else "standard"),
        tags=dict(traits.get("tags", {})),
        soft_delete=traits.get("soft_delete", True),
        retention=traits.get("retention", 90),
        purge_protection=traits.get("purge_protection"),
        rbac=traits.get("rbac", True),
        public_access=traits.get("public_access", "Enabled"),
        acls=traits.get("acls"),
        private_connections=list(traits.get("private_connections", ())),
        access_policies=list(traits.get("access_policies", ())),
    )


def build_key(name: str, traits: KeyTraits, now: datetime, *, salt: str) -> Key:
    """The key with its versions."""
    kty = traits.get("kty", "RSA")
    key = Key(
        name=name,
        kty=kty,
        bits=traits.get("bits", 2048),
        curve=traits.get("curve", "P-256" if kty.startswith("EC") else None),
        tags=dict(traits.get("tags", {})),
        managed=traits.get("managed", False),
        policy=traits.get("policy"),
    )
    if kty.startswith("EC"):
        key.operations = _ELLIPTIC
    elif kty.startswith("oct"):
        key.operations = _OCTETS
    key.operations = tuple(traits.get("operations", key.operations))
    created = now - timedelta(days=traits.get("age_days", 30))
    key.versions.append(Version(id=digest(f"{salt}/{name}/0"), created=created, updated=created))
    for days in traits.get("rotated_days_ago", ()):
        rotate(key, now - timedelta(days=days), salt=salt)
    newest = key.newest
    newest.enabled = traits.get("enabled", True)
    newest.exportable = traits.get("exportable", False)
    expires, begins = traits.get("expires_in_days"), traits.get("not_before_in_days")
    newest.expires = newest.expires if expires is None else now + timedelta(days=expires)
    newest.not_before = None if begins is None else now + timedelta(days=begins)
    return key
