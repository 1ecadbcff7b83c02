"""What roles give on the keys of Google Cloud: to everybody, and to those who hold both duties. Requires nothing.

Every decision is the evaluator's, over organisation, folders, project, ring and key, with denials and conditions as of
the snapshot's moment. Members of groups are not read: a group counts as one member, and where a group holds one of the
duties and somebody else the other, it stays open whether one person holds both.
https://cloud.google.com/kms/docs/separation-of-duties, as of 2026-11-24.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from scanner.facts.access.aws import Result
from scanner.facts.access.cel import Attributes
from scanner.facts.access.google import Asked, Binding, DenyRule, Groups, Level, decide
from scanner.facts.access.tables import google_roles
from scanner.facts.bindings import PUBLIC
from scanner.facts.reading import reading
from scanner.facts.subjects import GivenFacts
from scanner.model.access_inputs import Access
from scanner.model.container import KeyContainer
from scanner.model.key import Key, Provider
from scanner.model.permission import AccessLevel, AccessLevels, Bindings, Denials, RoleDefinitions
from scanner.model.unknown import Cause, Unknown

USES = ("cloudkms.cryptoKeyVersions.useToDecrypt", "cloudkms.cryptoKeyVersions.useToSign")
ADMINISTERS = ("cloudkms.cryptoKeys.setIamPolicy", "cloudkms.cryptoKeyVersions.destroy")
"""The two duties: to work with what the key protects, and to decide about the key."""

EVERYTHING = (
    *USES,
    *ADMINISTERS,
    "cloudkms.cryptoKeyVersions.useToEncrypt",
    "cloudkms.cryptoKeyVersions.useToVerify",
    "cloudkms.cryptoKeyVersions.update",
    "cloudkms.cryptoKeys.update",
    "cloudkms.cryptoKeys.get",
)
"""What a stranger is tried with."""

_GIVEN = frozenset({Result.ALLOW, Result.CONDITIONAL})
_STRANGER = "user:stranger@nowhere.invalid"
_KEY_TYPE = "cloudkms.googleapis.com/CryptoKey"
_GONE = "deleted:"
_USE = "DATA_READ"
_LOGGED_SERVICES = ("allServices", "cloudkms.googleapis.com")
_GROUPS = Unknown(cause=Cause.NOT_COLLECTED, call="cloudidentity.groups.list")


class Above(msgspec.Struct, frozen=True, kw_only=True):
    """The levels above the keys of a shard, made ready once; `unread` is why one of them is not known."""

    levels: tuple[Level, ...]
    roles: Mapping[str, frozenset[str]]
    unread: Unknown | None
    use_logged: bool | Unknown


class _Stand(msgspec.Struct, frozen=True, kw_only=True):
    """A key with every level over it, at a moment."""

    key: Key
    levels: tuple[Level, ...]
    as_of: datetime


def above_of(access: Access | None) -> Above | None:
    """The levels of a shard of Google Cloud; None elsewhere."""
    if access is None or access.provider is not Provider.GCP:
        return None
    roles = _roles(access.roles)
    if isinstance(access.levels, Unknown):
        return Above(levels=(), roles=roles, unread=access.levels, use_logged=access.levels)
    return Above(
        levels=tuple(_level(item, roles) for item in access.levels.items),
        roles=roles,
        unread=next(iter(_unread_of(access.levels)), None),
        use_logged=_use_logged(access.levels),
    )


def derive_given(key: Key, container: KeyContainer | None, above: Above | None, as_of: datetime) -> GivenFacts:
    """What everybody may do with the key, and who holds both duties; absent where no such roles are given."""
    if key.provider is not Provider.GCP:
        return GivenFacts(open_to_everybody=None, public=None, duties_together=None, both_duties=None, use_logged=None)
    if above is None:
        missing = Unknown(cause=Cause.NOT_COLLECTED, call="resourcemanager.projects.getIamPolicy")
        return GivenFacts(
            open_to_everybody=missing,
            public=missing,
            duties_together=missing,
            both_duties=missing,
            use_logged=missing,
        )
    own = [("key ring", container.policy if container else None), ("key", key.policy)]
    unread = above.unread or next((found for _, group in own if (found := _missing(group)) is not None), None)
    near = tuple(_near(name, group, above.roles) for name, group in own)
    stand = _Stand(key=key, levels=(*above.levels, *near), as_of=as_of)
    public, (both, hidden) = _public(stand), _both(stand)
    doubt = unread or hidden
    return GivenFacts(
        open_to_everybody=True if public else unread or False,
        public=unread or public,
        duties_together=True if both else doubt or False,
        both_duties=doubt or both,
        use_logged=above.use_logged,
    )


def _use_logged(levels: AccessLevels) -> bool | Unknown:
    """Whether every use of a key is logged: what levels log adds up, and so do the members that they spare.

    https://cloud.google.com/logging/docs/audit/configure-data-access, as of 2026-11-24.
    """
    policies = [item.bindings for item in levels.items]
    logged = [
        one
        for policy in policies
        if isinstance(policy, Bindings)
        for one in policy.logged
        if one.service in _LOGGED_SERVICES
    ]
    if any(one.exempted for one in logged):
        return False
    unread = next((policy for policy in policies if isinstance(policy, Unknown)), None)
    return unread or any(_USE in one.kinds for one in logged)


def _public(stand: _Stand) -> tuple[str, ...]:
    """The permissions of a stranger who has an account, as far as what was read gives them."""
    levels = tuple(_without_federated(level) for level in stand.levels)
    if not any(PUBLIC & {*binding.members} for level in levels for binding in level.bindings or ()):
        return ()
    strangers = Groups(members={}, complete=True)
    results = {name: _result(stand, levels, strangers, (_STRANGER, name)) for name in EVERYTHING}
    return tuple(name for name, result in results.items() if result in _GIVEN)


def _both(stand: _Stand) -> tuple[tuple[str, ...], Unknown | None]:
    """The members who hold both duties, each as it is written, and why there may be more."""
    uses, administers = (_holders(stand.levels, names) for names in (USES, ADMINISTERS))
    groups = Groups(members={name: frozenset({name}) for name in uses | administers}, complete=True)
    found = []
    hidden = _hidden(uses, administers)
    for member in sorted(uses & administers):
        duties = [_best(stand, groups, member, names) for names in (USES, ADMINISTERS)]
        if all(result in _GIVEN for result in duties):
            found.append(member)
        elif Result.DENY not in duties:
            hidden = hidden or _GROUPS
    return tuple(found), hidden


def _hidden(uses: frozenset[str], administers: frozenset[str]) -> Unknown | None:
    """Set where somebody in a group could hold the other duty by another member."""
    grouped = any(not _is_one(member) for member in uses | administers)
    return _GROUPS if grouped and uses and administers else None


def _is_one(member: str) -> bool:
    return member.startswith(("user:", "serviceAccount:"))


def _best(stand: _Stand, groups: Groups, member: str, names: Iterable[str]) -> Result:
    """The strongest answer over several permissions."""
    results = {_result(stand, stand.levels, groups, (member, name)) for name in names}
    ranked = (Result.ALLOW, Result.CONDITIONAL, Result.UNKNOWN, Result.DENY)
    return next(result for result in ranked if result in results)


def _result(stand: _Stand, levels: tuple[Level, ...], groups: Groups, who: tuple[str, str]) -> Result:
    principal, permission = who
    request: Attributes = {
        "resource": {"name": stand.key.id, "type": _KEY_TYPE, "service": "cloudkms.googleapis.com"},
        "request": {"time": stand.as_of},
    }
    return decide(levels, groups, Asked(principal=principal, permission=permission, request=request)).result


def _holders(levels: Iterable[Level], names: Iterable[str]) -> frozenset[str]:
    """Every member whom some binding gives one of the permissions, whatever takes it away again."""
    wanted = frozenset(names)
    bindings = (binding for level in levels for binding in level.bindings or ())
    given = (binding for binding in bindings if binding.permissions is None or binding.permissions & wanted)
    return frozenset(member for binding in given for member in binding.members if not member.startswith(_GONE))


def _level(item: AccessLevel, roles: Mapping[str, frozenset[str]]) -> Level:
    return Level(
        name=item.id,
        bindings=_bindings(item.bindings, roles) if isinstance(item.bindings, Bindings) else None,
        denials=_denials(item.denials) if isinstance(item.denials, Denials) else None,
    )


def _near(name: str, group: object, roles: Mapping[str, frozenset[str]]) -> Level:
    """The ring's or the key's own level, where deny policies cannot be attached."""
    return Level(name=name, bindings=_bindings(group, roles) if isinstance(group, Bindings) else None, denials=())


def _bindings(group: Bindings, roles: Mapping[str, frozenset[str]]) -> tuple[Binding, ...]:
    return tuple(
        Binding(
            role=item.role, permissions=_permissions(item.role, roles), members=item.members, condition=item.condition
        )
        for item in group.items
    )


def _permissions(role: str, roles: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    """Those that were read; of a predefined role those of the dated table, which names every role with any."""
    if role in roles:
        return roles[role]
    if not role.startswith("roles/"):
        return None
    known = google_roles().get(role)
    return known.cloudkms if known else frozenset()


def _denials(group: Denials) -> tuple[DenyRule, ...]:
    return tuple(
        DenyRule(
            principals=item.members or ("principalSet://goog/public:all",),
            excepted=item.excepted,
            permissions=tuple(name for block in item.blocks for name in block.actions),
            excepted_permissions=tuple(name for block in item.blocks for name in block.not_actions),
            condition=item.condition,
        )
        for item in group.items
    )


def _roles(roles: RoleDefinitions | Unknown) -> Mapping[str, frozenset[str]]:
    if isinstance(roles, Unknown):
        return {}
    return {role.id: frozenset(name for block in role.blocks for name in block.actions) for role in roles.items}


def _without_federated(level: Level) -> Level:
    """Without members of federated pools, which nobody with an account of Google can be."""
    if level.bindings is None:
        return level
    kept = tuple(
        msgspec.structs.replace(
            binding, members=tuple(name for name in binding.members if "://iam.googleapis.com/" not in name)
        )
        for binding in level.bindings
    )
    return msgspec.structs.replace(level, bindings=kept)


def _unread_of(levels: AccessLevels) -> list[Unknown]:
    groups = (group for item in levels.items for group in (item.bindings, item.denials))
    return [group for group in groups if isinstance(group, Unknown)]


def _missing(group: object) -> Unknown | None:
    """Why what was given on the ring or the key itself is not known."""
    if group is None:
        return Unknown(cause=Cause.NOT_COLLECTED, call="cloudkms.keyRings.getIamPolicy")
    seen = reading(group)
    return seen if isinstance(seen, Unknown) else None
