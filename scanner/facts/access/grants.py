"""What a grant on a key allows under its constraints. Knows nobody who holds one.

https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
"""

from collections.abc import Mapping

import msgspec

from scanner.facts.access.context import Context
from scanner.facts.access.truth import Open, Truth, all_of

_PREFIX = "kms:encryptioncontext:"
_KEYS = "kms:encryptioncontextkeys"
CONSTRAINED = frozenset(
    f"kms:{name}".lower()
    for name in (
        *("Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"),
        *("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"),
    )
)
"""The operations with a symmetric key, to which alone a constraint on the encryption context applies."""


GRANTABLE = CONSTRAINED | frozenset(
    f"kms:{name}".lower()
    for name in (
        *("Sign", "Verify", "GenerateMac", "VerifyMac", "DeriveSharedSecret", "Encapsulate", "Decapsulate"),
        *("GetPublicKey", "DescribeKey", "CreateGrant", "RetireGrant"),
    )
)
"""What a grant can give at all, the newest operations included. AWS KMS API Reference, `GrantListEntry`."""


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A grant. The constraints' keys compare without regard to case, their values with it.

    `source_arn` is the resource a service has to act for; `retiring` may retire the grant besides its grantee.
    """

    id: str
    grantee: str
    to_service: bool
    operations: frozenset[str]
    equals: Mapping[str, str] | None = None
    subset: Mapping[str, str] | None = None
    source_arn: str | None = None
    retiring: str | None = None
    retired_by_service: bool = False


def allows(grant: Grant, action: str, request: Context) -> Truth:
    """Whether the grant lets its grantee do it under the request."""
    if action.lower().removeprefix("kms:") not in grant.operations:
        return False
    parts: list[Truth] = []
    if grant.source_arn is not None:
        parts.append(_is(request.get("aws:SourceArn"), grant.source_arn))
    if action.lower() not in CONSTRAINED:
        return all_of(parts)
    if grant.equals is not None:
        parts += [_has(grant.equals, request), _names_only(grant.equals, request)]
    if grant.subset is not None:
        parts.append(_has(grant.subset, request))
    return all_of(parts)


def _has(wanted: Mapping[str, str], request: Context) -> Truth:
    return all_of(_is(request.get(_PREFIX + key), value) for key, value in wanted.items())


def _is(found: tuple[str, ...] | Open | None, value: str) -> Truth:
    return found if isinstance(found, Open) else found == (value,)


def _names_only(wanted: Mapping[str, str], request: Context) -> Truth:
    """Whether the request's context has no keys besides; none at all does not equal one."""
    found = request.get(_KEYS)
    if isinstance(found, Open):
        return found
    return {key.lower() for key in found or ()} == {key.lower() for key in wanted}
