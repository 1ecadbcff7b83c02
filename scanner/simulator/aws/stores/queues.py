"""Queues of SQS and streams of Kinesis, as their services list and describe them. Changes nothing."""

from collections.abc import Mapping
from datetime import datetime

from scanner.simulator.aws.identifiers import digest
from scanner.simulator.aws.paging import text, texts
from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.records import Row as AnyRow
from scanner.simulator.aws.stores.shelves import Handler, Shelf, Spot, describing, find, listing
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Row = dict[str, object]

QUEUES, STREAMS = "sqs:Queues", "kinesis:Streams"
_QUEUES = Shelf(name=QUEUES, member="QueueUrls", most=1000)
_STREAMS = Shelf(
    name=STREAMS,
    member="StreamNames",
    most=10_000,
    pages=("Limit", "NextToken", "NextToken"),
    more="HasMoreStreams",
    refusal="ExpiredNextTokenException",
)


def _url(row: AnyRow) -> object:
    return row["QueueUrl"]


def _name(row: AnyRow) -> object:
    return row["StreamName"]


_pages_of_queues = listing(_QUEUES, show=_url)


def list_queues(world: World, caller: Caller, params: Params) -> Row:
    """The queues; without a size of pages the first thousand and no way to the others."""
    found = _pages_of_queues(world, caller, params)
    return found if "MaxResults" in params else {"QueueUrls": found["QueueUrls"]}


def get_queue_attributes(world: World, caller: Caller, params: Params) -> Row:
    """The attributes that are asked for and that the queue has."""
    row = find(world, caller, _QUEUES, ("QueueUrl", text(params, "QueueUrl") or ""), "QueueDoesNotExist")
    names, held = texts(params, "AttributeNames"), row["Attributes"]
    told = {name: value for name, value in dict(held).items() if name in names or "All" in names}  # type: ignore[call-overload]  # rows hold what queue() puts there
    return {"Attributes": told} if told else {}


READS: Mapping[tuple[str, str], Handler] = {
    ("sqs", "ListQueues"): list_queues,
    ("sqs", "GetQueueAttributes"): get_queue_attributes,
    ("kinesis", "ListStreams"): listing(_STREAMS, show=_name),
    ("kinesis", "DescribeStreamSummary"): describing(
        _STREAMS,
        named="StreamName",
        by="StreamName",
        member="StreamDescriptionSummary",
        missing="ResourceNotFoundException",
    ),
}


def queue(spot: Spot, name: str, key: str | None, *, managed: bool = True) -> Row:
    """A queue under a key or, without one, under a key of SQS itself unless it is not `managed`."""
    encrypted = {"KmsMasterKeyId": key} if key else {}
    managed_here = managed and not key
    return {
        "QueueUrl": f"https://sqs.{spot.region}.amazonaws.com/{spot.account}/{name}",
        "Attributes": {
            "QueueArn": spot.arn("sqs", name),
            "VisibilityTimeout": "30",
            "SqsManagedSseEnabled": "true" if managed_here else "false",
            **encrypted,
        },
    }


def stream(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A stream; `key` is None when it is not encrypted."""
    chosen = {"EncryptionType": "NONE"} if key is None else {"EncryptionType": "KMS", "KeyId": key}
    return {
        "StreamName": name,
        "StreamARN": spot.arn("kinesis", f"stream/{name}"),
        "StreamId": digest(spot.account, name)[:20],
        "StreamStatus": "ACTIVE",
        "RetentionPeriodHours": 24,
        "StreamCreationTimestamp": made,
        "EnhancedMonitoring": [],
        "OpenShardCount": 1,
        **chosen,
    }
