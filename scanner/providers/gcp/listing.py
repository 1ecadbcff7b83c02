"""Finds a project's keys: at once by the inventory API, else ring by ring. Reads nothing of a key but its listing."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor

import msgspec

from scanner.model.evidence import Evidence
from scanner.model.raw import RawResponse
from scanner.model.scope import Listing
from scanner.model.unknown import Cause, Unknown
from scanner.providers.answer import Answer, AnyAnswer, evidence_of
from scanner.providers.failure import Failure
from scanner.providers.gcp import normalise, replies
from scanner.providers.gcp.causes import is_disabled
from scanner.providers.gcp.keys import Listed, listed
from scanner.providers.gcp.operations import INVENTORY_KEYS, LIST_CRYPTO_KEYS, LIST_KEY_RINGS, LIST_LOCATIONS
from scanner.providers.gcp.reader import Reader
from scanner.providers.gcp.rings import NamedRing
from scanner.windows import in_windows

_KEYS_A_PAGE = 1000
WHERE_NOTHING_IS = "global"
"""The location in whose name a project without any key stands in the population."""


class LocationListing(msgspec.Struct, frozen=True, kw_only=True):
    """What one location of a project holds. `listing` is unknown when it was denied or broke off."""

    location: str
    keys: tuple[Listed, ...]
    rings: tuple[NamedRing, ...]
    listing: Listing | Unknown
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]

    @property
    def is_used(self) -> bool:
        """Whether anything of the project is there."""
        return self.location != WHERE_NOTHING_IS or bool(self.keys or self.rings)


class ProjectListing(msgspec.Struct, frozen=True, kw_only=True):
    """The locations of a project that hold something or could not be looked into, sorted by name.

    `asked` are the locations that were looked into one by one, None where one answer holds for all. `failure` says why
    not even those are known; `disabled` that the project has not enabled the key service.
    """

    locations: tuple[LocationListing, ...]
    asked: Mapping[str, LocationListing] | None
    failure: Failure | None
    disabled: bool
    raw: tuple[RawResponse, ...]


def list_project(reader: Reader, pool: Executor, window: int) -> ProjectListing:
    """The inventory API names all keys at once; where it does not answer whole, every location is swept."""
    parent = f"projects/{reader.account}"
    answer = pool.submit(
        reader.ask, INVENTORY_KEYS, {"parent": parent, "pageSize": _KEYS_A_PAGE}, reader.account
    ).result()
    if answer.failure is None:
        return ProjectListing(locations=_by_location(answer), asked=None, failure=None, disabled=False, raw=answer.raw)
    return _sweep(reader, pool, window, answer.raw)


def with_locations(found: ProjectListing, others: Iterable[str]) -> ProjectListing:
    """The listing with more locations: those without a key that hold data, or where something was done to a key."""
    named = frozenset(others)
    known = {one.location for one in found.locations}
    empty = [_without_keys(found, name) for name in sorted(named - known)]
    seen = [one for one in found.locations if one.is_used or one.location in named] + empty
    locations = sorted(seen or found.locations, key=lambda one: one.location)
    return msgspec.structs.replace(found, locations=tuple(locations))


def _without_keys(found: ProjectListing, name: str) -> LocationListing:
    """A location in which no key was met; whether it holds any is unknown where nobody looked into it."""
    if found.asked is not None and name in found.asked:
        return found.asked[name]
    empty = msgspec.structs.replace(found.locations[0], location=name, keys=(), rings=())
    if found.asked is None:
        return msgspec.structs.replace(empty, listing=without_any(empty.listing))
    missed = Unknown(cause=Cause.NOT_COLLECTED, call=LIST_KEY_RINGS.action)
    return msgspec.structs.replace(empty, listing=missed, evidence=())


def without_any(listing: Listing | Unknown) -> Listing | Unknown:
    """The listing of a place in which it names no key."""
    return listing if isinstance(listing, Unknown) else msgspec.structs.replace(listing, listed=0)


def _by_location(answer: Answer[replies.ListCryptoKeys]) -> tuple[LocationListing, ...]:
    found: dict[str, list[Listed]] = {}
    for key in listed(answer):
        found.setdefault(normalise.location_of(key.reply.name), []).append(key)
    if not found:
        found[WHERE_NOTHING_IS] = []
    return tuple(
        LocationListing(
            location=location,
            keys=tuple(found[location]),
            rings=_rings_of(found[location]),
            listing=Listing(listed=len(found[location]), pages=len(answer.pages)),
            evidence=answer.evidence("keys"),
            raw=answer.raw,
        )
        for location in sorted(found)
    )


def _rings_of(keys: Sequence[Listed]) -> tuple[NamedRing, ...]:
    """The rings that keys are in; the inventory names no others, and not when they were made."""
    found: dict[str, NamedRing] = {}
    for key in keys:
        name = normalise.ring_of(key.reply.name)
        found.setdefault(name, NamedRing(reply=replies.KeyRing(name=name), page=key.page))
    return tuple(found.values())


def _sweep(reader: Reader, pool: Executor, window: int, tried: tuple[RawResponse, ...]) -> ProjectListing:
    """Every location that the project may use, ring by ring."""
    params = {"name": f"projects/{reader.account}", "pageSize": 300}
    locations = pool.submit(reader.ask, LIST_LOCATIONS, params, reader.account).result()
    raw = tried + locations.raw
    if locations.failure is not None:
        off = is_disabled(locations.failure)
        return ProjectListing(locations=(), asked={}, failure=locations.failure, disabled=off, raw=raw)
    names = sorted({item.location_id for page in locations.pages for item in page.locations})
    rings = list(in_windows(pool, window, lambda name: _list_rings(reader, name), names))
    disabled = bool(rings) and all(is_disabled(answer.failure) for answer in rings)
    if disabled:
        return ProjectListing(locations=(), asked={}, failure=rings[0].failure, disabled=True, raw=raw + rings[0].raw)
    asked = {name: _swept(reader, pool, window, (name, answer, raw)) for name, answer in zip(names, rings, strict=True)}
    swept = tuple(one for one in asked.values() if one.rings or isinstance(one.listing, Unknown))
    empty = LocationListing(
        location=WHERE_NOTHING_IS,
        keys=(),
        rings=(),
        listing=Listing(listed=0, pages=len(rings)),
        evidence=evidence_of("keys", tuple(response for answer in rings for response in answer.raw)),
        raw=raw + tuple(response for answer in rings for response in answer.raw),
    )
    return ProjectListing(locations=swept or (empty,), asked=asked, failure=None, disabled=False, raw=raw)


def _list_rings(reader: Reader, location: str) -> Answer[replies.ListKeyRings]:
    parent = f"projects/{reader.account}/locations/{location}"
    return reader.ask(LIST_KEY_RINGS, {"parent": parent, "pageSize": _KEYS_A_PAGE}, parent)


def _swept(
    reader: Reader,
    pool: Executor,
    window: int,
    found: tuple[str, Answer[replies.ListKeyRings], tuple[RawResponse, ...]],
) -> LocationListing:
    """One location; a ring whose keys cannot be listed leaves the number of its keys unknown."""
    location, answer, before = found
    pages = zip(answer.pages, answer.raw, strict=False)
    rings = tuple(NamedRing(reply=ring, page=raw) for page, raw in pages for ring in page.key_rings)
    answers = list(in_windows(pool, window, lambda ring: _list_keys(reader, ring), rings))
    keys = tuple(key for one in answers for key in listed(one))
    failures = (answer.failure, *(one.failure for one in answers))
    broken = next((failure for failure in failures if failure is not None), None)
    own = answer.raw + tuple(response for one in answers for response in one.raw)
    return LocationListing(
        location=location,
        keys=keys,
        rings=rings,
        listing=broken.unknown if broken else Listing(listed=len(keys), pages=_pages(answers) or len(answer.pages)),
        evidence=evidence_of("keys", own),
        raw=before + own,
    )


def _pages(answers: Sequence[AnyAnswer]) -> int:
    return sum(len(answer.pages) for answer in answers)


def _list_keys(reader: Reader, ring: NamedRing) -> Answer[replies.ListCryptoKeys]:
    return reader.ask(LIST_CRYPTO_KEYS, {"parent": ring.reply.name, "pageSize": _KEYS_A_PAGE}, ring.reply.name)
