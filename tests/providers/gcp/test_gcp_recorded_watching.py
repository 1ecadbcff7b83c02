"""Recorded replies about logs, alerts and what stands around keys go through the same functions as those of a scan."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from google.cloud.kms_v1.types import autokey, autokey_admin
from google.cloud.logging_v2.types import logging_config, logging_metrics
from google.cloud.monitoring_v3.types import alert, notification
from google.protobuf import json_format

from scanner.model.decoding import convert
from scanner.model.surroundings import AutomaticKeys
from scanner.model.watching_google import Combiner, ConditionType, NotificationChannel, Verification
from scanner.providers.gcp import normalise_around, normalise_watching, replies_around, replies_watching

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpora" / "recorded" / "gcp"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpora are not beside this checkout")

LISTED = {
    "exclusions": (replies_watching.ListExclusions, normalise_watching.exclusions),
    "metrics": (replies_watching.ListLogMetrics, normalise_watching.metrics),
    "sinks": (replies_watching.ListSinks, lambda pages: normalise_watching.sinks(pages, "projects/cloud-custodian")),
    "alertPolicies": (replies_watching.ListAlertPolicies, normalise_watching.alerts),
}
"""What a listing is, by the end of its file's name."""


def recordings():
    """Every recorded listing that a scan asks for."""
    for file in sorted(CORPUS.glob("*/*.json")) if CORPUS.is_dir() else ():
        listing = file.stem.rpartition("_")[0].rpartition("-")[2]
        if listing in LISTED:
            yield pytest.param(file, listing, id=f"{file.parent.name}/{listing}")


def read(case, listing):
    """What is made of one recorded listing."""
    file = next((CORPUS / case).glob(f"*-{listing}_1.json"))
    return made(json.loads(file.read_text())["body"], listing).items


def made(body, listing):
    kind, normalise = LISTED[listing]
    return normalise((convert(body, kind),))


def logged(log, kind, wanted):
    """Every reply of a log of the real service that has the wanted fields, as the SDK would give it, and in order."""
    text = next((CORPUS / "http_logs").glob(f"*{log}.log")).read_text()
    for body in re.findall(r"^(?:200 )?OK\n(?:[\w-]+: [^\n]*\n)*\n(\{\n.*?^\})", text, re.MULTILINE | re.DOTALL):
        if wanted <= json.loads(body).keys():
            message = kind.pb(kind())
            json_format.Parse(body, message, ignore_unknown_fields=True)
            yield json_format.MessageToDict(message)


def read_log(log, kind, wanted, page, field):
    """What is made of the replies of such a log, taken as one page of a listing."""
    normalise = {
        replies_watching.ListBuckets: normalise_watching.buckets,
        replies_watching.ListChannels: normalise_watching.channels,
        replies_around.ListKeyHandles: normalise_around.handles,
        **dict(LISTED.values()),
    }[page]
    return [item for one in logged(log, kind, wanted) for item in normalise((convert({field: [one]}, page),)).items]


@pytest.mark.parametrize(("file", "listing"), list(recordings()))
def test_every_recorded_listing_becomes_a_record_for_each_of_its_rows(file, listing):
    body = json.loads(file.read_text())["body"]
    assert len(made(body, listing).items) == len(body[listing]) > 0


def test_the_recordings_were_all_looked_at():
    assert len(list(recordings())) >= 6


def test_the_sinks_of_a_project_are_those_it_always_has_and_one_to_a_bucket():
    sinks = {sink.name: sink for sink in read("log-project-sink-bucket-filter", "sinks")}
    required = sinks["_Required"]
    assert required.destination.endswith("/projects/cloud-custodian/locations/global/buckets/_Required")
    assert 'LOG_ID("cloudaudit.googleapis.com/activity")' in required.filter
    assert 'NOT LOG_ID("cloudaudit.googleapis.com/activity")' in sinks["_Default"].filter
    own = sinks["DDB92BD9-F4FA-49EF-88E4-E8C0838C31C7"]
    assert (own.destination, own.filter, own.enabled) == ("storage.googleapis.com/cfb-gcuvtiqb", "", True)


def test_a_recorded_exclusion_is_in_force():
    assert [(item.name, item.filter, item.enabled) for item in read("log-exclusion", "exclusions")] == [
        ("exclusions", "a", True)
    ]


def test_a_recorded_metric_counts_what_its_filter_matches():
    (metric,) = read("log-project-metric-get", "metrics")
    assert (metric.type, metric.value_type) == ("logging.googleapis.com/user/test", "INT64")
    assert (metric.filter.strip(), metric.enabled, metric.bucket) == ('resource.type="gae_app"', True, None)


