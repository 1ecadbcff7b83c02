"""Streams of Kinesis. Keeps no records or consumers, and judges nothing.

`EncryptionType` is KMS, with the key's name in the provider's words, or NONE; any other word leaves it unknown.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.store import DataStore
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.service import Detail, Listing, Where, under_named_key
from scanner.providers.failure import MalformedReplyError
from scanner.providers.operation import Operation, Paging


class ListStreams(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of the listing of streams."""

    stream_names: tuple[str, ...]
    has_more_streams: bool


class StreamDescriptionSummary(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A stream."""

    encryption_type: str
    key_id: str | None = None
    stream_creation_timestamp: datetime | None = None


class DescribeStreamSummary(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The description of a stream."""

    stream_description_summary: StreamDescriptionSummary


LIST_STREAMS = Operation(
    service="kinesis",
    name="ListStreams",
    action="kinesis:ListStreams",
    reply=ListStreams,
    params=("Limit",),
    paging=Paging(request="NextToken", reply="NextToken", flag="HasMoreStreams"),
)
DESCRIBE_STREAM_SUMMARY = Operation(
    service="kinesis",
    name="DescribeStreamSummary",
    action="kinesis:DescribeStreamSummary",
    reply=DescribeStreamSummary,
    params=("StreamName",),
)


def streams(where: Where, pages: Sequence[ListStreams]) -> tuple[DataStore, ...]:
    """Every stream, its encryption still to be asked for."""
    return tuple(
        DataStore(
            id=where.arn("kinesis", f"stream/{name}"),
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.STREAM,
            name=name,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Unknown(cause=Cause.NOT_COLLECTED, call=DESCRIBE_STREAM_SUMMARY.action),
            created_at=None,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for name in page.stream_names
    )


def with_summary(store: DataStore, pages: Sequence[DescribeStreamSummary]) -> DataStore:
    """The stream with its encryption; raises MalformedReplyError when its type is no word that is known."""
    found = pages[0].stream_description_summary
    if found.encryption_type not in ("KMS", "NONE"):
        raise MalformedReplyError(DESCRIBE_STREAM_SUMMARY.name)
    encryption = under_named_key(
        encrypted=found.encryption_type == "KMS", key=found.key_id, operation=DESCRIBE_STREAM_SUMMARY
    )
    return replace(store, encryption=encryption, created_at=found.stream_creation_timestamp)


def _summary_of(store: DataStore) -> Mapping[str, object]:
    return {"StreamName": store.name}


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=LIST_STREAMS,
        kinds=(StoreKind.STREAM,),
        stores=streams,
        params=lambda _: {"Limit": 1000},
        detail=Detail(operation=DESCRIBE_STREAM_SUMMARY, params=_summary_of, complete=with_summary),
    ),
)
