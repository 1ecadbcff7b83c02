"""Runs the real reader against the simulated AWS and hands over what it collected."""

from datetime import UTC, datetime

from collecting import Collected, collect
from small_estate import REGION

from scanner.simulator.aws.faults import Effect, Fault
from scanner.simulator.aws.server import serve
from scanner.simulator.aws.world import World

HUB, MEMBER = "111122223333", "222233334444"
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def world_of(*accounts, organisation=False):
    """A world with these accounts, by default the hub alone."""
    world = World(NOW)
    for account in accounts or (HUB,):
        world.add_account(account)
    if organisation:
        world.add_organisation(HUB)
    return world


def collected(world, monkeypatch, **changes) -> Collected:
    """What the hub's own user reads of the world."""
    access, secret = world.credentials(HUB)
    for name, value in {
        "AWS_ACCESS_KEY_ID": access,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    with serve(world) as endpoint:
        return collect(endpoint, **changes)


def refuse(world, service, operation, resource=None, effect=Effect.DENY):
    """Lets one operation fail, for one resource or for all."""
    named = {} if resource is None else {"resource": resource}
    world.faults.append(Fault(effect=effect, service=service, operation=operation, **named))


def around(world):
    """What stands around the keys of the hub's region."""
    return world.estate.around(HUB, REGION)
