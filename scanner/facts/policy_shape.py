"""The shape of a key policy: can its own account still change it, and which principals are gone.

Evaluates no access: identity policies, boundaries, organisation policies and conditions are not read here, so
whatever hangs on one of them is Unknown, never a guess.
"""

from collections.abc import Iterable
from enum import Enum, IntEnum, auto
from functools import lru_cache
from typing import NamedTuple, assert_never

import msgspec
from msgspec import UNSET

from scanner.facts.glob import matches
from scanner.facts.key_policy import UNRESOLVED, KeyPolicy, Statement, named, read_key_policy, texts
from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import unseen
from scanner.facts.subjects import PolicyFacts
from scanner.model.key import Key, Policy
from scanner.model.permission import Bindings
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown

_CHANGE = "kms:putkeypolicy"
_DELETED = "deleted:"
"""How members begin that Google Cloud shows when whoever they named is gone."""

_ACCOUNT_ID_LENGTH = 12
_ARN_PARTS = 6


class _Certainty(IntEnum):
    NO = 0
    MAYBE = 1
    YES = 2


class _Who(Enum):
    """Whom a principal stands for, seen from the key's own account."""

    EVERYONE = auto()
    ACCOUNT = auto()
    IDENTITY = auto()
    PERHAPS = auto()
    NOBODY = auto()


class _Grantee(msgspec.Struct, frozen=True):
    """A principal of the own account that an Allow names, and how surely that Allow reaches it."""

    who: _Who
    name: str
    certainty: _Certainty


class _Stand(NamedTuple):
    """Where a policy stands; without a key, it stands on any of the account."""

    account: str
    key_id: str | None


def derive_policy(key: Key) -> PolicyFacts:
    """The facts of what stands on the key itself; bindings never lock out those who hold a role at a level above."""
    policy = key.policy
    match policy:
        case Policy():
            return _aws(key, policy.document)
        case Bindings():
            return PolicyFacts(changeable_by_owner=None, unresolved_principals=_gone(policy))
        case Inapplicable() | OutOfScope() | Unknown():
            none = unseen(policy)
            return PolicyFacts(changeable_by_owner=none, unresolved_principals=none)
        case _:
            assert_never(policy)


def _gone(bindings: Bindings) -> tuple[str, ...]:
    members = {member for binding in bindings.items for member in binding.members}
    return tuple(sorted(member for member in members if member.startswith(_DELETED)))


def _aws(key: Key, document: str) -> PolicyFacts:
    call = PERMISSIONS[key.provider].policy
    shape = _of_account(document, key.account, call)
    return _facts(shape, _Stand(key.account, key.id), call) if isinstance(shape, KeyPolicy) else shape


@lru_cache(maxsize=1024)
def _of_account(document: str, account: str, call: str) -> PolicyFacts | KeyPolicy:
    """The facts of every key of the account that has this policy, or the policy where it tells keys apart."""
    policy = read_key_policy(document, _CHANGE)
    if policy is None:
        unreadable = Unknown(cause=Cause.ERROR, call=call)
        return PolicyFacts(changeable_by_owner=unreadable, unresolved_principals=unreadable)
    return _facts(policy, _Stand(account, None), call) if policy.of_any_key else policy


def _facts(policy: KeyPolicy, stand: _Stand, call: str) -> PolicyFacts:
    changeable = _changeable(policy.statements, stand)
    return PolicyFacts(
        changeable_by_owner=Unknown(cause=Cause.UNSUPPORTED, call=call) if changeable is None else changeable,
        unresolved_principals=policy.unresolved,
    )


def _changeable(statements: tuple[Statement, ...], stand: _Stand) -> bool | None:
    """True when some grantee surely has the right and no Deny could take it; None when conditions decide.

    False needs that nobody is granted it, even under conditions, or that a Deny surely hits each one who is.
    """
    denies = [statement for statement in statements if statement.effect == "Deny"]
    perhaps = False
    for allow in statements:
        for grantee in _grantees(allow, stand) if allow.effect == "Allow" else ():
            loss = max((_hit(deny, grantee, stand) for deny in denies), default=_Certainty.NO)
            if grantee.certainty is _Certainty.YES and loss is _Certainty.NO:
                return True
            perhaps = perhaps or loss is not _Certainty.YES
    return None if perhaps else False


