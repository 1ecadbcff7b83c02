"""One small account behind the real SDK."""

from contextlib import ExitStack
from datetime import UTC, datetime

import boto3
import pytest
from botocore.config import Config

from scanner.simulator.aws.server import serve
from scanner.simulator.aws.world import World

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def sdk():
    """One session of the SDK, so that its models are loaded once."""
    return boto3.Session()


@pytest.fixture
def world():
    """A world with one account, `222222222222`, and nothing in it."""
    made = World(NOW)
    made.add_account("222222222222", "payments")
    return made


@pytest.fixture
def client(sdk, world):
    """Makes clients of the served world: `client("kms")`, by default the account's user in eu-central-1."""
    with ExitStack() as stack:
        endpoint = stack.enter_context(serve(world))

        def make(service, region="eu-central-1", credentials=None, token=None, **settings):
            access, secret = credentials or world.credentials("222222222222")
            made = sdk.client(
                service,
                region_name=region,
                endpoint_url=endpoint.url,
                aws_access_key_id=access,
                aws_secret_access_key=secret,
                aws_session_token=token,
                config=Config(retries={"total_max_attempts": 1}, **settings),
            )
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture
def add_key(world):
    """Adds a key of the account in eu-central-1."""

    def add(**traits):
        return world.add_key(**{"account": "222222222222", "region": "eu-central-1", **traits})

    return add
