"""Reads a project's keys: the listing once, then each key's versions and policy. One key never hides another."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from scanner.model.evidence import Evidence
from scanner.model.key import Key, KeyState, Metadata, Provider, RotationHistory, Tracked, Versions
from scanner.model.named import NamedResources
from scanner.model.raw import RawResponse
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown
from scanner.providers.answer import Answer, evidence_of
from scanner.providers.failure import MalformedReplyError, malformed
from scanner.providers.gcp import normalise, normalise_access, normalise_assets, replies
from scanner.providers.gcp.operations import (
    INVENTORY_KEYS,
    KEY_POLICY,
    LIST_VERSIONS,
    PROTECTED_SUMMARY,
    SEARCH_PROTECTED,
)
from scanner.providers.gcp.reader import POLICY_VERSION_3, Reader
from scanner.windows import in_windows

Group = TypeVar("Group")

VERSIONS_A_PAGE = 1000
_NAMES_A_PAGE = 500
_CALL = INVENTORY_KEYS.action
_NO_GRANTS = Inapplicable(reason="Google Cloud gives roles, not grants", call=_CALL)
_NO_ALIASES = Inapplicable(reason="a key has one name, which is its id", call=_CALL)
_NO_LAST_USE = Inapplicable(reason="the provider does not tell when a key was last used", call=_CALL)
_NO_STORE = Inapplicable(reason="custom key stores exist on AWS alone", call=_CALL)
_NOT_COUNTED = OutOfScope(
    reason="asked only of keys with a version that cannot be used or goes", call=PROTECTED_SUMMARY.action
)
_NOT_NAMED = OutOfScope(
    reason="asked only of keys under which the provider counts something", call=SEARCH_PROTECTED.action
)
_COUNTED = (KeyState.DISABLED, KeyState.PENDING_DELETION, KeyState.DESTROYED, KeyState.UNAVAILABLE)
_NO_REQUEST = Inapplicable(reason="the key does not wait for its destruction", call="logging.logEntries.list")
_REQUEST_NOT_READ = OutOfScope(
    reason="asked only of keys that are known to wait for destruction", call="logging.logEntries.list"
)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A key as a listing names it, and the page that does."""

    reply: replies.CryptoKey
    page: RawResponse


class ReadKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key, and the replies behind it besides the listing's page."""

    key: Key
    raw: tuple[RawResponse, ...]


def listed(answer: Answer[replies.ListCryptoKeys]) -> list[Listed]:
    """Every key of a listing, as far as it went, in its order; each name once."""
    found: dict[str, Listed] = {}
    for page, raw in zip(answer.pages, answer.raw, strict=False):
        for reply in page.crypto_keys:
            found.setdefault(reply.name, Listed(reply=reply, page=raw))
    return list(found.values())


class _Protected(msgspec.Struct, frozen=True, kw_only=True):
    """What Google counts and names under a key, and the replies."""

    counted: Tracked | OutOfScope | Unknown = _NOT_COUNTED
    named: NamedResources | OutOfScope | Unknown = _NOT_NAMED
    evidence: tuple[Evidence, ...] = ()
    raw: tuple[RawResponse, ...] = ()


def read_keys(
    reader: Reader, pool: Executor, window: int, names: Iterable[Listed], whole: str | Unknown
) -> list[ReadKey]:
    """Every listed key with all its groups, sorted by id; at most `window` are asked for at once.

    `whole` is the organisation, where anything may rest on a key.
    """
    ordered = sorted(names, key=lambda item: item.reply.name)
    return list(in_windows(pool, window, lambda item: read_key(reader, item, whole), ordered))


def read_key(reader: Reader, found: Listed, whole: str | Unknown) -> ReadKey:
    """One key."""
    name = found.reply.name
    versions = reader.ask(LIST_VERSIONS, {"parent": name, "pageSize": VERSIONS_A_PAGE}, name)
    policy = reader.ask(KEY_POLICY, {"resource": name, "options": POLICY_VERSION_3}, name)
    key = make_key(found.reply, versions.group(lambda pages: normalise.versions(found.reply, pages)), reader.account)
    under = _protected(reader, key, whole)
    bound = replace(
        key,
        tracked=under.counted,
        protects=under.named,
        policy=policy.group(normalise_access.bindings),
        evidence=(
            *(item for group in ("metadata", "rotation", "tags") for item in evidence_of(group, (found.page,))),
            *versions.evidence("versions"),
            *_state_evidence(key.metadata, versions),
            *policy.evidence("policy"),
            *under.evidence,
        ),
    )
    return ReadKey(key=bound, raw=versions.raw + policy.raw + under.raw)


