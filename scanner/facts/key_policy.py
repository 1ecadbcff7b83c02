"""The grammar of an AWS key policy, reduced to the statements about one action. Evaluates no access.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import re
from functools import lru_cache
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from scanner.facts.glob import matches
from scanner.model.decoding import decode

_Texts = str | list[str]
_PrincipalKind = Literal["AWS", "Service", "Federated", "CanonicalUser"]
_Principals = Literal["*"] | dict[_PrincipalKind, _Texts]

UNRESOLVED = re.compile(r"(?:AGPA|AIDA|AIPA|ANPA|AROA)[A-Z0-9]{16,}")
"""Ids of IAM entities; a policy shows them bare when the entity behind them was deleted."""


class Statement(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="pascal", omit_defaults=True
):
    """One statement as written. The fields that select by exclusion start with `not_`."""

    sid: str | UnsetType = UNSET
    effect: Literal["Allow", "Deny"]
    principal: _Principals | UnsetType = UNSET
    not_principal: _Principals | UnsetType = UNSET
    action: _Texts | UnsetType = UNSET
    not_action: _Texts | UnsetType = UNSET
    resource: _Texts | UnsetType = UNSET
    not_resource: _Texts | UnsetType = UNSET
    condition: dict[str, msgspec.Raw] | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuses a statement that says a thing twice or names no principal."""
        twice = (
            (self.principal is UNSET) == (self.not_principal is UNSET)
            or UNSET not in (self.action, self.not_action)
            or UNSET not in (self.resource, self.not_resource)
        )
        if twice:
            raise ValueError("not a statement of a resource policy")


class _Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="pascal"):
    version: str | UnsetType = UNSET
    id: str | UnsetType = UNSET
    statement: Statement | list[Statement]


class KeyPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """The statements that cover the action asked for, and every bare id in any statement, sorted.

    `of_any_key` is set when all of them are about whatever key the policy stands on.
    """

    statements: tuple[Statement, ...]
    unresolved: tuple[str, ...]
    of_any_key: bool


@lru_cache(maxsize=256)
def read_key_policy(document: str, action: str) -> KeyPolicy | None:
    """The policy as far as `action` (lower case) is concerned; None when the text is not in the grammar."""
    try:
        parsed = decode(document, _Document)
    except (msgspec.DecodeError, RecursionError):
        return None
    statements = parsed.statement if isinstance(parsed.statement, list) else [parsed.statement]
    covering = tuple(statement for statement in statements if _covers(statement, action))
    return KeyPolicy(
        statements=covering,
        unresolved=tuple(sorted({name for statement in statements for name in _unresolved(statement)})),
        of_any_key=all(statement.resource == "*" for statement in covering),
    )


def texts(value: _Texts | UnsetType) -> tuple[str, ...]:
    """A text or a list of texts as a tuple, empty when the element is missing."""
    if isinstance(value, UnsetType):
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def named(principals: _Principals | UnsetType) -> tuple[tuple[str, str], ...]:
    """Every principal with its kind; `*` alone is the same as `{"AWS": "*"}`."""
    if isinstance(principals, UnsetType):
        return ()
    if isinstance(principals, str):
        return (("AWS", "*"),)
    return tuple((kind, name) for kind, names in principals.items() for name in texts(names))


def _covers(statement: Statement, action: str) -> bool:
    """A statement with neither Action nor NotAction has no effect (documented at PutKeyPolicy)."""
    if statement.not_action is not UNSET:
        return not any(_names_action(pattern, action) for pattern in texts(statement.not_action))
    return any(_names_action(pattern, action) for pattern in texts(statement.action))


@lru_cache(maxsize=1024)
def _names_action(pattern: str, action: str) -> bool:
    return matches(pattern.lower(), action)


def _unresolved(statement: Statement) -> list[str]:
    return [
        name
        for principals in (statement.principal, statement.not_principal)
        if isinstance(principals, dict)
        for names in principals.values()
        for name in texts(names)
        if UNRESOLVED.fullmatch(name)
    ]
