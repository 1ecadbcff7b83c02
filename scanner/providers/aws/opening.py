"""What a collection needs before it can ask: clients' settings, instruments, the hub, and hands. Reads no account."""

from datetime import datetime

from scanner import __version__
from scanner.config.schema import AwsConfig
from scanner.providers.aws.accounts import DEFAULT_REGION, Door, Hub, find_hub
from scanner.providers.aws.api import ClientSettings
from scanner.providers.limits import Limiter
from scanner.providers.protocol import Clock, Progress
from scanner.providers.reader import Instruments
from scanner.providers.tally import Meter


def instruments(config: AwsConfig, clock: Clock, progress: Progress) -> Instruments:
    """What all readers of one process share."""
    limiter = Limiter(config.rate_limits, enabled=config.rate_limiter)
    return Instruments(limiter=limiter, meter=Meter(), clock=clock, progress=progress)


def sign_in(config: AwsConfig, shared: Instruments) -> Hub:
    """Asks who the configuration's own credentials are."""
    return find_hub(config.profile, client_settings(config), shared, first_region(config))


def door(config: AwsConfig, hub: Hub, shared: Instruments, as_of: datetime) -> Door:
    """The way into every account."""
    return Door(
        hub=hub,
        settings=client_settings(config),
        instruments=shared,
        region=hub.reader.region if hub.reader else first_region(config) or DEFAULT_REGION,
        session_name=f"keymuster-{as_of:%Y%m%dT%H%M%SZ}",
    )


def client_settings(config: AwsConfig) -> ClientSettings:
    """How this configuration makes clients."""
    return ClientSettings(
        endpoint_url=config.endpoint_url,
        connections=config.concurrency,
        max_attempts=config.max_attempts,
        connect_timeout_seconds=config.connect_timeout_seconds,
        read_timeout_seconds=config.read_timeout_seconds,
        user_agent=f"keymuster/{__version__}",
    )


def first_region(config: AwsConfig) -> str | None:
    """Where to sign in; None leaves it to the credentials' own configuration."""
    return None if config.regions == "all" or not config.regions else min(config.regions)
