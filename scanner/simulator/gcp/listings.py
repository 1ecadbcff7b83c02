"""The gRPC methods that only list what was put into the world: logs, alerts, what stands around keys. Opens no port."""

from collections.abc import Callable, Iterable, Mapping

from google.cloud.kms_v1.types import autokey, autokey_admin, ekm_service
from google.cloud.kms_v1.types import service as kms
from google.cloud.logging_v2.types import logging_config, logging_metrics
from google.cloud.monitoring_v3.types import alert_service, notification_service, snooze_service

from scanner.simulator.gcp.method import Method, Request, pages
from scanner.simulator.gcp.views import Json
from scanner.simulator.gcp.world import World

_KMS = "/google.cloud.kms.v1"
_LOGGING = "/google.logging.v2"
_MONITORING = "/google.monitoring.v3"


def _things(listing: str, about: str) -> Callable[[World, Request], Iterable[Json]]:
    """What stands under a parent; a place of all locations is that of the parent alone."""

    def rows(world: World, request: Request) -> Iterable[Json]:
        parent = str(getattr(request, about)).removesuffix("/locations/-")
        return world.estate.things.get((parent, listing), [])

    return rows


def _listing(messages: tuple[object, object], listing: str, about: str = "parent") -> Method:
    return Method(request=messages[0], reply=messages[1], about=about, answer=pages(listing, _things(listing, about)))


def _autokey(world: World, request: Request) -> Json:
    """What was set for the project; nothing where nothing was."""
    found = world.estate.things.get((request.parent, "autokey"), [])
    return found[0] if found else {}


LISTINGS: Mapping[str, Method] = {
    f"{_KMS}.KeyManagementService/ListRetiredResources": _listing(
        (kms.ListRetiredResourcesRequest, kms.ListRetiredResourcesResponse), "retiredResources"
    ),
    f"{_KMS}.KeyManagementService/ListImportJobs": _listing(
        (kms.ListImportJobsRequest, kms.ListImportJobsResponse), "importJobs"
    ),
    f"{_KMS}.EkmService/ListEkmConnections": _listing(
        (ekm_service.ListEkmConnectionsRequest, ekm_service.ListEkmConnectionsResponse), "ekmConnections"
    ),
    f"{_KMS}.Autokey/ListKeyHandles": _listing(
        (autokey.ListKeyHandlesRequest, autokey.ListKeyHandlesResponse), "keyHandles"
    ),
    f"{_KMS}.AutokeyAdmin/ShowEffectiveAutokeyConfig": Method(
        request=autokey_admin.ShowEffectiveAutokeyConfigRequest,
        reply=autokey_admin.ShowEffectiveAutokeyConfigResponse,
        about="parent",
        answer=_autokey,
    ),
    f"{_LOGGING}.ConfigServiceV2/ListSinks": _listing(
        (logging_config.ListSinksRequest, logging_config.ListSinksResponse), "sinks"
    ),
    f"{_LOGGING}.ConfigServiceV2/ListExclusions": _listing(
        (logging_config.ListExclusionsRequest, logging_config.ListExclusionsResponse), "exclusions"
    ),
    f"{_LOGGING}.ConfigServiceV2/ListBuckets": _listing(
        (logging_config.ListBucketsRequest, logging_config.ListBucketsResponse), "buckets"
    ),
    f"{_LOGGING}.MetricsServiceV2/ListLogMetrics": _listing(
        (logging_metrics.ListLogMetricsRequest, logging_metrics.ListLogMetricsResponse), "metrics"
    ),
    f"{_MONITORING}.AlertPolicyService/ListAlertPolicies": _listing(
        (alert_service.ListAlertPoliciesRequest, alert_service.ListAlertPoliciesResponse), "alertPolicies", "name"
    ),
    f"{_MONITORING}.SnoozeService/ListSnoozes": _listing(
        (snooze_service.ListSnoozesRequest, snooze_service.ListSnoozesResponse), "snoozes"
    ),
    f"{_MONITORING}.NotificationChannelService/ListNotificationChannels": _listing(
        (
            notification_service.ListNotificationChannelsRequest,
            notification_service.ListNotificationChannelsResponse,
        ),
        "notificationChannels",
        "name",
    ),
}
"""The methods."""
