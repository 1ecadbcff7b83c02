"""Finds the AWS Config aggregator that is configured. Reads nothing from it."""

from scanner.config.schema import AwsConfig
from scanner.providers.aws.accounts import Door, Entered, enter
from scanner.providers.aws.bulk import Aggregator
from scanner.providers.aws.population import target_of


def find_aggregator(config: AwsConfig, door: Door) -> Aggregator | None:
    """The configured aggregator; None when none is, or when its account cannot be entered."""
    wanted = config.config_aggregator
    account = (wanted.account or door.hub.account) if wanted else None
    if wanted is None or account is None:
        return None
    entered = enter(door, target_of(config, account, door.hub.account))
    if not isinstance(entered, Entered):
        return None
    return Aggregator(
        name=wanted.name,
        account=account,
        region=wanted.region,
        connection=entered.reader.connection,
        instruments=door.instruments,
        tally=entered.reader.tally,
    )
