"""A key that cannot be used now, or not in every way: which operations wait, and for what. Decides no right.

Whoever may administer a key may do so in any state of it, so that rights stay and their use is conditional.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec

from scanner.facts.access.aws import Decision
from scanner.model.effective import ActionClass
from scanner.model.key import Key, KeyState, KeyType, KeyUsage, KeyVersion, Metadata, Versions
from scanner.model.unknown import Inapplicable, Unknown

_USES = frozenset({ActionClass.USE_PLAINTEXT, ActionClass.USE_ENCRYPT})
_FOR_GOOD = frozenset({KeyState.PENDING_DELETION, KeyState.DESTROYED})


class Dormant(msgspec.Struct, frozen=True, kw_only=True):
    """What has to come before operations of a key (`needs`, by operation and in words), and what to say of it."""

    needs: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def dormant_of(
    key: Key, classes: Mapping[str, ActionClass], as_of: datetime | None = None, dated: frozenset[str] = frozenset()
) -> Dormant:
    """What a key waits for. `dated` are the operations that are refused before and after a version's own dates."""
    if isinstance(key.metadata, Unknown):
        return Dormant(notes=(f"not read: whether the key is enabled ({key.metadata.cause} {key.metadata.call})",))
    versions = key.versions if isinstance(key.versions, Versions) else None
    first = next((one for one in versions.items if one.id == versions.primary), None) if versions else None
    state = key.metadata.state
    if state is not KeyState.ENABLED:
        uses = _of_kinds(classes, _USES)
        return _of_one(uses, state) if _has_others(key) and state not in _FOR_GOOD else _of_all(uses, state)
    if first is not None and first.state is not KeyState.ENABLED:
        return _of_one(_of_kinds(classes, _USES), first.state)
    if versions is not None and first is None and _has_default(key.metadata):
        encrypting = _of_kinds(classes, {ActionClass.USE_ENCRYPT})
        note = "no version is used by default: whoever encrypts has to name one"
        return _waiting(encrypting, "the request names a version (none is used by default)", note)
    return Dormant() if as_of is None else _of_dates(dated, as_of, first, key.metadata)


def _of_kinds(classes: Mapping[str, ActionClass], kinds: Collection[ActionClass]) -> frozenset[str]:
    return frozenset(name for name, kind in classes.items() if kind in kinds)


def _has_others(key: Key) -> bool:
    """Whether another version than the newest may be used; versions that were not read may be."""
    if isinstance(key.versions, Versions):
        return any(one.state is KeyState.ENABLED for one in key.versions.items)
    return not isinstance(key.versions, Inapplicable)


def _has_default(metadata: Metadata) -> bool:
    return metadata.type is KeyType.SYMMETRIC and metadata.usage is KeyUsage.ENCRYPT_DECRYPT


def _of_all(uses: frozenset[str], state: KeyState) -> Dormant:
    word = _word(state)
    if state is KeyState.DESTROYED:
        note = f"the key is {word}: nobody uses it until it has a new version, and what it protected stays lost"
        return _waiting(uses, f"the key is given a new version (it is {word})", note)
    note = f"the key is {word}: nobody uses it until it is enabled, which whoever may do so can bring about"
    return _waiting(uses, f"the key is enabled again (it is {word})", note)


def _of_one(uses: frozenset[str], state: KeyState) -> Dormant:
    word = _word(state)
    need = f"a version is used that is enabled (the one used by default is {word})"
    return _waiting(uses, need, f"the version used by default is {word}: it is used by nobody until it is enabled")


def _of_dates(dated: frozenset[str], as_of: datetime, first: KeyVersion | None, metadata: Metadata) -> Dormant:
    starts = first.not_before if first else None
    ends = first.expires_at if first else metadata.material_expires_at
    if ends is not None and ends <= as_of:
        why = f"expired on {ends:%Y-%m-%d}"
    elif starts is not None and starts > as_of:
        why = f"is valid from {starts:%Y-%m-%d}"
    else:
        return Dormant()
    need = f"a version is used that is valid at the time (the one used by default {why})"
    return _waiting(dated, need, f"the version used by default {why}: outside its dates it decrypts and verifies alone")


def _waiting(names: frozenset[str], need: str, note: str) -> Dormant:
    return Dormant(needs=tuple((name, need) for name in sorted(names)), notes=(note,))


def _word(state: KeyState) -> str:
    return state.value.replace("_", " ")


def while_dormant(found: Mapping[str, Decision], dormant: Dormant) -> dict[str, Decision]:
    """The decisions on a key that may have to be enabled first; that gives nobody a right and takes none."""
    needs = dict(dormant.needs)
    if not needs:
        return dict(found)
    return {name: decision.given(needs[name]) if name in needs else decision for name, decision in found.items()}
