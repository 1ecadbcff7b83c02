"""Who asked for a key's deletion, and when: read from the event history once for a region."""

import json
from datetime import UTC, datetime

import pytest
from collecting import collect
from fake_aws import error
from small_estate import CREATED, SECRET, arn_of

from scanner.model.key import DeletionRequest
from scanner.model.unknown import Cause, Inapplicable, Unknown

DAY = 86_400
DUE = CREATED + 30 * DAY
NOT_FOUND = Unknown(cause=Cause.NOT_COLLECTED, call="cloudtrail:LookupEvents")
PRIMARY = {
    "MultiRegionKeyType": "PRIMARY",
    "PrimaryKey": {"Arn": arn_of("mrk-1"), "Region": "eu-central-1"},
    "ReplicaKeys": [{"Arn": arn_of("mrk-1", region="us-east-1"), "Region": "us-east-1"}],
}


def request(days=0, window=30, actor="ops"):
    return DeletionRequest(at=datetime.fromtimestamp(CREATED + days * DAY, UTC), actor=actor, window_days=window)


@pytest.fixture
def doomed(estate):
    estate.add_key("doomed", KeyState="PendingDeletion", DeletionDate=DUE)
    return estate


def test_the_request_is_read_once_for_all_pending_keys_of_a_region(doomed, endpoint):
    doomed.add_key("other", KeyState="PendingDeletion", DeletionDate=DUE)
    doomed.page_size = 1
    doomed.add_event("doomed", CREATED, window=30)
    doomed.add_event("other", CREATED + 23 * DAY, window=7, user="night-shift")

    collected = collect(endpoint)

    assert collected.key("doomed").deletion_request == request()
    assert collected.key("other").deletion_request == request(23, 7, "night-shift")
    assert isinstance(collected.key("sym-1").deletion_request, Inapplicable)
    assert collected.calls("cloudtrail:LookupEvents").calls == 2
    assert collected.calls("cloudtrail:LookupEvents").pages == 3
    proof = [item for item in collected.key("doomed").evidence if item.group == "deletion_request"]
    assert [item.raw for item in proof] == [
        "cloudtrail.LookupEvents/ScheduleKeyDeletion/1",
        "cloudtrail.LookupEvents/CancelKeyDeletion/1",
    ]


def test_nobody_asks_for_events_where_no_key_is_pending_deletion(endpoint):
    collect(endpoint)

    assert not endpoint.asked("LookupEvents")


def test_a_key_without_an_event_is_not_known_to_have_been_asked_for(doomed, endpoint):
    doomed.add_event("sym-1", CREATED, window=30)

    assert collect(endpoint).key("doomed").deletion_request == NOT_FOUND


@pytest.mark.parametrize(
    "changes",
    [{"error": "AccessDenied"}, {"window": 7}, {"eventless": True}],
    ids=["refused", "another date", "another event"],
)
def test_an_event_that_did_not_bring_this_deletion_about_is_not_taken_for_it(doomed, endpoint, changes):
    eventless = changes.pop("eventless", False)
    doomed.add_event("doomed", CREATED, **{"window": 30, **changes})
    if eventless:
        doomed.events[0]["EventName"] = "CancelKeyDeletion"

    assert collect(endpoint).key("doomed").deletion_request == NOT_FOUND


def test_the_newest_request_that_was_granted_counts(doomed, endpoint):
    doomed.add_event("doomed", CREATED + 10 * DAY, window=30, error="KMSInvalidStateException")
    doomed.add_event("doomed", CREATED - 5 * DAY, window=30, user="earlier")
    doomed.add_event("doomed", CREATED, window=30)

    assert collect(endpoint).key("doomed").deletion_request == request()


