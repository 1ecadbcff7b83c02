"""Finds the AWS Config aggregator that is configured, and what in it is up to date. Reads no recording."""

from scanner.config.schema import AwsConfig
from scanner.providers.aws.accounts import Door, Entered, enter
from scanner.providers.aws.bulk import Aggregator
from scanner.providers.aws.normalise_config import current_sources
from scanner.providers.aws.operations_config import DESCRIBE_CONFIGURATION_AGGREGATOR_SOURCES_STATUS
from scanner.providers.aws.population import target_of
from scanner.providers.aws.reader import Reader

_PAGE = 100


def find_aggregator(
    config: AwsConfig, door: Door, current: frozenset[tuple[str, str]] | None = None
) -> Aggregator | None:
    """The configured aggregator; None when none is, or when its account cannot be entered.

    `current` are the accounts and regions that somebody has learned to be up to date; without it, it is asked here.
    """
    wanted = config.config_aggregator
    account = (wanted.account or door.hub.account) if wanted else None
    if wanted is None or account is None:
        return None
    entered = enter(door, target_of(config, account, door.hub.account))
    if not isinstance(entered, Entered):
        return None
    hub = Reader(entered.reader.connection, account, wanted.region, door.instruments, for_account=True)
    return Aggregator(
        name=wanted.name,
        account=account,
        region=wanted.region,
        connection=entered.reader.connection,
        instruments=door.instruments,
        current=_current(hub, wanted.name) if current is None else current,
        tallies=(entered.reader.tally, hub.tally),
    )


def _current(hub: Reader, name: str) -> frozenset[tuple[str, str]]:
    """The accounts and regions that are up to date: none of them unless every source was listed."""
    params = {"ConfigurationAggregatorName": name, "Limit": _PAGE}
    answer = hub.ask(DESCRIBE_CONFIGURATION_AGGREGATOR_SOURCES_STATUS, params)
    return frozenset() if answer.failure else current_sources(answer.pages)
