"""Secure parameters of Systems Manager, by name and key. Never asks for a value, and judges nothing.

Parameters of other types hold plain text, and are not asked for: they rest on no key.
"""

from collections.abc import Mapping, Sequence

import msgspec

from scanner.model.key import Provider
from scanner.model.store import DataStore, Encryption
from scanner.model.store_kind import CopyKind, StoreKind
from scanner.providers.aws.stores.service import Listing, Where
from scanner.providers.operation import NEXT_TOKEN, Operation

_SECURE = "SecureString"


class Parameter(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A parameter of the listing."""

    name: str
    type: str
    arn: str | None = msgspec.field(name="ARN", default=None)
    key_id: str | None = None


class DescribeParameters(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """A page of parameters; AWS leaves out an empty list."""

    parameters: tuple[Parameter, ...] = ()


DESCRIBE_PARAMETERS = Operation(
    service="ssm",
    name="DescribeParameters",
    action="ssm:DescribeParameters",
    reply=DescribeParameters,
    params=("ParameterFilters", "MaxResults"),
    paging=NEXT_TOKEN,
)


def parameters(where: Where, pages: Sequence[DescribeParameters]) -> tuple[DataStore, ...]:
    """Every secure parameter."""
    return tuple(
        DataStore(
            id=found.arn or where.arn("ssm", f"parameter/{found.name.removeprefix('/')}"),
            provider=Provider.AWS,
            account=where.account,
            region=where.region,
            type=StoreKind.PARAMETER,
            name=found.name,
            copy=CopyKind.ORIGINAL,
            of=None,
            encryption=Encryption(encrypted=True, key=found.key_id or None),
            created_at=None,
            expires_at=None,
            source={},
            evidence=(),
        )
        for page in pages
        for found in page.parameters
        if found.type == _SECURE
    )


def _secure_ones(_: Where) -> Mapping[str, object]:
    return {"ParameterFilters": [{"Key": "Type", "Option": "Equals", "Values": [_SECURE]}], "MaxResults": 50}


LISTINGS: tuple[Listing, ...] = (
    Listing(operation=DESCRIBE_PARAMETERS, kinds=(StoreKind.PARAMETER,), stores=parameters, params=_secure_ones),
)
