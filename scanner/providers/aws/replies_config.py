"""What is kept of AWS Config's replies: these types are its allow-list of fields. Holds no logic and imports no SDK."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

Moment = Annotated[datetime, Meta(tz=True)]


class RecordingStrategy(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """How a recorder chooses kinds of resources."""

    use_only: str | None = None


class LeftOutTypes(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Kinds of resources that a recorder leaves out."""

    resource_types: tuple[str, ...] = ()


class RecordingGroup(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Which kinds of resources a recorder records."""

    all_supported: bool = False
    resource_types: tuple[str, ...] = ()
    exclusion_by_resource_types: LeftOutTypes = LeftOutTypes()
    recording_strategy: RecordingStrategy = RecordingStrategy()


class RecordingOverride(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """How often some kinds of resources are recorded instead."""

    recording_frequency: str
    resource_types: tuple[str, ...] = ()


class RecordingMode(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """How often a recorder records."""

    recording_frequency: str | None = None
    recording_mode_overrides: tuple[RecordingOverride, ...] = ()


class Recorder(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A configuration recorder."""

    name: str
    recording_group: RecordingGroup = RecordingGroup()
    recording_mode: RecordingMode = RecordingMode()


class DescribeConfigurationRecorders(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A region's recorders."""

    configuration_recorders: tuple[Recorder, ...]


class RecorderStatus(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Whether a recorder records, and how its last delivery went."""

    name: str
    recording: bool = False
    last_status: str | None = None


class DescribeConfigurationRecorderStatus(
    msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True
):
    """How a region's recorders are doing."""

    configuration_recorders_status: tuple[RecorderStatus, ...]


class SourceStatus(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """How an aggregator's last update from an account and region, or from the organisation, went."""

    source_id: str | None = None
    source_type: str | None = None
    aws_region: str | None = None
    last_update_status: str | None = None


class DescribeConfigurationAggregatorSourcesStatus(
    msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True
):
    """A page of an aggregator's sources."""

    aggregated_source_status_list: tuple[SourceStatus, ...]


class KeyConfiguration(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A key's description as it was recorded; `customer_master_key_spec` is the only name it has for the spec."""

    arn: str
    key_state: str
    creation_date: Moment | None = None
    key_manager: str | None = None
    description: str | None = None
    customer_master_key_spec: str | None = None
    key_usage: str | None = None
    origin: str | None = None


class RowTag(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A tag as it was recorded."""

    tag_key: str
    tag_value: str


class KeySupplement(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """What was recorded of a key besides its description; what is absent was not recorded."""

    policy: str | None = None
    key_rotation_status: bool | None = None
    tags: tuple[RowTag, ...] | None = None


class KeyRow(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A key as it was last recorded."""

    configuration: KeyConfiguration
    supplementary_configuration: KeySupplement = KeySupplement()
    account_id: str | None = None
    aws_region: str | None = None
    configuration_item_capture_time: Moment | None = None


class SelectAggregateResourceConfig(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of recorded keys; None stands for a row that could not be read."""

    results: tuple[KeyRow | None, ...]
