"""The event history of CloudTrail: what was done to keys in the last 90 days. Records nothing itself."""

import json
from collections.abc import Mapping
from datetime import timedelta

from scanner.simulator.aws.errors import AwsError
from scanner.simulator.aws.identifiers import unique_id, uuid_of
from scanner.simulator.aws.paging import Paging, number, page, structures, text
from scanner.simulator.aws.records import Caller, KeyEvent
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]

_HISTORY = timedelta(days=90)
_EVENTS = Paging("LookupEvents", 50, 50, "InvalidNextTokenException")


def lookup_events(world: World, caller: Caller, params: Params) -> Reply:
    """The region's events of the last 90 days, newest first, narrowed by at most one attribute."""
    wanted = structures(params, "LookupAttributes")
    if len(wanted) > 1:
        raise AwsError("InvalidLookupAttributesException", "You can specify only one lookup attribute.")
    found = [
        event
        for event in world.place(caller.account, caller.region).events
        if world.clock - _HISTORY <= event.at <= world.clock and all(_has(event, attribute) for attribute in wanted)
    ]
    found.sort(key=lambda event: event.at, reverse=True)
    size, token = number(params, "MaxResults"), text(params, "NextToken")
    shown = page(found, _EVENTS, size=size, token=token, cap=world.page_limit)
    return {"Events": [_event(event) for event in shown.items]} | ({"NextToken": shown.token} if shown.token else {})


def _has(event: KeyEvent, attribute: Params) -> bool:
    own = {"EventName": event.name, "Username": event.actor, "ResourceName": event.key}
    return own.get(text(attribute, "AttributeKey") or "") == text(attribute, "AttributeValue")


def _event(event: KeyEvent) -> Reply:
    row: Reply = {
        "EventId": uuid_of("event", event.key, event.name, event.at),
        "EventName": event.name,
        "ReadOnly": "false",
        "AccessKeyId": _access_key(event),
        "EventTime": event.at,
        "EventSource": "kms.amazonaws.com",
        "Username": event.actor,
        "Resources": [{"ResourceType": "AWS::KMS::Key", "ResourceName": event.key}],
    }
    return row | {"CloudTrailEvent": json.dumps(_document(event, str(row["EventId"])))}


def _document(event: KeyEvent, identity: str) -> Reply:
    """The event as CloudTrail delivers it; its dates of deletion are texts for people, as on AWS."""
    account = event.key.split(":")[4]
    document: Reply = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"{unique_id('AROA', account, event.actor)}:{event.actor}",
            "arn": f"arn:aws:sts::{account}:assumed-role/operations/{event.actor}",
            "accountId": account,
            "accessKeyId": _access_key(event),
        },
        "eventTime": event.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "kms.amazonaws.com",
        "eventName": event.name,
        "awsRegion": event.key.split(":")[3],
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli/2.30.0",
        "requestParameters": _asked(event),
        "responseElements": None,
        "requestID": uuid_of("request", event.key, event.name, event.at),
        "eventID": identity,
        "readOnly": False,
        "resources": [{"accountId": account, "type": "AWS::KMS::Key", "ARN": event.key}],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }
    if event.error:
        return document | {"errorCode": event.error, "errorMessage": f"{event.key} refuses {event.actor}."}
    if event.days is None:
        return document | {"responseElements": {"keyId": event.key}}
    due = (event.at + timedelta(days=event.days)).strftime("%b %d, %Y %I:%M:%S %p")
    answered = {"keyId": event.key, "deletionDate": due, "keyState": "PendingDeletion"}
    return document | {"responseElements": {**answered, "pendingWindowInDays": event.days}}


def _asked(event: KeyEvent) -> Reply:
    return {"keyId": event.key} | ({} if event.days is None else {"pendingWindowInDays": event.days})


def _access_key(event: KeyEvent) -> str:
    return unique_id("ASIA", event.key, event.actor)
