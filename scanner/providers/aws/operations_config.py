"""The operations of AWS Config that may be called. Calls nothing."""

from scanner.providers.aws import replies_config
from scanner.providers.embedded import Embedded
from scanner.providers.operation import NEXT_TOKEN, AnyOperation, Operation

DESCRIBE_CONFIGURATION_RECORDERS = Operation(
    service="config",
    name="DescribeConfigurationRecorders",
    action="config:DescribeConfigurationRecorders",
    reply=replies_config.DescribeConfigurationRecorders,
)
DESCRIBE_CONFIGURATION_RECORDER_STATUS = Operation(
    service="config",
    name="DescribeConfigurationRecorderStatus",
    action="config:DescribeConfigurationRecorderStatus",
    reply=replies_config.DescribeConfigurationRecorderStatus,
)
DESCRIBE_CONFIGURATION_AGGREGATOR_SOURCES_STATUS = Operation(
    service="config",
    name="DescribeConfigurationAggregatorSourcesStatus",
    action="config:DescribeConfigurationAggregatorSourcesStatus",
    reply=replies_config.DescribeConfigurationAggregatorSourcesStatus,
    params=("ConfigurationAggregatorName", "Limit"),
    paging=NEXT_TOKEN,
)
SELECT_AGGREGATE_RESOURCE_CONFIG = Operation(
    service="config",
    name="SelectAggregateResourceConfig",
    action="config:SelectAggregateResourceConfig",
    reply=replies_config.SelectAggregateResourceConfig,
    params=("Expression", "ConfigurationAggregatorName", "Limit"),
    paging=NEXT_TOKEN,
    embedded=Embedded(path="Results[]", document=replies_config.KeyRow, may_misfit=True),
)

CONFIG_OPERATIONS: tuple[AnyOperation, ...] = (
    DESCRIBE_CONFIGURATION_RECORDERS,
    DESCRIBE_CONFIGURATION_RECORDER_STATUS,
    DESCRIBE_CONFIGURATION_AGGREGATOR_SOURCES_STATUS,
    SELECT_AGGREGATE_RESOURCE_CONFIG,
)
