"""Which projects are read, which are left out and why, and what stands above their keys."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from simulated_gcp import FOLDER, HOME, INVENTORY, KMS, ORGANISATION, PROJECT, collect, fail, small_world

from azure_worlds import Heard
from scanner.model.errors import AccessError
from scanner.model.permission import Bindings, Denials
from scanner.model.scope import Listing, ScopeStatus
from scanner.model.unknown import Cause, Unknown
from scanner.providers.protocol import Finished
from scanner.simulator.gcp.world import binding, policy

DISCOVER = {"projects": (), "discover": (ORGANISATION,)}


@pytest.fixture
def world():
    return small_world()


def test_every_active_project_below_an_organisation_is_read_and_the_others_are_named(world):
    world.node("bank-empty", ORGANISATION)
    world.node("bank-closed", FOLDER).active = False
    exclude = ({"project": "bank-sandbox", "reason": "no data", "approver": "ciso"},)
    world.node("bank-sandbox", ORGANISATION, "Sandbox")

    found = collect(world, exclude=exclude, **DISCOVER)

    status = {place: item.shard.scope.status for place, item in found.shards.items()}
    assert status == {
        (PROJECT, HOME): ScopeStatus.SCANNED,
        ("bank-empty", "global"): ScopeStatus.SCANNED,
        ("bank-closed", None): ScopeStatus.CLOSED,
        ("bank-sandbox", None): ScopeStatus.EXCLUDED,
    }
    assert found.shard("bank-empty", "global").scope.keys == Listing(listed=0, pages=1)
    assert found.collection.organisations[0].accounts == 4
    assert [node.id for node in found.collection.trees[0].tree.nodes.items] == sorted(
        ("bank-closed", "bank-empty", PROJECT, "bank-sandbox", FOLDER, ORGANISATION)
    )


def test_a_project_that_has_not_enabled_the_key_service_is_no_gap(world):
    world.node("bank-web", ORGANISATION).disabled = {KMS, INVENTORY}

    scope = collect(world, **DISCOVER).shard("bank-web", None).scope

    assert (scope.status, scope.keys.cause) == (ScopeStatus.NOT_ENABLED, Cause.UNSUPPORTED)
    assert "not enabled" in scope.reason


def test_a_project_whose_keys_cannot_be_listed_is_unknown(world):
    for method in ("ListCryptoKeys", "ListLocations"):
        fail(world, method, PROJECT)

    scope = collect(world).shard(location=None).scope

    assert (scope.status, scope.keys) == (
        ScopeStatus.UNREACHABLE,
        Unknown(cause=Cause.DENIED, call="cloudkms.locations.list"),
    )


def test_a_folder_that_cannot_be_listed_is_told_as_a_gap_in_the_population(world):
    fail(world, "ListProjects", FOLDER)

    found = collect(world, projects=({"id": PROJECT},), discover=(ORGANISATION,))

    missing = Unknown(cause=Cause.DENIED, call="resourcemanager.projects.list")
    assert found.shard("organisation_tree", None).scope.keys == missing
    assert found.collection.organisations[0].accounts == missing
    assert found.shard().scope.status is ScopeStatus.SCANNED


def test_levels_from_the_organisation_down_are_read_with_denials_and_roles(world):
    own = f"{ORGANISATION}/roles/keyUser"
    world.role(own, "Key user", ["cloudkms.cryptoKeyVersions.useToDecrypt"])
    world.estate.nodes[FOLDER].policy = policy(binding(own, "group:devs@bank.example"))
    rule = {"deniedPrincipals": ["principalSet://goog/public:all"], "deniedPermissions": [f"{KMS}/cryptoKeys.update"]}
    world.estate.nodes[FOLDER].denials = [{"name": "guard", "rules": [{"denyRule": rule}]}]

    access = collect(world).shard().access

    assert [level.id for level in access.levels.items] == [ORGANISATION, FOLDER, f"projects/{PROJECT}"]
    assert [level.parent for level in access.levels.items] == [None, ORGANISATION, FOLDER]
    assert access.levels.items[0].bindings.items[0].role == "roles/owner"
    denial = access.levels.items[1].denials.items[0]
    assert (denial.members, denial.blocks[0].actions) == (
        ("principalSet://goog/public:all",),
        (f"{KMS}/cryptoKeys.update",),
    )
    assert [(role.id, role.blocks[0].actions) for role in access.roles.items] == [
        (own, ("cloudkms.cryptoKeyVersions.useToDecrypt",))
    ]


def test_a_denied_policy_of_a_project_is_unknown_at_that_level_alone(world):
    fail(world, "Projects/GetIamPolicy")

    levels = collect(world).shard().access.levels.items

    assert levels[2].bindings == Unknown(cause=Cause.DENIED, call="resourcemanager.projects.getIamPolicy")
    assert isinstance(levels[0].bindings, Bindings)
    assert isinstance(levels[2].denials, Denials)


def test_a_folder_that_does_not_tell_its_parent_leaves_the_way_up_unread(world):
    fail(world, "GetFolder")

    levels = collect(world).shard().access.levels.items

    assert levels[0].bindings == Unknown(cause=Cause.DENIED, call="resourcemanager.folders.get")
    assert [level.id for level in levels[1:]] == [FOLDER, f"projects/{PROJECT}"]


def test_only_the_chosen_locations_are_read_and_the_others_are_named(world):
    world.key(world.ring(PROJECT, "us-central1", "far"), "far")

    found = collect(world, locations=(HOME,))

    assert list(found.shards) == [(PROJECT, HOME)]
    assert found.collection.regions_outside == {PROJECT: ("us-central1",)}


def test_what_is_finished_is_not_read_again(world):
    world.key(world.ring(PROJECT, "us-central1", "far"), "far")
    first = collect(world)
    done = first.shards[PROJECT, HOME]

    rest = collect(world, Finished(parts={(PROJECT, HOME): done.part}))
    nothing = collect(world, Finished(parts={place: item.part for place, item in first.shards.items()}))

    assert list(rest.shards) == [(PROJECT, "us-central1")]
    assert (nothing.count, nothing.collection.identities == first.collection.identities) == (0, True)


def test_what_several_locations_rest_on_is_handed_over_once_and_the_rest_with_each(world):
    world.key(world.ring(PROJECT, "us-central1", "far"), "far")

    found = collect(world)

    home, far = (found.shards[PROJECT, place] for place in (HOME, "us-central1"))
    assert (home.shared is far.shared, home.shard.scope.shared_raw) == (True, home.shared.name)
    parts = [{response.id for response in part} for part in (home.raw, far.raw, home.shared.raw)]
    assert [len(parts[one] & parts[other]) for one, other in ((0, 1), (0, 2), (1, 2))] == [0, 0, 0]
    assert {"ListCryptoKeys", "ListAssets", "ListLogEntries", "ListSinks"} <= {one.operation for one in home.shared.raw}
    for place in (HOME, "us-central1"):
        shard = found.shard(location=place)
        records = [shard.scope, *shard.keys, *shard.containers, *shard.stores, shard.inventory, shard.access]
        records += [shard.watching, shard.history, shard.surroundings]
        assert {item.raw for record in records for item in record.evidence} <= found.raw(location=place).keys()


def test_a_project_of_one_location_shares_nothing(world):
    found = collect(world).shards[PROJECT, HOME]
    assert (found.shared, found.shard.scope.shared_raw) == (None, None)


def test_an_executor_reads_the_same(world):
    world.node("bank-empty", ORGANISATION)
    here = collect(world, **DISCOVER)
    with ThreadPoolExecutor(2) as pool:
        there = collect(world, executor=pool, **DISCOVER)

    assert {place: item.shard.keys for place, item in there.shards.items()} == {
        place: item.shard.keys for place, item in here.shards.items()
    }


def test_nothing_that_says_which_project_is_one_clear_line(world):
    with pytest.raises(AccessError, match="no project to scan") as failure:
        collect(world, projects=())
    assert "providers.gcp.projects" in failure.value.hint


def test_missing_credentials_are_one_clear_line_that_names_the_remedy(world, monkeypatch, tmp_path):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "nowhere.json"))

    with pytest.raises(AccessError, match="no usable application default credentials") as failure:
        collect(world, endpoint_url=None)

    assert "gcloud auth application-default login" in failure.value.hint


def test_the_progress_hears_of_every_location_and_every_call(world):
    heard = Heard()
    collect(world, progress=heard)
    of = {
        kind: [event[1:] for event in heard.events if event[0] == kind] for kind in ("planned", "started", "finished")
    }
    assert of["planned"] == of["started"] == [(PROJECT, HOME)]
    assert of["finished"] == [(PROJECT, HOME, 3, 0)]
    calls = {event[3] for event in heard.events if event[0] == "called"}
    assert {"cloudkms.cryptoKeyVersions.list", "resourcemanager.projects.getIamPolicy"} <= calls
