"""What keys of Google Cloud protect, from Cloud Asset Inventory, and how a key is told from its name."""

import pytest
from simulated_gcp import HOME, PROJECT, collect, fail, small_world

from scanner.facts.coverage.references import Place, place_of, read_reference
from scanner.model.key import Provider
from scanner.model.scope import Listing
from scanner.model.store import Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.simulator.gcp.faults import Effect

KEY = f"projects/{PROJECT}/locations/{HOME}/keyRings/cards/cryptoKeys/key-0"
DISK = f"projects/{PROJECT}/zones/{HOME}-b/disks/d"
HERE = Place(Provider.GCP, PROJECT, HOME)
CALL = "cloudasset.assets.listResource"


@pytest.fixture
def world():
    return small_world()


def stored(world, kind, location=HOME, **data):
    """The one store that is read of an asset."""
    world.asset(PROJECT, kind, "//service/thing", location, **data)
    return next(store for shard in collect(world).shards.values() for store in shard.shard.stores)


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("sqladmin.googleapis.com/Instance", {"diskEncryptionConfiguration": {"kmsKeyName": KEY}}, StoreKind.DATABASE),
        ("compute.googleapis.com/Disk", {"diskEncryptionKey": {"kmsKeyName": KEY}}, StoreKind.VOLUME),
        (
            "compute.googleapis.com/Snapshot",
            {"snapshotEncryptionKey": {"kmsKeyName": KEY}},
            StoreKind.VOLUME_SNAPSHOT,
        ),
        ("storage.googleapis.com/Bucket", {"encryption": {"defaultKmsKeyName": KEY}}, StoreKind.BUCKET),
        (
            "bigquery.googleapis.com/Dataset",
            {"defaultEncryptionConfiguration": {"kmsKeyName": KEY}},
            StoreKind.WAREHOUSE,
        ),
        ("pubsub.googleapis.com/Topic", {"kmsKeyName": KEY}, StoreKind.TOPIC),
        (
            "secretmanager.googleapis.com/Secret",
            {"replication": {"automatic": {"customerManagedEncryption": {"kmsKeyName": KEY}}}},
            StoreKind.SECRET,
        ),
    ],
)
def test_every_kind_names_its_key_where_its_service_does(world, kind, data, expected):
    store = stored(world, kind, **data)
    assert (store.type, store.encryption) == (expected, Encryption(encrypted=True, key=KEY))


def test_what_names_no_key_is_under_one_of_googles(world):
    assert stored(world, "storage.googleapis.com/Bucket").encryption == Encryption(encrypted=True, key=None)


def test_a_key_that_its_owner_hands_over_each_time_is_unknown(world):
    store = stored(world, "compute.googleapis.com/Disk", diskEncryptionKey={"sha256": "abc"})
    assert store.encryption == Unknown(cause=Cause.UNSUPPORTED, call=CALL)


def test_a_secret_whose_places_differ_is_unknown(world):
    places = [{"location": HOME, "customerManagedEncryption": {"kmsKeyName": KEY}}, {"location": "us-central1"}]
    store = stored(world, "secretmanager.googleapis.com/Secret", replication={"userManaged": {"replicas": places}})
    assert store.encryption == Unknown(cause=Cause.UNSUPPORTED, call=CALL)


def test_a_snapshot_names_its_disk_and_a_zone_is_part_of_its_region(world):
    url = f"https://www.googleapis.com/compute/v1/{DISK}"
    store = stored(world, "compute.googleapis.com/Snapshot", f"{HOME}-b", sourceDisk=url)
    assert (store.copy, store.of, store.region) == (CopyKind.SNAPSHOT, f"//compute.googleapis.com/{DISK}", HOME)


def test_a_location_without_keys_stands_for_its_data(world):
    world.asset(PROJECT, "storage.googleapis.com/Bucket", "//storage.googleapis.com/b", "US")
    found = collect(world)
    assert set(found.shards) == {(PROJECT, HOME), (PROJECT, "us")}
    assert found.shard(location="us").scope.keys == Listing(listed=0, pages=1)
    assert len(found.shard(location="us").stores) == 1
    assert found.shard().inventory.listings[0].stores == Listing(listed=0, pages=1)


@pytest.mark.parametrize(("effect", "cause"), [(Effect.DENY, Cause.DENIED), (Effect.DISABLED, Cause.UNSUPPORTED)])
def test_stores_that_cannot_be_listed_are_unknown_and_keys_are_whole(world, effect, cause):
    fail(world, "ListAssets", effect=effect)
    shard = collect(world).shard()
    assert shard.inventory.listings[0].stores == Unknown(cause=cause, call=CALL)
    assert (shard.stores, len(shard.keys)) == ((), 3)


@pytest.mark.parametrize("text", [KEY, f"//cloudkms.googleapis.com/{KEY}", f"{KEY}/cryptoKeyVersions/7"])
def test_a_key_is_told_from_every_spelling_of_its_name(text):
    reference = read_reference(text, HERE)
    assert (reference.place, reference.key) == (HERE, KEY)


@pytest.mark.parametrize("text", ["", "alias/x", "projects/p/locations/l/keyRings/r", f"{KEY}/cryptoKeyVersions/x"])
def test_other_texts_name_no_key(text):
    assert read_reference(text, HERE) is None
    assert place_of(text, Provider.GCP) is None
