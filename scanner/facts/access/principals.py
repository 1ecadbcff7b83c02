"""Who asks, and whom a policy means by a principal. Evaluates no statement.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

import msgspec

from scanner.facts.access.truth import Truth, on_data

UNRESOLVED = re.compile(r"(?:AGPA|AIDA|AIPA|ANPA|AROA)[A-Z0-9]{16,}")
"""Ids of IAM entities; a policy shows them bare when the entity behind them was deleted."""

ANY_NAME = "*"
"""The name of a caller that stands for many."""

_ARN_PARTS = 6
_ACCOUNT_ID_LENGTH = 12
_SERVICE_LINKED = "role/aws-service-role/"
_SERVICE_LINKED_NAME = "AWSServiceRoleFor"


class PrincipalKind(StrEnum):
    """The kinds of caller."""

    USER = "user"
    ROLE = "role"
    SESSION = "session"
    FEDERATED = "federated"
    ROOT = "root"
    SERVICE = "service"
    OTHER = "other"


_KINDS: Mapping[str, PrincipalKind] = {
    "user": PrincipalKind.USER,
    "role": PrincipalKind.ROLE,
    "assumed-role": PrincipalKind.SESSION,
    "federated-user": PrincipalKind.FEDERATED,
}


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """One caller. `name` is that of the user or role, without its path; `account` is blank for a service.

    A role stands for its sessions: what a session of that role may do.
    """

    id: str
    kind: PrincipalKind
    account: str
    name: str

    @property
    def is_service_linked(self) -> bool:
        """Whether only a service of AWS can act as it, so that no organisation policy binds it."""
        return _SERVICE_LINKED in self.id or (
            self.kind is PrincipalKind.SESSION and self.name.startswith(_SERVICE_LINKED_NAME)
        )

    @property
    def is_federated(self) -> bool:
        """Whether it stands for whoever comes by a provider of identities."""
        return self.kind is PrincipalKind.FEDERATED and self.name == ANY_NAME

    @property
    def is_of_role(self) -> bool:
        """Whether it is a role or a session of one."""
        return self.kind in {PrincipalKind.ROLE, PrincipalKind.SESSION}


class Named(StrEnum):
    """How a policy means a caller, strongest last."""

    NOT = "not"
    ACCOUNT = "account"
    EVERYONE = "everyone"
    ROLE = "role"
    USER = "user"
    SESSION = "session"
    SERVICE = "service"


_SPARED_BY: Mapping[PrincipalKind, set[Named]] = {
    PrincipalKind.USER: {Named.USER, Named.ACCOUNT},
    PrincipalKind.ROLE: {Named.ROLE, Named.ACCOUNT},
    PrincipalKind.SESSION: {Named.SESSION, Named.ROLE, Named.ACCOUNT},
}
"""What a NotPrincipal has to name so that it certainly spares a caller."""


@lru_cache(maxsize=4096)
def principal(name: str) -> Principal:
    """The caller of an ARN, or a service of AWS by its name."""
    parts = name.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS:
        kind = PrincipalKind.SERVICE if name.endswith((".amazonaws.com", ".amazonaws.com.cn")) else PrincipalKind.OTHER
        return Principal(id=name, kind=kind, account="", name=name)
    account, entity = parts[4], parts[5]
    head, _, rest = entity.partition("/")
    if entity == "root":
        return Principal(id=name, kind=PrincipalKind.ROOT, account=account, name="root")
    kind = _KINDS.get(head, PrincipalKind.OTHER)
    return Principal(id=name, kind=kind, account=account, name=_name(kind, entity, rest))


def federated(provider: str) -> Principal:
    """Whoever comes by a provider of identities, in a session of some role; its account where the name tells it."""
    parts = provider.split(":", _ARN_PARTS - 1)
    account = parts[4] if len(parts) == _ARN_PARTS else ""
    return Principal(id=provider, kind=PrincipalKind.FEDERATED, account=account, name=ANY_NAME)


def _name(kind: PrincipalKind, entity: str, rest: str) -> str:
    """A user's or role's name without its path; of a session the name of its role."""
    if kind is PrincipalKind.SESSION:
        return rest.partition("/")[0]
    return entity if kind is PrincipalKind.OTHER else rest.rpartition("/")[2]


def means(kind: str, name: str, caller: Principal) -> Named:
    """How a principal of a policy, such as `AWS` and an ARN, means the caller."""
    if kind == "AWS" and name == "*":
        return Named.EVERYONE
    service = caller.kind is PrincipalKind.SERVICE
    if kind == "Service" and service and name in {caller.id, "*"}:
        return Named.SERVICE
    if kind == "Federated" and caller.is_federated and name == caller.id:
        return Named.SESSION
    if kind != "AWS" or service or caller.is_federated or {"*", "?"} & {*name}:
        return Named.NOT  # a wildcard within a name means nobody, also not a caller that stands for many
    other = principal(name)
    if name == caller.account or (other.kind is PrincipalKind.ROOT and other.account == caller.account):
        return Named.ACCOUNT
    return _same_account(other, caller) if other.account == caller.account else Named.NOT


def _same_account(other: Principal, caller: Principal) -> Named:
    if other.kind is PrincipalKind.ROLE and caller.is_of_role:
        same = other.id == caller.id if caller.kind is PrincipalKind.ROLE else other.name == caller.name
        return Named.ROLE if same else Named.NOT
    if other.id != caller.id:
        return Named.NOT
    return {PrincipalKind.USER: Named.USER, PrincipalKind.SESSION: Named.SESSION}.get(caller.kind, Named.SESSION)


def is_spared(principals: tuple[tuple[str, str], ...], caller: Principal) -> Truth:
    """Whether a NotPrincipal names the caller itself; that of its account alone spares nobody, its root user included.

    A caller who is named while its account is not, and a session while its role is not, may or may not be spared
    (documented as "might").
    """
    named = {means(kind, name, caller) for kind, name in principals}
    if Named.EVERYONE in named or Named.SERVICE in named:
        return True
    wanted = _SPARED_BY.get(caller.kind, {Named.SESSION, Named.ACCOUNT})
    if wanted <= named:
        return True
    if named & {Named.USER, Named.ROLE, Named.SESSION}:
        return on_data(f"whether NotPrincipal spares {caller.name}")
    return False


def is_account(text: str) -> bool:
    """Whether the text is an account's number."""
    return len(text) == _ACCOUNT_ID_LENGTH and text.isascii() and text.isdigit()
