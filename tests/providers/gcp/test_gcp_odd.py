"""Odd and hostile estates: what makes no sense is unknown where it stands, and nothing else is hidden by it."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from simulated_gcp import HOME, NOW, PROJECT, collect, fail, small_world

from scanner.config.schema import GcpConfig
from scanner.model.key import KeyState, Metadata
from scanner.model.scope import Listing, ScopeStatus
from scanner.model.unknown import Cause, Unknown
from scanner.providers.gcp.collect import GcpProvider
from scanner.providers.retelling import Deaf
from scanner.simulator.gcp.faults import Effect

RINGS, VERSIONS = "cloudkms.keyRings.list", "cloudkms.cryptoKeyVersions.list"
ELSEWHERE = "us-central1"


@pytest.fixture
def world():
    return small_world()


@pytest.fixture
def swept(world):
    """A world without the inventory, in which every location is looked into; data without a key is elsewhere."""
    fail(world, "KeyDashboardService/ListCryptoKeys", effect=Effect.DISABLED)
    world.asset(PROJECT, "storage.googleapis.com/Bucket", "//storage.googleapis.com/b", ELSEWHERE)
    return world


def is_whole(key):
    return not [name for name in key.__struct_fields__ if isinstance(getattr(key, name), Unknown)]


@pytest.mark.parametrize("inventory", [True, False])
def test_listings_that_begin_with_an_empty_page_are_read_to_the_end(world, inventory):
    if not inventory:
        fail(world, "KeyDashboardService/ListCryptoKeys", effect=Effect.DISABLED)
    plain = collect(world).shard().keys
    world.empty_first_page = True
    found = collect(world)
    assert [(key.id, key.metadata, key.versions) for key in found.shard().keys] == [
        (key.id, key.metadata, key.versions) for key in plain
    ]
    assert isinstance(found.shard().scope.keys, Listing)


def test_data_where_nobody_looked_for_keys_leaves_open_whether_there_are_any(swept):
    swept.estate.locations.remove(ELSEWHERE)
    listing = collect(swept).shard(location=ELSEWHERE).scope.keys
    assert listing == Unknown(cause=Cause.NOT_COLLECTED, call=RINGS)


def test_a_location_that_was_denied_leaves_another_without_keys_as_it_is(swept):
    fail(swept, "ListKeyRings", "/europe-west1")
    found = collect(swept)
    assert found.shard(location="europe-west1").scope.keys == Unknown(cause=Cause.DENIED, call=RINGS)
    assert found.shard(location=ELSEWHERE).scope.keys == Listing(listed=0, pages=1)


def test_a_location_without_the_key_service_is_unknown_and_hides_no_other(swept):
    fail(swept, "ListKeyRings", "/europe-west1", Effect.NOT_FOUND)
    found = collect(swept)
    assert found.shard(location="europe-west1").scope.keys == Unknown(cause=Cause.ERROR, call=RINGS)
    assert len(found.shard().keys) == 3


def test_a_key_deleted_between_the_listing_and_its_versions_is_unread_and_counts(world):
    for method in ("ListCryptoKeyVersions", "GetIamPolicy"):
        fail(world, method, "/cryptoKeys/key-0", Effect.NOT_FOUND)
    found = collect(world)
    assert found.key("key-0").versions == Unknown(cause=Cause.ERROR, call=VERSIONS)
    assert isinstance(found.shard().scope.keys, Listing)
    assert found.shard().scope.keys.listed == 3
    assert is_whole(found.key("key-1"))


def test_two_hundred_versions_are_all_read(world):
    key = next(iter(world.estate.keys.values()))
    for _ in range(200):
        world.add_version(key)
    assert len(collect(world).key("key-0").versions.items) == len(key.versions)


@pytest.mark.parametrize("name", ["k\u202e\x1b[31m", "k\n2", "ключ", "a b%2F"])
def test_a_name_of_any_characters_is_read_as_it_is(world, name):
    ring = next(iter(world.estate.rings.values()))
    world.key(ring, name, labels={"own\x1ber": name})
    key = next(key for key in collect(world).shard().keys if key.id.endswith(f"/{name}"))
    assert is_whole(key)
    assert key.tags.items == {"own\x1ber": name}


@pytest.mark.parametrize("period", [timedelta(days=365 * 9000), timedelta(seconds=-1)])
def test_a_period_that_no_calendar_has_is_none_or_unread(world, period):
    ring = next(iter(world.estate.rings.values()))
    world.key(ring, "odd", next_rotation=NOW + timedelta(days=1)).period = period
    rotation = collect(world).key("odd").rotation
    assert isinstance(rotation, Unknown) is (period < timedelta())


def test_a_key_without_any_setting_says_nothing_and_can_do_nothing(world):
    ring = next(iter(world.estate.rings.values()))
    bare = world.key(ring, "bare")
    bare.versions.clear()
    bare.purpose, bare.primary = "CRYPTO_KEY_PURPOSE_UNSPECIFIED", None
    metadata = collect(world).key("bare").metadata
    assert isinstance(metadata, Metadata)
    assert metadata.state is KeyState.UNAVAILABLE


@contextmanager
def web_server():
    """A server that answers everything with a page of its own, as a proxy on the way would."""

    class Page(BaseHTTPRequestHandler):
        def handle(self):
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html>Bad Gateway</html>")

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_page_of_another_server_leaves_the_project_out_of_reach():
    with web_server() as url:
        config = GcpConfig.model_validate({"projects": ({"id": PROJECT},), "endpoint_url": url, "max_attempts": 1})
        shards = []
        GcpProvider(config, clock=lambda: NOW, as_of=NOW).collect(shards.append, Deaf())
    assert [item.shard.scope.status for item in shards] == [ScopeStatus.UNREACHABLE]
    assert isinstance(shards[0].shard.scope.keys, Unknown)


def test_a_project_about_to_be_deleted_is_closed(world):
    world.estate.nodes[PROJECT].active = False
    found = collect(world, projects=(), discover=("organizations/1",))
    assert {place for place, item in found.shards.items() if item.shard.scope.status is ScopeStatus.CLOSED} == {
        (PROJECT, None)
    }
    assert (PROJECT, HOME) not in found.shards
