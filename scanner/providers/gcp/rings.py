"""Reads key rings: their names from the keys' or a sweep over locations, and what was given on each. Reads no key."""

from collections.abc import Iterable
from concurrent.futures import Executor

import msgspec

from scanner.model.container import ContainerKind, KeyContainer
from scanner.model.key import Provider
from scanner.model.raw import RawResponse
from scanner.model.unknown import Inapplicable
from scanner.providers.answer import evidence_of
from scanner.providers.gcp import normalise, normalise_access, replies
from scanner.providers.gcp.operations import KEY_RING_POLICY, LIST_KEY_RINGS
from scanner.providers.gcp.reader import POLICY_VERSION_3, Reader
from scanner.windows import in_windows

_CALL = LIST_KEY_RINGS.action
_NO_RECOVERY = Inapplicable(reason="key rings cannot be deleted; each key version waits by itself", call=_CALL)
_NO_NETWORK = Inapplicable(reason="key rings have no address of their own", call=_CALL)
_NO_MODE = Inapplicable(reason="roles alone decide", call=_CALL)
_NO_LABELS = Inapplicable(reason="key rings carry no labels", call=_CALL)


class NamedRing(msgspec.Struct, frozen=True, kw_only=True):
    """A ring, as a listing or only its keys name it; `page` is the reply that did."""

    reply: replies.KeyRing
    page: RawResponse


class ReadRing(msgspec.Struct, frozen=True, kw_only=True):
    """A ring, and the replies behind it."""

    container: KeyContainer
    raw: tuple[RawResponse, ...]


def read_rings(reader: Reader, pool: Executor, window: int, names: Iterable[NamedRing]) -> list[ReadRing]:
    """Every ring with what was given on it, sorted by id."""
    ordered = sorted(names, key=lambda item: item.reply.name)
    return list(in_windows(pool, window, lambda item: _read_ring(reader, item), ordered))


def _read_ring(reader: Reader, found: NamedRing) -> ReadRing:
    name = found.reply.name
    policy = reader.ask(KEY_RING_POLICY, {"resource": name, "options": POLICY_VERSION_3}, name)
    container = KeyContainer(
        id=name,
        provider=Provider.GCP,
        account=reader.account,
        region=normalise.location_of(name),
        type=ContainerKind.KEY_RING,
        name=name.rpartition("/")[2],
        created_at=found.reply.create_time,
        recovery=_NO_RECOVERY,
        access=_NO_MODE,
        network=_NO_NETWORK,
        tags=_NO_LABELS,
        policy=policy.group(normalise_access.bindings),
        source={},
        evidence=(*evidence_of("name", (found.page,)), *policy.evidence("policy")),
    )
    return ReadRing(container=container, raw=policy.raw)
