"""The roles that Google Cloud and Azure predefine, as of a day. A role that was read live comes before one from here.

Source: https://github.com/iann0036/iam-dataset (MIT), commit and date in each file; Google roles are reduced to
permissions on keys and to those that reach keys by a detour, Azure roles to operations on vaults and keys. Names of
Google's roles that give none of it are kept: a role that is in neither list is newer, and nobody knows what it gives.
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
    without: frozenset[str]
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
    return _google().roles


def google_permissions(role: str) -> frozenset[str] | None:
    """What a predefined role gives on keys and by detours; None for one that is newer than the table."""
    known = _google().roles.get(role)
    if known is not None:
        return known.cloudkms | known.escalation
    return frozenset() if role in _google().without else None


@cache
def azure_roles() -> Mapping[str, Role]:
    """Built-in roles by name, such as `Key Vault Administrator`."""
    return {name: _role(name, role) for name, role in _azure().items()}


@cache
def azure_roles_by_id() -> Mapping[str, Role]:
    """The same by the name (GUID, lower case) of the definition, by which assignments call them."""
    return {role.id.lower(): _role(name, role) for name, role in _azure().items()}


def _role(name: str, role: _AzureRole) -> Role:
    block = Permissions(actions=role.actions, data_actions=role.data_actions)
    return Role(name=name, blocks=(block,), condition=role.condition)


@cache
def _google() -> _Google:
    return decode(_file("gcp_roles.json"), _Google)


@cache
def _azure() -> Mapping[str, _AzureRole]:
    return decode(_file("azure_roles.json"), _Azure).roles


def _file(name: str) -> bytes:
    return files(__name__).joinpath(name).read_bytes()
