"""How far a key policy by itself opens the key: the upper bound of who outside its account can be let in.

Strangers of every kind are tried against the policy, each with what their identity fixes of a request (account,
organisation, ARN), while everything that they may choose stays open. What could be allowed counts as reach.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import product

import msgspec

from scanner.facts.access.aws import CROSS_ACCOUNT, Asked, Layers, Result, decide
from scanner.facts.access.context import Context
from scanner.facts.access.policies import Policy, Statement, read_policy
from scanner.facts.access.principals import is_account, principal
from scanner.facts.glob import matches

STRANGERS = ("913872640517", "864209753182", "705318264097")
"""Accounts that hardly any policy names; the first that one does not name stands for any other account to it."""

_ORGANISATION = "o-stranger000"
_SERVICE = "stranger.amazonaws.com"
_ANYTHING = read_policy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', "any")
_ARN_PARTS = 6
_DIGITS = 12
_OF_SERVICES = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"})
_OF_ORGANISATIONS = frozenset({"aws:principalorgid", "aws:principalorgpaths"})
_OF_CALLERS = frozenset({"aws:principalaccount", "kms:calleraccount", "aws:principalarn", "aws:userid"})
_OF_NETWORKS = frozenset({"aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip", "aws:sourcevpcarn"})
_ADDRESSES = (("11.1.2.3", "99.1.2.3", "141.1.2.3", "203.1.2.3"), ("2600:1f00::1", "a600::1"))
"""Addresses all over the internet, old and new: whoever lets all of either in lets everybody in."""


STRANGE_NETWORKS: Mapping[str, tuple[str, ...]] = {
    "aws:sourcevpc": ("vpc-00000000000000000",),
    "aws:sourcevpce": ("vpce-00000000000000000",),
}
"""Networks that no policy names, by the condition keys that tell of one."""

_NETWORK = re.compile(r"vpce?-[0-9a-z-]+")

SOME_ACCOUNT = "unknown"
"""Stands for accounts that a pattern admits and nothing names."""


class ReachKind(StrEnum):
    """How far, widest first."""

    PUBLIC = "public"
    NETWORK = "network-only-limited"
    CROSS_ACCOUNT = "cross-account"
    ORGANISATION = "org"
    SERVICE = "service"
    SAME_ACCOUNT = "same-account"


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How far a policy opens its key, and for which accounts or organisations (sorted; empty for the other kinds).

    Beside named accounts, `organisations` are let in too, and for each pattern some account such as those in `like`.
    """

    kind: ReachKind
    whom: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    like: tuple[str, ...] = ()


class _Door(msgspec.Struct, frozen=True, kw_only=True):
    """The policy on its key."""

    policy: Policy
    account: str
    key: str
    stranger: str


def reach(policy: Policy, account: str, key: str) -> Reach:
    """How far the key policy opens the key of an account."""
    mentioned = _accounts(policy)
    stranger = next((number for number in STRANGERS if number not in mentioned), STRANGERS[-1])
    door = _Door(policy=policy, account=account, key=key, stranger=stranger)
    anybody = [_outside(door), _outside(door, organisation=_ORGANISATION)]
    if any(_opens(door, strangers, anywhere=True) for strangers in anybody):
        return Reach(kind=ReachKind.PUBLIC)
    if any(_opens(door, strangers) for strangers in anybody):
        return Reach(kind=ReachKind.NETWORK)
    accounts = {other for other in mentioned - {account} if _opens(door, _outside(door, account=other))}
    unnamed = sorted(_like(policy) - {account} - accounts)
    like = tuple(other for other in unnamed if _opens(door, _outside(door, account=other)))
    found = sorted(name for name in _organisations(policy) if _opens(door, _outside(door, organisation=name)))
    if accounts or like:
        whom = (*sorted(accounts), *((SOME_ACCOUNT,) if like else ()))
        return Reach(kind=ReachKind.CROSS_ACCOUNT, whom=whom, organisations=tuple(found), like=like)
    if found:
        return Reach(kind=ReachKind.ORGANISATION, whom=tuple(found))
    return Reach(kind=ReachKind.SERVICE if _opens(door, _services(door)) else ReachKind.SAME_ACCOUNT)


_Stranger = tuple[str, Context]


def networks_of(policy: Policy) -> tuple[str, ...]:
    """The networks and their endpoints that the policy's conditions name; none where one is not told by its name."""
    found = {value for one in policy.statements for key in STRANGE_NETWORKS for value in _values(one, key)}
    return tuple(sorted(found)) if all(map(_NETWORK.fullmatch, found)) else ()


