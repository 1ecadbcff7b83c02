"""The callers of a snapshot, each with its own policies and what its identity fixes of a request. Evaluates nothing."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime

import msgspec

from scanner.facts.access.policies import Policy, PolicyError, read_policy
from scanner.facts.access.principals import ANY_NAME, Principal, federated, principal
from scanner.facts.access.principals import PrincipalKind as CallerKind
from scanner.model.effective import PrincipalKind
from scanner.model.identity import Group, InlinePolicy, ManagedPolicy, Principals, Role, User
from scanner.model.organisation import PolicyText
from scanner.model.unknown import Unknown

ANY_SERVICE = "*.amazonaws.com"
"""The name of a caller that stands for every service of AWS, since policies may let in all of them at once."""

_NEVER_OF_SERVICES = (
    *("kms:calleraccount", "kms:viaservice", "aws:calledvia"),
    *("aws:sourcevpc", "aws:vpcsourceip", "aws:sourceip"),
)
"""How condition keys begin that tell of somebody whom a service works for, or of a network of theirs."""

ORGANISATION = "aws:principalorgid"


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """One caller that may ask. `identity` is None when its policies were not read, `gaps` those that were not.

    `values` and `closed` are what it fixes of a request: values by condition key, and how keys begin that are absent.
    `network` is what anybody has to come through who comes through nothing else. `trust` says who may become it;
    `managed` are the ids of attached policies that its own account keeps, `groups` the ARNs of its groups. A role
    stands for its sessions.
    """

    id: str
    kind: PrincipalKind
    caller: Principal
    identity: tuple[Policy, ...] | None
    gaps: tuple[str, ...] = ()
    boundary: Policy | None = None
    has_boundary: bool = False
    values: Mapping[str, tuple[str, ...]] = {}
    closed: tuple[str, ...] = ()
    trust: Policy | None = None
    managed: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    last_used_at: datetime | None = None
    network: str = ""

    @property
    def account(self) -> str:
        """The account it belongs to; of anybody the network, blank for a service and for anybody from anywhere."""
        return self.network if self.kind is PrincipalKind.PUBLIC else self.caller.account


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What tells a caller from others, whatever the key; `patterns` are the resources that its policies name."""

    alike: Hashable
    patterns: tuple[str, ...]


def parties_of(principals: Principals, account: str) -> tuple[Party, ...]:
    """Every user and role of an account, and its root user."""
    policies = {policy.id: policy for policy in principals.policies}
    groups = {group.name: group for group in principals.groups}
    return (
        unread_party(f"arn:aws:iam::{account}:root"),
        *(_of_user(user, policies, groups) for user in principals.users),
        *(_of_role(role, policies, account) for role in principals.roles),
    )


def groups_of(principals: Principals) -> tuple[Party, ...]:
    """Every group of an account as a caller with the policies of its members."""
    policies = {policy.id: policy for policy in principals.policies}
    found = ((group, _held((group,), policies)) for group in principals.groups)
    return tuple(
        Party(
            id=group.id,
            kind=PrincipalKind.GROUP,
            caller=principal(group.id),
            identity=held.policies,
            gaps=held.gaps,
        )
        for group, held in found
    )


def unread_party(name: str) -> Party:
    """A caller of whom nothing is known but its name; services and root users have no policies that could be read."""
    caller = principal(name)
    kind = PrincipalKind(caller.kind.value)
    without = kind in {PrincipalKind.SERVICE, PrincipalKind.ROOT}
    return Party(id=name, kind=kind, caller=caller, identity=() if without else None, values=fixed_by(caller))


def any_service() -> Party:
    """Every service of AWS that comes by itself, not for somebody who called it."""
    return msgspec.structs.replace(unread_party(ANY_SERVICE), closed=_NEVER_OF_SERVICES)


def comer_by(provider: str, account: str) -> Party:
    """Whoever comes by a provider of identities that a key policy of the account names.

    Which roles they take is not read; of which account, where the provider does not tell, may be any.
    """
    told = federated(provider)
    caller = told if told.account else msgspec.structs.replace(told, account=account)
    return Party(id=provider, kind=PrincipalKind.FEDERATED, caller=caller, identity=None, values=fixed_by(told))


def everybody_of(account: str) -> Party:
    """All principals of an account whose identities were not read, but for those that are named one by one."""
    caller = principal(f"arn:aws:iam::{account}:role/{ANY_NAME}")
    return Party(id=account, kind=PrincipalKind.ACCOUNT, caller=caller, identity=None, values=fixed_by(caller))


def anybody(name: str, account: str, policy: Policy, organisation: str | None = None) -> Party:
    """Somebody of whom nothing is known but account or organisation, who gives itself whatever policies it likes."""
    caller = principal(f"arn:aws:iam::{account}:role/{ANY_NAME}")
    within = {} if organisation is None else {ORGANISATION: (organisation,)}
    return Party(
        id=name,
        kind=PrincipalKind.PUBLIC,
        caller=caller,
        identity=(policy,),
        values={**fixed_by(caller), **within},
    )


