"""Where a project's log goes and who could be told of an entry: kept as it is, unknown where it was not read."""

from datetime import timedelta

import pytest
from simulated_gcp import FOLDER, HOME, NOW, ORGANISATION, PROJECT, collect, fail, small_world

from scanner.facts.unread import unread_around
from scanner.model.unknown import Cause, Unknown
from scanner.model.watching_google import (
    LOG_LEVEL_GROUPS,
    PROJECT_WATCHING_GROUPS,
    Combiner,
    ConditionType,
    LogBucket,
    LogExclusion,
    LogSink,
    NotificationChannel,
    Verification,
)
from scanner.providers.protocol import Finished
from scanner.simulator.gcp.faults import Effect
from scanner.simulator.gcp.views import moment

HERE = f"projects/{PROJECT}"
ALERT, CHANNEL = f"{HERE}/alertPolicies/1", f"{HERE}/notificationChannels/1"
CENTRAL = "logging.googleapis.com/projects/bank-logs/locations/global/buckets/audit"
METRIC = "logging.googleapis.com/user/key-destroyed"
KEY = f"{HERE}/locations/{HOME}/keyRings/cards/cryptoKeys/key-0"
DENIED = {
    "ListSinks": ("sinks", "logging.sinks.list"),
    "ListExclusions": ("exclusions", "logging.exclusions.list"),
    "ListBuckets": ("buckets", "logging.buckets.list"),
    "ListLogMetrics": ("metrics", "logging.logMetrics.list"),
    "ListAlertPolicies": ("alerts", "monitoring.alertPolicies.list"),
    "ListSnoozes": ("snoozes", "monitoring.snoozes.list"),
    "ListNotificationChannels": ("channels", "monitoring.notificationChannels.list"),
}


@pytest.fixture
def world():
    made = small_world()
    sample = {"name": "sample", "filter": "severity<ERROR", "disabled": True}
    made.put(ORGANISATION, "sinks", {"name": "all", "destination": CENTRAL, "includeChildren": True})
    made.put(
        HERE,
        "sinks",
        {"name": "_Default", "destination": f"logging.googleapis.com/{HERE}/locations/global/buckets/_Default"},
        {"name": "audit", "destination": "pubsub.googleapis.com/t", "filter": "severity>=NOTICE", "disabled": True},
        {"name": "keys", "destination": CENTRAL, "exclusions": [sample]},
    )
    made.put(HERE, "exclusions", {"name": f"{HERE}/exclusions/noise", "filter": "resource.type=gcs_bucket"})
    made.put(
        HERE,
        "buckets",
        {"name": f"{HERE}/locations/global/buckets/_Default", "retentionDays": 30, "lifecycleState": "ACTIVE"},
        {
            "name": f"{HERE}/locations/{HOME}/buckets/audit",
            "retentionDays": 400,
            "locked": True,
            "lifecycleState": "DELETE_REQUESTED",
            "cmekSettings": {"kmsKeyName": KEY},
        },
    )
    made.put(HERE, "metrics", {"name": "key-destroyed", "filter": "protoPayload.methodName:Destroy", "disabled": True})
    made.put(HERE, "alertPolicies", alert())
    made.put(
        HERE,
        "snoozes",
        {
            "name": f"{HERE}/snoozes/1",
            "criteria": {"policies": [ALERT]},
            "interval": {"startTime": moment(NOW), "endTime": moment(NOW + timedelta(days=1))},
        },
    )
    made.put(HERE, "notificationChannels", *channels())
    return made


def alert(**more):
    threshold = {
        "filter": f'metric.type="{METRIC}"',
        "comparison": "COMPARISON_GT",
        "duration": "60s",
        "aggregations": [{"alignmentPeriod": "300s", "perSeriesAligner": "ALIGN_DELTA"}],
        "trigger": {"count": 1},
    }
    return {
        "name": ALERT,
        "displayName": "A key is destroyed",
        "enabled": True,
        "combiner": "OR",
        "conditions": [
            {"name": f"{ALERT}/conditions/1", "conditionThreshold": threshold},
            {"name": f"{ALERT}/conditions/2", "conditionMatchedLog": {"filter": "severity>=NOTICE"}},
            {"name": f"{ALERT}/conditions/3", "conditionSql": {"query": "SELECT 1", "minutes": {"periodicity": 5}}},
        ],
        "notificationChannels": [CHANNEL],
        "alertStrategy": {"notificationRateLimit": {"period": "3600s"}},
        **more,
    }


