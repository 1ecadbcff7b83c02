"""What stands around the keys of a location: named, not judged, unknown where it was not read."""

import pytest
from simulated_gcp import HOME, NOW, PROJECT, collect, fail, small_world

from scanner.facts.unread import unread_around
from scanner.model.key import ProtectionLevel
from scanner.model.surroundings import SURROUNDING_GROUPS, AutomaticKeys, ImportState
from scanner.model.unknown import Cause, Unknown
from scanner.simulator.gcp.views import moment

PLACE = f"projects/{PROJECT}/locations/{HOME}"
RING = f"{PLACE}/keyRings/cards"
KEY = f"{RING}/cryptoKeys/key-0"
DENIED = {
    "ListRetiredResources": ("retired", "cloudkms.retiredResources.list"),
    "ListImportJobs": ("imports", "cloudkms.importJobs.list"),
    "ListEkmConnections": ("connections", "cloudkms.ekmConnections.list"),
    "ListKeyHandles": ("handles", "cloudkms.keyHandles.list"),
    "ShowEffectiveAutokeyConfig": ("automatic", "cloudkms.projects.showEffectiveAutokeyConfig"),
}


@pytest.fixture
def world():
    made = small_world()
    job = {"name": f"{RING}/importJobs/own", "importMethod": "RSA_OAEP_4096_SHA256_AES_256", "protectionLevel": "HSM"}
    made.put(RING, "importJobs", {**job, "state": "EXPIRED", "createTime": moment(NOW), "expireTime": moment(NOW)})
    resolver = {"hostname": "ekm.secret.example", "serviceDirectoryService": "secret.example"}
    connection = {"name": f"{PLACE}/ekmConnections/hsm", "keyManagementMode": "CLOUD_KMS"}
    made.put(PLACE, "ekmConnections", {**connection, "serviceResolvers": [resolver]})
    handle = {"name": f"{PLACE}/keyHandles/h", "kmsKey": KEY, "resourceTypeSelector": "storage.googleapis.com/Bucket"}
    made.put(PLACE, "keyHandles", handle)
    made.put(f"projects/{PROJECT}", "autokey", {"keyProject": "projects/bank-keys"})
    return made


def test_everything_is_named(world):
    world.delete(world.estate.keys[KEY])

    around = collect(world).shard().surroundings

    assert [(left.key, left.deleted_at) for left in around.retired.items] == [(KEY, NOW)]
    (job,) = around.imports.items
    assert (job.container, job.state, job.protection) == (RING, ImportState.EXPIRED, ProtectionLevel.HSM)
    assert (job.method, job.expires_at) == ("RSA_OAEP_4096_SHA256_AES_256", NOW)
    assert [(found.id, found.managed) for found in around.connections.items] == [(f"{PLACE}/ekmConnections/hsm", True)]
    assert [(found.key, found.resource_type) for found in around.handles.items] == [
        (KEY, "storage.googleapis.com/Bucket")
    ]
    assert around.automatic == AutomaticKeys(project="bank-keys")


def test_a_place_with_nothing_around_its_keys_says_so():
    around = collect(small_world()).shard().surroundings
    assert [getattr(around, group).items for group in SURROUNDING_GROUPS[:4]] == [()] * 4
    assert around.automatic == AutomaticKeys(project=None)


def test_nothing_of_the_address_of_an_outside_key_manager_is_kept(world):
    found = collect(world)
    assert "secret.example" not in repr(found.shard()) + repr(found.raw())


@pytest.mark.parametrize("method", DENIED)
def test_what_is_denied_is_unknown_and_nothing_else_is(world, method):
    fail(world, method)

    missing = unread_around(collect(world).shard())

    group, call = DENIED[method]
    assert missing == {group: (Unknown(cause=Cause.DENIED, call=call),)}


def test_one_ring_that_cannot_be_asked_leaves_open_which_imports_there_are(world):
    world.ring(PROJECT, HOME, "other")
    world.key(world.estate.rings[f"{PLACE}/keyRings/other"], "k")
    fail(world, "ListImportJobs", "keyRings/other")

    around = collect(world).shard().surroundings

    assert around.imports == Unknown(cause=Cause.DENIED, call="cloudkms.importJobs.list")


def test_evidence_names_the_replies_of_every_group(world):
    found = collect(world)
    evidence = found.shard().surroundings.evidence
    assert {item.group for item in evidence} == set(SURROUNDING_GROUPS)
    assert {item.raw for item in evidence} <= found.raw().keys()