def fixed_by(caller: Principal) -> dict[str, tuple[str, ...]]:
    """What the name of a caller fixes of each of its requests; KMS is reached by TLS alone.

    A session's requests carry the ARN of its role, whose path its own name does not tell; so does whoever stands for
    many.
    """
    if caller.kind.value == PrincipalKind.SERVICE:
        return {
            **({"aws:principalservicename": (caller.id,)} if caller.id != ANY_SERVICE else {}),
            "aws:principalisawsservice": ("true",),
            "aws:securetransport": ("true",),
        }
    of_one = caller.kind is not CallerKind.SESSION and caller.name != ANY_NAME
    own = ("aws:principalaccount", "kms:calleraccount") if caller.account else ()
    return {
        **({"aws:principalarn": (caller.id,)} if of_one else {}),
        **dict.fromkeys(own, (caller.account,)),
        "aws:principalisawsservice": ("false",),
        "aws:securetransport": ("true",),
    }


class _Held(msgspec.Struct, frozen=True, kw_only=True):
    """Policies that were read, and labels of those that were not."""

    policies: tuple[Policy, ...]
    gaps: tuple[str, ...]


def _of_user(user: User, policies: Mapping[str, ManagedPolicy], groups: Mapping[str, Group]) -> Party:
    caller = principal(user.id)
    within = [groups[name] for name in user.groups if name in groups]
    lost = tuple(f"the policies of group {name}" for name in user.groups if name not in groups)
    held = _held((user, *within), policies)
    tags = {f"aws:principaltag/{name.lower()}": (value,) for name, value in user.tags.items()}
    return Party(
        id=user.id,
        kind=PrincipalKind.USER,
        caller=caller,
        identity=held.policies,
        gaps=(*held.gaps, *lost),
        boundary=_boundary(user.boundary, policies),
        has_boundary=user.boundary is not None,
        values={**fixed_by(caller), **tags, "aws:username": (user.name,), "aws:userid": (user.unique_id,)},
        closed=("aws:principaltag/",),
        managed=_managed((user, *within), policies),
        groups=tuple(group.id for group in within),
    )


def _of_role(role: Role, policies: Mapping[str, ManagedPolicy], account: str) -> Party:
    """A role: tags that a session brings may come before its own, so that conditions on them stay open."""
    caller = principal(f"arn:aws:sts::{account}:assumed-role/{role.name}/*")
    held = _held((role,), policies)
    trust = None if isinstance(role.trust, Unknown) else _trust(role.trust, role.name)
    return Party(
        id=role.id,
        kind=PrincipalKind.ROLE,
        caller=caller,
        identity=held.policies,
        gaps=held.gaps,
        boundary=_boundary(role.boundary, policies),
        has_boundary=role.boundary is not None,
        values={**fixed_by(caller), "aws:principalarn": (role.id,)},
        closed=("aws:username",),
        trust=trust,
        managed=_managed((role,), policies),
        last_used_at=role.last_used_at,
    )


def _held(holders: Iterable[User | Group | Role], policies: Mapping[str, ManagedPolicy]) -> _Held:
    found: list[Policy] = []
    gaps: list[str] = []
    for holder in holders:
        attached = [policies.get(name, name) for name in holder.attached]
        for item in (*holder.inline, *attached):
            policy = None if isinstance(item, str) else _text(item)
            if policy is None:
                gaps.append(f"the policy {item if isinstance(item, str) else item.name} of {holder.name}")
            else:
                found.append(policy)
    return _Held(policies=tuple(found), gaps=tuple(gaps))


def _text(item: InlinePolicy | ManagedPolicy) -> Policy | None:
    return None if isinstance(item.text, Unknown) else _read(item.text, item.name)


def _trust(text: PolicyText, name: str) -> Policy | None:
    """Who may become the role; what the policy is about is the role, which its statements do not say."""
    found = _read(text, f"trust policy of {name}")
    if found is None:
        return None
    statements = tuple(msgspec.structs.replace(statement, resources=("*",)) for statement in found.statements)
    return msgspec.structs.replace(found, statements=statements)


def _read(text: PolicyText, name: str) -> Policy | None:
    try:
        return read_policy(text.document, name)
    except PolicyError:
        return None


def _boundary(name: str | None, policies: Mapping[str, ManagedPolicy]) -> Policy | None:
    found = policies.get(name) if name else None
    return _text(found) if found else None


def _managed(holders: Iterable[User | Group | Role], policies: Mapping[str, ManagedPolicy]) -> tuple[str, ...]:
    """Attached policies that the account itself keeps and may change."""
    names = {name for holder in holders for name in holder.attached}
    return tuple(sorted(name for name in names if name not in policies or not policies[name].provider_managed))