def channels():
    """One that nobody proved to receive, one that was, one of a kind without proof that is switched off."""
    address = {"email_address": "on-call@secret.example"}
    return (
        {
            "name": CHANNEL,
            "type": "email",
            "enabled": True,
            "labels": address,
            "displayName": "on-call@secret.example",
            "verificationStatus": "UNVERIFIED",
        },
        {
            "name": f"{HERE}/notificationChannels/2",
            "type": "sms",
            "enabled": True,
            "labels": {"number": "+4912345678secret.example"},
            "verificationStatus": "VERIFIED",
        },
        {
            "name": f"{HERE}/notificationChannels/3",
            "type": "webhook_basicauth",
            "enabled": False,
            "labels": {"password": "secret.example"},
        },
    )


def watching_of(world, **changes):
    return collect(world, **changes).shard().watching


def test_sinks_of_every_level_say_what_they_let_through_and_where_it_goes(world):
    levels = watching_of(world).levels

    assert [level.id for level in levels] == [ORGANISATION, FOLDER, HERE]
    assert levels[0].sinks.items == (
        LogSink(
            id=f"{ORGANISATION}/sinks/all",
            name="all",
            destination=CENTRAL,
            filter="",
            enabled=True,
            include_children=True,
            exclusions=(),
        ),
    )
    assert levels[1].sinks.items == ()
    assert [(sink.name, sink.enabled, sink.filter) for sink in levels[2].sinks.items] == [
        ("_Default", True, ""),
        ("audit", False, "severity>=NOTICE"),
        ("keys", True, ""),
    ]
    assert levels[2].sinks.items[2].exclusions == (LogExclusion(name="sample", filter="severity<ERROR", enabled=False),)
    assert levels[2].exclusions.items == (LogExclusion(name="noise", filter="resource.type=gcs_bucket", enabled=True),)


def test_log_buckets_say_how_long_they_keep_whether_they_are_locked_and_under_which_key(world):
    buckets = watching_of(world).levels[2].buckets.items

    assert buckets == (
        LogBucket(id=f"{HERE}/locations/{HOME}/buckets/audit", retention_days=400, locked=True, active=False, key=KEY),
        LogBucket(
            id=f"{HERE}/locations/global/buckets/_Default", retention_days=30, locked=False, active=True, key=None
        ),
    )


def test_metrics_are_called_what_alerts_call_them(world):
    (metric,) = watching_of(world).metrics.items
    assert (metric.type, metric.enabled, metric.bucket) == (METRIC, False, None)
    assert "Destroy" in metric.filter


def test_alerts_say_what_they_watch_and_whom_they_call(world):
    (found,) = watching_of(world).alerts.items

    assert (found.enabled, found.valid, found.combiner, found.channels) == (True, True, Combiner.ANY, (CHANNEL,))
    assert found.at_most_every == timedelta(hours=1)
    threshold, match, query = found.conditions
    assert (threshold.type, threshold.threshold, threshold.duration, threshold.trigger_count) == (
        ConditionType.THRESHOLD,
        0.0,
        timedelta(minutes=1),
        1,
    )
    assert METRIC in threshold.filter
    assert (threshold.aggregations[0].period, threshold.aggregations[0].aligner) == (
        timedelta(minutes=5),
        "ALIGN_DELTA",
    )
    assert (match.type, match.filter) == (ConditionType.LOG_MATCH, "severity>=NOTICE")
    assert (query.type, query.query, query.filter) == (ConditionType.LOG_QUERY, "SELECT 1", None)


def test_a_switch_that_is_not_told_and_a_faulty_alert_are_told_apart_from_a_good_one(world):
    world.estate.things[HERE, "alertPolicies"] = [{"name": ALERT, "validity": {"code": 3, "message": "bad filter"}}]

    (found,) = watching_of(world).alerts.items

    assert (found.enabled, found.valid, found.combiner) == (None, False, Combiner.UNRECOGNISED)


def test_a_snooze_says_what_it_silences_and_until_when(world):
    (snooze,) = watching_of(world).snoozes.items
    assert (snooze.policies, snooze.filter) == ((ALERT,), None)
    assert (snooze.starts_at, snooze.ends_at) == (NOW, NOW + timedelta(days=1))


