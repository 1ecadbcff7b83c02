"""What Google itself names under a key that is off or going, where it is asked, and what a refusal hides."""

from datetime import timedelta

import pytest
from simulated_gcp import FOLDER, HOME, PROJECT, collect, fail, small_world

from scanner.model.key import KeyState, Tracked
from scanner.model.named import NamedResource, NamedResources
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, OutOfScope, Unknown
from scanner.simulator.gcp.faults import Effect

CLUSTER, OTHER = "container.googleapis.com/Cluster", "bank-loans"
NAMES = "cloudkms.protectedResources.search"
METHOD = "/google.cloud.kms.inventory.v1.KeyTrackingService/SearchProtectedResources"


@pytest.fixture
def world():
    """A key that is off and one that is as it should be."""
    made = small_world()
    made.node(OTHER, FOLDER, "Loans")
    ring = made.estate.rings[f"projects/{PROJECT}/locations/{HOME}/keyRings/cards"]
    made.disable(made.key(ring, "off"), 1)
    return made


def off(world):
    return next(key for key in world.estate.keys.values() if key.name == "off")


def rest(world, name, kind=CLUSTER, project=PROJECT, location=HOME):
    """Something that rests on the key that is off."""
    world.asset(project, kind, name, location, databaseEncryption={"keyName": off(world).id})


def test_what_no_listing_asks_for_is_named_wherever_in_the_organisation_it_is(world):
    rest(world, "//container/c", location=f"{HOME}-b")
    rest(world, "//new/thing", kind="new.googleapis.com/Thing", project=OTHER, location="EU")
    rest(world, "//sqladmin/b", kind="sqladmin.googleapis.com/BackupRun", location="")
    found = collect(world)
    assert found.key("off").protects.items == (
        NamedResource(
            id="//container/c",
            word=CLUSTER,
            type=StoreKind.CLUSTER,
            copy=CopyKind.ORIGINAL,
            account=PROJECT,
            region=HOME,
        ),
        NamedResource(
            id="//new/thing",
            word="new.googleapis.com/Thing",
            type=StoreKind.OTHER,
            copy=CopyKind.ORIGINAL,
            account=OTHER,
            region="eu",
        ),
        NamedResource(
            id="//sqladmin/b",
            word="sqladmin.googleapis.com/BackupRun",
            type=StoreKind.DATABASE_BACKUP,
            copy=CopyKind.BACKUP,
            account=PROJECT,
            region="global",
        ),
    )
    assert found.shard().stores == ()


def test_what_rests_on_a_key_whose_versions_are_all_destroyed_is_named_too(world):
    rest(world, "//container/c")
    world.destroy(off(world), 1, at=world.clock - timedelta(days=90))
    key = collect(world).key("off")
    assert key.metadata.state is KeyState.DESTROYED
    assert [item.id for item in key.protects.items] == ["//container/c"]


def test_a_key_in_use_is_asked_about_when_one_of_its_versions_is_off_and_the_version_is_named(world):
    key = next(key for key in world.estate.keys.values() if key.name == "key-0")
    world.disable(key, 1)
    world.asset(PROJECT, CLUSTER, "//container/old", HOME, a=f"{key.id}/cryptoKeyVersions/1")
    world.asset(PROJECT, CLUSTER, "//container/new", HOME, a=f"{key.id}/cryptoKeyVersions/2")
    found = collect(world).key("key-0")
    assert (found.metadata.state, found.tracked.resources) == (KeyState.ENABLED, 2)
    assert {item.id: item.versions for item in found.protects.items} == {
        "//container/old": (f"{key.id}/cryptoKeyVersions/1",),
        "//container/new": (f"{key.id}/cryptoKeyVersions/2",),
    }


def test_names_are_asked_only_where_something_is_counted(world):
    found = collect(world)
    assert METHOD not in world.calls
    assert all(isinstance(key.protects, OutOfScope) for key in found.shard().keys)


def test_every_page_is_read_and_kept_without_what_is_not_needed(world):
    for number in range(70):
        rest(world, f"//container/{number:02}")
    found = collect(world)
    key = found.key("off")
    assert (len(key.protects.items), key.tracked.resources, world.calls.count(METHOD)) == (70, 70, 2)
    (evidence,) = (item for item in key.evidence if item.group == "protects")
    pages = [item for item in found.raw().values() if item.call == NAMES]
    assert evidence.raw in {page.id for page in pages}
    assert all(b"resourceType" in bytes(page.body) and b"cloudProduct" not in bytes(page.body) for page in pages)


@pytest.mark.parametrize(
    ("effect", "cause"),
    [(Effect.DENY, Cause.DENIED), (Effect.DISABLED, Cause.UNSUPPORTED), (Effect.MALFORM, Cause.ERROR)],
)
def test_a_refusal_hides_the_names_of_one_key_and_leaves_the_count(world, effect, cause):
    rest(world, "//container/c")
    fail(world, "SearchProtectedResources", effect=effect)
    key = collect(world).key("off")
    assert key.protects == Unknown(cause=cause, call=NAMES)
    assert isinstance(key.tracked, Tracked)
    assert key.tracked.resources == 1


def test_a_page_that_is_missing_leaves_the_names_unknown(world):
    for number in range(70):
        rest(world, f"//container/{number:02}")
    fail(world, "SearchProtectedResources", effect=Effect.SLOW, times=1)
    fail(world, "SearchProtectedResources")
    found = collect(world)
    assert found.key("off").protects == Unknown(cause=Cause.DENIED, call=NAMES)
    assert world.calls.count(METHOD) == 2


@pytest.mark.parametrize(
    ("method", "call"), [("GetFolder", "resourcemanager.folders.get"), ("GetProject", "resourcemanager.projects.get")]
)
def test_without_the_organisation_nothing_is_asked_and_what_hides_it_is_told(world, method, call):
    rest(world, "//container/c")
    fail(world, method)
    key = collect(world).key("off")
    assert key.protects == Unknown(cause=Cause.DENIED, call=call)
    assert (key.tracked.resources, METHOD in world.calls) == (1, False)


def test_a_project_in_no_organisation_is_asked_for_itself(world):
    world.estate.nodes[PROJECT].parent = None
    rest(world, "//container/c")
    rest(world, "//container/far", project=OTHER)
    key = collect(world).key("off")
    assert [item.id for item in key.protects.items] == ["//container/c"]
    assert key.tracked.resources == 2


def test_a_resource_that_comes_twice_is_named_once(world):
    rest(world, "//container/c")
    rest(world, "//container/c")
    assert isinstance(found := collect(world).key("off").protects, NamedResources)
    assert len(found.items) == 1
