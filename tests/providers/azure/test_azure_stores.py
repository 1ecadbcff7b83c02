"""What keys protect, as Resource Graph tells it: each kind names its key its own way."""

import pytest

from azure_worlds import PAYMENTS
from scanner.facts.coverage.azure_names import azure_key
from scanner.model.scope import Listing
from scanner.model.store import Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.simulator.azure.faults import Effect, Fault

CARD = "https://kv-pay.vault.azure.net/keys/card"
QUERY = "Microsoft.ResourceGraph/resources/read"


def add(world, kind, name, location="westeurope", **properties):
    return world.add_resource(PAYMENTS, kind, name, location, **properties)


def stores(read, location="westeurope"):
    return {store.name: store for store in read().shard(location).stores}


@pytest.mark.parametrize(
    ("kind", "properties", "key"),
    [
        ("Microsoft.Sql/servers", {"keyId": f"{CARD}/1f"}, f"{CARD}/1f"),
        ("Microsoft.DocumentDB/databaseAccounts", {"keyVaultKeyUri": CARD}, CARD),
        ("Microsoft.DBforPostgreSQL/flexibleServers", {"dataEncryption": {"primaryKeyURI": CARD}}, CARD),
        (
            "Microsoft.Storage/storageAccounts",
            {
                "encryption": {
                    "keyvaultproperties": {"keyvaulturi": "https://kv-pay.vault.azure.net/", "keyname": "card"}
                }
            },
            CARD,
        ),
        (
            "Microsoft.Storage/storageAccounts",
            {
                "encryption": {
                    "keyvaultproperties": {
                        "keyvaulturi": "https://kv-pay.vault.azure.net",
                        "keyname": "card",
                        "keyversion": "1f",
                    }
                }
            },
            f"{CARD}/1f",
        ),
        ("Microsoft.Storage/storageAccounts", {"encryption": {"keySource": "Microsoft.Storage"}}, None),
        ("Microsoft.Compute/disks", {"encryption": {"type": "EncryptionAtRestWithPlatformKey"}}, None),
    ],
)
def test_each_kind_names_its_key_its_own_way(world, read, kind, properties, key):
    add(world, kind, "s", **properties)
    assert stores(read)["s"].encryption == Encryption(encrypted=True, key=key)


def test_a_disk_and_its_snapshot_are_under_the_key_of_their_set(world, read):
    group = add(world, "Microsoft.Compute/diskEncryptionSets", "des", activeKey={"keyUrl": CARD})
    disk = add(world, "Microsoft.Compute/disks", "d", encryption={"diskEncryptionSetId": group.upper()})
    add(
        world,
        "Microsoft.Compute/snapshots",
        "n",
        encryption={"diskEncryptionSetId": group},
        creationData={"sourceResourceId": disk},
    )
    found = stores(read)
    assert set(found) == {"d", "n"}
    assert found["d"].encryption == found["n"].encryption == Encryption(encrypted=True, key=CARD)
    assert (found["n"].type, found["n"].copy, found["n"].of) == (
        StoreKind.VOLUME_SNAPSHOT,
        CopyKind.SNAPSHOT,
        found["d"].id,
    )


def test_a_disk_under_a_set_that_cannot_be_seen_has_a_key_nobody_knows(world, read):
    add(world, "Microsoft.Compute/disks", "d", encryption={"diskEncryptionSetId": "/subscriptions/other/des"})
    assert stores(read)["d"].encryption == Unknown(cause=Cause.NOT_COLLECTED, call=QUERY)


def test_locations_without_a_vault_are_read_for_their_stores(world, read):
    add(world, "Microsoft.Compute/disks", "far", location="Japan East")
    found = read()
    assert [store.name for store in found.shard("japaneast").stores] == ["far"]
    assert found.shard("japaneast").scope.keys == Listing(listed=0, pages=0)


def test_pages_follow_each_other_by_their_token(world, read):
    world.page_size = 2
    for number in range(5):
        add(world, "Microsoft.Compute/disks", f"d{number}")
    found = read()
    assert len(found.shard().stores) == 5
    assert found.shard().inventory.listings[0].stores == Listing(listed=5, pages=3)


def test_a_query_that_is_denied_leaves_the_stores_unknown(world, read):
    add(world, "Microsoft.Compute/disks", "d")
    world.faults.append(Fault(effect=Effect.DENY, path="ResourceGraph"))
    shard = read().shard()
    assert shard.stores == ()
    assert shard.inventory.listings[0].stores == Unknown(cause=Cause.DENIED, call=QUERY)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"{CARD}/0123abc", CARD),
        ("https://KV-PAY.vault.azure.net:443/keys/card", CARD),
        ("https://kv-pay.vault.azure.net/secrets/card", None),
        ("/subscriptions/s/keys/card", None),
        ("http://kv-pay.vault.azure.net/keys/card", None),
    ],
)
def test_an_address_of_a_key_is_told_with_or_without_its_version(text, key):
    assert azure_key(text) == key
