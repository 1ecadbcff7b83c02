"""Log groups of CloudWatch. Keeps no event, and judges nothing.

CloudWatch Logs always encrypts and names no key when it is the provider's. The name of a group tells which database it
was exported from.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.providers.aws.stores.service import Listing, Where, said
from scanner.providers.operation import Operation, Paging

_EXPORTED = re.compile(r"/aws/(?:rds/(instance|cluster)|docdb|neptune)/([^/]+)/[^/]+")


class LogGroup(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A log group; `creation_time` is in milliseconds."""

    log_group_name: str
    arn: str | None = None
    log_group_arn: str | None = None
    kms_key_id: str | None = None
    creation_time: int | None = None
    retention_in_days: int | None = None


class DescribeLogGroups(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A page of log groups; AWS leaves out an empty list."""

    log_groups: tuple[LogGroup, ...] = ()


DESCRIBE_LOG_GROUPS = Operation(
    service="logs",
    name="DescribeLogGroups",
    action="logs:DescribeLogGroups",
    reply=DescribeLogGroups,
    params=("limit",),
    paging=Paging(request="nextToken", reply="nextToken"),
)


def log_groups(where: Where, pages: Sequence[DescribeLogGroups]) -> tuple[DataStore, ...]:
    """Every log group; those that databases export to are copies of them."""
    return tuple(_store(where, found) for page in pages for found in page.log_groups)


def _store(where: Where, found: LogGroup) -> DataStore:
    of = _database(where, found.log_group_name)
    own = where.arn("logs", f"log-group:{found.log_group_name}")
    made = found.creation_time
    days = found.retention_in_days
    return DataStore(
        id=found.log_group_arn or (found.arn or own).removesuffix(":*"),
        provider=Provider.AWS,
        account=where.account,
        region=where.region,
        type=StoreKind.LOG_GROUP,
        name=found.log_group_name,
        copy=CopyKind.LOG if of else CopyKind.ORIGINAL,
        of=of,
        encryption=Encryption(encrypted=True, key=found.kms_key_id or None),
        created_at=None if made is None else datetime.fromtimestamp(made / 1000, UTC),
        expires_at=None,
        source=said(retentionInDays=None if days is None else str(days)),
        evidence=(),
    )


def _database(where: Where, name: str) -> str | None:
    """The database or cluster that exports to a group of this name."""
    found = _EXPORTED.fullmatch(name)
    if found is None:
        return None
    return where.arn("rds", f"{'db' if found[1] == 'instance' else 'cluster'}:{found[2]}")


LISTINGS: tuple[Listing, ...] = (
    Listing(
        operation=DESCRIBE_LOG_GROUPS,
        kinds=(StoreKind.LOG_GROUP,),
        stores=log_groups,
        params=lambda _: {"limit": 50},
    ),
)
