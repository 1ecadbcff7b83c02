"""Buckets of S3 and their default encryption. Keeps no object's name, and judges nothing.

One listing names the buckets of the whole account, so that it is asked for one region; a bucket that does not say its
region is no answer to that. AES256 is a key of the provider that nobody sees; a default of KMS without a key is the
provider's too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.model.unknown import Cause, Unknown
from scanner.providers.aws.stores.service import Detail, Listing, Where
from scanner.providers.failure import MalformedReplyError
from scanner.providers.operation import Operation, Paging


class Bucket(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A bucket of the listing."""

    name: str
    bucket_region: str | None = None
    creation_date: datetime | None = None


class ListBuckets(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of buckets; AWS leaves out an empty list."""

    buckets: tuple[Bucket, ...] = ()


class Default(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """What new objects are encrypted with."""

    sse_algorithm: str = msgspec.field(name="SSEAlgorithm")
    kms_master_key_id: str | None = msgspec.field(name="KMSMasterKeyID", default=None)


class Rule(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A rule of a bucket's encryption."""

    apply_server_side_encryption_by_default: Default | None = None


class Rules(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The rules of a bucket's encryption."""

    rules: tuple[Rule, ...]


class GetBucketEncryption(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A bucket's encryption."""

    server_side_encryption_configuration: Rules


LIST_BUCKETS = Operation(
    service="s3",
    name="ListBuckets",
    action="s3:ListAllMyBuckets",
    reply=ListBuckets,
    params=("BucketRegion", "MaxBuckets"),
    paging=Paging(request="ContinuationToken", reply="ContinuationToken"),
    document="ListAllMyBucketsResult",
)
GET_BUCKET_ENCRYPTION = Operation(
    service="s3",
    name="GetBucketEncryption",
    action="s3:GetEncryptionConfiguration",
    reply=GetBucketEncryption,
    params=("Bucket",),
    none="ServerSideEncryptionConfigurationNotFoundError",
    document="ServerSideEncryptionConfiguration",
)


def buckets(where: Where, pages: Sequence[ListBuckets]) -> tuple[DataStore, ...]:
    """Every bucket of the region, its encryption still to be asked for; raises when one does not say its region."""
    found = [bucket for page in pages for bucket in page.buckets]
    if any(not bucket.bucket_region for bucket in found):
        raise MalformedReplyError(LIST_BUCKETS.name)
    return tuple(
        DataStore(
            id=f"arn:{where.partition}:s3:::{bucket.name}",
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.BUCKET,
            name=bucket.name,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Unknown(cause=Cause.NOT_COLLECTED, call=GET_BUCKET_ENCRYPTION.action),
            created_at=bucket.creation_date,
            expires_at=None,
            source={},
            evidence=(),
        )
        for bucket in found
        if bucket.bucket_region == where.region
    )


def with_encryption(store: DataStore, pages: Sequence[GetBucketEncryption]) -> DataStore:
    """The bucket with its default encryption; raises MalformedReplyError when the rules name none."""
    rules = pages[0].server_side_encryption_configuration.rules
    default = next((rule.apply_server_side_encryption_by_default for rule in rules), None)
    if default is None:
        raise MalformedReplyError(GET_BUCKET_ENCRYPTION.name)
    return replace(
        store,
        encryption=Encryption(encrypted=True, key=default.kms_master_key_id or None),
        source={**store.source, "SSEAlgorithm": default.sse_algorithm},
    )


def _name_of(store: DataStore) -> Mapping[str, object]:
    return {"Bucket": store.name}


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=LIST_BUCKETS,
        kinds=(StoreKind.BUCKET,),
        stores=buckets,
        params=lambda where: {"BucketRegion": where.region, "MaxBuckets": 1000},
        detail=Detail(
            operation=GET_BUCKET_ENCRYPTION,
            params=_name_of,
            complete=with_encryption,
            none=Encryption(encrypted=False, key=None),
        ),
    ),
)