def _grantees(allow: Statement, stand: _Stand) -> Iterable[_Grantee]:
    """The principals of the own account that the Allow may reach.

    Another account cannot be given this right (documented: it has no effect across accounts), a service is not
    somebody in the account, and a deleted principal is dead text. `NotPrincipal` grants to all but a few, perhaps.
    """
    reach = _reach(allow, stand)
    if reach is _Certainty.NO:
        return
    if allow.not_principal is not UNSET:
        yield _Grantee(_Who.PERHAPS, "", _Certainty.MAYBE)
    for kind, name in named(allow.principal):
        match who := _who(kind, name, stand.account):
            case _Who.NOBODY:
                continue
            case _Who.PERHAPS:
                yield _Grantee(who, name, _Certainty.MAYBE)
            case _Who.EVERYONE | _Who.ACCOUNT | _Who.IDENTITY:
                yield _Grantee(who, name, reach)
            case _:
                assert_never(who)


def _hit(deny: Statement, grantee: _Grantee, stand: _Stand) -> _Certainty:
    """How surely the Deny takes the right from the grantee.

    A Deny on single users or roles leaves a whole account untouched: its others remain, at least its root user.
    """
    reach = _reach(deny, stand)
    if deny.not_principal is not UNSET:
        return min(reach, _Certainty.MAYBE)
    principals = named(deny.principal)
    return min(reach, max((_touches(principal, grantee, stand.account) for principal in principals), default=reach.NO))


def _touches(principal: tuple[str, str], grantee: _Grantee, account: str) -> _Certainty:
    kind, name = principal
    match who := _who(kind, name, account):
        case _Who.EVERYONE | _Who.ACCOUNT:
            return _Certainty.YES
        case _Who.NOBODY:
            return _Certainty.NO
        case _Who.PERHAPS:
            return _Certainty.MAYBE
        case _Who.IDENTITY:
            if grantee.who is _Who.PERHAPS:
                return _Certainty.MAYBE
            return _Certainty.YES if grantee.name == name else _Certainty.NO
        case _:
            assert_never(who)


def _reach(statement: Statement, stand: _Stand) -> _Certainty:
    """How surely the statement is about this key at all: a condition makes it a maybe."""
    about = _about(statement, stand.key_id)
    return min(about, _Certainty.MAYBE) if statement.condition else about


def _about(statement: Statement, key_id: str | None) -> _Certainty:
    """A statement with neither Resource nor NotResource has no effect (documented at PutKeyPolicy)."""
    if statement.not_resource is not UNSET:
        hit = max((_names(pattern, key_id) for pattern in texts(statement.not_resource)), default=_Certainty.NO)
        return _Certainty(_Certainty.YES - hit)
    return max((_names(pattern, key_id) for pattern in texts(statement.resource)), default=_Certainty.NO)


def _names(pattern: str, key_id: str | None) -> _Certainty:
    """Whether a Resource means this key; a wildcard that reaches over a colon or a variable is a maybe."""
    if pattern in ("*", key_id):
        return _Certainty.YES
    if key_id is None or "${" in pattern:
        return _Certainty.MAYBE
    parts, of_key = pattern.split(":", _ARN_PARTS - 1), key_id.split(":", _ARN_PARTS - 1)
    if len(parts) == len(of_key) and all(matches(part, text) for part, text in zip(parts, of_key, strict=True)):
        return _Certainty.YES
    return _Certainty.MAYBE if matches(pattern, key_id) else _Certainty.NO


def _who(kind: str, name: str, account: str) -> _Who:
    """Whom the principal stands for. A form we cannot place (federated, wildcard in an ARN) is a perhaps."""
    if kind == "Service" or UNRESOLVED.fullmatch(name):
        return _Who.NOBODY
    if kind == "AWS" and name == "*":
        return _Who.EVERYONE
    service, owner, entity = ("iam", name, "root") if _is_account_id(name) else _arn(name)
    if kind != "AWS" or not _is_account_id(owner):
        return _Who.PERHAPS
    return _entity(service, entity) if owner == account else _Who.NOBODY


def _arn(name: str) -> tuple[str, str, str]:
    """Service, account and entity of a principal's ARN, blank when it is none or holds a wildcard."""
    parts = name.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or "*" in name or "?" in name:
        return "", "", ""
    return parts[2], parts[4], parts[5]


def _entity(service: str, entity: str) -> _Who:
    """An entity of the own account. Nobody but its service can act as a service-linked role, so that is a perhaps."""
    if service == "iam" and entity == "root":
        return _Who.ACCOUNT
    lasting = entity.startswith(("user/", "role/")) and not entity.startswith("role/aws-service-role/")
    return _Who.IDENTITY if service == "iam" and lasting else _Who.PERHAPS


def _is_account_id(text: str) -> bool:
    return len(text) == _ACCOUNT_ID_LENGTH and text.isascii() and text.isdigit()
