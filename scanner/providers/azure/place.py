"""A vault or managed HSM as a place to ask: its door, its operations, its names. Asks nothing."""

import re
from urllib.parse import urlsplit

import msgspec

from scanner.providers.azure import replies
from scanner.providers.azure.causes import FOREIGN_HOST, failure
from scanner.providers.azure.clouds import Cloud
from scanner.providers.azure.guard import Door
from scanner.providers.azure.normalise_containers import container_id, home
from scanner.providers.azure.operations import HSM_OPERATIONS, VAULT_OPERATIONS, DataOperations
from scanner.providers.azure.plane import Plane
from scanner.providers.failure import Failure

_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_GROUP_SEGMENT = 4


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """Where data planes are: those of the cloud, or all below one address in which `{vault}` stands for the name."""

    cloud: Cloud
    vault: str | None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A container of keys. `door` is a failure where its address is not one that our token may be carried to."""

    id: str
    name: str
    region: str
    group: str
    subscription: str
    is_hsm: bool
    operations: DataOperations
    door: Door | Failure

    @property
    def places(self) -> dict[str, str]:
        """What fills the path of the vault in the management plane."""
        return {"subscription": self.subscription, "group": self.group, "vault": self.name}


def vault_place(found: replies.Vault, subscription: str, addresses: Addresses) -> Place:
    """The place of a vault."""
    return Place(
        id=container_id(found.id),
        name=found.name,
        region=home(found.location),
        group=group_of(found.id),
        subscription=subscription,
        is_hsm=False,
        operations=VAULT_OPERATIONS,
        door=_door(Plane.VAULT, found.name, found.properties.vault_uri, addresses),
    )


def hsm_place(found: replies.Hsm, subscription: str, addresses: Addresses) -> Place:
    """The place of a managed HSM."""
    return Place(
        id=container_id(found.id),
        name=found.name,
        region=home(found.location),
        group=group_of(found.id),
        subscription=subscription,
        is_hsm=True,
        operations=HSM_OPERATIONS,
        door=_door(Plane.HSM, found.name, found.properties.hsm_uri or "", addresses),
    )


def _door(plane: Plane, name: str, uri: str, addresses: Addresses) -> Door | Failure:
    """The data plane's address, when it is the cloud's own for that name: a token goes nowhere else."""
    suffix = addresses.cloud.hsms if plane is Plane.HSM else addresses.cloud.vaults
    host = (urlsplit(uri).hostname or "").lower()
    if not _NAME.fullmatch(name) or host != f"{name.lower()}{suffix}":
        operations = HSM_OPERATIONS if plane is Plane.HSM else VAULT_OPERATIONS
        return failure(FOREIGN_HOST, operations.list_keys.action)
    return Door(plane=plane, url=addresses.vault.replace("{vault}", name) if addresses.vault else f"https://{host}")


def group_of(id_: str) -> str:
    """The resource group in an id of the management plane; blank where it names none."""
    parts = id_.split("/")
    return parts[_GROUP_SEGMENT] if len(parts) > _GROUP_SEGMENT else ""
