"""Runs the real reader against the simulated Google Cloud and finds one's way in what it hands over."""

from datetime import UTC, datetime, timedelta

from scanner.config.schema import GcpConfig
from scanner.providers.gcp.collect import GcpProvider
from scanner.providers.protocol import NOTHING_FINISHED
from scanner.providers.retelling import Deaf
from scanner.simulator.gcp.faults import Effect, Fault
from scanner.simulator.gcp.server import serve
from scanner.simulator.gcp.world import World, binding, policy

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
ORGANISATION, FOLDER, PROJECT = "organizations/1", "folders/20", "bank-payments"
HOME = "europe-west3"
KMS, INVENTORY = "cloudkms.googleapis.com", "kmsinventory.googleapis.com"


def small_world(keys=3):
    """A project in a folder of an organisation with a few rotating keys in one ring."""
    world = World(NOW)
    world.node(ORGANISATION, title="Bank").policy = policy(binding("roles/owner", "user:root@bank.example"))
    world.node(FOLDER, ORGANISATION, "Production")
    world.node(PROJECT, FOLDER, "Payments")
    ring = world.ring(PROJECT, HOME, "cards")
    for number in range(keys):
        world.key(ring, f"key-{number}", age_days=200, period=timedelta(days=90))
    return world


class Collected:
    """The collection and its shards by (project, location)."""

    def __init__(self, collection, shards):
        self.collection = collection
        self.shards = {(item.shard.scope.account, item.shard.scope.region): item for item in shards}
        self.count = len(shards)

    def shard(self, project=PROJECT, location=HOME):
        return self.shards[project, location].shard

    def key(self, name, project=PROJECT, location=HOME):
        return next(key for key in self.shard(project, location).keys if key.id.endswith(f"/{name}"))

    def raw(self, project=PROJECT, location=HOME):
        """What a shard rests on: its own replies, and those that it shares."""
        found = self.shards[project, location]
        shared = found.shared.raw if found.shared else ()
        return {response.id: response for response in (*found.raw, *shared)}


def collect(world, finished=NOTHING_FINISHED, executor=None, progress=None, **changes):
    """What is read of the world with one attempt a call and no pacing, unless `changes` say more."""
    with serve(world) as endpoint:
        settings = {
            "projects": ({"id": PROJECT},),
            "endpoint_url": endpoint.url,
            "max_attempts": 1,
            "rate_limiter": False,
            "concurrency": 4,
            **changes,
        }
        config = GcpConfig.model_validate(settings)
        shards = []
        provider = GcpProvider(config, clock=lambda: NOW, as_of=NOW)
        return Collected(provider.collect(shards.append, progress or Deaf(), finished, executor), shards)


def fail(world, method, resource="", effect=Effect.DENY, **more):
    """Lets one method fail, for one resource or for all."""
    world.faults.append(Fault(effect=effect, method=method, resource=resource, **more))