def _protected(reader: Reader, key: Key, whole: str | Unknown) -> _Protected:
    """What rests on a key that is not in use as it should be, counted and named; of a healthy one it is not asked.

    Without the organisation's service agent Google refuses. It could be told to count the project alone, which would
    pass for the whole.
    """
    if isinstance(key.metadata, Metadata) and key.metadata.state not in _COUNTED and not _is_partly_off(key):
        return _Protected()
    answer = reader.ask(PROTECTED_SUMMARY, {"name": f"{key.id}/protectedResourcesSummary"}, key.id)
    counted = answer.group(normalise.tracked)
    under = _Protected(counted=counted, evidence=answer.evidence("tracked"), raw=answer.raw)
    if isinstance(counted, Unknown) or not counted.resources:
        return under
    if isinstance(whole, Unknown):
        return replace(under, named=whole)
    names = reader.ask(SEARCH_PROTECTED, {"scope": whole, "cryptoKey": key.id, "pageSize": _NAMES_A_PAGE}, key.id)
    return replace(
        under,
        named=names.group(normalise_assets.protects),
        evidence=under.evidence + names.evidence("protects"),
        raw=under.raw + names.raw,
    )


def _is_partly_off(key: Key) -> bool:
    """Whether some version of the key cannot be used and still can be saved."""
    off = (KeyState.DISABLED, KeyState.PENDING_DELETION)
    return isinstance(key.versions, Versions) and any(one.state in off for one in key.versions.items)


def make_key(reply: replies.CryptoKey, versions: Versions | Unknown, account: str) -> Key:
    """The key as far as its listing and its versions tell; the policy is not asked for here."""
    metadata = _metadata(reply, versions)
    return Key(
        id=reply.name,
        provider=Provider.GCP,
        account=account,
        region=normalise.location_of(reply.name),
        metadata=metadata,
        rotation=_or_malformed(normalise.rotation, reply),
        rotation_history=_history(reply, versions),
        policy=Unknown(cause=Cause.NOT_COLLECTED, call=KEY_POLICY.action),
        grants=_NO_GRANTS,
        aliases=_NO_ALIASES,
        tags=normalise.tags(reply),
        last_use=_NO_LAST_USE,
        key_store=_NO_STORE,
        deletion_request=_NO_REQUEST if isinstance(metadata, Metadata) else _REQUEST_NOT_READ,
        source=normalise.source(reply),
        evidence=(),
        versions=versions,
        container=normalise.ring_of(reply.name),
    )


def _metadata(reply: replies.CryptoKey, versions: Versions | Unknown) -> Metadata | Unknown:
    """What the key is; its state is that of its versions, so without them it is told only where the primary tells."""
    if isinstance(versions, Unknown):
        primary = reply.primary
        if primary is None or primary.state != "ENABLED":
            return versions
        versions = Versions(items=(normalise.version(primary),), primary=primary.name)
    seen = versions
    return _or_malformed(lambda one: normalise.metadata(one, seen), reply)


def _history(reply: replies.CryptoKey, versions: Versions | Unknown) -> RotationHistory | Unknown:
    return versions if isinstance(versions, Unknown) else normalise.rotation_history(reply, versions)


def _or_malformed(make: Callable[[replies.CryptoKey], Group], reply: replies.CryptoKey) -> Group | Unknown:
    try:
        return make(reply)
    except MalformedReplyError:
        return malformed(_CALL).unknown


def _state_evidence(
    metadata: Metadata | Unknown, versions: Answer[replies.ListCryptoKeyVersions]
) -> tuple[Evidence, ...]:
    """The versions behind the state and the history of rotations."""
    groups = ("metadata", "rotation_history") if isinstance(metadata, Metadata) else ("rotation_history",)
    return tuple(item for group in groups for item in versions.evidence(group))
