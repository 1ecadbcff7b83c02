"""Reads the keys of an account-region: shared listings once, then each key by itself. One key never hides another."""

from collections.abc import Sequence
from concurrent.futures import Executor

import msgspec
from msgspec.structs import replace

from scanner.model.evidence import Evidence
from scanner.model.key import Key
from scanner.model.raw import RawResponse
from scanner.model.scope import Listing
from scanner.model.store import AliasTable
from scanner.model.unknown import Cause, Unknown
from scanner.providers.answer import Answer
from scanner.providers.aws import normalise, replies
from scanner.providers.aws.bulk import NOTHING_RECORDED, RegionRecording
from scanner.providers.aws.causes import explain
from scanner.providers.aws.deletions import with_deletion_requests
from scanner.providers.aws.one_key import Shared, key_store, read_key
from scanner.providers.aws.operations import DESCRIBE_CUSTOM_KEY_STORES, GET_RESOURCES, LIST_ALIASES, LIST_KEYS
from scanner.providers.aws.reader import Reader
from scanner.providers.failure import UNREACHABLE, Failure
from scanner.windows import in_windows

_NOT_LISTED = Unknown(cause=Cause.NOT_COLLECTED, call=GET_RESOURCES.action)
"""Stands where nobody looks: every key's tags are recorded."""


class RegionKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of an account-region, sorted by id; when the listing broke off it is unknown, beside the keys seen.

    `unreachable` says in words that the region gave no reply at all.
    """

    keys: tuple[Key, ...]
    listing: Listing | Unknown
    unreachable: str | None
    aliases: AliasTable | Unknown
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]


def read_keys(reader: Reader, pool: Executor, window: int, recording: RegionRecording = NOTHING_RECORDED) -> RegionKeys:
    """Every listed key with all its groups; at most `window` keys are asked for at once.

    The listing alone says which keys there are; of those, `recording` spares some calls.
    """
    listing = pool.submit(reader.ask, LIST_KEYS, {"Limit": 1000})
    naming = pool.submit(reader.ask, LIST_ALIASES, {"Limit": 100})
    listed, aliases = listing.result(), naming.result()
    arns = normalise.listed_keys(listed.pages)
    tags = _list_tags(reader, pool, arns, recording)
    shared = Shared(
        aliases=aliases.group(normalise.aliases_by_key),
        alias_evidence=aliases.evidence("aliases"),
        tags=tags.group(normalise.tags_by_key) if tags else _NOT_LISTED,
        tag_evidence=tags.evidence("tags") if tags else (),
    )
    readings = list(in_windows(pool, window, lambda arn: read_key(reader, arn, shared, recording.keys.get(arn)), arns))
    keys, stores = _with_key_stores(reader, pool, [reading.key for reading in readings])
    keys, events = with_deletion_requests(reader, pool, keys)
    own = tuple(response for reading in readings for response in reading.raw)
    return RegionKeys(
        keys=keys,
        listing=listed.failure.unknown if listed.failure else Listing(listed=len(arns), pages=len(listed.pages)),
        unreachable=_unreachable(listed.failure),
        aliases=aliases.group(normalise.alias_table),
        evidence=listed.evidence("keys"),
        raw=listed.raw + aliases.raw + (tags.raw if tags else ()) + recording.raw + own + stores + events,
    )


def _list_tags(
    reader: Reader, pool: Executor, arns: Sequence[str], recording: RegionRecording
) -> Answer[replies.GetResources] | None:
    """The region's tags; None when those of every key are recorded."""
    recorded = (recording.keys.get(arn) for arn in arns)
    if arns and all(key is not None and key.tags() is not None for key in recorded):
        return None
    params = {"ResourceTypeFilters": ["kms:key"], "ResourcesPerPage": 100}
    return pool.submit(reader.ask, GET_RESOURCES, params).result()


def _with_key_stores(
    reader: Reader, pool: Executor, keys: Sequence[Key]
) -> tuple[tuple[Key, ...], tuple[RawResponse, ...]]:
    """The keys with their custom stores, which are listed once, and only when some key is in one."""
    stored = [key for key in keys if not isinstance(key.metadata, Unknown) and key.metadata.key_store]
    if not stored:
        return tuple(keys), ()
    answer = pool.submit(reader.ask, DESCRIBE_CUSTOM_KEY_STORES, {"Limit": 100}).result()
    stores, evidence = answer.group(normalise.key_stores), answer.evidence("key_store")
    found = {
        key.id: replace(key, key_store=key_store(key.metadata, stores), evidence=key.evidence + evidence)
        for key in stored
    }
    return tuple(found.get(key.id, key) for key in keys), answer.raw


def _unreachable(reason: Failure | None) -> str | None:
    return f"{reason.call}: {explain(reason)}" if reason and reason.code == UNREACHABLE else None
