"""Queues of SQS. Keeps no queue's policy or contents, and judges nothing.

`KmsMasterKeyId` names the key of a queue. Without one, `SqsManagedSseEnabled` says whether SQS encrypts with a key of
its own that nobody sees; when neither is said, the encryption is unknown. Pages come only when a size is asked for.
"""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.service import Detail, Listing, Where
from scanner.providers.failure import MalformedReplyError
from scanner.providers.operation import NEXT_TOKEN, Operation


class ListQueues(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the listing of queues; AWS leaves out an empty list."""

    queue_urls: tuple[str, ...] = ()


class QueueAttributes(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """What is kept of a queue's attributes."""

    kms_master_key_id: str | None = None
    sqs_managed_sse_enabled: str | None = None


class GetQueueAttributes(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The attributes of a queue."""

    attributes: QueueAttributes


LIST_QUEUES = Operation(
    service="sqs",
    name="ListQueues",
    action="sqs:ListQueues",
    reply=ListQueues,
    params=("MaxResults",),
    paging=NEXT_TOKEN,
)
GET_QUEUE_ATTRIBUTES = Operation(
    service="sqs",
    name="GetQueueAttributes",
    action="sqs:GetQueueAttributes",
    reply=GetQueueAttributes,
    params=("QueueUrl", "AttributeNames"),
)


def queues(where: Where, pages: Sequence[ListQueues]) -> tuple[DataStore, ...]:
    """Every queue, its encryption still to be asked for."""
    return tuple(_queue(where, url) for page in pages for url in page.queue_urls)


def _queue(where: Where, url: str) -> DataStore:
    name = url.rpartition("/")[2]
    return DataStore(
        id=where.arn("sqs", name),
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.QUEUE,
        name=name,
        copy=CopyKind.ORIGINAL,
        of=None,
        encryption=Unknown(cause=Cause.NOT_COLLECTED, call=GET_QUEUE_ATTRIBUTES.action),
        created_at=None,
        expires_at=None,
        source={"QueueUrl": url},
        evidence=(),
    )


def with_attributes(store: DataStore, pages: Sequence[GetQueueAttributes]) -> DataStore:
    """The queue with its encryption; raises MalformedReplyError when the attributes tell nothing of it."""
    found = pages[0].attributes
    if found.kms_master_key_id:
        return replace(store, encryption=Encryption(encrypted=True, key=found.kms_master_key_id))
    if found.sqs_managed_sse_enabled not in ("true", "false"):
        raise MalformedReplyError(GET_QUEUE_ATTRIBUTES.name)
    return replace(store, encryption=Encryption(encrypted=found.sqs_managed_sse_enabled == "true", key=None))


def _attributes_of(store: DataStore) -> Mapping[str, object]:
    return {"QueueUrl": store.source["QueueUrl"], "AttributeNames": ["KmsMasterKeyId", "SqsManagedSseEnabled"]}


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=LIST_QUEUES,
        kinds=(StoreKind.QUEUE,),
        stores=queues,
        params=lambda _: {"MaxResults": 1000},
        detail=Detail(operation=GET_QUEUE_ATTRIBUTES, params=_attributes_of, complete=with_attributes),
    ),
)
