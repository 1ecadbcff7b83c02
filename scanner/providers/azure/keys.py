"""Reads the keys of a vault or managed HSM: the listings once, then each key by itself. One key never hides another."""

from concurrent.futures import Executor

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.key import Key
from scanner.model.raw import RawResponse
from scanner.model.scope import Listing
from scanner.model.unknown import Cause, Unknown
from scanner.providers.answer import Answer
from scanner.providers.azure import replies
from scanner.providers.azure.api import Question
from scanner.providers.azure.normalise import is_key, listed_keys
from scanner.providers.azure.one_key import PAGE, KeyReading, read_deleted_key, read_key, read_managed_key
from scanner.providers.azure.operations import LIST_MANAGED_KEYS
from scanner.providers.azure.place import Place
from scanner.providers.azure.reader import Reader
from scanner.providers.failure import Failure
from scanner.windows import in_windows

_Listed = Answer[replies.Keys] | Answer[replies.DeletedKeys]


class VaultKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of one vault, sorted by id; when a listing broke off it is unknown, beside the keys seen.

    `refusal` is why the vault itself did not let us in; None when it did.
    """

    keys: tuple[Key, ...]
    listing: Listing | Unknown
    refusal: Failure | None
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]


NO_KEYS = VaultKeys(keys=(), listing=Listing(listed=0, pages=0), refusal=None, evidence=(), raw=())
"""What can be seen of a vault that was deleted."""


def read_keys(reader: Reader, place: Place, pool: Executor, window: int) -> VaultKeys:
    """Every listed key with all its groups, deleted ones too; at most `window` keys are asked for at once."""
    if isinstance(place.door, Failure):
        return _by_management(reader, place, pool, window, place.door)
    door, operations = place.door, place.operations
    question = Question(query=PAGE)
    listed = pool.submit(reader.ask, operations.list_keys, question, door=door, subject=place.name).result()
    deleted = pool.submit(reader.ask, operations.list_deleted, question, door=door, subject=place.name).result()

    def read(item: replies.KeyItem) -> KeyReading:
        if isinstance(item, replies.DeletedKeyItem):
            return read_deleted_key(reader, place, door, item)
        return read_key(reader, place, door, item)

    readings = list(in_windows(pool, window, read, [*_seen(listed), *_seen(deleted)]))
    evidence = listed.evidence("keys") + deleted.evidence("keys")
    own = VaultKeys(
        keys=_sorted(readings),
        listing=_listing(listed, deleted),
        refusal=None,
        evidence=evidence,
        raw=listed.raw + deleted.raw + _raw(readings),
    )
    if listed.failure is None or listed.pages:
        return own
    return _both(own, _by_management(reader, place, pool, window, listed.failure))


def _both(own: VaultKeys, managed: VaultKeys) -> VaultKeys:
    """What the vault told, and what the management plane told in its place."""
    return VaultKeys(
        keys=tuple(sorted(own.keys + managed.keys, key=lambda key: key.id)),
        listing=own.listing,
        refusal=managed.refusal,
        evidence=own.evidence + managed.evidence,
        raw=own.raw + managed.raw,
    )


def _by_management(reader: Reader, place: Place, pool: Executor, window: int, missing: Failure) -> VaultKeys:
    """The keys as far as the management plane tells of them, which knows no deleted ones: the listing stays unknown."""
    if place.is_hsm:
        return VaultKeys(keys=(), listing=missing.unknown, refusal=missing, evidence=(), raw=())
    question = Question(places=place.places)
    listed = pool.submit(reader.ask, LIST_MANAGED_KEYS, question, subject=place.name).result()
    items = {item.name: item for page in listed.pages for item in page.value if is_key(item.properties.key_uri)}

    def read(name: str) -> KeyReading:
        return read_managed_key(reader, place, items[name], missing)

    readings = list(in_windows(pool, window, read, sorted(items)))
    return VaultKeys(
        keys=_sorted(readings),
        listing=missing.unknown,
        refusal=missing,
        evidence=listed.evidence("keys"),
        raw=listed.raw + _raw(readings),
    )


def _seen(answer: _Listed) -> list[replies.KeyItem]:
    """The keys on the pages that came, whether or not they are all."""
    return list(listed_keys(answer.pages).values())


def _listing(*answers: _Listed) -> Listing | Unknown:
    """How many keys there are, live and deleted; unknown when one listing is not whole or names what is no key."""
    count = pages = 0
    for answer in answers:
        if answer.failure:
            return answer.failure.unknown
        if not all(is_key(item.kid) for page in answer.pages for item in page.value):
            return Unknown(cause=Cause.ERROR, call=answer.operation.action)
        count, pages = count + len(listed_keys(answer.pages)), pages + len(answer.pages)
    return Listing(listed=count, pages=pages)


def _sorted(readings: list[KeyReading]) -> tuple[Key, ...]:
    return tuple(sorted((reading.key for reading in readings), key=lambda key: key.id))


def _raw(readings: list[KeyReading]) -> tuple[RawResponse, ...]:
    return tuple(response for reading in readings for response in reading.raw)
