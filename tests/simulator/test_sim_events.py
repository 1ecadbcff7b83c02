"""The event history of the simulated CloudTrail: what is remembered, for how long, and page by page."""

import json
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError


def lookup(client, **params):
    name = {"AttributeKey": "EventName", "AttributeValue": "ScheduleKeyDeletion"}
    return client("cloudtrail").lookup_events(**{"LookupAttributes": [name], **params})


def test_a_scheduled_deletion_is_remembered_with_who_asked_and_for_how_long(client, world, add_key):
    key = add_key()
    world.schedule_deletion(key, 7, actor="m.weber")

    (event,) = lookup(client)["Events"]

    told = json.loads(event["CloudTrailEvent"])
    assert (event["Username"], event["EventTime"]) == ("m.weber", world.clock)
    assert told["requestParameters"] == {"keyId": key.arn, "pendingWindowInDays": 7}
    assert [resource["ARN"] for resource in told["resources"]] == [key.arn]


def test_a_cancellation_is_remembered_as_an_event_of_its_own(client, world, add_key):
    key = add_key()
    world.schedule_deletion(key, 7)
    world.cancel_deletion(key, actor="m.weber")

    name = {"AttributeKey": "EventName", "AttributeValue": "CancelKeyDeletion"}
    (event,) = lookup(client, LookupAttributes=[name])["Events"]

    told = json.loads(event["CloudTrailEvent"])
    assert (event["Username"], told["requestParameters"]) == ("m.weber", {"keyId": key.arn})


def test_a_key_made_pending_was_asked_for_a_whole_window_before_its_date(client, world, add_key):
    add_key(deletion_date=world.clock + timedelta(days=6), deletion_window=7)

    (event,) = lookup(client)["Events"]

    assert event["EventTime"] == world.clock - timedelta(days=1)


def test_the_history_is_90_days_long(client, world, add_key):
    key = add_key(deletion_date=world.clock + timedelta(days=30), deletion_window=30)
    world.cancel_deletion(key)
    world.advance(timedelta(days=90))
    assert lookup(client)["Events"]

    world.advance(timedelta(seconds=1))

    assert lookup(client)["Events"] == []


def test_pages_hold_at_most_50_events_the_newest_first(client, world, add_key):
    for _ in range(51):
        world.advance(timedelta(minutes=1))
        world.schedule_deletion(add_key(), 30)

    first = lookup(client)
    second = lookup(client, NextToken=first["NextToken"])

    times = [event["EventTime"] for event in first["Events"] + second["Events"]]
    assert (len(first["Events"]), len(second["Events"])) == (50, 1)
    assert times == sorted(times, reverse=True)
    assert "NextToken" not in second


def test_more_than_one_attribute_is_refused(client):
    name = {"AttributeKey": "EventName", "AttributeValue": "ScheduleKeyDeletion"}

    with pytest.raises(ClientError, match="InvalidLookupAttributesException"):
        lookup(client, LookupAttributes=[name, name])
