"""Reads what AWS Config has recorded of a region's keys, a hundred a call, where an aggregator is configured.

It never says which keys there are, and where a region's recordings cannot be trusted it says nothing at all.
"""

from collections.abc import Mapping
from concurrent.futures import Executor
from datetime import datetime

import msgspec

from scanner.model.raw import RawResponse
from scanner.providers.answer import Answer
from scanner.providers.aws import normalise_config, replies, replies_config
from scanner.providers.aws.api import Connection
from scanner.providers.aws.operations import DESCRIBE_KEY, GET_KEY_POLICY, GET_KEY_ROTATION_STATUS, GET_RESOURCES
from scanner.providers.aws.operations_config import (
    DESCRIBE_CONFIGURATION_RECORDER_STATUS,
    DESCRIBE_CONFIGURATION_RECORDERS,
    SELECT_AGGREGATE_RESOURCE_CONFIG,
)
from scanner.providers.aws.reader import Reader
from scanner.providers.operation import Kept, Operation
from scanner.providers.reader import Instruments
from scanner.providers.tally import Tally

_PAGE = 100
_SELECTED = "resourceId, accountId, awsRegion, configurationItemCaptureTime, configuration, supplementaryConfiguration"


class Aggregator(msgspec.Struct, frozen=True, kw_only=True):
    """Where all accounts' recordings come together, and who asks there.

    `current` are the accounts and regions whose recordings have come in; `tallies` hold the calls made to learn this.
    """

    name: str
    account: str
    region: str
    connection: Connection
    instruments: Instruments
    tallies: tuple[Tally, ...]
    current: frozenset[tuple[str, str]]


class RecordedKey(msgspec.Struct, frozen=True, kw_only=True):
    """One key as it was recorded, and the page that said so, each answer in the key service's own form."""

    row: replies_config.KeyRow
    page: RawResponse
    recorded_at: datetime

    def description(self) -> Answer[replies.DescribeKey] | None:
        """The key's description without its current material."""
        return self._answer(DESCRIBE_KEY, normalise_config.description(self.row))

    def policy(self) -> Answer[replies.GetKeyPolicy] | None:
        """The key's policy."""
        return self._answer(GET_KEY_POLICY, normalise_config.policy(self.row))

    def rotation(self) -> Answer[replies.GetKeyRotationStatus] | None:
        """The rotation setting, when it is off."""
        return self._answer(GET_KEY_ROTATION_STATUS, normalise_config.rotation(self.row))

    def tags(self) -> Answer[replies.GetResources] | None:
        """The key's tags."""
        return self._answer(GET_RESOURCES, normalise_config.tags(self.row))

    def _answer(self, operation: Operation[Kept], reply: Kept | None) -> Answer[Kept] | None:
        if reply is None:
            return None
        return Answer(operation=operation, pages=(reply,), failure=None, raw=(self.page,), captured_at=self.recorded_at)


class RegionRecording(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded of a region's keys, by ARN, and the replies and calls behind it."""

    keys: Mapping[str, RecordedKey]
    raw: tuple[RawResponse, ...]
    tallies: tuple[Tally, ...]


NOTHING_RECORDED = RegionRecording(keys={}, raw=(), tallies=())


def read_recording(aggregator: Aggregator | None, reader: Reader, pool: Executor) -> RegionRecording:
    """What the aggregator holds of the reader's region: all of it, or nothing when any part is missing."""
    if aggregator is None or (reader.account, reader.region) not in aggregator.current:
        return NOTHING_RECORDED
    asked = pool.submit(reader.ask, DESCRIBE_CONFIGURATION_RECORDERS, {})
    states = pool.submit(reader.ask, DESCRIBE_CONFIGURATION_RECORDER_STATUS, {}).result()
    recorders = asked.result()
    raw = recorders.raw + states.raw
    if recorders.failure or states.failure or not normalise_config.records_keys(recorders.pages, states.pages):
        return RegionRecording(keys={}, raw=raw, tallies=())
    hub = Reader(aggregator.connection, aggregator.account, aggregator.region, aggregator.instruments, for_account=True)
    params = {
        "Expression": _expression(reader.account, reader.region),
        "ConfigurationAggregatorName": aggregator.name,
        "Limit": _PAGE,
    }
    answer = pool.submit(hub.ask, SELECT_AGGREGATE_RESOURCE_CONFIG, params).result()
    keys = {} if answer.failure else _by_arn(answer, reader)
    return RegionRecording(keys=keys, raw=raw + answer.raw, tallies=(hub.tally,))


def _expression(account: str, region: str) -> str:
    return (
        f"SELECT {_SELECTED} WHERE resourceType = 'AWS::KMS::Key' "
        f"AND accountId = '{account}' AND awsRegion = '{region}'"
    )


def _by_arn(answer: Answer[replies_config.SelectAggregateResourceConfig], reader: Reader) -> dict[str, RecordedKey]:
    """The rows that are of this account and region; of several about one key the newest."""
    found: dict[str, RecordedKey] = {}
    for page, response in zip(answer.pages, answer.raw, strict=True):
        for row in page.results:
            at = row.configuration_item_capture_time if row else None
            if row is None or at is None or not normalise_config.is_of(row, reader.account, reader.region):
                continue
            known = found.get(row.configuration.arn)
            if known is None or known.recorded_at < at:
                found[row.configuration.arn] = RecordedKey(row=row, page=response, recorded_at=at)
    return found
