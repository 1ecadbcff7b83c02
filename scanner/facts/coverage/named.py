"""What a provider itself names under a key, as stores that rest on it, and whether that is all. Judges nothing."""

from collections.abc import Iterator

from scanner.model.key import Key, Tracked, Versions
from scanner.model.named import NamedResource, NamedResources
from scanner.model.protection import ProtectedStore
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown


def named_under(key: Key) -> Iterator[ProtectedStore]:
    """The resources, each by the id that a listing of stores gives it."""
    if isinstance(key.protects, NamedResources):
        untold = Unknown(cause=Cause.UNSUPPORTED, call=key.protects.call)
        yield from (_store(key, item, untold) for item in key.protects.items)


def unnamed(key: Key) -> Iterator[Unknown]:
    """Why more may rest on the key than its provider named: names or count were not read, or there are fewer names."""
    match key.protects, key.tracked:
        case (Unknown() as unread, _) | (_, Unknown() as unread):
            yield unread
        case NamedResources() as named, Tracked() as counted if counted.warnings or counted.resources > len(
            named.items
        ):
            yield Unknown(cause=Cause.UNSUPPORTED, call=named.call)


def count_under(key: Key) -> tuple[int | None, int | None]:
    """How many resources the provider counts, and how many of them it names; None for what was not read."""
    return (
        key.tracked.resources if isinstance(key.tracked, Tracked) else None,
        len(key.protects.items) if isinstance(key.protects, NamedResources) else None,
    )


def _store(key: Key, item: NamedResource, untold: Unknown) -> ProtectedStore:
    """How long it is kept no provider tells here; of what is no copy that goes without saying."""
    unmet = item.type is StoreKind.OTHER
    return ProtectedStore(
        id=item.id,
        name=item.id.rpartition("/")[2],
        kind=item.type,
        copy=item.copy,
        provider=key.provider,
        account=item.account,
        region=item.region,
        of=None,
        expires_at=untold if unmet or item.copy is not CopyKind.ORIGINAL else None,
        word=item.word if unmet else None,
        version=_version(key, item),
    )


def _version(key: Key, item: NamedResource) -> str | None:
    """The version that decides whether it can be read: of several the first that cannot be used."""
    usable = {one.id for one in key.versions.items if one.enabled} if isinstance(key.versions, Versions) else set()
    return next((one for one in item.versions if one not in usable), next(iter(item.versions), None))
