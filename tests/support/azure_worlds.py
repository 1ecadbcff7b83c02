"""A small simulated Azure behind the real SDK, and the real reader in front of it."""

import json
from datetime import UTC, datetime

from scanner.config.schema import AzureConfig
from scanner.providers.azure.collect import AzureProvider
from scanner.simulator.azure.world import World

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
PAYMENTS = "aaaaaaaa-0000-4000-8000-000000000001"
ROTATING = {
    "lifetimeActions": [{"trigger": {"timeAfterCreate": "P90D"}, "action": {"type": "Rotate"}}],
    "attributes": {"expiryTime": "P120D"},
}


def small_world(**traits):
    """One subscription with one vault, `kv-pay`, in which there is nothing yet."""
    world = World(NOW)
    world.add_subscription(PAYMENTS, "payments")
    world.add_vault("kv-pay", subscription=PAYMENTS, **traits)
    return world


def configuration(endpoint, **changes):
    """A configuration that leads to a running simulator: no pacing, two attempts a request."""
    endpoints = {
        "management": endpoint.url,
        "authority": endpoint.url,
        "vault": endpoint.vault_url,
        "ca_file": str(endpoint.ca_file),
    }
    return {"endpoints": endpoints, "rate_limiter": False, "max_attempts": 2, "concurrency": 4, **changes}


def settings(endpoint, **changes):
    """The same as the file would be read."""
    return AzureConfig.model_validate_json(json.dumps(configuration(endpoint, **changes)))


class Heard:
    """A progress that remembers what it heard."""

    def __init__(self):
        self.events = []

    def planned(self, account, region):
        self.events.append(("planned", account, region))

    def started(self, account, region):
        self.events.append(("started", account, region))

    def called(self, account, region, call, *, throttled):
        self.events.append(("called", account, region, call, throttled))

    def finished(self, account, region, *, keys, unread):
        self.events.append(("finished", account, region, keys, unread))


class Collected:
    """The collection, its shards by (subscription, location), and what the progress heard."""

    def __init__(self, collection, shards, progress):
        self.collection = collection
        self.shards = {(item.shard.scope.account, item.shard.scope.region): item for item in shards}
        self.count = len(shards)
        self.progress = progress

    def shard(self, region="westeurope", account=PAYMENTS):
        return self.shards[account, region].shard

    def raw(self, region="westeurope", account=PAYMENTS):
        found = self.shards[account, region]
        return {response.id: response for response in (*found.raw, *(found.shared.raw if found.shared else ()))}

    def key(self, name, region="westeurope", account=PAYMENTS):
        return next(key for key in self.shard(region, account).keys if key.id.endswith(f"/keys/{name}"))

    def vault(self, name="kv-pay", region="westeurope", account=PAYMENTS):
        return next(item for item in self.shard(region, account).containers if item.name == name)

    def calls(self, call, region="westeurope", account=PAYMENTS):
        return next(count for count in self.shard(region, account).scope.calls if count.call == call)


def collect(endpoint, **changes):
    """Collects with the real reader."""
    config = settings(endpoint, **changes)
    shards, progress = [], Heard()
    collection = AzureProvider(config, clock=lambda: NOW, as_of=NOW).collect(shards.append, progress)
    return Collected(collection, shards, progress)
