"""Topics of SNS. Keeps no topic's name shown to people, and judges nothing.

A topic without a key of its own in `KmsMasterKeyId` has no server-side encryption with a key: not encrypted. Whoever
reads alert paths asks the same of topics, so the answers are shared.
"""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.service import Detail, Listing, Where
from scanner.providers.operation import NEXT_TOKEN, Operation


class Topic(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A topic of a listing."""

    topic_arn: str


class ListTopics(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the listing of topics; AWS leaves out an empty list."""

    topics: tuple[Topic, ...] = ()


class TopicAttributes(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """What is kept of a topic's attributes; its ARN is there in every one."""

    topic_arn: str
    kms_master_key_id: str | None = None
    policy: str | None = None
    subscriptions_confirmed: str | None = None
    subscriptions_pending: str | None = None
    subscriptions_deleted: str | None = None


class GetTopicAttributes(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The attributes of a topic."""

    attributes: TopicAttributes


LIST_TOPICS = Operation(
    service="sns", name="ListTopics", action="sns:ListTopics", reply=ListTopics, paging=NEXT_TOKEN, shared=True
)
GET_TOPIC_ATTRIBUTES = Operation(
    service="sns",
    name="GetTopicAttributes",
    action="sns:GetTopicAttributes",
    reply=GetTopicAttributes,
    params=("TopicArn",),
    shared=True,
)


def topics(where: Where, pages: Sequence[ListTopics]) -> tuple[DataStore, ...]:
    """Every topic, its encryption still to be asked for."""
    return tuple(
        DataStore(
            id=topic.topic_arn,
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.TOPIC,
            name=topic.topic_arn.rpartition(":")[2],
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Unknown(cause=Cause.NOT_COLLECTED, call=GET_TOPIC_ATTRIBUTES.action),
            created_at=None,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for topic in page.topics
    )


def with_attributes(store: DataStore, pages: Sequence[GetTopicAttributes]) -> DataStore:
    """The topic with the key its attributes name."""
    key = pages[0].attributes.kms_master_key_id or None
    return replace(store, encryption=Encryption(encrypted=key is not None, key=key))


def _attributes_of(store: DataStore) -> Mapping[str, object]:
    return {"TopicArn": store.id}


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=LIST_TOPICS,
        kinds=(StoreKind.TOPIC,),
        stores=topics,
        detail=Detail(operation=GET_TOPIC_ATTRIBUTES, params=_attributes_of, complete=with_attributes),
    ),
)
