"""A running simulated Azure, with the environment in which the SDK signs in to it."""

import pytest

from azure_worlds import collect, small_world
from scanner.simulator.azure.server import serve


@pytest.fixture
def world():
    return small_world()


@pytest.fixture
def signed_in(world, monkeypatch):
    """The environment of a user of the simulated Azure, and nothing of the machine's own."""
    for name in ("AZURE_AUTHORITY_HOST", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_USERNAME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in world.credentials().items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def endpoint(world, signed_in):  # noqa: ARG001 (the environment must stand before anybody signs in)
    with serve(world) as running:
        yield running


@pytest.fixture
def read(endpoint):
    """Reads the world as it is now."""
    return lambda **changes: collect(endpoint, **changes)
