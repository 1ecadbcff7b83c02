"""What a key protects and what would be lost with it, as reports show it. Derives nothing."""

from datetime import datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Unknown


class ProtectedStore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One store or copy that cannot be read without the key; `word` is the provider's for one of a kind not known here.

    `of` is the store it was made from; `expires_at` when the provider deletes it by itself, None when it is kept until
    somebody deletes it, Unknown when that was not told. `version` is the version of the key that it names.
    """

    id: str
    name: str
    kind: StoreKind
    copy: CopyKind
    provider: Provider
    account: str
    region: str
    of: str | None
    expires_at: datetime | Unknown | None
    word: str | None = None
    version: str | None = None


class KeyProtection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything known to rest on one key, or on one version of it that is worse off than the key: `version_of`.

    `key` is its id (the ARN), or the reference as the store gives it when it could not be resolved. `listed` is False
    for a key that is not in the snapshot; then `state` says so and nothing else is known of it. `state` is printed
    text. `stores` are sorted by id. `unread` names the listings that could have named more. `backup_expires_at` is the
    latest moment at which a snapshot or backup that needs the key goes away by itself, None when there is none or when
    one is `kept` until somebody deletes it, Unknown when none is and it was not told of one. `counted` is how many
    resources the provider itself counts under the key, `named` how many of these it names; None where it was not asked.
    """

    key: str
    name: str
    listed: bool
    state: str
    deletion_at: datetime | Unknown | None
    stores: tuple[ProtectedStore, ...]
    unread: tuple[Unknown, ...]
    backup_expires_at: datetime | Unknown | None
    kept: bool
    counted: int | None = None
    named: int | None = None
    version_of: str | None = None
