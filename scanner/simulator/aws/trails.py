"""The read operations of CloudTrail, as plain functions from parameters to a reply. Changes nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from scanner.simulator.aws.errors import AwsError
from scanner.simulator.aws.paging import text, texts
from scanner.simulator.aws.records import Caller, Trail
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]

_DELIVERY_DELAY = timedelta(minutes=5)


def describe_trails(world: World, caller: Caller, params: Params) -> Reply:
    """The caller's own trails of the region, and unless told otherwise the shadows of others."""
    shadows = params.get("includeShadowTrails", True) is True
    wanted = texts(params, "trailNameList")
    shown = [
        trail
        for trail in world.trails.values()
        if _is_home(trail, caller) or (shadows and _casts_shadow(world, trail, caller))
    ]
    if wanted:
        shown = [trail for trail in world.trails.values() if _is_named(world, trail, caller, wanted)]
    return {"trailList": [_trail(trail) for trail in shown]}


def get_trail_status(world: World, caller: Caller, params: Params) -> Reply:
    """Whether the trail logs and when it last delivered; unset times come as empty texts."""
    trail = _find(world, caller, text(params, "Name") or "")
    reply: Reply = {
        "IsLogging": trail.logging,
        "StartLoggingTime": trail.created,
        "LatestNotificationAttemptTime": "",
        "LatestNotificationAttemptSucceeded": "",
        "TimeLoggingStarted": _stamp(trail.created),
        "TimeLoggingStopped": _stamp(trail.stopped),
    }
    delivered = _last_delivery(world, trail)
    reply["LatestDeliveryAttemptTime"] = _stamp(world.clock - _DELIVERY_DELAY if trail.delivery_error else delivered)
    reply["LatestDeliveryAttemptSucceeded"] = _stamp(delivered)
    if delivered is not None:
        reply["LatestDeliveryTime"] = delivered
        if trail.log_group:
            reply["LatestCloudWatchLogsDeliveryTime"] = delivered
        if trail.validation:
            reply["LatestDigestDeliveryTime"] = delivered
    if trail.delivery_error:
        reply["LatestDeliveryError"] = trail.delivery_error
    if trail.stopped is not None:
        reply["StopLoggingTime"] = trail.stopped
    return reply


def get_event_selectors(world: World, caller: Caller, params: Params) -> Reply:
    """The trail's selectors; AWS answers one default selector when none were set."""
    trail = _find(world, caller, text(params, "TrailName") or "")
    if trail.advanced_selectors:
        return {"TrailARN": trail.arn, "AdvancedEventSelectors": trail.advanced_selectors}
    default: dict[str, object] = {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [],
        "ExcludeManagementEventSources": [],
    }
    return {"TrailARN": trail.arn, "EventSelectors": [default | chosen for chosen in trail.selectors] or [default]}


def _is_home(trail: Trail, caller: Caller) -> bool:
    return (trail.account, trail.home_region) == (caller.account, caller.region)


def _belongs(world: World, trail: Trail, caller: Caller) -> bool:
    """The trail records the caller's account."""
    if trail.account == caller.account:
        return True
    organisation = world.organisation
    return trail.organisation and organisation is not None and caller.account in organisation.members


def _casts_shadow(world: World, trail: Trail, caller: Caller) -> bool:
    """The trail records the caller's account in the caller's region."""
    return _belongs(world, trail, caller) and (trail.multi_region or trail.home_region == caller.region)


def _is_named(world: World, trail: Trail, caller: Caller, names: tuple[str, ...]) -> bool:
    """Names find trails of the own region alone, ARNs any trail that belongs to the caller."""
    return (trail.name in names and _is_home(trail, caller)) or (trail.arn in names and _belongs(world, trail, caller))


def _find(world: World, caller: Caller, name: str) -> Trail:
    for trail in world.trails.values():
        if _is_named(world, trail, caller, (name,)) and (trail.multi_region or trail.home_region == caller.region):
            return trail
    raise AwsError("TrailNotFoundException", f"Unknown trail: {name} for the user: {caller.account}")


def _trail(trail: Trail) -> Reply:
    row: Reply = {
        "Name": trail.name,
        "S3BucketName": trail.bucket,
        "IncludeGlobalServiceEvents": trail.multi_region,
        "IsMultiRegionTrail": trail.multi_region,
        "HomeRegion": trail.home_region,
        "TrailARN": trail.arn,
        "LogFileValidationEnabled": trail.validation,
        "HasCustomEventSelectors": bool(trail.selectors or trail.advanced_selectors),
        "HasInsightSelectors": False,
        "IsOrganizationTrail": trail.organisation,
    }
    if trail.kms_key:
        row["KmsKeyId"] = trail.kms_key
    if trail.log_group:
        row["CloudWatchLogsLogGroupArn"] = trail.log_group
        row["CloudWatchLogsRoleArn"] = f"arn:aws:iam::{trail.account}:role/trail-to-logs"
    return row


def _last_delivery(world: World, trail: Trail) -> datetime | None:
    """A healthy trail has just delivered; a stopped one last delivered when it was stopped."""
    if trail.last_delivery is not None or trail.delivery_error:
        return trail.last_delivery
    return world.clock - _DELIVERY_DELAY if trail.logging else trail.stopped


def _stamp(at: datetime | None) -> str:
    return "" if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