@pytest.mark.parametrize("arn", [True, False])
def test_a_request_that_was_cancelled_is_not_the_one_a_key_waits_on(doomed, endpoint, arn):
    doomed.add_event("doomed", CREATED, window=30, user="first", arn=arn)
    doomed.add_cancellation("doomed", CREATED + DAY // 8, arn=arn)
    assert collect(endpoint).key("doomed").deletion_request == NOT_FOUND

    doomed.add_event("doomed", CREATED + DAY // 4, window=30, user="second", arn=arn)
    found = collect(endpoint).key("doomed").deletion_request
    assert (found.actor, found.at) == ("second", datetime.fromtimestamp(CREATED + DAY // 4, UTC))


def test_a_primary_is_measured_from_the_request_after_the_cancellation(estate, endpoint):
    estate.add_key("mrk-1", KeyState="PendingReplicaDeletion", MultiRegion=True, MultiRegionConfiguration=PRIMARY)
    estate.add_event("mrk-1", CREATED, window=30)
    estate.add_cancellation("mrk-1", CREATED + DAY)
    assert collect(endpoint).key("mrk-1").deletion_request == NOT_FOUND

    estate.add_event("mrk-1", CREATED + 2 * DAY, window=7)
    assert collect(endpoint).key("mrk-1").deletion_request == request(2, 7)


def test_a_cancellation_that_was_refused_or_came_before_changes_nothing(doomed, endpoint):
    doomed.add_cancellation("doomed", CREATED - DAY)
    doomed.add_event("doomed", CREATED, window=30)
    doomed.add_cancellation("doomed", CREATED + DAY, error="AccessDenied")

    assert collect(endpoint).key("doomed").deletion_request == request()


@pytest.mark.parametrize("named", ["doomed", arn_of("doomed")])
def test_an_event_without_an_arn_is_about_the_key_that_it_asked_for(doomed, endpoint, named):
    doomed.add_event(named, CREATED, window=30, arn=False)

    assert collect(endpoint).key("doomed").deletion_request == request()


def test_a_primary_that_waits_for_its_replicas_has_a_request_but_no_date(estate, endpoint):
    estate.add_key("mrk-1", KeyState="PendingReplicaDeletion", MultiRegion=True, MultiRegionConfiguration=PRIMARY)
    estate.add_event("mrk-1", CREATED, window=7)

    assert collect(endpoint).key("mrk-1").deletion_request == request(0, 7)


@pytest.mark.parametrize(
    ("fault", "cause"),
    [(error("AccessDeniedException"), Cause.DENIED), (error("ThrottlingException"), Cause.THROTTLED)],
)
def test_a_refused_history_is_unknown_with_its_reason(doomed, endpoint, fault, cause):
    doomed.faults["LookupEvents", None] = fault

    key = collect(endpoint).key("doomed")

    assert key.deletion_request == Unknown(cause=cause, call="cloudtrail:LookupEvents")
    assert key.metadata.deletion_window_days is None


@pytest.mark.parametrize("text", ["", "[1]", '"text"', '{"errorCode": 7}', "[" * 100_000, None])
def test_a_document_that_cannot_be_read_leaves_the_history_unread(doomed, endpoint, text):
    doomed.add_event("doomed", CREATED, window=30)
    doomed.events[0]["CloudTrailEvent"] = text

    assert collect(endpoint).key("doomed").deletion_request == Unknown(
        cause=Cause.ERROR, call="cloudtrail:LookupEvents"
    )


def test_of_an_event_is_stored_what_is_listed_and_no_more(doomed, endpoint):
    doomed.add_event("doomed", CREATED, window=30)

    raw = collect(endpoint).raw()["cloudtrail.LookupEvents/ScheduleKeyDeletion/1"]

    (event,) = json.loads(bytes(raw.body))["Events"]
    assert event == {
        "EventId": "e-0",
        "EventName": "ScheduleKeyDeletion",
        "EventTime": "2025-01-01T00:00:00Z",
        "Username": "ops",
        "Resources": [{"ResourceType": "AWS::KMS::Key", "ResourceName": arn_of("doomed")}],
        "CloudTrailEvent": {
            "resources": [{"ARN": arn_of("doomed"), "type": "AWS::KMS::Key"}],
            "requestParameters": {"keyId": "doomed", "pendingWindowInDays": 30},
        },
    }
    assert SECRET not in str(event)
