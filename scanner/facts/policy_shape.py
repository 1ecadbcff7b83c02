"""What a key policy alone says: can its own account still change it, and which principals are gone.

Whether it can be changed is evaluated for the root user and for everybody whom the policy names, each taken to have
every right that its account can give. What else binds them (identity policies, boundaries, policies of the
organisation) is set aside: it can be lifted without the key, while only the policy itself can lock the key.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import assert_never

from scanner.facts.access.aws import Asked, Layers, Result, decide
from scanner.facts.access.context import Context
from scanner.facts.access.parties import everybody_of, fixed_by
from scanner.facts.access.policies import Policy, PolicyError, Statement, is_about, read_policy
from scanner.facts.access.principals import (
    ANY_NAME,
    UNRESOLVED,
    Named,
    Principal,
    PrincipalKind,
    means,
    principal,
)
from scanner.facts.access.steps import ANYTHING
from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import unseen
from scanner.facts.subjects import PolicyFacts
from scanner.model.key import Key
from scanner.model.key import Policy as ReadPolicy
from scanner.model.permission import Bindings
from scanner.model.unknown import Cause, Inapplicable, OutOfScope, Unknown

_CHANGE = "kms:PutKeyPolicy"
_DELETED = "deleted:"
"""How members begin that Google Cloud shows when whoever they named is gone."""

_LASTING = frozenset({PrincipalKind.ROOT, PrincipalKind.USER, PrincipalKind.ROLE})
_NAMED = frozenset({PrincipalKind.USER, PrincipalKind.ROLE, PrincipalKind.SESSION, PrincipalKind.FEDERATED})
"""Callers that a policy names one by one; sessions and federated users are there for hours."""

_NOT_OF_IAM = frozenset({"Federated", "CanonicalUser"})


def derive_policy(key: Key) -> PolicyFacts:
    """The facts of what stands on the key itself; bindings never lock out those who hold a role at a level above."""
    policy = key.policy
    match policy:
        case ReadPolicy():
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
    facts = _of_account(document, key.account, call)
    return facts if isinstance(facts, PolicyFacts) else _facts(facts, key.account, key.id, call)


@lru_cache(maxsize=1024)
def _of_account(document: str, account: str, call: str) -> PolicyFacts | Policy:
    """The facts of every key of the account that has this policy, or the policy where it tells keys apart."""
    try:
        policy = read_policy(document, "key policy", of_key=True)
    except PolicyError:
        unreadable = Unknown(cause=Cause.ERROR, call=call)
        return PolicyFacts(changeable_by_owner=unreadable, unresolved_principals=unreadable)
    return _facts(policy, account, "", call) if _is_of_any_key(policy) else policy


def _facts(policy: Policy, account: str, key: str, call: str) -> PolicyFacts:
    found = _changeable(policy, account, key)
    return PolicyFacts(
        changeable_by_owner=Unknown(cause=Cause.UNSUPPORTED, call=call) if found is None else found,
        unresolved_principals=_unresolved(policy),
    )


def _is_of_any_key(policy: Policy) -> bool:
    return all(one.resources == ("*",) and not one.resources_inverse for one in policy.statements)


def _unresolved(policy: Policy) -> tuple[str, ...]:
    names = {name for statement in policy.statements for _, name in statement.principals}
    return tuple(sorted(name for name in names if UNRESOLVED.fullmatch(name)))


def _changeable(policy: Policy, account: str, key: str) -> bool | None:
    """Whether somebody of the account who is there to stay may change the policy; None when conditions decide.

    It is None too where only others may: sessions, roles of services, or whom an entry means that IAM does not keep.
    """
    perhaps = False
    for caller in _callers(policy, account):
        result = _decided(_as_for(policy, caller), caller, account, key)
        if result is Result.ALLOW and _is_lasting(caller):
            return True
        perhaps = perhaps or result is not Result.DENY
    return None if perhaps or _names_others(policy, key) else False


def _callers(policy: Policy, account: str) -> Iterator[Principal]:
    """The root user, then everybody of the account whom the policy names anywhere, then anybody else of it."""
    yield principal(f"arn:aws:iam::{account}:root")
    names = {name for statement in policy.statements for kind, name in statement.principals if kind == "AWS"}
    named = (principal(name) for name in sorted(names))
    yield from (one for one in named if one.account == account and one.kind in _NAMED)
    yield everybody_of(account).caller


def _is_lasting(caller: Principal) -> bool:
    """Whether it is somebody who is there to stay; the entry of one who was deleted turns to an id."""
    return caller.kind in _LASTING and not caller.is_service_linked and caller.name != ANY_NAME


def _as_for(policy: Policy, caller: Principal) -> Policy:
    """The policy less what it allows to others, which is where policies of keys differ most."""
    kept = tuple(one for one in policy.statements if not one.allows or _may_mean(one, caller))
    return Policy(name=policy.name, statements=kept)


def _may_mean(statement: Statement, caller: Principal) -> bool:
    names = statement.principals
    return statement.principals_inverse or any(means(kind, name, caller) is not Named.NOT for kind, name in names)


@lru_cache(maxsize=1024)
def _decided(policy: Policy, caller: Principal, account: str, key: str) -> Result:
    request = Context(values=fixed_by(caller), complete=False)
    layers = Layers(key_policy=policy, identity=(ANYTHING,))
    asked = Asked(caller=caller, action=_CHANGE, key=key, account=account, request=request)
    return decide(layers, asked).result


def _names_others(policy: Policy, key: str) -> bool:
    """Whether an Allow of the change is for somebody who is no user, role or account."""
    anything = Context(values={}, complete=False)
    return any(
        statement.allows
        and any(kind in _NOT_OF_IAM for kind, _ in statement.principals)
        and is_about(statement, _CHANGE, key, anything) is not False
        for statement in policy.statements
    )
