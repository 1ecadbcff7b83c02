"""Who watches over Meridian Bank's keys on Google Cloud: well in one project, badly in others. Judges nothing."""

from datetime import timedelta

from scanner.simulator.gcp.views import Json, moment
from scanner.simulator.gcp.world import World

_LOGS = "meridian-logs"
_METRIC = "key-destruction"
_TYPE = f"logging.googleapis.com/user/{_METRIC}"
_FILTER = (
    'protoPayload.serviceName="cloudkms.googleapis.com" AND '
    'protoPayload.methodName:("DestroyCryptoKeyVersion" OR "UpdateCryptoKeyVersion" OR "SetIamPolicy")'
)
_ACTIVITY = 'LOG_ID("cloudaudit.googleapis.com/activity") OR LOG_ID("cloudaudit.googleapis.com/system_event")'


def route(world: World, organisation: str, projects: tuple[str, ...], key: str) -> None:
    """A sink of the organisation into a central bucket, and what every project has from its beginning."""
    world.put(
        organisation,
        "sinks",
        {
            "name": "audit",
            "destination": f"logging.googleapis.com/projects/{_LOGS}/locations/europe-west3/buckets/audit",
            "filter": _ACTIVITY,
            "includeChildren": True,
        },
    )
    for project in projects:
        place = f"projects/{project}"
        names = ("_Required", "_Default")
        buckets = {name: f"{place}/locations/global/buckets/{name}" for name in names}
        filters = dict(zip(names, (_ACTIVITY, f"NOT ({_ACTIVITY})"), strict=True))
        world.put(
            place,
            "sinks",
            *(
                {"name": name, "destination": f"logging.googleapis.com/{bucket}", "filter": filters[name]}
                for name, bucket in buckets.items()
            ),
        )
        kept: Json = {"lifecycleState": "ACTIVE", "cmekSettings": {"kmsKeyName": key}}
        required: Json = {"name": buckets["_Required"], "retentionDays": 400, "locked": True}
        world.put(place, "buckets", {**required, **kept}, {"name": buckets["_Default"], "retentionDays": 30, **kept})


def watch_well(world: World, project: str) -> None:
    """A metric, an alert on its first entry, and a channel that somebody proved to receive."""
    place = f"projects/{project}"
    channel = f"{place}/notificationChannels/1"
    world.put(place, "metrics", _metric())
    world.put(place, "alertPolicies", _alert(place, channel))
    world.put(place, "notificationChannels", _channel(channel, "VERIFIED"))


def watch_badly(world: World, project: str) -> None:
    """An alert that is silenced for a month, and calls a channel that nobody proved to receive."""
    place = f"projects/{project}"
    channel = f"{place}/notificationChannels/1"
    alert = _alert(place, channel)
    world.put(place, "metrics", _metric())
    world.put(place, "alertPolicies", alert)
    world.put(place, "notificationChannels", _channel(channel, "UNVERIFIED"))
    month: Json = {
        "startTime": moment(world.clock - timedelta(days=10)),
        "endTime": moment(world.clock + timedelta(days=20)),
    }
    snooze: Json = {"name": f"{place}/snoozes/1", "criteria": {"policies": [alert["name"]]}, "interval": month}
    world.put(place, "snoozes", {**snooze, "displayName": "migration"})


def watch_nothing(world: World, project: str) -> None:
    """A metric that is switched off, an alert on it that calls nobody, and a sink that drops what it should keep."""
    place = f"projects/{project}"
    world.put(place, "metrics", {**_metric(), "disabled": True})
    world.put(place, "alertPolicies", {**_alert(place, ""), "enabled": False, "notificationChannels": []})
    world.put(place, "exclusions", {"name": "quiet", "filter": 'protoPayload.serviceName="cloudkms.googleapis.com"'})


def _metric() -> Json:
    descriptor = {"metricKind": "DELTA", "valueType": "INT64", "unit": "1", "type": _TYPE}
    return {"name": _METRIC, "filter": _FILTER, "metricDescriptor": descriptor}


def _alert(place: str, channel: str) -> Json:
    name = f"{place}/alertPolicies/1"
    threshold: Json = {
        "filter": f'metric.type="{_TYPE}"',
        "comparison": "COMPARISON_GT",
        "duration": "0s",
        "trigger": {"count": 1},
        "aggregations": [{"alignmentPeriod": "60s", "perSeriesAligner": "ALIGN_DELTA"}],
    }
    return {
        "name": name,
        "displayName": "A key is destroyed, disabled or given away",
        "enabled": True,
        "combiner": "OR",
        "severity": "CRITICAL",
        "conditions": [{"name": f"{name}/conditions/1", "conditionThreshold": threshold}],
        "notificationChannels": [channel],
    }


def _channel(name: str, verification: str) -> Json:
    address = {"email_address": "key-on-call@meridian.example"}
    return {"name": name, "type": "email", "enabled": True, "labels": address, "verificationStatus": verification}
