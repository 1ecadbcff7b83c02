"""Reads what an account-region holds besides its keys: the stores they protect, and the defaults for volumes."""

from collections.abc import Sequence
from concurrent.futures import Executor

import msgspec

from scanner.model.key import Provider
from scanner.model.raw import RawResponse
from scanner.model.store import AliasTable, DataStore, Inventory, VolumeDefault, VolumeKey
from scanner.model.unknown import Unknown
from scanner.providers.aws import replies
from scanner.providers.aws.operations import GET_EBS_DEFAULT_KMS_KEY_ID, GET_EBS_ENCRYPTION_BY_DEFAULT
from scanner.providers.aws.reader import Reader
from scanner.providers.aws.stores.read import read_stores


class RegionInventory(msgspec.Struct, frozen=True, kw_only=True):
    """The inventory of an account-region, its stores sorted by id, and the replies behind them."""

    inventory: Inventory
    stores: tuple[DataStore, ...]
    raw: tuple[RawResponse, ...]


def read_inventory(reader: Reader, pool: Executor, window: int, aliases: AliasTable | Unknown) -> RegionInventory:
    """Everything that may rest on a key; `aliases` were read with the keys."""
    default = pool.submit(reader.ask, GET_EBS_ENCRYPTION_BY_DEFAULT, {})
    key = pool.submit(reader.ask, GET_EBS_DEFAULT_KMS_KEY_ID, {})
    found = read_stores(reader, pool, window)
    answered, named = default.result(), key.result()
    inventory = Inventory(
        provider=Provider.AWS,
        account=reader.account,
        region=reader.region,
        listings=found.listings,
        aliases=aliases,
        volume_default=answered.group(_volume_default),
        volume_key=named.group(_volume_key),
        evidence=found.evidence + answered.evidence("volume_default") + named.evidence("volume_key"),
    )
    return RegionInventory(inventory=inventory, stores=found.stores, raw=found.raw + answered.raw + named.raw)


def _volume_default(pages: Sequence[replies.GetEbsEncryptionByDefault]) -> VolumeDefault:
    return VolumeDefault(encrypted=pages[0].ebs_encryption_by_default)


def _volume_key(pages: Sequence[replies.GetEbsDefaultKmsKeyId]) -> VolumeKey:
    return VolumeKey(key=pages[0].kms_key_id)
