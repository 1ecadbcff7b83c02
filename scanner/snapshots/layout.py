"""Where a snapshot's files stand. Touches no disk."""

import re
from pathlib import PurePosixPath

from scanner.model.key import Provider
from scanner.model.scope import Scope

HEADER = "snapshot.json"
SCOPE = "scope.json.gz"
AUDIT = "trails.json.gz"
KEYS = "keys.jsonl.gz"
INVENTORY = "inventory.json.gz"
STORES = "stores.jsonl.gz"
ALERTING = "alerting.json.gz"
NETWORK = "network.json.gz"
CONTAINERS = "containers.jsonl.gz"
ACCESS = "access.json.gz"
WATCHING = "watching.json.gz"
HISTORY = "history.json.gz"
SURROUNDINGS = "surroundings.json.gz"
IDENTITIES = "identities.json.gz"
ORGANISATION = "organisation.json.gz"
RAW = "raw"
SHARED = "shared_"
"""How the name of a file begins that holds what several scopes of an account rest on; no region has an underscore."""

WHOLE_ACCOUNT = "_"
"""Stands for the region of an account that was not entered."""

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%-]{0,127}")


def shard_folder(scope: Scope) -> PurePosixPath:
    """The folder of a scope's shard, relative to the snapshot; raises ValueError for a name that could escape."""
    region = _part(scope.region) if scope.region else WHOLE_ACCOUNT
    return PurePosixPath(scope.provider.value, _part(scope.account), region)


def organisation_file(provider: Provider) -> PurePosixPath:
    """The file of a provider's organisation, relative to the snapshot."""
    return PurePosixPath(provider.value) / ORGANISATION


def organisation_raw_file(provider: Provider) -> PurePosixPath:
    """The file of the raw responses about a provider's organisation, relative to the snapshot."""
    return PurePosixPath(RAW) / provider.value / "_organisation.jsonl.gz"


def identities_file(provider: Provider, account: str) -> PurePosixPath:
    """The file of an account's identities, relative to the snapshot; raises ValueError for a name that could escape."""
    return PurePosixPath(provider.value) / _part(account) / IDENTITIES


def identities_raw_file(provider: Provider, account: str) -> PurePosixPath:
    """The file of the raw responses about an account's identities, relative to the snapshot."""
    return PurePosixPath(RAW) / provider.value / _part(account) / "identities.jsonl.gz"


def raw_file(scope: Scope) -> PurePosixPath:
    """The file of a scope's raw responses, relative to the snapshot."""
    folder = shard_folder(scope)
    return PurePosixPath(RAW) / folder.parent / f"{folder.name}.jsonl.gz"


def shared_raw_file(scope: Scope, name: str) -> PurePosixPath:
    """The file of responses that scopes of an account share, relative to the snapshot; no region has such a name."""
    return PurePosixPath(RAW) / scope.provider.value / _part(scope.account) / f"{SHARED}{_part(name)}.jsonl.gz"


def _part(name: str) -> str:
    """A name as one part of a path; the projects of a domain have a colon in theirs (`example.com:bank`)."""
    part = name.replace(":", "%3A")
    if not _SAFE.fullmatch(part):
        message = f"{name!r} cannot name a folder"
        raise ValueError(message)
    return part
