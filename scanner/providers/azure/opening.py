"""What a collection needs before it can ask: clients' settings, instruments, addresses, hands. Reads nothing."""

from scanner import __version__
from scanner.config.schema import AzureConfig
from scanner.providers.azure.api import ClientSettings
from scanner.providers.azure.clouds import CLOUDS
from scanner.providers.azure.events import LogPlace
from scanner.providers.azure.limits import Limiter
from scanner.providers.azure.place import Addresses
from scanner.providers.azure.plane import Plane
from scanner.providers.azure.reader import Instruments
from scanner.providers.protocol import Clock, Progress
from scanner.providers.tally import Meter


def instruments(config: AzureConfig, clock: Clock, progress: Progress) -> Instruments:
    """What all readers of one process share."""
    given = {
        Plane.MANAGEMENT: config.management_rate,
        Plane.VAULT: config.vault_rate,
        Plane.HSM: config.vault_rate,
        Plane.LOGS: config.management_rate,
    }
    limiter = Limiter({plane: rate for plane, rate in given.items() if rate}, enabled=config.rate_limiter)
    return Instruments(limiter=limiter, meter=Meter(), clock=clock, progress=progress)


def client_settings(config: AzureConfig) -> ClientSettings:
    """How this configuration makes clients. Tokens are for the cloud's own audiences, wherever they are sent."""
    cloud, own = CLOUDS[config.cloud], config.endpoints
    return ClientSettings(
        management=management(config),
        scope=f"{cloud.management}/.default",
        logs_scope=f"{cloud.logs}/.default",
        authority=own.authority if own else cloud.authority,
        own_authority=own is not None,
        ca_file=own.ca_file if own else None,
        max_attempts=config.max_attempts,
        connect_timeout_seconds=config.connect_timeout_seconds,
        read_timeout_seconds=config.read_timeout_seconds,
        user_agent=f"keymuster/{__version__}",
        verify_challenge=own is None,
    )


def management(config: AzureConfig) -> str:
    """Where Azure Resource Manager is."""
    return config.endpoints.management if config.endpoints else CLOUDS[config.cloud].management


def logs(config: AzureConfig) -> LogPlace:
    """Where vaults' logs are kept, and where that answers; a simulated Azure is never left for the cloud's own."""
    own = config.endpoints
    url = CLOUDS[config.cloud].logs if own is None else own.logs or own.management
    return LogPlace(workspace=config.log_workspace, url=url)


def addresses(config: AzureConfig) -> Addresses:
    """Where data planes are."""
    return Addresses(cloud=CLOUDS[config.cloud], vault=config.endpoints.vault if config.endpoints else None)
