"""Which reader serves which section of the configuration. Imports a platform's SDK only when it is asked for."""

from datetime import datetime

from scanner.config.schema import Config
from scanner.model.errors import ConfigError
from scanner.providers.protocol import Clock, Provider


def providers(config: Config, *, clock: Clock, as_of: datetime) -> tuple[Provider, ...]:
    """A reader for each configured platform; raises ConfigError that names the extra when an SDK is not installed."""
    readers: list[Provider] = []
    if config.providers.aws is not None:
        try:
            from scanner.providers.aws.collect import AwsProvider  # noqa: PLC0415 (the SDK is loaded only when used)
        except ModuleNotFoundError as error:
            raise _missing("aws", error) from error
        readers.append(AwsProvider(config.providers.aws, clock=clock, as_of=as_of))
    if config.providers.gcp is not None:
        try:
            from scanner.providers.gcp.collect import GcpProvider  # noqa: PLC0415 (the SDK is loaded only when used)
        except ModuleNotFoundError as error:
            raise _missing("gcp", error) from error
        readers.append(GcpProvider(config.providers.gcp, clock=clock, as_of=as_of))
    if config.providers.azure is not None:
        try:
            from scanner.providers.azure.collect import AzureProvider  # noqa: PLC0415 (the SDK is loaded only when used)
        except ModuleNotFoundError as error:
            raise _missing("azure", error) from error
        readers.append(AzureProvider(config.providers.azure, clock=clock, as_of=as_of))
    return tuple(readers)


def _missing(extra: str, error: ModuleNotFoundError) -> ConfigError:
    return ConfigError(
        f"providers.{extra} is configured, but its SDK is not installed ({error.name} is missing)",
        hint=f"pip install 'keymuster[{extra}]'",
    )
