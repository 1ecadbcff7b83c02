"""The roles that Google Cloud and Azure predefine, as of a day. A role that was read live comes before one from here.

Source: https://github.com/iann0036/iam-dataset (MIT), commit and date in each file; Google roles are reduced to
permissions on keys and to those that reach keys by a detour, Azure roles to operations on vaults and keys.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from scanner.facts.access.azure import Permissions, Role
from scanner.model.decoding import decode


class GoogleRole(msgspec.Struct, frozen=True, kw_only=True):
    """A predefined role of Google Cloud. `escalation` lists permissions that reach keys by a detour."""

    cloudkms: frozenset[str]
    escalation: frozenset[str]
    stage: str
    title: str


class _AzureRole(msgspec.Struct, frozen=True, kw_only=True):
    actions: tuple[str, ...]
    data_actions: tuple[str, ...] = msgspec.field(name="dataActions")
    condition: str | None
    id: str


class _Google(msgspec.Struct, frozen=True, kw_only=True):
    roles: dict[str, GoogleRole]
    source: str
    commit: str
    date: str


class _Azure(msgspec.Struct, frozen=True, kw_only=True):
    roles: dict[str, _AzureRole]
    source: str
    commit: str
    date: str


@cache
def google_roles() -> Mapping[str, GoogleRole]:
    """Predefined roles by name, such as `roles/cloudkms.admin`."""
    return decode(_file("gcp_roles.json"), _Google).roles


@cache
def azure_roles() -> Mapping[str, Role]:
    """Built-in roles by name, such as `Key Vault Administrator`."""
    found = decode(_file("azure_roles.json"), _Azure).roles
    return {
        name: Role(
            name=name,
            blocks=(Permissions(actions=role.actions, data_actions=role.data_actions),),
            condition=role.condition,
        )
        for name, role in found.items()
    }


def _file(name: str) -> bytes:
    return files(__name__).joinpath(name).read_bytes()
