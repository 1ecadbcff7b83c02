"""The facts of a data store: its encryption, the key behind it, what it was made from, whether it outlives its key."""

from datetime import datetime

import msgspec

from scanner.facts.coverage.borrowed import KnownKey, KnownStore
from scanner.facts.coverage.references import Place, Target
from scanner.facts.coverage.standing import GOING, standing
from scanner.facts.coverage.view import View
from scanner.facts.kleene import Truth
from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import known
from scanner.facts.subjects import BackupFacts, DataStoreFacts, OriginalFacts, StoreKeyFacts
from scanner.model.evidence import Evidence
from scanner.model.key import KeyState, Manager, Metadata, Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind
from scanner.model.unknown import Cause, Unknown

SAVED = (CopyKind.SNAPSHOT, CopyKind.BACKUP)
"""Copies that are kept to be restored from."""

_MULTI_REGION = "mrk-"


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """The key behind a store that is encrypted with one that can be seen, and what the snapshot holds of it."""

    reference: str
    target: Target
    key: KnownKey | Unknown | None


def derive_store(store: DataStore, view: View, as_of: datetime) -> DataStoreFacts:
    """Everything rules may ask about one store."""
    behind = behind_of(store.encryption, view, view.place)
    return DataStoreFacts(
        id=store.id,
        name=store.name,
        provider=store.provider,
        account=store.account,
        region=store.region,
        kind=store.type,
        copy=store.copy,
        encrypted=known(store.encryption, lambda encryption: encryption.encrypted),
        customer_key=customer_key(behind, store.provider),
        key=_key(store, behind, view),
        original=_original(store, behind, view),
        backup=_backup(store, behind, as_of),
        evidence=(*store.evidence, *_evidence(behind)),
    )


def behind_of(encryption: Encryption | Unknown, view: View, home: Place) -> Behind | Unknown | None:
    """The key behind a store of `home`; None when it is not encrypted, or with a key that nobody sees.

    An alias of the provider points at no key until the provider makes one, so its key is one that nobody sees.
    """
    if isinstance(encryption, Unknown):
        return encryption
    if not encryption.encrypted or encryption.key is None:
        return None
    behind = behind_reference(encryption.key, view, home)
    return None if behind.target.is_unmade else behind


def behind_reference(reference: str, view: View, home: Place) -> Behind:
    """The key behind a reference said at `home`."""
    target = view.target(reference, home)
    found = view.key(target.key) if isinstance(target.key, str) else target.key
    return Behind(reference=reference, target=target, key=found)


def customer_key(behind: Behind | Unknown | None, provider: Provider) -> Truth:
    """Whether a customer manages the key; what is not listed any more was whoever's."""
    if behind is None:
        return False
    if isinstance(behind, Unknown):
        return behind
    if behind.target.of_provider:
        return False
    if isinstance(behind.key, KnownKey):
        return known(behind.key.metadata, lambda metadata: metadata.manager is Manager.CUSTOMER)
    return behind.key or Unknown(cause=Cause.NOT_COLLECTED, call=PERMISSIONS[provider].describe)


def is_listed(behind: Behind | Unknown | None) -> Truth | None:
    """Whether the key is listed where it belongs; absent while the provider has still to make it."""
    if behind is None or isinstance(behind, Unknown):
        return behind
    if behind.target.is_unmade:
        return None
    return behind.key if isinstance(behind.key, Unknown) else behind.key is not None


def state_of(behind: Behind | Unknown | None) -> KeyState | Unknown | None:
    """The state of the key, or of the version that is named; None for a key that is not listed any more."""
    metadata = _standing(behind)
    return metadata.state if isinstance(metadata, Metadata) else metadata


def _standing(behind: Behind | Unknown | None) -> Metadata | Unknown | None:
    if behind is None or isinstance(behind, Unknown):
        return behind
    return standing(behind.key, behind.target.version) if isinstance(behind.key, KnownKey) else behind.key


