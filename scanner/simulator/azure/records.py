"""What a simulated Azure is made of: subscriptions, vaults, keys, versions. Holds state, answers nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ROTATE, NOTIFY = "Rotate", "Notify"
TENANT = "99999999-0000-4000-8000-000000000001"

Document = dict[str, Any]
"""A JSON object in the shape in which Azure sends it."""


@dataclass(kw_only=True, slots=True)
class Subscription:
    """A subscription; `state` is Azure's word."""

    id: str
    name: str
    state: str = "Enabled"


@dataclass(kw_only=True, slots=True)
class Version:
    """One version of a key."""

    id: str
    created: datetime
    updated: datetime
    enabled: bool = True
    not_before: datetime | None = None
    expires: datetime | None = None
    exportable: bool = False


@dataclass(kw_only=True, slots=True)
class Key:
    """A key; `policy` is its rotation policy in Azure's shape, None when none was ever set."""

    name: str
    kty: str = "RSA"
    bits: int = 2048
    curve: str | None = None
    operations: tuple[str, ...] = ("wrapKey", "unwrapKey", "encrypt", "decrypt", "sign", "verify")
    tags: dict[str, str] = field(default_factory=dict)
    managed: bool = False
    policy: Document | None = None
    versions: list[Version] = field(default_factory=list)
    deleted: datetime | None = None
    purge: datetime | None = None

    @property
    def newest(self) -> Version:
        """The version that is used when none is named."""
        return self.versions[-1]


@dataclass(kw_only=True, slots=True)
class Vault:
    """A vault or, when `is_hsm`, a managed HSM. Settings left None are left out of what Azure sends.

    `home` is the end of its address, which is another in another cloud.
    """

    name: str
    subscription: str
    group: str
    location: str
    is_hsm: bool = False
    sku: str = "standard"
    tags: dict[str, str] = field(default_factory=dict)
    soft_delete: bool | None = True
    retention: int | None = 90
    purge_protection: bool | None = None
    rbac: bool | None = True
    public_access: str | None = "Enabled"
    acls: Document | None = None
    private_connections: list[Document] = field(default_factory=list)
    access_policies: list[Document] = field(default_factory=list)
    keys: dict[str, Key] = field(default_factory=dict)
    deleted_keys: dict[str, Key] = field(default_factory=dict)
    deleted: datetime | None = None
    purge: datetime | None = None
    home: str = "azure.net"

    @property
    def id(self) -> str:
        """Its id in the management plane."""
        kind = "managedHSMs" if self.is_hsm else "vaults"
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/Microsoft.KeyVault/{kind}/{self.name}"
        )

    @property
    def host(self) -> str:
        """The name of its data plane."""
        return f"{self.name}.{'managedhsm' if self.is_hsm else 'vault'}.{self.home}"

    @property
    def uri(self) -> str:
        """The address of its data plane."""
        return f"https://{self.host}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A request as it came: `path` without query, `query` decoded, `host` with its port."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """What is sent back; the server itself makes `reset` and `delay` happen."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    reset: bool = False
    delay: float = 0.0


def digest(text: str) -> str:
    """32 hex digits that are the same for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def guid(text: str) -> str:
    """A GUID that is the same for the same text."""
    found = digest(text)
    return f"{found[:8]}-{found[8:12]}-4{found[13:16]}-8{found[17:20]}-{found[20:32]}"