def test_channels_tell_whether_somebody_receives_and_nothing_of_the_address(world):
    found = collect(world)

    assert found.shard().watching.channels.items == (
        NotificationChannel(id=CHANNEL, means="email", enabled=True, verification=Verification.UNVERIFIED),
        NotificationChannel(
            id=f"{HERE}/notificationChannels/2", means="sms", enabled=True, verification=Verification.VERIFIED
        ),
        NotificationChannel(
            id=f"{HERE}/notificationChannels/3",
            means="webhook_basicauth",
            enabled=False,
            verification=Verification.NOT_NEEDED,
        ),
    )
    assert "secret.example" not in repr(found.shard()) + repr(found.raw())


def test_every_page_of_alerts_is_read(world):
    world.put(HERE, "alertPolicies", *(alert(name=f"{HERE}/alertPolicies/{number:03}") for number in range(120)))
    assert len(watching_of(world).alerts.items) == 121


@pytest.mark.parametrize("method", DENIED)
def test_what_is_denied_is_unknown_and_nothing_else_is(world, method):
    fail(world, method, PROJECT)

    shard = collect(world).shard()

    group, call = DENIED[method]
    denied = Unknown(cause=Cause.DENIED, call=call)
    assert unread_around(shard) == {group: (denied,)}
    (count,) = (count for count in shard.scope.calls if count.call == call)
    assert count.denied == 1


@pytest.mark.parametrize(
    ("effect", "cause"),
    [(Effect.THROTTLE, Cause.THROTTLED), (Effect.RESET, Cause.ERROR), (Effect.MALFORM, Cause.ERROR)],
)
def test_other_failures_are_told_by_their_cause(world, effect, cause):
    fail(world, "ListAlertPolicies", effect=effect)
    assert watching_of(world).alerts == Unknown(cause=cause, call="monitoring.alertPolicies.list")


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("monitoring.googleapis.com", {"alerts", "snoozes", "channels"}),
        ("logging.googleapis.com", {*LOG_LEVEL_GROUPS, "metrics", "events"}),
    ],
)
def test_a_service_that_is_not_enabled_leaves_what_it_knows_unread(world, service, expected):
    world.estate.nodes[PROJECT].disabled = {service}

    missing = unread_around(collect(world).shard())

    assert set(missing) == expected
    assert {unknown.cause for unknowns in missing.values() for unknown in unknowns} == {Cause.UNSUPPORTED}


def test_a_sink_above_that_is_denied_is_unread_at_that_level_alone(world):
    fail(world, "ListSinks", FOLDER)

    levels = watching_of(world).levels

    assert levels[1].sinks == Unknown(cause=Cause.DENIED, call="logging.sinks.list")
    assert (len(levels[0].sinks.items), len(levels[2].sinks.items)) == (1, 3)


def test_what_is_above_a_level_that_does_not_tell_its_parent_is_unread(world):
    fail(world, "GetFolder")
    top = watching_of(world).levels[0]
    unread = Unknown(cause=Cause.DENIED, call="resourcemanager.folders.get")
    assert (top.sinks, top.exclusions, top.buckets) == (unread, unread, unread)


def test_every_location_carries_the_same_and_logs_above_are_asked_once(world):
    world.key(world.ring(PROJECT, "us-central1", "far"), "far")
    world.node("bank-cards", FOLDER)

    found = collect(world, projects=({"id": PROJECT}, {"id": "bank-cards"}))

    home, far = found.shard().watching, found.shard(location="us-central1").watching
    assert (home.region, far.region) == (HOME, "us-central1")
    assert (home.levels, home.alerts, home.channels) == (far.levels, far.alerts, far.channels)
    asked = [call for call in world.calls if call.endswith("/ListSinks")]
    assert len(asked) == len((ORGANISATION, FOLDER, PROJECT, "bank-cards"))


def test_evidence_names_the_replies_of_every_group(world):
    found = collect(world)
    evidence = found.shard().watching.evidence
    assert {item.group for item in evidence} == {*LOG_LEVEL_GROUPS, *PROJECT_WATCHING_GROUPS}
    assert {item.raw for item in evidence} <= found.raw().keys()


def test_a_run_that_is_resumed_reads_it_for_what_is_left_alone(world):
    world.key(world.ring(PROJECT, "us-central1", "far"), "far")
    first = collect(world)
    world.calls.clear()

    whole = collect(world, Finished(parts={place: item.part for place, item in first.shards.items()}))
    unasked = not [call for call in world.calls if "logging" in call or "monitoring" in call]
    rest = collect(world, Finished(parts={(PROJECT, HOME): first.shards[PROJECT, HOME].part}))

    assert (whole.count, unasked) == (0, True)
    assert rest.shard(location="us-central1").watching == first.shard(location="us-central1").watching
