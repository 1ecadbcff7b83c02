"""A simulated account with stores, read by the real reader."""

from collections import Counter
from datetime import timedelta

from collecting import NOW, collect

from scanner.simulator.aws.server import serve
from scanner.simulator.aws.stores.shelves import Spot
from scanner.simulator.aws.world import World

ACCOUNT, HOME, US = "111122223333", "eu-central-1", "us-east-1"
HERE = Spot(account=ACCOUNT, region=HOME)
KEY = f"arn:aws:kms:{HOME}:{ACCOUNT}:key/11111111-1111-4111-a111-111111111111"
MADE = NOW - timedelta(days=30)


def new_world():
    """One account with nothing in it."""
    world = World(NOW)
    world.add_account(ACCOUNT)
    return world


def put(world, shelf, *rows):
    world.put(ACCOUNT, HOME, shelf, *rows)


class Read:
    """What was read of the account in one region."""

    def __init__(self, collected, world, region=HOME):
        shard = collected.shard(ACCOUNT, region)
        self.collected = collected
        self.inventory = shard.inventory
        self.all = shard.stores
        self.by_id = {store.id: store for store in shard.stores}
        self.asked = Counter(call.operation for call in world.calls if call.region == region)
        self.raw = collected.raw(ACCOUNT, region)

    def named(self, name, kind=None):
        (found,) = (store for store in self.all if store.name == name and kind in (None, store.type))
        return found

    def listing(self, call, within=None):
        (found,) = (row for row in self.inventory.listings if row.call == call and row.within == within)
        return found


def read(world, monkeypatch, *, region=HOME, **changes):
    """Reads the account with its own user."""
    access, secret = world.credentials(ACCOUNT)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", access)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with serve(world) as endpoint:
        return Read(collect(endpoint, regions=(region,), **changes), world, region)
