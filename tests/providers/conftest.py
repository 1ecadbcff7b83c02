"""Puts the fakes of the providers on the path and hands out endpoints that live as long as a test."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))


@pytest.fixture
def estate():
    from small_estate import Estate  # noqa: PLC0415 (on the path from here on)

    return Estate()


@pytest.fixture
def endpoint(estate, monkeypatch):
    """A running endpoint for the estate, with the environment that leads boto3 to it."""
    from fake_aws import FakeAws  # noqa: PLC0415 (on the path from here on)

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "hub")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    with FakeAws(estate.answer) as running:
        yield running