def _outside(door: _Door, *, account: str | None = None, organisation: str | None = None) -> list[_Stranger]:
    """Callers of one foreign account, in an organisation or in none."""
    account = account or door.stranger
    fixed = {
        "aws:principalaccount": (account,),
        "kms:calleraccount": (account,),
        "aws:principalisawsservice": ("false",),
    }
    names = _arns(door.policy, account)
    if organisation is None:
        return [
            (name, _request({**fixed, "aws:principalarn": (name,)}, _OF_ORGANISATIONS | _OF_SERVICES)) for name in names
        ]
    fixed["aws:principalorgid"] = (organisation,)
    paths = _paths(door.policy, organisation)
    return [
        (name, _request({**fixed, "aws:principalarn": (name,), "aws:principalorgpaths": (path,)}, _OF_SERVICES))
        for name, path in product(names, paths)
    ]


def _services(door: _Door) -> list[_Stranger]:
    """Services of AWS, those that the policy names and another one."""
    named = {name for statement in door.policy.statements for kind, name in statement.principals if kind == "Service"}
    request = _request({"aws:principalisawsservice": ("true",)}, _OF_CALLERS | _OF_ORGANISATIONS)
    return [(name, request) for name in sorted({*named, _SERVICE})]


def _request(values: Mapping[str, tuple[str, ...]], absent: frozenset[str]) -> Context:
    return Context(values=dict(values), complete=False, absent=absent)


def _opens(door: _Door, strangers: Iterable[_Stranger], *, anywhere: bool = False) -> bool:
    """Whether one of the strangers could be allowed something; `anywhere`: from every address of the internet."""
    for name, request in strangers:
        internet = [[_at(request, address) for address in addresses] for addresses in _ADDRESSES]
        for action, places in product(sorted(CROSS_ACCOUNT), internet if anywhere else [[request]]):
            if all(_could(door, name, action, place) for place in places):
                return True
    return False


def _at(request: Context, address: str) -> Context:
    """The request from an address of the internet, through nobody's network."""
    values = {**request.values, "aws:sourceip": (address,)}
    return msgspec.structs.replace(request, values=values, absent=request.absent | _OF_NETWORKS)


def _could(door: _Door, name: str, action: str, request: Context) -> bool:
    layers = Layers(key_policy=door.policy, identity=(_ANYTHING,))
    asked = Asked(caller=principal(name), action=action, key=door.key, account=door.account, request=request)
    return decide(layers, asked).result is not Result.DENY


def _arns(policy: Policy, account: str) -> list[str]:
    """Callers of the account: one of no special name, those that principals name, and those that conditions admit."""
    found = {f"arn:aws:iam::{account}:role/stranger", f"arn:aws:iam::{account}:root"}
    for statement in policy.statements:
        named = [name for kind, name in statement.principals if kind == "AWS"]
        for pattern in (*named, *_values(statement, "aws:principalarn")):
            parts = pattern.split(":", _ARN_PARTS - 1)
            if len(parts) == _ARN_PARTS and matches(parts[4], account):
                parts[4] = account
                found.add(":".join(part.replace("*", "x").replace("?", "x") for part in parts))
    return sorted(found)


def _paths(policy: Policy, organisation: str) -> list[str]:
    """Places in the organisation's tree: one of no special name, and those that conditions admit."""
    found = {f"{organisation}/r-0000/ou-0000-stranger/"}
    for statement in policy.statements:
        for pattern in _values(statement, "aws:principalorgpaths"):
            head, slash, rest = pattern.partition("/")
            if matches(head, organisation):
                found.add(f"{organisation}{slash}{rest}".replace("*", "x/").replace("?", "x"))
    return sorted(found)


def _accounts(policy: Policy) -> set[str]:
    """Every account that the policy mentions anywhere."""
    texts = {text for statement in policy.statements for text in _texts(statement)}
    return {part for text in texts for part in text.split(":") if is_account(part)}


def _like(policy: Policy) -> set[str]:
    """An account for each pattern of account numbers in a condition on who calls."""
    keys = ("aws:principalaccount", "kms:calleraccount", "aws:principalarn")
    values = [value for statement in policy.statements for key in keys for value in _values(statement, key)]
    parts = {part for value in values for part in value.split(":") if "*" in part or "?" in part}
    filled = {part.replace("?", "7").replace("*", "7" * max(0, _DIGITS - len(part) + 1), 1) for part in parts}
    return {found for part in filled if is_account(found := part.replace("*", ""))}


def _organisations(policy: Policy) -> set[str]:
    texts = {text for statement in policy.statements for text in _texts(statement)}
    return {text.partition("/")[0] for text in texts if text.startswith("o-")}


def _texts(statement: Statement) -> Iterator[str]:
    yield from (name for _, name in statement.principals)
    yield from (value for clause in statement.clauses for value in clause.values)


def _values(statement: Statement, key: str) -> Iterator[str]:
    yield from (value for clause in statement.clauses if clause.key.lower() == key for value in clause.values)
