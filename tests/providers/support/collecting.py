"""Runs the real reader against a fake endpoint and finds one's way in what it hands over."""

from datetime import UTC, datetime

from small_estate import HUB, REGION, Deaf

from scanner.config.schema import AwsConfig
from scanner.providers.aws.collect import AwsProvider
from scanner.providers.protocol import NOTHING_FINISHED

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


class Collected:
    """The collection, its shards by (account, region), and what the progress heard."""

    def __init__(self, collection, shards, progress):
        self.collection = collection
        self.shards = {(item.shard.scope.account, item.shard.scope.region): item for item in shards}
        self.count = len(shards)
        self.progress = progress

    def shard(self, account=HUB, region=REGION):
        return self.shards[account, region].shard

    def raw(self, account=HUB, region=REGION):
        return {response.id: response for response in self.shards[account, region].raw}

    def key(self, name, account=HUB, region=REGION):
        return next(key for key in self.shard(account, region).keys if key.id.endswith(f"/{name}"))

    def calls(self, call, account=HUB, region=REGION):
        return next(count for count in self.shard(account, region).scope.calls if count.call == call)


def collect(endpoint, finished=NOTHING_FINISHED, **changes):
    """Collects with one attempt a call, no pacing and one region, unless `changes` to the configuration say more."""
    settings = {
        "endpoint_url": endpoint.url,
        "regions": (REGION,),
        "max_attempts": 1,
        "rate_limiter": False,
        "concurrency": 4,
        **changes,
    }
    config = AwsConfig.model_validate(settings)
    shards, progress = [], Deaf()
    collection = AwsProvider(config, clock=lambda: NOW, as_of=NOW).collect(shards.append, progress, finished)
    return Collected(collection, shards, progress)