def _key(store: DataStore, behind: Behind | Unknown | None, view: View) -> StoreKeyFacts:
    reference = known(store.encryption, lambda encryption: encryption.key if encryption.encrypted else None)
    if behind is None or isinstance(behind, Unknown):
        return StoreKeyFacts(
            reference=reference,
            id=behind,
            account=behind,
            listed=behind,
            state=behind,
            ours=behind,
            deletion_at=behind,
        )
    metadata = _standing(behind)
    name = behind.target.key
    return StoreKeyFacts(
        reference=reference,
        id=name,
        account=view.account_of(name) if isinstance(name, str) else name,
        listed=is_listed(behind),
        state=state_of(behind),
        ours=view.is_ours(name) if isinstance(name, str) else name,
        deletion_at=metadata.deletion_at if isinstance(metadata, Metadata) else metadata,
    )


def _original(store: DataStore, behind: Behind | Unknown | None, view: View) -> OriginalFacts:
    """What a copy was made from; absent on an original, and when the provider does not say."""
    if store.copy is CopyKind.ORIGINAL or store.of is None:
        return OriginalFacts(found=None, encrypted=None, customer_key=None, same_key=None)
    found = view.store(store.of)
    if isinstance(found, Unknown):
        return OriginalFacts(found=found, encrypted=found, customer_key=found, same_key=found)
    if found is None:
        return OriginalFacts(found=False, encrypted=None, customer_key=None, same_key=None)
    return _compared(found, behind, view, store)


def _compared(found: KnownStore, behind: Behind | Unknown | None, view: View, store: DataStore) -> OriginalFacts:
    other = behind_of(found.encryption, view, found.place)
    return OriginalFacts(
        found=True,
        encrypted=known(found.encryption, lambda encryption: encryption.encrypted),
        customer_key=customer_key(other, store.provider),
        same_key=_same(_name(behind), _name(other)),
    )


def _name(behind: Behind | Unknown | None) -> str | Unknown | None:
    return behind.target.key if isinstance(behind, Behind) else behind


def _same(own: str | Unknown | None, other: str | Unknown | None) -> Truth | None:
    """Absent when neither has a key that can be seen; keys of one multi-region set hold the same material."""
    for side in (own, other):
        if isinstance(side, Unknown):
            return side
    if own is None and other is None:
        return None
    return own == other or (own is not None and other is not None and _siblings(str(own), str(other)))


def _siblings(own: str, other: str) -> bool:
    """Keys of several regions with one id, which only multi-region keys share."""
    (*_, account, name), (*_, other_account, other_name) = own.split(":"), other.split(":")
    return account == other_account and name == other_name and name.removeprefix("key/").startswith(_MULTI_REGION)


def _backup(store: DataStore, behind: Behind | Unknown | None, as_of: datetime) -> BackupFacts:
    if store.copy not in SAVED:
        return BackupFacts(expires_at=None, expires_in=None, outlives_key=None)
    return BackupFacts(
        expires_at=store.expires_at,
        expires_in=known(store.expires_at, lambda at: None if at is None else at - as_of),
        outlives_key=_outlives(store, behind),
    )


def _outlives(store: DataStore, behind: Behind | Unknown | None) -> Truth:
    """Whether the copy is still there when its key is gone; a key that is not listed any more is gone already."""
    if not isinstance(behind, Behind):
        return behind or False
    if behind.key is None:
        return behind.target.key is not None
    metadata = _standing(behind)
    if not isinstance(metadata, Metadata):
        return metadata or False
    return metadata.state in GOING and _outlasts(store, metadata)


def _outlasts(store: DataStore, metadata: Metadata) -> Truth:
    """Whether the copy is kept for longer than a key that is going away or gone."""
    if metadata.state is KeyState.DESTROYED or store.expires_at is None:
        return True
    if isinstance(store.expires_at, Unknown):
        return store.expires_at
    if metadata.deletion_at is None:
        return Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[store.provider].describe)
    return store.expires_at > metadata.deletion_at


def _evidence(behind: Behind | Unknown | None) -> tuple[Evidence, ...]:
    """The replies behind the key's description, and where one of its versions is named behind those."""
    if not isinstance(behind, Behind) or not isinstance(behind.key, KnownKey):
        return ()
    groups = {"metadata", "versions"} if behind.target.version else {"metadata"}
    return tuple(item for item in behind.key.evidence if item.group in groups)
