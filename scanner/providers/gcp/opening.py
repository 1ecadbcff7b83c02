"""What a collection needs before it can ask: settings, instruments, the signed-in connection. Reads no project."""

from scanner import __version__
from scanner.config.schema import GcpConfig
from scanner.providers.failure import Failure
from scanner.providers.gcp.api import ClientSettings, Connection, sign_in
from scanner.providers.limits import Limiter
from scanner.providers.protocol import Clock, Progress
from scanner.providers.reader import Instruments
from scanner.providers.tally import Meter


def instruments(config: GcpConfig, clock: Clock, progress: Progress) -> Instruments:
    """What all readers of one process share."""
    limiter = Limiter(config.rate_limits, enabled=config.rate_limiter)
    return Instruments(limiter=limiter, meter=Meter(), clock=clock, progress=progress)


def connect(config: GcpConfig) -> Connection | Failure:
    """A connection with credentials that work, or why there is none."""
    settings = client_settings(config)
    signed = sign_in(settings)
    return signed if isinstance(signed, Failure) else Connection(signed, settings)


def client_settings(config: GcpConfig) -> ClientSettings:
    """How this configuration asks."""
    return ClientSettings(
        endpoint_url=config.endpoint_url,
        max_attempts=config.max_attempts,
        timeout_seconds=config.timeout_seconds,
        user_agent=f"keymuster/{__version__}",
    )