def test_a_recorded_alert_watches_a_metric_and_calls_nobody():
    (found,) = read("filter-alerts", "alertPolicies")
    assert (found.enabled, found.combiner, found.channels, found.at_most_every) == (True, Combiner.ANY, (), None)
    (condition,) = found.conditions
    assert condition.filter == 'metric.type="logging.googleapis.com/user/test-metric-1"'
    assert (condition.comparison, condition.threshold, condition.duration) == ("COMPARISON_GT", 0.0, timedelta(0))
    assert (condition.trigger_count, condition.aggregations[0].period) == (1, timedelta(minutes=10))
    assert condition.filter.split('"')[1] in {metric.type for metric in read("filter-alerts", "metrics")}


def test_an_alert_of_a_log_of_the_real_service_is_switched_off_in_the_end():
    found = read_log(
        "monitoringalertpolicy",
        alert.AlertPolicy,
        {"name", "combiner"},
        replies_watching.ListAlertPolicies,
        "alertPolicies",
    )
    assert (found[0].enabled, found[-1].enabled) == (True, False)
    assert (found[0].combiner, found[-1].combiner) == (Combiner.ALL_ON_ONE_RESOURCE, Combiner.ANY)
    assert (found[0].severity, len(found[0].channels)) == ("WARNING", 2)
    assert (found[0].conditions[0].threshold, found[0].conditions[0].duration) == (0.9, timedelta(minutes=15))


def test_an_alert_on_a_query_of_the_log_keeps_the_query():
    (first, *_) = read_log(
        "monitoringalertpolicysqlboolean",
        alert.AlertPolicy,
        {"name", "combiner"},
        replies_watching.ListAlertPolicies,
        "alertPolicies",
    )
    assert first.conditions[0].type is ConditionType.LOG_QUERY
    assert "severity = 'ERROR'" in first.conditions[0].query


def test_a_channel_of_the_real_service_needs_no_proof_and_keeps_no_password():
    found = read_log(
        "monitoringnotificationchannel",
        notification.NotificationChannel,
        {"name", "type"},
        replies_watching.ListChannels,
        "notificationChannels",
    )
    assert set(found) == {
        NotificationChannel(
            id="projects/${projectId}/notificationChannels/${notificationChannelID}",
            means="webhook_basicauth",
            enabled=True,
            verification=Verification.NOT_NEEDED,
        )
    }


def test_a_bucket_of_a_folder_keeps_fewer_days_each_time():
    found = read_log(
        "folderlogbucket",
        logging_config.LogBucket,
        {"name", "retentionDays"},
        replies_watching.ListBuckets,
        "buckets",
    )
    assert [bucket.retention_days for bucket in found] == sorted(
        (bucket.retention_days for bucket in found), reverse=True
    )
    assert {(bucket.active, bucket.locked, bucket.key) for bucket in found} == {(True, False, None)}


@pytest.mark.parametrize(
    ("log", "bucket"),
    [
        ("explicitlogmetric", None),
        ("logbucketmetric", "projects/${projectId}/locations/global/buckets/my-bucket-${uniqueId}"),
    ],
)
def test_a_metric_of_the_real_service_names_the_bucket_that_it_looks_at(log, bucket):
    found = read_log(
        log, logging_metrics.LogMetric, {"metricDescriptor", "name"}, replies_watching.ListLogMetrics, "metrics"
    )
    assert {(metric.bucket, metric.value_type) for metric in found} == {(bucket, "DISTRIBUTION")}
    assert (found[0].enabled, found[-1].enabled) == (True, bucket is None)


def test_an_exclusion_of_the_real_service_is_switched_off_in_the_end():
    found = read_log(
        "projectexclusion",
        logging_config.LogExclusion,
        {"name", "filter"},
        replies_watching.ListExclusions,
        "exclusions",
    )
    assert (found[0].enabled, found[-1].enabled) == (True, False)
    assert "sample(insertId, 0.99)" in found[0].filter


def test_a_sink_of_the_real_service_gets_another_filter():
    found = read_log(
        "projectsink", logging_config.LogSink, {"name", "destination"}, replies_watching.ListSinks, "sinks"
    )
    assert found[0].destination == "pubsub.googleapis.com/projects/${projectId}/topics/logsink-${uniqueId}"
    assert found[0].filter != found[-1].filter


def test_key_handles_and_where_autokey_puts_keys_are_read_from_logs_of_the_real_service():
    (handle, *_) = read_log(
        "keyhandle-with-id",
        autokey.KeyHandle,
        {"name", "kmsKey"},
        replies_around.ListKeyHandles,
        "keyHandles",
    )
    assert (handle.resource_type, "/keyRings/autokey/" in handle.key) == ("compute.googleapis.com/Disk", True)
    configs = [
        normalise_around.automatic((convert(one, replies_around.AutokeyConfig),))
        for one in logged("autokeyconfig-folder", autokey_admin.AutokeyConfig, {"name", "keyProject"})
    ]
    assert configs[0] == AutomaticKeys(project="project-${uniqueId}")
    assert configs[-1] == AutomaticKeys(project="project2-${uniqueId}")
