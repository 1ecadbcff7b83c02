"""Replies recorded from AWS itself become the values they tell. Skips where the recordings are not at hand."""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from scanner.model.decoding import convert, decode
from scanner.model.key import KeyState, Manager, Origin
from scanner.model.trail import ReadWrite
from scanner.providers.aws import normalise, normalise_alerting, normalise_trails
from scanner.providers.aws.operations import OPERATIONS

RECORDED = Path(__file__).parents[4] / "shared" / "corpora" / "recorded" / "aws"
SERVICES = {"tagging": "resourcegroupstaggingapi", "monitoring": "cloudwatch"}
HAND_EDITED = {"kms_last_rotation", "kms_last_usage_never_used", "account_trail_different_region"}

SCRUBBED = {"log_group_kms_filter"}
"""A case whose times were taken out before it was published: AWS always tells when a key was created."""

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recordings are not at hand")


def as_python(value):
    if isinstance(value, dict) and value.get("__class__") == "datetime":
        parts = {name: part for name, part in value.items() if name != "__class__"}
        return datetime(**parts, tzinfo=UTC)
    if isinstance(value, dict):
        return {name: as_python(part) for name, part in value.items()}
    return [as_python(part) for part in value] if isinstance(value, list) else value


def recorded(case, operation, number=1):
    """A recorded reply as the reader keeps it."""
    service, name = operation.split(".")
    document = json.loads((RECORDED / case / f"{operation}_{number}.json").read_text())
    entry = OPERATIONS[SERVICES.get(service, service), name]
    kept = msgspec.json.encode(convert(as_python(document["data"]), entry.reply))
    return (decode(kept, entry.reply),)


def test_all_recorded_successes_are_understood():
    read, refused = 0, set()
    for path in sorted(RECORDED.glob("*/*.*_*.json")):
        service, name = path.stem.rsplit("_", 1)[0].split(".")
        entry = OPERATIONS.get((SERVICES.get(service, service), name))
        document = json.loads(path.read_text())
        if entry is None or document["status_code"] >= 300 or path.parent.name in HAND_EDITED:
            continue
        read += 1
        try:
            convert(as_python(document["data"]), entry.reply)
        except msgspec.ValidationError:
            refused.add(path.parent.name)

    assert read > 100
    assert refused == SCRUBBED


def test_a_key_that_waits_for_its_material():
    described = normalise.metadata(recorded("key_rotation_unsupportedopp", "kms.DescribeKey"))

    assert described.state is KeyState.PENDING_IMPORT
    assert described.origin is Origin.IMPORTED
    assert described.description is None
    assert described.created_at == datetime(2025, 6, 2, 10, 43, 58, 931000, tzinfo=UTC)


def test_an_old_reply_without_a_period():
    rotation = normalise.rotation(recorded("key_rotation", "kms.GetKeyRotationStatus"))

    assert (rotation.enabled, rotation.period, rotation.next_at) == (True, None, None)


def test_rotations_of_a_managed_key_are_oldest_first():
    history = normalise.rotation_history(recorded("kms_last_rotation_exception_handling", "kms.ListKeyRotations"))

    dates = [event.at for event in history.events]
    assert dates == sorted(dates)
    assert dates[0].year == 2024
    managed = normalise.metadata(recorded("kms_last_rotation_exception_handling", "kms.DescribeKey"))
    assert managed.manager is Manager.PROVIDER


def test_last_use_with_the_start_of_tracking():
    use = normalise.last_use(recorded("kms_last_usage", "kms.GetKeyLastUsage"))

    assert (use.operation, use.at.year, use.tracking_since) == ("Decrypt", 2026, datetime(2026, 4, 23, tzinfo=UTC))


def test_aliases_that_point_at_nothing_are_left_out():
    aliases = normalise.aliases_by_key(recorded("kms_access_denied", "kms.ListAliases"))

    assert aliases
    assert not [name for names in aliases.values() for name in names if name == "alias/aws/dynamodb"]


def test_tags_of_two_keys_and_a_policy_with_everyone():
    tags = normalise.tags_by_key(recorded("kms_access_denied", "tagging.GetResources"))

    assert sorted(value["AccessTesting"] for value in tags.values()) == ["permissive", "restrictive"]
    policy = normalise.policy(recorded("cross_account_kms", "kms.GetKeyPolicy"))
    assert "Statement" in json.loads(policy.document)


def test_a_trail_that_excludes_the_key_service():
    case = "cloudtrail_fail_management_advanced_events_included"

    selectors = normalise_trails.selectors(recorded(case, "cloudtrail.GetEventSelectors"))

    excluded = [field.not_equals for selector in selectors.advanced for field in selector.fields if field.not_equals]
    assert any("kms.amazonaws.com" in values for values in excluded)
    assert selectors.basic == ()


def test_a_trail_that_records_reads_alone():
    case = "cloudtrail_fail_include_management_events"

    selectors = normalise_trails.selectors(recorded(case, "cloudtrail.GetEventSelectors"))

    assert [selector.read_write for selector in selectors.basic] == [ReadWrite.READ]


def test_a_trail_that_was_stopped():
    first = normalise_trails.status(recorded("cloudtrail_status", "cloudtrail.GetTrailStatus", 1))
    second = normalise_trails.status(recorded("cloudtrail_status", "cloudtrail.GetTrailStatus", 2))

    assert {first.logging, second.logging} == {True, False}
    assert first.latest_delivery_error is None


def test_a_whole_path_from_filter_to_alarm_joins():
    (filtered,) = normalise_alerting.metric_filters(
        recorded("cloudtrail_success_log_metric_filter", "logs.DescribeMetricFilters")
    ).items

    assert filtered.pattern == "{ ($.eventName = ConsoleLogin) && ($.additionalEventData.MFAUsed != Yes) }"
    assert filtered.transformations[0].metric == "no_mfa_console_signin_metric_1"


def test_alarms_of_both_kinds():
    single = normalise_alerting.alarms(recorded("is_composite_child_filter", "monitoring.DescribeAlarms"))

    assert single.composite == ()
    assert single.metric[0].alarm_actions == ()
    assert single.metric[0].threshold == 10.0


def test_a_topic_that_anybody_may_publish_to():
    settings = normalise_alerting.topic_settings(recorded("cross_account_sns", "sns.GetTopicAttributes"))

    assert '"Principal":"*"' in settings.policy.document
    assert (settings.key, settings.confirmed) == (None, 0)


def test_a_target_of_a_rule_on_an_own_bus():
    (target,) = normalise_alerting.event_targets(
        recorded("event_rule_target_event_rule", "events.ListTargetsByRule", 2)
    ).items

    assert target.target == "arn:aws:sns:us-west-1:644160558196:topic-2"
