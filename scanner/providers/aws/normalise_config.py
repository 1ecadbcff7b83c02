"""Rows of AWS Config become what the key service would have replied, as far as they say it. Pure, imports no SDK.

A row never stands for more than it says: what it lacks is None here, and is asked of the key service.
"""

from collections.abc import Sequence

from scanner.providers.aws import normalise, replies, replies_config
from scanner.providers.failure import MalformedReplyError

_KEYS = "AWS::KMS::Key"
_MULTI_REGION = "mrk-"
_OWN_MATERIAL = "AWS_KMS"
_SETTLED = frozenset({"Enabled", "Disabled"})
_NOT_TRUSTED = frozenset({"", "failure"})
_CURRENT = "CURRENT"
_AT_ONCE = "CONTINUOUS"
_UPDATED = "SUCCEEDED"
_ONE_ACCOUNT = "ACCOUNT"


def records_keys(
    recorders: Sequence[replies_config.DescribeConfigurationRecorders],
    states: Sequence[replies_config.DescribeConfigurationRecorderStatus],
) -> bool:
    """Whether some recorder of the region records every change of keys, is on, and did not fail last."""
    running = {
        status.name
        for page in states
        for status in page.configuration_recorders_status
        if status.recording and (status.last_status or "").lower() not in _NOT_TRUSTED
    }
    return any(
        recorder.name in running and _chooses_keys(recorder.recording_group) and _at_once(recorder.recording_mode)
        for page in recorders
        for recorder in page.configuration_recorders
    )


def current_sources(
    pages: Sequence[replies_config.DescribeConfigurationAggregatorSourcesStatus],
) -> frozenset[tuple[str, str]]:
    """The accounts and regions whose last update of the aggregator succeeded, by every word about them."""
    told: dict[tuple[str, str], set[str | None]] = {}
    for source in (source for page in pages for source in page.aggregated_source_status_list):
        if source.source_type == _ONE_ACCOUNT and source.source_id and source.aws_region:
            told.setdefault((source.source_id, source.aws_region), set()).add(source.last_update_status)
    return frozenset(place for place, states in told.items() if states == {_UPDATED})


def is_of(row: replies_config.KeyRow, account: str, region: str) -> bool:
    """Whether the row says when it was recorded and is of that account and region, by every word in it."""
    parts = row.configuration.arn.split(":")
    return (
        row.configuration_item_capture_time is not None
        and parts[3:5] == [region, account]
        and row.account_id in {None, account}
        and row.aws_region in {None, region}
    )


def description(row: replies_config.KeyRow) -> replies.DescribeKey | None:
    """The key's description; None where a row cannot hold all of it.

    A row knows nothing of multi-region sets, custom key stores, the expiry of imported material, dates of deletion and
    newer specs. Nor does it name the current key material: see `current_material`.
    """
    told = row.configuration
    whole = told.creation_date and told.customer_master_key_spec and told.key_usage
    plain = (
        told.key_manager == "CUSTOMER"
        and told.key_state in _SETTLED
        and told.origin == _OWN_MATERIAL
        and not told.arn.rsplit("/", 1)[-1].startswith(_MULTI_REGION)
    )
    if not plain or not whole or told.creation_date is None:
        return None
    metadata = replies.KeyMetadata(
        arn=told.arn,
        key_state=told.key_state,
        creation_date=told.creation_date,
        key_manager=told.key_manager,
        description=told.description,
        key_spec=told.customer_master_key_spec,
        key_usage=told.key_usage,
        origin=told.origin,
        multi_region=False,
    )
    return replies.DescribeKey(key_metadata=metadata)


def policy(row: replies_config.KeyRow) -> replies.GetKeyPolicy | None:
    """The key's policy, when it is one that can be read."""
    reply = replies.GetKeyPolicy(policy=row.supplementary_configuration.policy or "")
    try:
        normalise.policy((reply,))
    except MalformedReplyError:
        return None
    return reply


def rotation(row: replies_config.KeyRow) -> replies.GetKeyRotationStatus | None:
    """The rotation setting when it is off: a row does not know the period of one that is on."""
    off = row.supplementary_configuration.key_rotation_status is False
    return replies.GetKeyRotationStatus(key_rotation_enabled=False) if off else None


def tags(row: replies_config.KeyRow) -> replies.GetResources | None:
    """The key's tags."""
    told = row.supplementary_configuration.tags
    if told is None:
        return None
    resource = replies.TaggedResource(
        resource_arn=row.configuration.arn,
        tags=tuple(replies.Tag(key=tag.tag_key, value=tag.tag_value) for tag in told),
    )
    return replies.GetResources(resource_tag_mapping_list=(resource,))


def current_material(pages: Sequence[replies.ListKeyRotations]) -> str | None:
    """The material in use, as the key's own history marks it."""
    found = [
        material.key_material_id
        for page in pages
        for material in page.rotations
        if material.key_material_state == _CURRENT
    ]
    return found[0] if len(found) == 1 else None


def _chooses_keys(group: replies_config.RecordingGroup) -> bool:
    match group.recording_strategy.use_only:
        case "EXCLUSION_BY_RESOURCE_TYPES":
            return _KEYS not in group.exclusion_by_resource_types.resource_types
        case "INCLUSION_BY_RESOURCE_TYPES":
            return _KEYS in group.resource_types
        case _:
            return group.all_supported or _KEYS in group.resource_types


def _at_once(mode: replies_config.RecordingMode) -> bool:
    """Whether keys are recorded as they change; a recorder that does not say so is not taken to."""
    instead: set[str | None] = {
        override.recording_frequency for override in mode.recording_mode_overrides if _KEYS in override.resource_types
    }
    return (instead or {mode.recording_frequency}) == {_AT_ONCE}
